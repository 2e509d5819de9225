// The folder of snapshots: writes one beside the running engine, and finds the newest that may be started from, among those
// of the other engines of the data directory too: who leads trims the log for its own snapshots, not for theirs.
//
// Never: holds the engine for longer than it takes to copy its state. Invariant: what is answered as written has been
// read back from the disk and restored; what is loaded is whole, unaltered and of the log it is asked about.
import { stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import type { Logger } from "../shared/logger.ts";
import type { Engine } from "./engine.ts";
import { FreezeArea } from "./freezeArea.ts";
import { freeze, frozenBytes } from "./frozenState.ts";
import { readSealed, restoreSealed, snapshotNames, writeSnapshot, type SnapshotIdentity, type WrittenSnapshot } from "./snapshotFile.ts";
import type { SnapshotTask, SnapshotThreadData, SnapshotThreadMessage } from "./snapshotThread.ts";

/** What the loop and the start need of a place for snapshots. */
export interface SnapshotStore {
  /** Makes the next `write` hold the engine for less long. */
  prepare(engine: Engine): Promise<void>;
  /** Writes the engine's state as of now; it is copied before this returns its promise. */
  write(engine: Engine): Promise<WrittenSnapshot>;
  /** The engine as the newest usable snapshot has it; undefined when there is none. */
  loadNewest(judge?: SnapshotJudge): Promise<Engine | undefined>;
  /** Milliseconds for which the last `write` held its caller. */
  readonly heldMs: number;
  /** The newest that was restored from, here or at the start; undefined while there is none. */
  readonly newest: VerifiedSnapshot | undefined;
}

export interface VerifiedSnapshot {
  readonly entry: number;
  /** Of wall time. */
  readonly writtenMs: number;
}

/** Says why a whole snapshot is not to be used, if so; may throw to refuse all of them. */
export type SnapshotJudge = (identity: SnapshotIdentity) => Promise<string | undefined>;

export class SnapshotFiles implements SnapshotStore {
  readonly #dir: string;
  readonly #logger: Logger;
  readonly #threadFile: string | URL | undefined;
  readonly #others: readonly string[];
  #prepared: SnapshotThread | undefined;
  /** Names of the snapshots of this history that are known to have been restored from. */
  readonly #known: string[] = [];
  /** Milliseconds for which the last `write` held its caller. */
  heldMs = 0;
  newest: VerifiedSnapshot | undefined;

  /**
   * `threadFile` is snapshotThread.ts, built; without it, snapshots are written in the caller's own thread. `others`: folders
   * of other engines of the same log, which are read but never written.
   */
  constructor(dir: string, logger: Logger, threadFile?: string | URL, others: readonly string[] = []) {
    this.#dir = dir;
    this.#logger = logger;
    this.#threadFile = threadFile;
    this.#others = others;
  }

  async prepare(engine: Engine): Promise<void> {
    if (this.#threadFile === undefined || this.#prepared !== undefined) return;
    const thread = new SnapshotThread(this.#threadFile, { dir: this.#dir, areaBytes: frozenBytes(engine) });
    await thread.ready;
    this.#prepared = thread;
  }

  async write(engine: Engine): Promise<WrittenSnapshot> {
    const startedMs = performance.now();
    const writing = this.#start(engine);
    this.heldMs = performance.now() - startedMs;
    const written = await writing;
    this.#known.push(written.name);
    this.newest = { entry: written.entry, writtenMs: Date.now() };
    return written;
  }

  #start(engine: Engine): Promise<WrittenSnapshot> {
    const known = [...this.#known];
    if (this.#threadFile === undefined) return writeSnapshot(this.#dir, freeze(engine, new FreezeArea()), known);
    const thread = this.#prepared ?? new SnapshotThread(this.#threadFile, { dir: this.#dir, areaBytes: 0 });
    this.#prepared = undefined;
    const area = new FreezeArea(thread.area);
    return thread.write({ frozen: freeze(engine, area), known }, area.buffers);
  }

  async loadNewest(judge: SnapshotJudge = () => Promise.resolve(undefined)): Promise<Engine | undefined> {
    for (const { dir, name } of await this.#newestFirst()) {
      let refused: string | undefined;
      try {
        const sealed = await readSealed(dir, name);
        refused = await judged(sealed.identity, judge);
        if (refused === undefined) {
          const engine = restoreSealed(sealed);
          if (dir === this.#dir) this.#known.push(name);
          this.newest = { entry: engine.entry, writtenMs: (await stat(join(dir, name))).mtimeMs };
          return engine;
        }
      } catch (error) {
        if (error instanceof Judgement) throw error.cause;
        refused = error instanceof Error ? error.message : String(error);
      }
      this.#logger.warn({ file: join(dir, name) }, `a snapshot is not used: ${refused}`);
    }
    return undefined;
  }

  // Of two of the same name the own one.
  async #newestFirst(): Promise<{ readonly dir: string; readonly name: string }[]> {
    const found: { dir: string; name: string }[] = [];
    for (const dir of [this.#dir, ...this.#others]) for (const name of await snapshotNames(dir)) found.push({ dir, name });
    return found.sort((a, b) => (a.name === b.name ? 0 : a.name < b.name ? 1 : -1));
  }
}

// Tells what the judge throws from what a broken file makes others throw.
class Judgement extends Error {}

async function judged(identity: SnapshotIdentity, judge: SnapshotJudge): Promise<string | undefined> {
  try {
    return await judge(identity);
  } catch (cause) {
    throw new Judgement("", { cause });
  }
}

/**
 * The engine that a snapshot file holds.
 * @throws Error, in words, when the file is torn, altered or not faithful.
 */
export const readSnapshotFile = async (path: string): Promise<Engine> => restoreSealed(await readSealed(dirname(path), basename(path)));

export { snapshotNames };

/** One snapshotThread, from its start to its end. */
class SnapshotThread {
  /** Resolves when `area` is there. */
  readonly ready: Promise<void>;
  area: ArrayBuffer | undefined;
  readonly #worker: Worker;
  readonly #written: Promise<WrittenSnapshot>;

  constructor(file: string | URL, workerData: SnapshotThreadData) {
    const worker = new Worker(file, { workerData, name: "snapshot" });
    this.#worker = worker;
    // A process that ends does not wait for a thread that has nothing to do.
    worker.unref();
    this.#written = new Promise((resolve, reject) => {
      worker.on("message", (message: SnapshotThreadMessage) => {
        if ("written" in message) resolve(message.written);
        else if ("failed" in message) reject(new Error(message.failed));
      });
      worker.once("error", reject);
      worker.once("exit", (code) => reject(new Error(`the thread that writes snapshots ended with code ${code}`)));
    });
    this.ready = new Promise((resolve, reject) => {
      worker.on("message", (message: SnapshotThreadMessage) => {
        if (!("area" in message)) return;
        this.area = message.area;
        resolve();
      });
      this.#written.catch(reject);
    });
    // Whoever waits hears of it; perhaps nobody does.
    this.ready.catch(() => undefined);
  }

  write(task: SnapshotTask, transfer: ArrayBuffer[]): Promise<WrittenSnapshot> {
    this.#worker.ref();
    this.#worker.postMessage(task, transfer);
    return this.#written;
  }
}
