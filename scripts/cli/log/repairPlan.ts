// What a repair of the log would do: where the torn file stops making sense, what the rest of it names, who has seen
// entries that are not there any more, and what can be kept.
//
// Never: changes anything. An entry counts as seen when an engine's answer, its mark, a snapshot or the recorder knows of
// it: its number may then be known outside, and must not come to mean something else in the same epoch.
import { join } from "node:path";
import type { Engine } from "../../../services/engine/engine.ts";
import { logEnds } from "../../../services/engine/log/commandLog.ts";
import { verifyToTheEnd, type LogReport } from "../../../services/engine/log/logVerify.ts";
import { readSnapshotFile, snapshotNames } from "../../../services/engine/snapshotFiles.ts";
import type { Config } from "../../../services/shared/config.ts";
import { COMMAND_LOG, EVENT_LOG } from "../../../services/shared/keys.ts";
import { entriesNamedFrom, findAppendOnlyFiles, findTear, type AppendOnlyFiles, type TornFile } from "../../stack/appendOnlyFiles.ts";
import { CommandError } from "../usage.ts";
import { openCopy, seenBy } from "./logSource.ts";

/** Somebody who knows how far the log once was. */
export interface Witness {
  readonly who: string;
  readonly entry: number;
}

export interface RepairPlan {
  readonly files: AppendOnlyFiles;
  readonly tear: TornFile;
  /** Entries that the torn bytes name, whole or in part: they go. */
  readonly named: { readonly commands: readonly number[]; readonly events: readonly number[] };
  /** The newest entries that stay. */
  readonly lastCommand: number;
  readonly lastEvent: number;
  readonly witnesses: readonly Witness[];
  /** Entries that were seen and are gone, whether the torn bytes name them or not; undefined when none was. */
  readonly lost: { readonly from: number; readonly to: number } | undefined;
  /** Snapshots ahead of what stays: no engine can start from them. */
  readonly snapshotsAhead: readonly { readonly dir: string; readonly file: string }[];
  /** What is wrong with the rest of the log, beyond its torn end: then it cannot be repaired. */
  readonly otherProblems: readonly string[];
  readonly report: LogReport;
  /** The state after the last command that stays; undefined when it cannot be made again. */
  readonly state: Engine | undefined;
  /** The greatest epoch anybody has seen. */
  readonly epoch: number;
}

/** What the recorder knows: its position, if there is a history. */
export type RecorderWitness = { readonly epoch: number; readonly entry: bigint } | undefined;

/** Looks at the log of a data directory on which nothing runs. @throws CommandError when there is none */
export async function planRepair(config: Config, recorder: RecorderWitness): Promise<RepairPlan> {
  const { dataDir, snapshotDir, standbySnapshotDir } = config;
  const files = findAppendOnlyFiles(join(dataDir, "redis"));
  if (files === undefined) throw new CommandError(`${join(dataDir, "redis")} holds no command log.`);
  const tear = findTear(files.growing);
  const named = tear.wholeBytes < tear.bytes ? entriesNamedFrom(files.growing, tear.wholeBytes) : { commands: [], events: [] };
  const copy = await openCopy(dataDir, tear.wholeBytes);
  try {
    const lastEvent = (await logEnds(copy.redis, EVENT_LOG))?.last ?? 0;
    const lastCommand = (await logEnds(copy.redis, COMMAND_LOG))?.last ?? 0;
    const seen = seenBy(config);
    const snapshots = [...(await readableSnapshots(snapshotDir)), ...(await readableSnapshots(standbySnapshotDir))];
    const usable = snapshots.filter(({ dir, entry }) => dir === snapshotDir && entry <= lastEvent).map(({ file }) => file);
    const { report, engine } = await verifyToTheEnd({ redis: copy.redis, snapshotDir, seen: seen !== undefined && seen.entry <= lastCommand ? seen : undefined, snapshotFiles: usable });
    const witnesses = [
      { who: "the stored answers", entry: lastEvent },
      { who: "the torn bytes' answers", entry: named.events.at(-1) ?? 0 },
      { who: "the engine's mark", entry: seen?.entry ?? 0 },
      { who: "the newest snapshot", entry: Math.max(0, ...snapshots.map(({ entry }) => entry)) },
      { who: "the recorded history", entry: Number(recorder?.entry ?? 0n) },
    ].filter(({ entry }) => entry > 0);
    const seenUpTo = Math.max(0, ...witnesses.map(({ entry }) => entry));
    return {
      files,
      tear,
      named,
      lastCommand,
      lastEvent,
      witnesses,
      lost: seenUpTo > lastCommand ? { from: lastCommand + 1, to: seenUpTo } : undefined,
      snapshotsAhead: snapshots.filter(({ entry }) => entry > lastEvent).map(({ dir, file }) => ({ dir, file })),
      otherProblems: report.problems,
      report,
      state: engine,
      epoch: Math.max(0, recorder?.epoch ?? 0, seen?.epoch ?? 0, ...snapshots.map(({ epoch }) => epoch), ...report.epochs.map(({ epoch }) => epoch)),
    };
  } finally {
    await copy.close();
  }
}

/** A snapshot that an engine could start from, and what it is of. */
export interface KnownSnapshot {
  readonly dir: string;
  readonly file: string;
  readonly entry: number;
  readonly epoch: number;
}

/** The snapshots of a folder that an engine could start from, as far as they themselves go. */
export async function readableSnapshots(dir: string): Promise<KnownSnapshot[]> {
  const found: KnownSnapshot[] = [];
  for (const file of await snapshotNames(dir)) {
    try {
      const { entry, epoch } = await readSnapshotFile(join(dir, file));
      found.push({ dir, file, entry, epoch });
    } catch {
      // A snapshot that cannot be read tells nothing; the engine tries the one before it, too.
    }
  }
  return found;
}
