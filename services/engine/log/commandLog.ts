// The engine's view of the two streams in Redis: reads of the command log, and what both logs hold at a position.
//
// Never: writes. Invariant: entries come out contiguous; a hole or a foreign id stops the engine with a sentence.
import { ConfigError } from "../../shared/config.ts";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG, entryId, entryNumber } from "../../shared/keys.ts";
import { InvariantViolation } from "../invariants.ts";
import { Fenced } from "../leadership.ts";
import { ENTRIES_PER_READ_MAX } from "../limits.ts";
import type { LogReader } from "./logConnection.ts";

/** One entry of a stream. */
export interface LogEntry {
  readonly entry: number;
  readonly bytes: Uint8Array;
}

/** Redis does not hold the history this engine knows: nothing may go on until an operator has looked. */
export class LogMismatch extends ConfigError {}

/** The log was trimmed past what this engine, which follows, has applied: it must start anew, from a newer snapshot. */
export class FellBehind extends Error {
  override readonly name = "FellBehind";
}

/** Whether an error of a Redis call says that Redis could not be reached or was not ready, so that trying again may help. */
export function isConnectionLoss(error: unknown): boolean {
  return !(error instanceof ConfigError || error instanceof Fenced || error instanceof FellBehind || error instanceof InvariantViolation || error instanceof TypeError || error instanceof RangeError);
}

/** Stands for an entry without our field: somebody else wrote it. Not a CommandBatch, so it is answered as malformed. */
const FOREIGN_ENTRY = Uint8Array.of(0xff);

type RawEntry = [id: Buffer, fields: Buffer[]];

function toEntry([id, fields]: RawEntry): LogEntry {
  for (let i = 0; i + 1 < fields.length; i += 2) {
    if (fields[i]?.toString("latin1") === ENTRY_FIELD) return { entry: numberOf(id), bytes: fields[i + 1] ?? FOREIGN_ENTRY };
  }
  return { entry: numberOf(id), bytes: FOREIGN_ENTRY };
}

function numberOf(id: Buffer): number {
  try {
    return entryNumber(id.toString("latin1"));
  } catch (error) {
    throw new LogMismatch(error instanceof Error ? error.message : String(error));
  }
}

function contiguous(entries: LogEntry[], after: number, log: string): LogEntry[] {
  let expected = after + 1;
  for (const { entry } of entries) {
    if (entry !== expected) throw new LogMismatch(`The ${log} has a hole: entry ${entry} follows entry ${expected - 1}. Restore the log from a backup, or start with an empty data directory.`);
    expected++;
  }
  return entries;
}

/**
 * For an engine that follows: entries of the command log after `afterCommand` (none if that is undefined) and of the event
 * log after `afterEvent`; waits up to `blockMs` for the first of either.
 * @throws FellBehind, LogMismatch
 */
export async function readBoth(redis: LogReader, afterCommand: number | undefined, afterEvent: number, blockMs: number): Promise<{ commands: LogEntry[]; events: LogEntry[] }> {
  const keys = afterCommand === undefined ? [EVENT_LOG] : [EVENT_LOG, COMMAND_LOG];
  const ids = [afterEvent, ...(afterCommand === undefined ? [] : [afterCommand])].map(entryId);
  const reply = await redis.xreadBuffer("COUNT", ENTRIES_PER_READ_MAX, "BLOCK", blockMs, "STREAMS", ...keys, ...ids);
  const of = (key: string): LogEntry[] => (reply?.find(([name]) => name.toString("latin1") === key)?.[1] ?? []).map(toEntry);
  return { commands: await following(redis, of(COMMAND_LOG), afterCommand ?? 0, COMMAND_LOG), events: await following(redis, of(EVENT_LOG), afterEvent, EVENT_LOG) };
}

// A hole right behind what was read last is one that the leader trimmed, if the log begins behind it.
async function following(redis: LogReader, entries: LogEntry[], after: number, key: string): Promise<LogEntry[]> {
  const first = entries[0]?.entry;
  if (first !== undefined && first > after + 1) {
    const [oldest] = await redis.xrangeBuffer(key, "-", "+", "COUNT", 1);
    if (oldest !== undefined && numberOf(oldest[0]) > after + 1) throw new FellBehind(`entry ${after + 1} of ${key} was trimmed before this engine had read it`);
  }
  return contiguous(entries, after, key === EVENT_LOG ? "event log" : "command log");
}

/** Entries of the command log after `after`; waits up to `blockMs` for the first. */
export async function readCommands(redis: LogReader, after: number, blockMs: number): Promise<LogEntry[]> {
  const reply = await redis.xreadBuffer("COUNT", ENTRIES_PER_READ_MAX, "BLOCK", blockMs, "STREAMS", COMMAND_LOG, entryId(after));
  return contiguous((reply?.[0]?.[1] ?? []).map(toEntry), after, "command log");
}

async function range(redis: LogReader, key: string, from: number, to: number): Promise<LogEntry[]> {
  return (await redis.xrangeBuffer(key, entryId(from), entryId(to))).map(toEntry);
}

/** Entries `from` to `to` of the command log, all of them. */
export const commandRange = async (redis: LogReader, from: number, to: number): Promise<LogEntry[]> =>
  contiguous(await range(redis, COMMAND_LOG, from, to), from - 1, "command log");

/** Those of the event log's entries `from` to `to` that it still holds. */
export const eventRange = (redis: LogReader, from: number, to: number): Promise<LogEntry[]> => range(redis, EVENT_LOG, from, to);

async function lastEntry(redis: LogReader, key: string): Promise<number> {
  // Trimming never takes the newest entry.
  const [newest] = await redis.xrevrangeBuffer(key, "+", "-", "COUNT", 1);
  return newest === undefined ? 0 : numberOf(newest[0]);
}

/** Number of the newest command entry; 0 when the log does not exist. */
export const lastCommand = (redis: LogReader): Promise<number> => lastEntry(redis, COMMAND_LOG);

/** Number of the newest event entry; 0 when there is none. */
export const lastEvent = (redis: LogReader): Promise<number> => lastEntry(redis, EVENT_LOG);

/** Those of a log's entries `from` to `to` that it still holds, holes and all; `log` is COMMAND_LOG or EVENT_LOG. */
export const storedRange = range;

/** The oldest and newest entry a log holds; undefined when it holds none. */
export async function logEnds(redis: LogReader, log: string): Promise<{ readonly first: number; readonly last: number } | undefined> {
  const [oldest] = await redis.xrangeBuffer(log, "-", "+", "COUNT", 1);
  return oldest === undefined ? undefined : { first: numberOf(oldest[0]), last: await lastEntry(redis, log) };
}
