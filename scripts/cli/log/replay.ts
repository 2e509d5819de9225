// `replay`: carries the log out again with a fresh engine and tells the state it comes to.
import { parseArgs } from "node:util";
import { replayLog } from "../../../services/engine/log/logReplay.ts";
import { readConfig } from "../../../services/shared/config.ts";
import { parseOrExplain } from "../parseOrExplain.ts";
import { UsageError } from "../../commandFlags.ts";
import { openLog } from "./logSource.ts";
import { progressLine } from "./progressLine.ts";

export async function replay(args: readonly string[]): Promise<void> {
  const { values } = parseOrExplain("replay", () =>
    parseArgs({ args: [...args], options: { to: { type: "string" }, "stop-before": { type: "string" }, "from-start": { type: "boolean", default: false }, json: { type: "boolean", default: false } } }),
  );
  const toSeq = seqOf("--to", values.to);
  const stopBeforeSeq = seqOf("--stop-before", values["stop-before"]);
  if (toSeq !== undefined && stopBeforeSeq !== undefined) throw new UsageError("--to and --stop-before are two ways to name the same end: give one.");
  const config = readConfig();
  const source = await openLog(config, process.env);
  try {
    const progress = progressLine();
    const replayed = await replayLog({
      redis: source.redis,
      snapshotDir: source.snapshotDir,
      fromStart: values["from-start"],
      onProgress: (entry, last) => progress.show(`entry ${entry.toLocaleString("en")} of ${last.toLocaleString("en")}`),
      ...(toSeq !== undefined && { toSeq }),
      ...(stopBeforeSeq !== undefined && { stopBeforeSeq }),
    });
    progress.clear();
    const { engine, fromEntry, stateHash, commands, entries, answersCompared, ms } = replayed;
    const perSecond = ms > 0 ? Math.round(commands / (ms / 1_000)) : 0;
    if (values.json) {
      process.stdout.write(`${JSON.stringify({ seq: engine.seq, entry: engine.entry, epoch: engine.epoch, stateHash, fromEntry, commands, entries, answersCompared, ms: Math.round(ms), perSecond })}\n`);
      return;
    }
    const line = (name: string, text: string): string => `${name.padEnd(12)}${text}\n`;
    process.stdout.write(
      [
        line("seq", String(engine.seq)),
        line("entry", String(engine.entry)),
        line("epoch", String(engine.epoch)),
        line("state hash", stateHash),
        line("replayed", `${commands.toLocaleString("en")} commands in ${entries.toLocaleString("en")} entries from ${fromEntry === 0 ? "the beginning of the log" : `the snapshot of entry ${fromEntry}`}, ${perSecond.toLocaleString("en")} a second; ${answersCompared.toLocaleString("en")} answers are the same`),
      ].join(""),
    );
  } finally {
    await source.close();
  }
}

function seqOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new UsageError(`${flag} ${text} is not a seq: a whole number from 1.`);
  return Number(text);
}
