// `snapshot`: for how long a snapshot holds a busy engine, what it costs beside it, and how long a start from it takes.
//
// The engine trades while the snapshot is written, as its loop does: an entry, then whatever waits. What it is held for is
// told twice: by the writer's own stamps, and as the longest gap between two entries, next to the same without a snapshot.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Engine } from "../../services/engine/engine.ts";
import { SnapshotFiles } from "../../services/engine/snapshotFiles.ts";
import { readFlags, wholeNumber } from "../../scripts/commandFlags.ts";
import { BenchError } from "../benchError.ts";
import { describeMachine, type Machine } from "../machine.ts";
import { largeVenueLog, tradingEntry, type VenueSize } from "./largeVenue.ts";

const MIB = 2 ** 20;
const COMMANDS_PER_ENTRY = 64;
const RSS_EVERY_MS = 10;

export interface SnapshotOptions {
  readonly accounts: number;
  readonly orders: number;
  readonly rounds: number;
  readonly json: boolean;
}

interface Round {
  /** Milliseconds for which the engine could do nothing else. */
  readonly heldMs: number;
  /** Of those, what it worked, without what others took of the processor; absent where the system does not tell. */
  readonly heldProcessorMs?: number;
  /** The longest time between the ends of two entries, while the snapshot was made and, for as long, while none was. */
  readonly longestGapMs: number;
  readonly longestGapWithoutMs: number;
  /** Of the thread beside it. */
  readonly encodeMs: number;
  readonly writeMs: number;
  readonly verifyMs: number;
  readonly totalMs: number;
  readonly commandsMeanwhile: number;
  readonly residentMiB: number;
  readonly residentPeakMiB: number;
}

export interface SnapshotResult {
  readonly bench: "snapshot";
  readonly date: string;
  readonly machine: Machine;
  readonly accounts: number;
  readonly openOrders: number;
  readonly balances: number;
  readonly snapshotMiB: number;
  readonly rounds: readonly Round[];
  /** Reading, verifying and restoring the file, once per round. */
  readonly loadMs: readonly number[];
}

/** @throws UsageError naming the flag that is wrong. */
export function readSnapshotOptions(args: readonly string[]): SnapshotOptions {
  const number = (fallback: string) => ({ type: "string", default: fallback }) as const;
  const values = readFlags("bench snapshot", args, { accounts: number("100000"), orders: number("100000"), rounds: number("5"), json: { type: "boolean", default: false } });
  return {
    accounts: wholeNumber("--accounts", values.accounts, { least: 2, most: 10_000_000 }),
    orders: wholeNumber("--orders", values.orders, { least: 0, most: 10_000_000 }),
    rounds: wholeNumber("--rounds", values.rounds, { least: 1, most: 1_000 }),
    json: values.json,
  };
}

/** `root` holds the built thread in dist. */
export async function measureSnapshot(root: string, { accounts, orders, rounds }: SnapshotOptions): Promise<SnapshotResult> {
  const size: VenueSize = { accounts, orders, depositsPerAsset: 1 };
  const engine = new Engine();
  process.stderr.write(`making a venue of ${accounts} accounts and ${orders} open orders …\n`);
  for (const bytes of largeVenueLog(size)) engine.applyEntry(bytes, engine.entry + 1);
  const openOrders = engine.orders.size;
  const balances = accounts * engine.markets.assets.length;
  const dir = mkdtempSync(join(tmpdir(), "tickwire-bench-"));
  const silent = pino({ level: "silent" });
  const thread = join(root, "dist", "snapshotThread.js");
  const files = new SnapshotFiles(dir, silent, thread);
  const measured: Round[] = [];
  const loadMs: number[] = [];
  let snapshotBytes = 0;
  const trading = new Trading(engine, size);
  try {
    await trading.until(new Promise((resolve) => setTimeout(resolve, 2_000)));
    for (let round = 0; round < rounds; round++) {
      process.stderr.write(`round ${round + 1} of ${rounds}\n`);
      const residentMiB = process.memoryUsage.rss() / MIB;
      let residentPeakMiB = residentMiB;
      const watch = setInterval(() => (residentPeakMiB = Math.max(residentPeakMiB, process.memoryUsage.rss() / MIB)), RSS_EVERY_MS);
      const startedMs = performance.now();
      const prepared = await trading.until(files.prepare(engine));
      const workedMs = processorMs();
      const writing = files.write(engine);
      const { heldMs } = files;
      const heldProcessorMs = workedMs === undefined ? undefined : (processorMs() ?? 0) - workedMs;
      const meanwhile = await trading.until(writing);
      clearInterval(watch);
      const totalMs = performance.now() - startedMs;
      const { encodeMs, writeMs, verifyMs, bytes } = await writing;
      snapshotBytes = bytes;
      const without = await trading.until(new Promise((resolve) => setTimeout(resolve, totalMs)));
      measured.push({
        heldMs: tenths(heldMs),
        ...(heldProcessorMs !== undefined && { heldProcessorMs: tenths(heldProcessorMs) }),
        longestGapMs: tenths(Math.max(heldMs, prepared.longestGapMs, meanwhile.longestGapMs)),
        longestGapWithoutMs: tenths(without.longestGapMs),
        encodeMs: tenths(encodeMs),
        writeMs: tenths(writeMs),
        verifyMs: tenths(verifyMs),
        totalMs: tenths(totalMs),
        commandsMeanwhile: prepared.commands + meanwhile.commands,
        residentMiB: Math.round(residentMiB),
        residentPeakMiB: Math.round(residentPeakMiB),
      });
      const loadedMs = performance.now();
      if ((await new SnapshotFiles(dir, silent).loadNewest()) === undefined) throw new BenchError("The snapshot just written cannot be read.");
      loadMs.push(tenths(performance.now() - loadedMs));
    }
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
  return { bench: "snapshot", date: new Date().toISOString(), machine: describeMachine(), accounts, openOrders, balances, snapshotMiB: tenths(snapshotBytes / MIB), rounds: measured, loadMs };
}

// Of this thread so far: Linux tells the first thread's as that of the process id.
function processorMs(): number | undefined {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, "latin1").split(" ")[0]) / 1e6;
  } catch {
    return undefined;
  }
}

const tenths = (value: number): number => Math.round(value * 10) / 10;

/** The engine at work: one entry after the other, each in a turn of its own. */
class Trading {
  readonly #engine: Engine;
  readonly #size: VenueSize;
  #round = 0;

  constructor(engine: Engine, size: VenueSize) {
    this.#engine = engine;
    this.#size = size;
  }

  /** Trades until the promise is settled. */
  async until(end: Promise<unknown>): Promise<{ commands: number; longestGapMs: number }> {
    let over = false;
    const stop = (): void => void (over = true);
    end.then(stop, stop);
    let commands = 0;
    let longestGapMs = 0;
    for (let lastMs = performance.now(); !over; ) {
      this.#engine.applyEntry(tradingEntry(this.#size, ++this.#round, COMMANDS_PER_ENTRY), this.#engine.entry + 1);
      commands += COMMANDS_PER_ENTRY;
      await new Promise((resolve) => setImmediate(resolve));
      const nowMs = performance.now();
      longestGapMs = Math.max(longestGapMs, nowMs - lastMs);
      lastMs = nowMs;
    }
    return { commands, longestGapMs };
  }
}

export function snapshotInWords({ machine, accounts, openOrders, balances, snapshotMiB, rounds, loadMs }: SnapshotResult): string {
  const row = (name: string, of: (round: Round) => number): string => `${name.padEnd(34)}${rounds.map((round) => String(of(round)).padStart(10)).join("")}\n`;
  return [
    `${machine.cores} cores (${machine.model}), ${machine.memoryGiB} GiB, Node ${machine.node}, ${machine.platform}\n`,
    `${accounts} accounts, ${balances} balances, ${openOrders} open orders: ${snapshotMiB} MiB\n\n`,
    row("engine held, ms", (round) => round.heldMs),
    row("  of those, at work", (round) => round.heldProcessorMs ?? Number.NaN),
    row("longest gap meanwhile, ms", (round) => round.longestGapMs),
    row("longest gap without, ms", (round) => round.longestGapWithoutMs),
    row("encode beside it, ms", (round) => round.encodeMs),
    row("write and fsync, ms", (round) => round.writeMs),
    row("read back and restore, ms", (round) => round.verifyMs),
    row("resident before, MiB", (round) => round.residentMiB),
    row("resident at most, MiB", (round) => round.residentPeakMiB),
    `${"load at a start, ms".padEnd(34)}${loadMs.map((ms) => String(ms).padStart(10)).join("")}\n`,
  ].join("");
}
