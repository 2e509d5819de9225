// Whether a log is whole: both streams without a hole, the hash chain unbroken, every answer the one that the commands
// come to, every snapshot the state that the log comes to at its entry, and no unit of money made or lost.
//
// Never: writes anything, anywhere. What is wrong is collected in words, not thrown: the operator wants to see all of it.
import { createHash } from "node:crypto";
import { join } from "node:path";
import { COMMAND_LOG, EVENT_LOG } from "../../shared/keys.ts";
import type { Redis } from "../../shared/redis.ts";
import { checkInvariants } from "../checks.ts";
import { Engine } from "../engine.ts";
import { PROBLEMS_TOLD_MAX } from "../limits.ts";
import { stateHash } from "../snapshot.ts";
import { readSnapshotFile, snapshotNames } from "../snapshotFiles.ts";
import { readBatchHead, type BatchHead } from "./batchHead.ts";
import { logEnds } from "./commandLog.ts";
import { logPages } from "./logPages.ts";
import type { Seen } from "./seenMark.ts";

export interface StreamReport {
  /** 0 when the stream does not exist. */
  readonly first: number;
  readonly last: number;
  /** Missing entries between them, as spans. */
  readonly holes: readonly (readonly [from: number, to: number])[];
}

export interface SnapshotReport {
  readonly file: string;
  readonly entry: number;
  readonly epoch: number;
  /** "proven": the log comes to the same state; "whole": the log does not reach back to it; otherwise what is wrong. */
  readonly verdict: string;
}

export interface LogReport {
  readonly commands: StreamReport;
  readonly events: StreamReport;
  /** The epochs of the stored answers, each with its first entry here. */
  readonly epochs: readonly { readonly epoch: number; readonly from: number }[];
  /** Entries whose place in the hash chain was recomputed and compared. */
  readonly linksProven: number;
  /** The commands carried out again: from the state after `from`, up to `to`; undefined when nothing could be. */
  readonly replayed: { readonly from: number; readonly to: number; readonly seq: number; readonly epoch: number; readonly stateHash: string; readonly answersCompared: number } | undefined;
  readonly snapshots: readonly SnapshotReport[];
  /** Units of each asset that are on accounts at the end; undefined when nothing could be replayed. */
  readonly money: readonly { readonly asset: string; readonly units: string; readonly scale: number }[] | undefined;
  /** How far the engine of this data directory has gone; undefined when that is not known. */
  readonly seen: number | undefined;
  /** What is wrong, in sentences; empty when the log is whole. */
  readonly problems: readonly string[];
}

export interface VerifyOptions {
  readonly redis: Redis;
  readonly snapshotDir: string;
  readonly seen: Seen | undefined;
  /** Only these snapshots are looked at; default: all. */
  readonly snapshotFiles?: readonly string[];
  readonly onProgress?: (entry: number, last: number) => void;
}

/** A report, and the engine as it stands at the end of the log; undefined when that cannot be made again. */
export interface Verified {
  readonly report: LogReport;
  readonly engine: Engine | undefined;
}

interface KnownSnapshot {
  readonly file: string;
  readonly entry: number;
  readonly epoch: number;
  readonly chain: Uint8Array;
  readonly hash: Uint8Array;
  verdict: string;
}

/** Looks at a whole log. The exchange may be running: what it trims meanwhile is looked at again, once. */
export async function verifyLog(options: VerifyOptions): Promise<LogReport> {
  return (await verifyToTheEnd(options)).report;
}

/** As `verifyLog`, and gives out the state it came to. */
export async function verifyToTheEnd(options: VerifyOptions): Promise<Verified> {
  const first = await new Verification(options).run();
  return first.trimmedMeanwhile ? await new Verification(options).run() : first;
}

class Verification {
  readonly #options: VerifyOptions;
  readonly #problems: string[] = [];
  #untold = 0;
  readonly #snapshots: KnownSnapshot[] = [];
  readonly #broken: SnapshotReport[] = [];
  // What the walk has reached.
  #engine: Engine | undefined;
  #base = 0;
  #chain: Uint8Array | undefined;
  #links = 0;
  #compared = 0;
  readonly #epochs: { epoch: number; from: number }[] = [];
  readonly #commandHoles: [number, number][] = [];
  readonly #eventHoles: [number, number][] = [];

  constructor(options: VerifyOptions) {
    this.#options = options;
  }

  async run(): Promise<Verified & { readonly trimmedMeanwhile: boolean }> {
    const { redis, seen, onProgress } = this.#options;
    const events = await logEnds(redis, EVENT_LOG);
    const commands = await logEnds(redis, COMMAND_LOG);
    const oldest = await this.#readSnapshots(commands?.first ?? 0);
    if (commands === undefined) this.#problem(this.#snapshots.length + this.#broken.length === 0 && seen === undefined && events === undefined ? "There is no log." : "The command log does not exist.");
    else {
      if (commands.first === 1) this.#engine = new Engine();
      const from = Math.min(commands.first, events?.first ?? commands.first);
      const last = Math.max(commands.last, events?.last ?? 0);
      for await (const page of logPages(redis, from, last)) {
        const stored = new Map(page.events.map(({ entry, bytes }) => [entry, bytes]));
        const logged = new Map(page.commands.map(({ entry, bytes }) => [entry, bytes]));
        for (let entry = page.from; entry <= page.to; entry++) {
          const command = logged.get(entry);
          const event = stored.get(entry);
          if (command === undefined && entry >= commands.first && entry <= commands.last) addHole(this.#commandHoles, entry);
          if (event === undefined && events !== undefined && entry >= events.first && entry <= events.last) addHole(this.#eventHoles, entry);
          this.#link(entry, command, event);
          await this.#carryOut(entry, command, event, oldest);
        }
        onProgress?.(page.to, last);
      }
      this.#judgeEnds(commands.last, events?.last ?? 0);
    }
    const now = await logEnds(redis, COMMAND_LOG);
    const trimmedMeanwhile = (now?.first ?? 0) > (commands?.first ?? 0) && this.#commandHoles.length > 0;
    this.#judgeHoles("command log", this.#commandHoles);
    this.#judgeHoles("event log", this.#eventHoles);
    if (this.#untold > 0) this.#problems.push(`And ${this.#untold} more.`);
    const report: LogReport = {
      commands: { first: commands?.first ?? 0, last: commands?.last ?? 0, holes: this.#commandHoles },
      events: { first: events?.first ?? 0, last: events?.last ?? 0, holes: this.#eventHoles },
      epochs: this.#epochs,
      linksProven: this.#links,
      replayed: this.#replayed(),
      snapshots: [...this.#snapshots.map(({ file, entry, epoch, verdict }) => ({ file, entry, epoch, verdict })), ...this.#broken],
      money: this.#money(),
      seen: seen?.entry,
      problems: this.#problems,
    };
    return { report, engine: this.#engine?.entry === commands?.last ? this.#engine : undefined, trimmedMeanwhile };
  }

  #problem(sentence: string): void {
    if (this.#problems.length < PROBLEMS_TOLD_MAX) this.#problems.push(sentence);
    else this.#untold++;
  }

  // Answers the oldest snapshot from which the log goes on.
  async #readSnapshots(firstCommand: number): Promise<KnownSnapshot | undefined> {
    const { snapshotDir, snapshotFiles } = this.#options;
    for (const file of snapshotFiles ?? (await snapshotNames(snapshotDir))) {
      try {
        const restored = await readSnapshotFile(join(snapshotDir, file));
        const { entry, epoch, chain } = restored;
        this.#snapshots.push({ file, entry, epoch, chain, hash: stateHash(restored), verdict: "whole" });
      } catch (error) {
        // Gone meanwhile: a running engine removes the oldest.
        if (error instanceof Error && "code" in error && error.code === "ENOENT") continue;
        const verdict = error instanceof Error ? error.message : String(error);
        this.#broken.push({ file, entry: 0, epoch: 0, verdict });
        this.#problem(`The snapshot ${file} cannot be used: ${verdict}.`);
      }
    }
    return this.#snapshots.findLast(({ entry }) => entry >= firstCommand - 1);
  }

  // The chain: SHA-256 over the chain before and the bytes of the entry. The first stored answer is where it begins.
  #link(entry: number, command: Uint8Array | undefined, event: Uint8Array | undefined): void {
    const head = this.#head(entry, event);
    if (head !== undefined && head.epoch !== this.#epochs.at(-1)?.epoch) {
      const before = this.#epochs.at(-1)?.epoch ?? 0;
      if (head.epoch < before) this.#problem(`Entry ${entry} of the event log is of epoch ${head.epoch}, which is older than the one before it (${before}).`);
      this.#epochs.push({ epoch: head.epoch, from: entry });
    }
    if (command === undefined) this.#chain = undefined;
    else if (this.#chain !== undefined || entry === 1) {
      this.#chain = createHash("sha256").update(this.#chain ?? new Uint8Array(32)).update(command).digest();
      if (head !== undefined) {
        if (same(head.chain, this.#chain)) this.#links++;
        else this.#problem(`Entry ${entry} is not the one that was answered: the chain of the event log differs from that of the command log.`);
      }
    }
    if (head !== undefined) this.#chain = head.chain;
    const { seen } = this.#options;
    if (entry === seen?.entry && this.#chain !== undefined && !same(seen.chain, this.#chain)) {
      this.#problem(`Entry ${entry}, or one before it, is not the one this data directory's engine has answered: the log was cut short and its numbers were given out again.`);
    }
  }

  #head(entry: number, event: Uint8Array | undefined): BatchHead | undefined {
    if (event === undefined) return undefined;
    try {
      const head = readBatchHead(event);
      if (head.entry === entry) return head;
      this.#problem(`Entry ${entry} of the event log calls itself entry ${head.entry}.`);
    } catch {
      this.#problem(`Entry ${entry} of the event log was not written by an engine.`);
    }
    return undefined;
  }

  async #carryOut(entry: number, command: Uint8Array | undefined, event: Uint8Array | undefined, oldest: KnownSnapshot | undefined): Promise<void> {
    if (this.#engine === undefined && oldest !== undefined && this.#base === 0 && entry > oldest.entry) await this.#startFrom(oldest);
    const engine = this.#engine;
    if (engine !== undefined && engine.entry === entry - 1) {
      if (command === undefined) this.#engine = undefined;
      else {
        try {
          const applied = engine.applyEntry(command, entry);
          if (event !== undefined) {
            this.#compared++;
            if (!same(event, applied.events)) {
              this.#problem(`Entry ${entry} was answered with other events than it comes to: the log was altered, or another version of the engine wrote it.`);
              this.#engine = undefined;
            }
          }
        } catch (error) {
          this.#problem(`The engine breaks at entry ${entry}: ${error instanceof Error ? error.message : String(error)}.`);
          this.#engine = undefined;
        }
      }
    }
    for (const snapshot of this.#snapshots) if (snapshot.entry === entry) this.#judgeSnapshot(snapshot);
  }

  // Read again rather than kept: states are large, and only one is needed at a time.
  async #startFrom({ file, entry }: KnownSnapshot): Promise<void> {
    this.#base = entry;
    try {
      this.#engine = await readSnapshotFile(join(this.#options.snapshotDir, file));
    } catch {
      // Removed by the running engine meanwhile: the second look finds a newer one.
    }
  }

  #judgeSnapshot(snapshot: KnownSnapshot): void {
    const engine = this.#engine;
    if (engine?.entry === snapshot.entry && engine.entry !== this.#base) {
      if (same(stateHash(engine), snapshot.hash)) snapshot.verdict = "proven";
      else this.#spoilt(snapshot, "is not the state that the log comes to");
    } else if (this.#chain !== undefined && !same(this.#chain, snapshot.chain)) this.#spoilt(snapshot, "is of another history than the log");
  }

  #spoilt(snapshot: KnownSnapshot, what: string): void {
    snapshot.verdict = what;
    this.#problem(`The snapshot ${snapshot.file} (entry ${snapshot.entry}) ${what}.`);
  }

  #judgeEnds(commands: number, events: number): void {
    if (events > commands) this.#problem(`The event log ends at entry ${events}, the command log at ${commands}: commands that were answered are gone.`);
    for (const snapshot of this.#snapshots) if (snapshot.entry > commands) this.#spoilt(snapshot, `is ahead of the command log, which ends at entry ${commands}`);
    const { seen } = this.#options;
    if (seen !== undefined && seen.entry > commands) {
      this.#problem(`The command log ends at entry ${commands}, but this data directory's engine has gone as far as entry ${seen.entry}: the log was cut short.`);
    }
    if (this.#engine === undefined && this.#problems.length === 0) {
      this.#problem(`The log begins after every usable snapshot, so its state cannot be made again.`);
    }
    if (this.#engine === undefined) return;
    try {
      checkInvariants(this.#engine);
    } catch (error) {
      this.#problem(`The state after entry ${this.#engine.entry} contradicts itself: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  #judgeHoles(log: string, holes: readonly (readonly [number, number])[]): void {
    for (const [from, to] of holes) this.#problem(`The ${log} has a hole: ${from === to ? `entry ${from} is` : `entries ${from} to ${to} are`} missing.`);
  }

  #replayed(): LogReport["replayed"] {
    const engine = this.#engine;
    if (engine === undefined || engine.entry === 0) return undefined;
    const { entry, seq, epoch } = engine;
    return { from: this.#base, to: entry, seq, epoch, stateHash: Buffer.from(stateHash(engine)).toString("hex"), answersCompared: this.#compared };
  }

  #money(): LogReport["money"] {
    const engine = this.#engine;
    return engine?.markets.assets.map(({ assetId, code, scale }) => ({ asset: code, units: engine.ledger.issuedUnits(assetId - 1).toString(), scale }));
  }
}

const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;

function addHole(holes: [number, number][], entry: number): void {
  const last = holes.at(-1);
  if (last !== undefined && last[1] === entry - 1) last[1] = entry;
  else holes.push([entry, entry]);
}
