// Whether a snapshot belongs to the log that Redis holds: only then may an engine start from it.
//
// Never: goes back to an older snapshot when the log itself lacks, or contradicts, what a newer one has seen: that is how a
// log looks that lost acknowledged entries, and the start ends there. Only what a newer epoch has abandoned, and what the
// log no longer reaches back to, is passed over.
import { eventRange, lastCommand, lastEvent, LogMismatch } from "./log/commandLog.ts";
import type { LogReader } from "./log/logConnection.ts";
import { batchIdentity } from "./outbound.ts";
import type { SnapshotIdentity } from "./snapshotFile.ts";

/** How the log in Redis stands at the start of an engine. */
export interface LogEnds {
  readonly commands: number;
  readonly events: number;
  /** Of the newest event batch; 0 without one. */
  readonly epoch: number;
}

export async function logEnds(redis: LogReader): Promise<LogEnds> {
  // Events first: of a log that grows meanwhile, the commands must not seem to be behind them.
  const events = await lastEvent(redis);
  const commands = await lastCommand(redis);
  const [newest] = events === 0 ? [] : await eventRange(redis, events, events);
  return { commands, events, epoch: newest === undefined ? 0 : batchIdentity(newest.bytes).epoch };
}

/**
 * Why the snapshot cannot be used, or undefined when it can.
 * @throws LogMismatch when the snapshot shows that the log is not what it was.
 */
export async function misfit(redis: LogReader, ends: LogEnds, snapshot: SnapshotIdentity): Promise<string | undefined> {
  const { epoch, entry, chain } = snapshot;
  if (ends.commands === 0) {
    throw new LogMismatch(
      `Redis has no command log, but a snapshot of one exists (epoch ${epoch}, entry ${entry}): restore Redis, or remove the snapshots and snapshots.seen to open a new log.`,
    );
  }
  if (entry > ends.events || entry > ends.commands) {
    if (epoch < ends.epoch) return abandoned(epoch, entry, ends.epoch);
    throw new LogMismatch(`Redis is behind the snapshot (log at ${ends.commands}, events at ${ends.events}, snapshot at ${entry}): its data was lost. Restore it, or start with an empty data directory.`);
  }
  // The event of the snapshot's entry names the chain of everything before it.
  const [event] = await eventRange(redis, entry, entry);
  if (event === undefined) return `the event log no longer reaches back to its entry ${entry}, so nothing proves that it belongs to this log`;
  const logged = batchIdentity(event.bytes);
  if (logged.epoch === epoch && Buffer.compare(logged.chain, chain) === 0) return undefined;
  if (epoch < logged.epoch) return abandoned(epoch, entry, logged.epoch);
  throw new LogMismatch(`The snapshot (epoch ${epoch}) and the log in Redis (epoch ${logged.epoch}) are not of the same history: put the right data directory and Redis together, or start with empty ones.`);
}

const abandoned = (epoch: number, entry: number, logEpoch: number): string => `it is of epoch ${epoch}, which epoch ${logEpoch} of the log has left before entry ${entry}`;
