// `log verify`: whether the log is whole, and in words what is not. Exit code 0 only when nothing is wrong.
import { parseArgs } from "node:util";
import { unsafeSettings } from "../../../services/engine/log/logSettings.ts";
import { verifyLog, type LogReport, type StreamReport } from "../../../services/engine/log/logVerify.ts";
import { readConfig } from "../../../services/shared/config.ts";
import { parseOrExplain } from "../parseOrExplain.ts";
import { openLog } from "./logSource.ts";
import { progressLine } from "./progressLine.ts";

/** @returns the exit code: 1 when something is wrong. */
export async function verify(args: readonly string[]): Promise<number> {
  const { values } = parseOrExplain("log verify", () => parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } } }));
  const source = await openLog(readConfig(), process.env);
  try {
    const startedMs = performance.now();
    const unsafe = await unsafeSettings(source.redis);
    const progress = progressLine();
    const report = await verifyLog({ redis: source.redis, snapshotDir: source.snapshotDir, seen: source.seen, onProgress: (entry, last) => progress.show(`entry ${entry.toLocaleString("en")} of ${last.toLocaleString("en")}`) });
    progress.clear();
    const problems = [...unsafe.map((sentence) => `The log's Redis: ${sentence}.`), ...report.problems];
    const seconds = (performance.now() - startedMs) / 1_000;
    process.stdout.write(values.json ? `${JSON.stringify({ whole: problems.length === 0, where: source.where, ...report, problems, seconds })}\n` : inWords({ ...report, problems }, source.where, seconds));
    return problems.length === 0 ? 0 : 1;
  } finally {
    await source.close();
  }
}

const line = (name: string, text: string): string => `  ${name.padEnd(16)}${text}\n`;
const number = (value: number): string => value.toLocaleString("en");

function inWords(report: LogReport, where: string, seconds: number): string {
  const { commands, events, epochs, linksProven, replayed, snapshots, money, seen, problems } = report;
  const unanswered = commands.last - events.last;
  return [
    `The log of ${where}\n`,
    line("commands", span(commands)),
    line("answers", `${span(events)}${unanswered > 0 ? `; ${number(unanswered)} not answered yet` : ""}`),
    line("epochs", epochs.map(({ epoch, from }) => `${epoch} from entry ${number(from)}`).join(", ") || "none"),
    line("hash chain", `${number(linksProven)} entries proven`),
    replayed === undefined
      ? line("replay", "not possible")
      : line("replay", `from ${replayed.from === 0 ? "the beginning" : `the snapshot of entry ${number(replayed.from)}`} to entry ${number(replayed.to)} (seq ${number(replayed.seq)}); ${number(replayed.answersCompared)} answers are the same`) +
        line("state hash", replayed.stateHash),
    ...snapshots.map(({ file, verdict }) => line("snapshot", `${file}: ${verdict}`)),
    line("engine's mark", seen === undefined ? "none" : `entry ${number(seen)}`),
    ...(money ?? []).map(({ asset, units, scale }) => line("money", `${decimal(units, scale)} ${asset} on accounts`)),
    problems.length === 0 ? `Whole, in ${seconds.toFixed(1)} s.\n` : `${problems.map((problem) => `WRONG: ${problem}\n`).join("")}`,
  ].join("");
}

const span = ({ first, last, holes }: StreamReport): string => (last === 0 ? "none" : `entries ${number(first)} to ${number(last)}${holes.length === 0 ? "" : `, ${holes.length} holes`}`);

function decimal(units: string, scale: number): string {
  if (scale === 0) return units;
  const digits = units.padStart(scale + 1, "0");
  return `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
