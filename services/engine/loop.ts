// The engine's life: take what the log has, apply it all, send it all, repeat; a snapshot now and then.
//
// Never: applies an entry before the outputs of the ones before it are durable. A lost connection changes nothing but
// time: the state stays, Redis is checked, and the loop goes on.
import { nowUs } from "../shared/clock.ts";
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import { isConnectionLoss, lastCommand, readCommands, type LogEntry } from "./commandLog.ts";
import type { Engine } from "./engine.ts";
import { READ_BLOCK_MS, RECONNECT_PAUSE_MS, SNAPSHOT_ENTRIES, SNAPSHOT_INTERVAL_MS } from "./limits.ts";
import { copyOutputs, type Outbound } from "./outbound.ts";
import type { LogTrim } from "./logTrim.ts";
import { SampledChecks } from "./sampledChecks.ts";
import type { SeenMark } from "./seenMark.ts";
import type { SnapshotFiles } from "./snapshotFiles.ts";

const US_PER_MS = 1_000;

export class EngineLoop {
  readonly #engine: Engine;
  readonly #reader: Redis;
  readonly #outbound: Outbound;
  readonly #snapshots: SnapshotFiles;
  readonly #trim: LogTrim;
  readonly #logger: Logger;
  readonly #checks: SampledChecks;
  readonly #seen: SeenMark | undefined;
  #stopping = false;
  #connected = true;
  /** Where the log ended when the loop started: before that, answers would be of the past. */
  #catchUpTo = Number.POSITIVE_INFINITY;
  #snapshotEntry: number;
  #snapshotMs = performance.now();
  #snapshotWriting: Promise<void> = Promise.resolve();
  #snapshotBusy = false;

  constructor(engine: Engine, reader: Redis, outbound: Outbound, snapshots: SnapshotFiles, trim: LogTrim, logger: Logger, seen?: SeenMark) {
    this.#engine = engine;
    this.#checks = new SampledChecks(engine);
    this.#reader = reader;
    this.#outbound = outbound;
    this.#snapshots = snapshots;
    this.#trim = trim;
    this.#logger = logger;
    this.#seen = seen;
    this.#snapshotEntry = engine.entry;
  }

  /** Whether the log is being followed at this moment, and everything that stood in it at the start is applied. */
  get live(): boolean {
    return this.#connected && !this.#stopping && this.#engine.entry >= this.#catchUpTo;
  }

  /**
   * Runs until `stop`.
   * @throws LogMismatch or InvariantViolation: the process must end.
   */
  async run(): Promise<void> {
    while (!this.#stopping) {
      let entries: LogEntry[];
      try {
        if (this.#catchUpTo === Number.POSITIVE_INFINITY) this.#catchUpTo = await lastCommand(this.#reader);
        await this.#advanceTimeIfDue();
        entries = await readCommands(this.#reader, this.#engine.entry, this.#blockMs());
        if (!this.#connected) {
          // What was just read may be of another history: check before applying any of it.
          await this.#outbound.verify([]);
          this.#connected = true;
          this.#logger.info("following the log again");
        }
      } catch (error) {
        if (!isConnectionLoss(error)) throw error;
        if (this.#stopping) return;
        if (this.#connected) this.#logger.warn({ err: String(error) }, "the log cannot be read; trying again");
        this.#connected = false;
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE_MS));
        continue;
      }
      if (entries.length > 0) await this.#take(entries);
      this.#snapshotIfDue();
    }
  }

  // The clock of the engine stands still while nobody sends a command; what is due must still happen.
  async #advanceTimeIfDue(): Promise<void> {
    if (!this.live || nowUs() < this.#engine.trading.timers.firstDueUs) return;
    await this.#outbound.advanceTime(nowUs());
  }

  // Until an entry comes, or the next timer is due.
  #blockMs(): number {
    const dueMs = (this.#engine.trading.timers.firstDueUs - nowUs()) / US_PER_MS;
    // Redis takes 0 as "for ever".
    return Math.max(1, Math.min(READ_BLOCK_MS, Math.ceil(dueMs)));
  }

  async #take(entries: readonly LogEntry[]): Promise<void> {
    const outputs = entries.map(({ entry, bytes }) => copyOutputs(this.#engine.applyEntry(bytes, entry), bytes));
    // Before anybody is told: what contradicts itself is not published.
    this.#checks.run();
    this.#seen?.note(this.#engine);
    await this.#outbound.send(outputs);
  }

  /** Ends `run` after the entries in hand, and writes a last snapshot. */
  async stop(running: Promise<void>): Promise<void> {
    this.#stopping = true;
    this.#outbound.stop();
    await running;
    await this.#snapshotWriting;
    if (this.#engine.entry !== this.#snapshotEntry) await this.#snapshots.write(this.#engine);
  }

  /** Ends `run` as soon as it notices, and writes nothing: for tests of what a crash leaves behind. */
  abandon(): void {
    this.#stopping = true;
    this.#outbound.stop();
  }

  #snapshotIfDue(): void {
    const entries = this.#engine.entry - this.#snapshotEntry;
    if (entries === 0 || this.#snapshotBusy) return;
    if (entries < SNAPSHOT_ENTRIES && performance.now() - this.#snapshotMs < SNAPSHOT_INTERVAL_MS) return;
    const entry = this.#engine.entry;
    this.#snapshotEntry = entry;
    this.#snapshotMs = performance.now();
    this.#snapshotBusy = true;
    this.#snapshotWriting = this.#snapshots
      .write(this.#engine)
      .then(() => this.#trim.afterSnapshot(entry))
      // The log is still whole: an engine without a fresh snapshot only starts more slowly.
      .catch((error: unknown) => this.#logger.error({ err: error }, "a snapshot could not be written"))
      .finally(() => {
        this.#snapshotBusy = false;
      });
  }
}
