// When a snapshot is taken: after so many entries, so long, or a long replay, at a moment between two batches, one at a time.
//
// Never: fails. A snapshot that cannot be written is told and tried again later: the log is then trimmed no further, so an
// engine that starts meanwhile only takes longer. Nor: writes an entry whose outputs are not durable; the loop says when.
import type { Logger } from "../shared/logger.ts";
import type { Engine } from "./engine.ts";
import { SNAPSHOT_AFTER_REPLAY_MS, SNAPSHOT_BEFORE_LIVE_MS, SNAPSHOT_BEFORE_LIVE_WAIT_MS, SNAPSHOT_ENTRIES, SNAPSHOT_INTERVAL_MS, SNAPSHOT_LATE_MS } from "./limits.ts";
import type { WrittenSnapshot } from "./snapshotFile.ts";
import type { SnapshotStore } from "./snapshotFiles.ts";

/** What a start had to do again after its snapshot. */
export interface ReplayEffort {
  readonly entries: number;
  readonly ms: number;
}

/** How the newest verified snapshot stands to the engine. */
export interface SnapshotStanding {
  /** 0: there is none. */
  readonly entry: number;
  readonly ageMs: number;
  /** For people: what is wrong with it; "" when nothing is. */
  readonly problem: string;
}

export class SnapshotSchedule {
  readonly #engine: Engine;
  readonly #store: SnapshotStore;
  readonly #afterwards: (written: WrittenSnapshot) => Promise<void>;
  readonly #logger: Logger;
  /** Entry and time of the last one begun. */
  #entry: number;
  #beganMs = performance.now();
  #working: Promise<void> | undefined;
  #prepared = false;
  /** Since when the engine has entries that no verified snapshot covers. */
  #waitingSinceMs: number | undefined;
  /** Why the last one could not be written; "" when it was. */
  #failure = "";
  /** The start took so long that the next one must not take longer still. */
  #comesFirst: boolean;
  #awaited = false;

  /** `afterwards` is called when a snapshot is on the disk and verified. */
  constructor(engine: Engine, store: SnapshotStore, afterwards: (written: WrittenSnapshot) => Promise<void>, logger: Logger, replayed: ReplayEffort = { entries: 0, ms: 0 }) {
    this.#engine = engine;
    this.#store = store;
    this.#afterwards = afterwards;
    this.#logger = logger;
    this.#entry = engine.entry - replayed.entries;
    if (replayed.ms >= SNAPSHOT_AFTER_REPLAY_MS) this.#beganMs -= SNAPSHOT_INTERVAL_MS;
    this.#comesFirst = replayed.entries > 0 && replayed.ms >= SNAPSHOT_BEFORE_LIVE_MS;
  }

  /** Whether it is time for one. */
  get due(): boolean {
    const entries = this.#engine.entry - this.#entry;
    if (entries === 0 || this.#working !== undefined) return false;
    return entries >= SNAPSHOT_ENTRIES || performance.now() - this.#beganMs >= SNAPSHOT_INTERVAL_MS;
  }

  /** To be asked every second or so: this is also where it is noticed that the engine has gone on. */
  standing(): SnapshotStanding {
    const { newest } = this.#store;
    const entry = newest?.entry ?? 0;
    const nowMs = performance.now();
    if (this.#engine.entry === entry) this.#waitingSinceMs = undefined;
    else this.#waitingSinceMs ??= nowMs;
    const waitedMs = this.#waitingSinceMs === undefined ? 0 : nowMs - this.#waitingSinceMs;
    const late = waitedMs < SNAPSHOT_LATE_MS ? "" : `no snapshot was verified for ${Math.round(waitedMs / 1_000)} s though commands keep coming: the log is not trimmed, and a start would carry out ${this.#engine.entry - entry} entries again`;
    return { entry, ageMs: newest === undefined ? 0 : Math.max(0, Date.now() - newest.writtenMs), problem: [late, this.#failure].filter((text) => text !== "").join("; ") };
  }

  /** To be called between two batches, when the outputs of all that was applied are durable. */
  betweenBatches(): void {
    if (!this.due) return;
    if (this.#prepared) this.#work(this.#write());
    else this.#work(this.#prepare());
  }

  /** Whether the engine stands still for a snapshot: for people. */
  get awaited(): boolean {
    return this.#awaited;
  }

  /**
   * To be called before the engine goes live, as `betweenBatches` is: after a start that took long, resolves when the
   * snapshot which that calls for is there, could not be written, or takes too long.
   */
  async beforeLive(): Promise<void> {
    if (!this.#comesFirst) return;
    if (this.#working === undefined) this.#work(this.#write());
    this.#comesFirst = false;
    this.#awaited = true;
    const started = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const longEnough = new Promise<void>((resolve) => (timer = setTimeout(resolve, SNAPSHOT_BEFORE_LIVE_WAIT_MS)));
    await Promise.race([this.#working, longEnough]);
    clearTimeout(timer);
    this.#awaited = false;
    this.#logger.info({ ms: round(performance.now() - started) }, "stood still for a snapshot, as the start took long");
  }

  /** A last snapshot, if the state may be written and there is anything new; resolves when nothing is under way any more. */
  async finish(mayWrite: boolean): Promise<void> {
    await this.#working;
    if (mayWrite && this.#engine.entry !== this.#entry) await this.#write();
  }

  #work(work: Promise<void>): void {
    const working = work.finally(() => {
      if (this.#working === working) this.#working = undefined;
    });
    this.#working = working;
  }

  async #prepare(): Promise<void> {
    try {
      await this.#store.prepare(this.#engine);
      this.#prepared = true;
    } catch (error) {
      this.#failed(error);
    }
  }

  async #write(): Promise<void> {
    this.#prepared = false;
    this.#comesFirst = false;
    this.#entry = this.#engine.entry;
    this.#beganMs = performance.now();
    try {
      const written = await this.#store.write(this.#engine);
      this.#failure = "";
      this.#waitingSinceMs = this.#engine.entry === written.entry ? undefined : this.#beganMs;
      const { encodeMs, writeMs, verifyMs, ...what } = written;
      this.#logger.info({ ...what, heldMs: round(this.#store.heldMs), encodeMs: round(encodeMs), writeMs: round(writeMs), verifyMs: round(verifyMs) }, "wrote a snapshot");
      await this.#afterwards(written);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    // Not before the next interval.
    this.#entry = this.#engine.entry;
    this.#beganMs = performance.now();
    this.#failure = `no snapshot could be written: ${inWords(error)}`;
    this.#logger.error({ err: error }, "a snapshot could not be written; the older ones stay, and so does the log after them");
  }
}

const round = (ms: number): number => Math.round(ms * 10) / 10;

function inWords(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.startsWith("ENOSPC") ? `the disk is full (${text})` : text;
}
