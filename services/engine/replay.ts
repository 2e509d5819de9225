// From a start to a live engine: opens the log if it is empty, loads the newest snapshot that verifies, proves that it
// belongs to the log Redis holds, and applies what came after.
//
// Never: appends anything but the first entry of an empty log. Invariant: every entry that was answered before is
// recomputed to the same bytes, or the engine does not start.
import { createHash } from "node:crypto";
import { nowUs } from "../shared/clock.ts";
import { COMMAND_LOG, ENTRY_FIELD, entryId } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import { commandRange, eventRange, lastCommand, lastEvent, LogMismatch } from "./log/commandLog.ts";
import { genesisEntry } from "./defaultVenue.ts";
import { Engine } from "./engine.ts";
import { EntryApplier } from "./entryApplier.ts";
import type { CrashRecord } from "./crashRecord.ts";
import { LOG_POLL_MS } from "./limits.ts";
import type { LogReader } from "./log/logConnection.ts";
import { logPages } from "./log/logPages.ts";
import { copyOutputs, type Outputs } from "./outbound.ts";
import type { Seen } from "./log/seenMark.ts";
import type { SnapshotStore } from "./snapshotFiles.ts";
import type { ReplayEffort } from "./snapshotSchedule.ts";
import { logEnds, misfit } from "./snapshotFit.ts";

export interface Replayed {
  readonly engine: Engine;
  readonly applier: EntryApplier;
  /** The newest entry that has its outputs in the event log; undefined when a snapshot already had it. */
  readonly lastAnswered: Outputs | undefined;
  readonly replayed: ReplayEffort;
}

/** How far a replay is. */
export type ReplayProgress = (text: string) => void;

export interface ReplayOptions {
  readonly redis: LogReader & Pick<Redis, "xadd">;
  readonly snapshots: SnapshotStore;
  readonly crashes: CrashRecord;
  readonly logger: Logger;
  /** An engine that is to follow leaves the opening of a new log to the one that is to lead. */
  readonly opensLog: boolean;
  /** How far an engine here has gone before. */
  readonly seen?: Seen | undefined;
  readonly progress?: ReplayProgress;
  /** For tests of what a broken engine does. */
  readonly newEngine?: () => Engine;
}

/**
 * An engine that stands at the newest answered entry of the log.
 * @throws LogMismatch when the log is not the one the snapshot, the mark or the event log belongs to.
 */
export async function replay({ redis, snapshots, crashes, logger, opensLog, seen, progress, newEngine }: ReplayOptions): Promise<Replayed> {
  progress?.("loading the newest snapshot");
  const restored = await newestSnapshot(redis, snapshots);
  if ((await lastCommand(redis)) === 0) {
    if (seen !== undefined) throw cutShort(0, seen);
    if (opensLog) await openLog(redis, logger);
    else progress?.("waiting for an engine that opens the log");
    while ((await lastCommand(redis)) === 0) await new Promise((resolve) => setTimeout(resolve, LOG_POLL_MS));
  }
  const engine = restored ?? (newEngine?.() ?? new Engine());
  const applier = new EntryApplier(engine, crashes);
  // In this order: another engine may be leading, and what it has answered by now it was asked before.
  const answered = await lastEvent(redis);
  const commands = await lastCommand(redis);
  if (seen !== undefined && commands < seen.entry) throw cutShort(commands, seen);
  if (answered > commands) throw new LogMismatch(`The event log (${answered}) is ahead of the command log (${commands}): commands were lost. Restore Redis from a backup.`);

  const from = engine.entry;
  const startedMs = performance.now();
  let lastAnswered: Outputs | undefined;
  for await (const page of logPages(redis, engine.entry + 1, answered)) {
    const done = engine.entry - from;
    progress?.(`replaying ${count(done)} of ${count(answered - from)} entries (${Math.floor((100 * done) / (answered - from))} %)`);
    // Both are in order, so that one walk along the answers finds each.
    let next = 0;
    for (const { entry, bytes } of page.commands) {
      if (entry !== engine.entry + 1) break;
      const applied = applier.apply({ entry, bytes });
      while (next < page.events.length && (page.events[next]?.entry ?? 0) < entry) next++;
      const before = page.events[next];
      if (before?.entry === entry && Buffer.compare(before.bytes, applied.events) !== 0) {
        throw new LogMismatch(`Replaying entry ${entry} gives other events than the event log holds: the log was altered, or this engine version is not compatible with it.`);
      }
      if (entry === seen?.entry) proveSeen(engine.chain, seen);
      if (entry === answered) lastAnswered = copyOutputs(applied, bytes);
    }
    if (engine.entry !== page.to) throw new LogMismatch(`The command log has a hole: entry ${engine.entry + 1} is missing. Restore the log from a backup; tickwire log verify shows what there is.`);
  }
  if (seen !== undefined && seen.entry > engine.entry) {
    // Applied before, but never answered: the entries must be the same when they are applied again.
    let chain = engine.chain;
    for (const { bytes } of await commandRange(redis, engine.entry + 1, seen.entry)) chain = nextChain(chain, bytes);
    proveSeen(chain, seen);
  }
  const replayed = { entries: engine.entry - from, ms: Math.round(performance.now() - startedMs) };
  if (replayed.entries > 0) logger.info({ from, to: engine.entry, ms: replayed.ms }, "replayed the command log");
  return { engine, applier, lastAnswered, replayed };
}

const nextChain = (chain: Uint8Array, bytes: Uint8Array): Uint8Array => createHash("sha256").update(chain).update(bytes).digest();

const cutShort = (logged: number, { entry }: Seen): LogMismatch =>
  new LogMismatch(`The command log ends at entry ${logged}, but this engine has gone as far as entry ${entry}: the log was cut short. Look at it with tickwire log verify; restore it from a backup, or mend it with tickwire log repair.`);

function proveSeen(chain: Uint8Array, seen: Seen): void {
  if (Buffer.compare(chain, seen.chain) === 0) return;
  throw new LogMismatch(
    `Entry ${seen.entry} of the command log, or one before it, is not the one this engine has answered: the log was cut short and its numbers were given out again. Restore it from a backup, or look at it with tickwire log verify.`,
  );
}

const count = (n: number): string => n.toLocaleString("en-US");

async function openLog(redis: LogReader & Pick<Redis, "xadd">, logger: Logger): Promise<void> {
  const timeUs = nowUs();
  // The epoch tells this log from every earlier one of this venue: the second in which it was opened.
  const epoch = Math.floor(timeUs / 1_000_000);
  try {
    await redis.xadd(COMMAND_LOG, entryId(1), ENTRY_FIELD, Buffer.from(genesisEntry(epoch, timeUs)));
    logger.info({ epoch }, "opened a new command log");
  } catch (error) {
    // Another engine was first: then the log is open, and that is all that was wanted.
    if ((await lastCommand(redis)) === 0) throw error;
  }
}

// The newest snapshot that is whole and of this log; an older one only where nothing acknowledged can be lost by it.
async function newestSnapshot(redis: LogReader, snapshots: SnapshotStore): Promise<Engine | undefined> {
  let refused: string | undefined;
  const engine = await snapshots.loadNewest(async (identity) => {
    // Read anew for each: a snapshot may be of another engine that is leading, and younger than an earlier look at the log.
    const why = await misfit(redis, await logEnds(redis), identity);
    refused ??= why;
    return why;
  });
  if (engine !== undefined || (await lastCommand(redis)) === 0) return engine;
  if (refused !== undefined) {
    throw new LogMismatch(`The snapshots and the log in Redis are not of the same history (the newest: ${refused}): put the right data directory and Redis together, or start with empty ones.`);
  }
  if ((await commandRange(redis, 1, 1)).length === 0) throw new LogMismatch("No snapshot can be used, and the command log no longer has its first entries: restore the data directory from a backup.");
  return undefined;
}
