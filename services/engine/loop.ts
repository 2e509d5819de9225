// The engine's life. Leading: take what the log has, apply it all, send it all, repeat; a snapshot now and then. Following:
// the same without sending, and what the leader sent is compared instead.
//
// Never: applies an entry before the outputs of the ones before it are durable, while it leads. A lost connection changes
// nothing but time: the state stays, Redis is checked, and the loop goes on. A change of leader changes only the role.
import type { StateDigest } from "../../gen/tickwire/v1/operations_pb.ts";
import { nowUs } from "../shared/clock.ts";
import type { Logger } from "../shared/logger.ts";
import { commandRange, eventRange, isConnectionLoss, lastCommand, lastEvent, readBoth, readCommands, type LogEntry } from "./log/commandLog.ts";
import type { Engine } from "./engine.ts";
import type { EntryApplier } from "./entryApplier.ts";
import { Following } from "./following.ts";
import { Fenced, type Leadership } from "./leadership.ts";
import { ENTRIES_PER_READ_MAX, FOLLOW_BLOCK_MS, READ_BLOCK_MS, RECONNECT_PAUSE_MS, UNCONFIRMED_ENTRIES_MAX } from "./limits.ts";
import type { LogReader, LogWriter } from "./log/logConnection.ts";
import type { Outbound } from "./outbound.ts";
import type { LogTrim } from "./log/logTrim.ts";
import type { SeenMark } from "./log/seenMark.ts";
import type { SnapshotStore } from "./snapshotFiles.ts";
import { SnapshotSchedule, type ReplayEffort, type SnapshotStanding } from "./snapshotSchedule.ts";

const US_PER_MS = 1_000;

export interface LoopParts {
  readonly applier: EntryApplier;
  /** Waits in reads. */
  readonly reader: LogReader;
  readonly writer: LogWriter;
  readonly leadership: Leadership;
  readonly outbound: Outbound;
  readonly snapshots: SnapshotStore;
  readonly trim: LogTrim;
  readonly seen?: SeenMark;
  readonly replayed?: ReplayEffort;
  readonly logger: Logger;
  /** Called when `live` may have become another. */
  readonly liveChanged?: () => void;
}

export class EngineLoop {
  readonly #engine: Engine;
  readonly #applier: EntryApplier;
  readonly #reader: LogReader;
  readonly #writer: LogWriter;
  readonly #leadership: Leadership;
  readonly #outbound: Outbound;
  readonly #snapshots: SnapshotSchedule;
  readonly #logger: Logger;
  readonly #following: Following;
  readonly #seen: SeenMark | undefined;
  readonly #liveChanged: () => void;
  #stopping = false;
  #connected = true;
  #wasLive = false;
  /** Whether everything that earlier leaders left undone is done, so that new entries may be taken. */
  #leads = false;
  /** Where the log ended when this engine began to lead: before that, answers would be of the past. */
  #catchUpTo = Number.POSITIVE_INFINITY;
  readonly #digests: StateDigest[] = [];

  constructor(parts: LoopParts) {
    this.#engine = parts.applier.engine;
    this.#applier = parts.applier;
    this.#reader = parts.reader;
    this.#writer = parts.writer;
    this.#leadership = parts.leadership;
    this.#outbound = parts.outbound;
    // Only the leader trims. One that was replaced a moment ago trims less than its successor would: to older snapshots.
    this.#snapshots = new SnapshotSchedule(this.#engine, parts.snapshots, (written) => (this.live ? parts.trim.afterSnapshot(written) : Promise.resolve()), parts.logger, parts.replayed);
    this.#logger = parts.logger;
    this.#seen = parts.seen;
    this.#liveChanged = parts.liveChanged ?? (() => undefined);
    this.#following = new Following(this.#engine.entry);
    // Looked at by the loop, whose errors end the process.
    this.#leadership.onDigest((digest) => this.#digests.push(digest));
  }

  get engine(): Engine {
    return this.#engine;
  }

  /** Whether this engine leads, follows the log at this moment, and has applied everything that stood in it when it began to. */
  get live(): boolean {
    return this.#leads && this.#leadership.value !== undefined && this.#connected && !this.#stopping && !this.#outbound.replicasMissing && this.#engine.entry >= this.#catchUpTo;
  }

  /** Whether this engine holds the lead, live or about to be. */
  get leading(): boolean {
    return this.#leadership.value !== undefined;
  }

  /** For people: what stands between this engine and being live. */
  get waitingFor(): string {
    if (!this.#connected) return "waiting for Redis";
    if (this.#outbound.replicasMissing) return "waiting for a replica of Redis that has the log: nothing is acknowledged until it does";
    if (!this.leading) return "follows the leading engine";
    if (this.#snapshots.awaited) return "writing a snapshot before it goes on, as its start took long";
    return this.live ? "" : "catching up with the log";
  }

  /** The newest verified snapshot; to be asked every second or so. */
  snapshotStanding(): SnapshotStanding {
    return this.#snapshots.standing();
  }

  /** State digests compared with the leader's, while following. */
  get digestsCompared(): number {
    return this.#following.digestsCompared;
  }

  /**
   * Runs until `stop`.
   * @throws LogMismatch, FellBehind, LogSealed, StoppedAtCommand or InvariantViolation: the process must end.
   */
  async run(): Promise<void> {
    while (!this.#stopping) {
      try {
        if (this.#leadership.value === undefined) await this.#follow();
        else if (!this.#leads) await this.#takeOver();
        else await this.#lead();
        this.#tellIfChanged();
      } catch (error) {
        if (error instanceof Fenced) {
          this.#leadership.stepDown();
          continue;
        }
        if (!isConnectionLoss(error)) throw error;
        if (this.#stopping) return;
        if (this.#connected) this.#logger.warn({ err: String(error) }, "the log cannot be read; trying again");
        this.#connected = false;
        await new Promise((resolve) => setTimeout(resolve, RECONNECT_PAUSE_MS));
      }
    }
  }

  #tellIfChanged(): void {
    if (this.live === this.#wasLive) return;
    this.#wasLive = this.live;
    this.#liveChanged();
  }

  async #lead(): Promise<void> {
    await this.#advanceTimeIfDue();
    const entries = await readCommands(this.#reader, this.#engine.entry, this.#blockMs());
    await this.#checkAfterReconnect();
    // Another may have taken over while this one waited: then its own answers would be refused anyway.
    if (this.#leadership.value === undefined) return;
    if (entries.length > 0) {
      this.#apply(entries);
      await this.#sendPending();
    }
    if (this.#mayWriteSnapshot) this.#snapshots.betweenBatches();
  }

  async #follow(): Promise<void> {
    this.#leads = false;
    this.#catchUpTo = Number.POSITIVE_INFINITY;
    const following = this.#following;
    // A snapshot waits for a moment at which all that was applied is confirmed.
    const ahead = following.pending.length >= UNCONFIRMED_ENTRIES_MAX || (following.pending.length > 0 && this.#snapshots.due);
    const { commands, events } = await readBoth(this.#reader, ahead ? undefined : this.#engine.entry, following.confirmed, FOLLOW_BLOCK_MS);
    await this.#checkAfterReconnect();
    this.#apply(commands);
    this.#outbound.confirmed(following.compare(events));
    for (const digest of this.#digests.splice(0)) if (digest.epoch === this.#engine.epoch) following.heard(digest);
    if (this.#mayWriteSnapshot) this.#snapshots.betweenBatches();
    if (this.#leadership.vacant) await this.#leadership.claim();
  }

  // Nobody else can append any more. What an earlier leader appended is compared, what it did not is sent.
  async #takeOver(): Promise<void> {
    await this.#checkAfterReconnect();
    const following = this.#following;
    const answered = await lastEvent(this.#writer);
    while (following.confirmed < answered) {
      const first = following.confirmed + 1;
      const last = Math.min(following.confirmed + ENTRIES_PER_READ_MAX, answered);
      if (this.#engine.entry < last) this.#apply(await commandRange(this.#writer, this.#engine.entry + 1, last));
      this.#outbound.confirmed(following.compare(await eventRange(this.#writer, first, last)));
      if (following.confirmed < last) throw new Error(`the event log has no entry ${following.confirmed + 1}`);
    }
    await this.#outbound.answerAgain(following.recent);
    await this.#sendPending();
    await this.#snapshots.beforeLive();
    this.#catchUpTo = await lastCommand(this.#writer);
    this.#leads = true;
  }

  async #sendPending(): Promise<void> {
    await this.#outbound.send(this.#following.pending);
    this.#following.sent();
  }

  // What was just read may be of another history: check before applying any of it.
  async #checkAfterReconnect(): Promise<void> {
    if (this.#connected) return;
    await this.#outbound.verify(this.#following.pending);
    this.#connected = true;
    this.#logger.info("following the log again");
  }

  #apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) this.#following.applied(this.#applier.outputs(entry));
    if (entries.length > 0) this.#seen?.note(this.#engine);
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

  /** Ends `run` after the entries in hand, lets another engine lead, and writes a last snapshot. */
  async stop(running: Promise<void>): Promise<void> {
    this.#stopping = true;
    this.#outbound.stop();
    await running;
    await this.#leadership.release();
    this.#leadership.stop();
    await this.#snapshots.finish(this.#mayWriteSnapshot);
  }

  /** Ends `run` as soon as it notices, and writes nothing: for tests of what a crash leaves behind. */
  abandon(): void {
    this.#stopping = true;
    this.#outbound.stop();
    this.#leadership.stop();
  }

  // An engine that follows writes down only what the leader has confirmed.
  get #mayWriteSnapshot(): boolean {
    return this.#following.pending.length === 0;
  }
}
