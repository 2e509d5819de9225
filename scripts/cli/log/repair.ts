// `log repair`: for a log whose end was torn (a power cut) or cut short. Shows what would go; with --yes takes it away,
// and keeps a copy of what was taken.
//
// Never: lets a number that was seen mean something else. What somebody has seen goes only with --new-epoch, which ends
// the epoch those numbers belong to, and takes history back to what the log still has.
import { closeSync, copyFileSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { fromBinary } from "@bufbuild/protobuf";
import { EngineSnapshotSchema } from "../../../gen/tickwire/v1/snapshot_pb.ts";
import { rollBackAccounts, type AccountsRolledBack } from "../../../services/api/accounts/rollback.ts";
import { seenMarkPath } from "../../../services/engine/log/seenMark.ts";
import { takeSnapshot } from "../../../services/engine/snapshot.ts";
import { rollBackHistory } from "../../../services/recorder/rollback.ts";
import { readConfig, type Config } from "../../../services/shared/config.ts";
import { recordedPosition } from "../../../services/shared/history/position.ts";
import { cutFile, readFrom } from "../../stack/appendOnlyFiles.ts";
import { startRedisServer } from "../../stack/redisServer.ts";
import { parseOrExplain } from "../parseOrExplain.ts";
import { CommandError } from "../usage.ts";
import { connect, lockStopped } from "./logSource.ts";
import { hasHistory, openHistory, type OpenHistory } from "./history.ts";
import { planRepair, type RepairPlan } from "./repairPlan.ts";
import { startEpoch } from "./startEpoch.ts";

/** What was done; in the report and in the folder with what was taken away. */
export interface Repaired {
  readonly keptIn: string;
  readonly epoch: number | undefined;
  readonly historyEntriesTakenBack: number;
  readonly accounts: AccountsRolledBack | undefined;
}

export interface RepairOptions {
  /** Do it, if it can be done. */
  readonly act: boolean;
  /** Even if somebody has seen what is lost. */
  readonly newEpoch: boolean;
}

export interface RepairOutcome {
  readonly plan: RepairPlan;
  readonly verdict: Verdict;
  readonly done: Repaired | undefined;
}

/** @returns the exit code: 0 when the log needs no repair or was repaired, 1 when it needs one that was not done. */
export async function repair(args: readonly string[]): Promise<number> {
  const boolean = { type: "boolean", default: false } as const;
  const { values } = parseOrExplain("log repair", () => parseArgs({ args: [...args], options: { yes: boolean, "new-epoch": boolean, "dry-run": boolean, json: boolean } }));
  const { plan, verdict, done } = await repairLog(readConfig(), process.env, { act: values.yes && !values["dry-run"], newEpoch: values["new-epoch"] });
  process.stdout.write(values.json ? `${JSON.stringify(asJson(plan, verdict, done))}\n` : inWords(plan, verdict, done));
  return verdict.kind === "nothing to do" || done !== undefined ? 0 : 1;
}

/** Looks at the log of a data directory on which nothing runs, and mends it if asked to. @throws CommandError, StackError */
export async function repairLog(config: Config, env: NodeJS.ProcessEnv, { act, newEpoch }: RepairOptions): Promise<RepairOutcome> {
  if (env["REDIS_URL"]) throw new CommandError("log repair works on the files of a data directory's own Redis; stop the one that REDIS_URL names, and repair its files with its own tools or with TICKWIRE_DATA_DIR alone.");
  if (!existsSync(join(config.dataDir, "redis"))) throw new CommandError(`${config.dataDir} holds no command log; set TICKWIRE_DATA_DIR to the exchange's data directory.`);
  const release = lockStopped(config.dataDir);
  if (release === undefined) throw new CommandError(`An exchange runs on ${config.dataDir}; stop it first.`);
  let history: OpenHistory | undefined;
  try {
    history = await openHistory(config);
    const position = history !== undefined && (await hasHistory(history.database)) ? await recordedPosition(history.database) : undefined;
    const plan = await planRepair(config, position);
    const verdict = judge(plan, newEpoch);
    const done = act && verdict.kind === "can" ? await carryOut(plan, verdict, config, history) : undefined;
    return { plan, verdict, done };
  } finally {
    await history?.close();
    release();
  }
}

export type Verdict = { readonly kind: "nothing to do" } | { readonly kind: "can"; readonly what: string } | { readonly kind: "cannot"; readonly why: string };

function judge(plan: RepairPlan, newEpoch: boolean): Verdict {
  const { tear, lost, otherProblems, state, lastCommand } = plan;
  const torn = tear.wholeBytes < tear.bytes;
  if (otherProblems.length > 0 || state === undefined) {
    if (lastCommand === 0 || state === undefined) return { kind: "cannot", why: `nothing can be made of what would stay (${otherProblems[0] ?? "no snapshot reaches it"}); restore a backup.` };
    return { kind: "cannot", why: `what would stay is not whole either: ${otherProblems.join(" ")} Restore a backup.` };
  }
  if (lost !== undefined && !newEpoch) {
    return { kind: "cannot", why: `${span(lost)} seen and would be given out again. Restore a backup, or add --new-epoch: the log then goes on from entry ${lastCommand} in a new epoch, and what those entries did is undone everywhere.` };
  }
  if (torn || lost !== undefined) return { kind: "can", what: lost === undefined ? "Nobody has seen what would go: it can be dropped." : `${span(lost)} seen: a new epoch begins, and history is taken back to entry ${lastCommand}.` };
  return { kind: "nothing to do" };
}

const span = ({ from, to }: { from: number; to: number }): string => (from === to ? `Entry ${from} was` : `Entries ${from} to ${to} were`);

async function carryOut(plan: RepairPlan, verdict: Verdict, config: Config, history: OpenHistory | undefined): Promise<Repaired> {
  const { files, tear, lost, state } = plan;
  const keptIn = join(config.dataDir, `log-repair-${new Date().toISOString().replace(/[:.]/g, "-")}`);
  mkdirSync(keptIn, { mode: 0o700 });
  // First what goes is safe elsewhere, then it goes. The new epoch comes before the witnesses of the old one go: a repair
  // that was cut off is begun again, and finds that it still needs one.
  try {
    copyFileSync(files.manifest, join(keptIn, basename(files.manifest)));
    if (tear.wholeBytes < tear.bytes) writeDurably(join(keptIn, `${basename(files.growing)}.from-${tear.wholeBytes}`), readFrom(files.growing, tear.wholeBytes));
  } catch (error) {
    rmSync(keptIn, { recursive: true, force: true });
    throw new CommandError(`What would be cut off cannot be kept in ${keptIn} (${error instanceof Error ? error.message : String(error)}); nothing was changed.`);
  }
  if (tear.wholeBytes < tear.bytes) cutFile(files.growing, tear.wholeBytes);
  const fence = lost !== undefined && state !== undefined;
  const epoch = fence ? await fenceOff(config.dataDir, plan, `repair: ${span(lost).toLowerCase()} lost`) : undefined;
  const putAside = (path: string): void => {
    const place = join(keptIn, dirname(relative(config.dataDir, path)));
    mkdirSync(place, { recursive: true, mode: 0o700 });
    if (existsSync(path)) renameSync(path, join(place, basename(path)));
  };
  for (const { dir, file } of plan.snapshotsAhead) putAside(join(dir, file));
  let historyEntriesTakenBack = 0;
  let accounts: AccountsRolledBack | undefined;
  if (fence) {
    for (const dir of [config.snapshotDir, config.standbySnapshotDir]) putAside(seenMarkPath(dir));
    if (history !== undefined && (await hasHistory(history.database))) {
      historyEntriesTakenBack = Number(await rollBackHistory(history.database, fromBinary(EngineSnapshotSchema, takeSnapshot(state))));
      accounts = await history.database.transaction((tx) => rollBackAccounts(tx, state.accounts.count));
    }
  }
  const done: Repaired = { keptIn, epoch, historyEntriesTakenBack, accounts };
  writeDurably(join(keptIn, "report.json"), Buffer.from(`${JSON.stringify(asJson(plan, verdict, done), null, 2)}\n`));
  return done;
}

async function fenceOff(dataDir: string, { lastCommand, epoch }: RepairPlan, reason: string): Promise<number> {
  const server = await startRedisServer({ dataDir });
  const redis = await connect(server.url, "The log's own Redis");
  try {
    return await startEpoch(redis, { lastCommand, epochBefore: epoch, reason });
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

function writeDurably(path: string, bytes: Uint8Array): void {
  writeFileSync(path, bytes, { mode: 0o600 });
  const file = openSync(path, "r+");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function asJson({ tear, named, lastCommand, lastEvent, witnesses, lost, snapshotsAhead, otherProblems }: RepairPlan, verdict: Verdict, done: Repaired | undefined): object {
  return { torn: tear.wholeBytes < tear.bytes, ...tear, named, lastCommand, lastEvent, witnesses, lost: lost ?? null, snapshotsAhead, otherProblems, verdict, done: done ?? null };
}

const line = (name: string, text: string): string => `  ${name.padEnd(24)}${text}\n`;
const list = (entries: readonly number[]): string => (entries.length === 0 ? "none" : entries.length > 8 ? `${entries[0]} to ${entries.at(-1)}` : entries.join(", "));

function inWords(plan: RepairPlan, verdict: Verdict, done: Repaired | undefined): string {
  const { tear, named, lastCommand, lastEvent, witnesses, snapshotsAhead } = plan;
  const torn = tear.wholeBytes < tear.bytes;
  return [
    torn ? line("torn", `${plan.files.growing}: ${tear.cause}`) + line("would go", `${tear.bytes - tear.wholeBytes} bytes from byte ${tear.wholeBytes} on; they name command entries ${list(named.commands)}, answers ${list(named.events)}`) : line("torn", "no"),
    line("would stay", `commands up to entry ${lastCommand}, answers up to entry ${lastEvent}`),
    ...witnesses.map(({ who, entry }) => line(who, `up to entry ${entry}${entry > lastCommand ? "  <- beyond what would stay" : ""}`)),
    ...snapshotsAhead.map(({ file }) => line("snapshot ahead", `${file} would be put aside`)),
    verdict.kind === "nothing to do" ? "The log needs no repair.\n" : verdict.kind === "cannot" ? `It cannot be repaired so: ${verdict.why}\n` : `${verdict.what}\n`,
    done === undefined
      ? verdict.kind === "can"
        ? "Nothing was changed; add --yes to do it.\n"
        : ""
      : `Repaired. What was taken away is in ${done.keptIn}\n${done.epoch === undefined ? "" : `The log goes on in epoch ${done.epoch}; ${done.historyEntriesTakenBack} entries were taken back from history${done.accounts === undefined ? "" : `, ${done.accounts.accounts} accounts and ${done.accounts.apiKeys} API keys that the engine has lost are gone`}.\n`}`,
  ].join("");
}
