// Carries out a stretch of the log again with a fresh engine, from a snapshot or from the beginning, up to a command or
// to the end, and tells the state it came to: the same one the running engine had there.
//
// Never: writes anything, nor goes on after an answer that differs. An entry is carried out whole or not at all: the
// state between two commands of one entry is nobody's.
import { join } from "node:path";
import { COMMAND_LOG, EVENT_LOG } from "../../shared/keys.ts";
import { CommandReader } from "../commandReader.ts";
import { Engine } from "../engine.ts";
import { stateHash } from "../snapshot.ts";
import { readSnapshotFile, snapshotNames } from "../snapshotFiles.ts";
import { readBatchHead } from "./batchHead.ts";
import { logEnds, LogMismatch, storedRange } from "./commandLog.ts";
import type { LogReader } from "./logConnection.ts";
import { logPages } from "./logPages.ts";

export interface ReplayLogOptions {
  readonly redis: LogReader;
  readonly snapshotDir: string;
  /** Leave snapshots aside; the log must still have its first entry. */
  readonly fromStart?: boolean;
  /** Stop after the entry that holds this command. */
  readonly toSeq?: number;
  /** Stop before the entry that holds this command. */
  readonly stopBeforeSeq?: number;
  readonly onProgress?: (entry: number, last: number) => void;
}

export interface ReplayedLog {
  readonly engine: Engine;
  /** Where it began: the entry of the snapshot; 0 for the beginning of the log. */
  readonly fromEntry: number;
  readonly stateHash: string;
  readonly commands: number;
  readonly entries: number;
  /** Stored answers that were compared, each the same. */
  readonly answersCompared: number;
  readonly ms: number;
}

/** @throws LogMismatch, in one sentence, when the log cannot be carried out as asked, or comes to other answers than are stored */
export async function replayLog(options: ReplayLogOptions): Promise<ReplayedLog> {
  const { redis, toSeq = Number.POSITIVE_INFINITY, stopBeforeSeq = Number.POSITIVE_INFINITY, onProgress } = options;
  const ends = await logEnds(redis, COMMAND_LOG);
  if (ends === undefined) throw new LogMismatch("There is no command log.");
  const engine = await startOf(options, ends.first);
  const fromEntry = engine.entry;
  const fromSeq = engine.seq;
  const count = new CommandReader();
  const startedMs = performance.now();
  let answersCompared = 0;
  const done = (): ReplayedLog => ({
    engine,
    fromEntry,
    ms: performance.now() - startedMs,
    stateHash: Buffer.from(stateHash(engine)).toString("hex"),
    commands: engine.seq - fromSeq,
    entries: engine.entry - fromEntry,
    answersCompared,
  });
  for await (const { from, to, commands, events } of logPages(redis, engine.entry + 1, ends.last)) {
    // Both are in order, so that one walk along the answers finds each.
    let next = 0;
    for (const { entry, bytes } of commands) {
      if (entry !== engine.entry + 1) break;
      if (stopBeforeSeq !== Number.POSITIVE_INFINITY && engine.seq + commandsIn(count, bytes) >= stopBeforeSeq) return done();
      const applied = engine.applyEntry(bytes, entry);
      while (next < events.length && (events[next]?.entry ?? 0) < entry) next++;
      const stored = events[next];
      if (stored?.entry === entry) {
        if (Buffer.compare(stored.bytes, applied.events) !== 0) throw new LogMismatch(`Entry ${entry} comes to other events than the event log holds: the log was altered, or another version of the engine wrote it.`);
        answersCompared++;
      }
      if (engine.seq >= toSeq) return done();
    }
    if (engine.entry !== to) throw new LogMismatch(`The command log has a hole: entry ${Math.max(from, engine.entry + 1)} is missing. Look at it with tickwire log verify.`);
    onProgress?.(engine.entry, ends.last);
  }
  const wanted = Math.min(toSeq, stopBeforeSeq);
  if (wanted !== Number.POSITIVE_INFINITY) throw new LogMismatch(`The log ends at entry ${engine.entry}, seq ${engine.seq}: there is no seq ${wanted} yet.`);
  return done();
}

// As the engine counts: what is not a batch of commands is answered as one.
function commandsIn(reader: CommandReader, bytes: Uint8Array): number {
  if (!reader.open(bytes)) return 1;
  let commands = 0;
  while (reader.next()) commands++;
  return commands;
}

// The newest snapshot that lies before what was asked for, belongs to this log and is reached by it; else the beginning.
async function startOf({ redis, snapshotDir, fromStart = false, toSeq, stopBeforeSeq }: ReplayLogOptions, first: number): Promise<Engine> {
  const target = Math.min(toSeq ?? Number.POSITIVE_INFINITY, stopBeforeSeq ?? Number.POSITIVE_INFINITY);
  for (const file of fromStart ? [] : await snapshotNames(snapshotDir)) {
    const engine = await readSnapshotFile(join(snapshotDir, file)).catch(() => undefined);
    if (engine !== undefined && engine.seq < target && engine.entry >= first - 1 && (await belongs(redis, engine))) return engine;
  }
  if (first === 1) return new Engine();
  throw new LogMismatch(
    fromStart ? `The log begins at entry ${first}: what came before is only in snapshots; leave out --from-start.` : `The log begins at entry ${first}, and no snapshot lies between that and seq ${target === Number.POSITIVE_INFINITY ? "the end" : target}.`,
  );
}

async function belongs(redis: LogReader, { entry, epoch, chain }: Engine): Promise<boolean> {
  const [event] = await storedRange(redis, EVENT_LOG, entry, entry);
  if (event === undefined) return true;
  const head = readBatchHead(event.bytes);
  return head.epoch === epoch && Buffer.compare(head.chain, chain) === 0;
}
