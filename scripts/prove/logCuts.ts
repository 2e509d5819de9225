// R7: a log whose end was cut off, at any byte. Either whoever starts on it refuses, or nothing that was answered is
// missing; a repair never drops what was seen without a new epoch; and no number ever means two things in one epoch.
//
// Real files, a real redis-server, the engine's own loop, and the repair that the operator runs.
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import { LogMismatch } from "../../services/engine/log/commandLog.ts";
import { readBatchHead } from "../../services/engine/log/batchHead.ts";
import { seenMarkPath } from "../../services/engine/log/seenMark.ts";
import { seededRoll } from "../../services/engine/suite/random.ts";
import { startEngine, type RunningEngine } from "../../services/engine/testing/engineProcess.ts";
import { COMMAND_LOG, EVENT_LOG, entryNumber } from "../../services/shared/keys.ts";
import { readConfig } from "../../services/shared/config.ts";
import { Ingress, IngressError, type CommandInit } from "../../services/shared/trading/ingress.ts";
import { repairLog } from "../cli/log/repair.ts";
import { cutFile, findAppendOnlyFiles } from "../stack/appendOnlyFiles.ts";
import { startRedisServer, type RunningServer } from "../stack/redisServer.ts";
import { StackError } from "../stack/stackError.ts";

const silent = pino({ level: "silent" });
const CUT_BYTES_MAX = 64 * 1024;
const RECONNECT_MS = 5_000;
/** Cuts made on one log before another is written. */
const CUTS_PER_LOG = 25;

export interface CutsReport {
  readonly cuts: number;
  /** redis-server would not load the log. */
  readonly refusedByRedis: number;
  /** It did, as the cut fell between two commands; the engine would not start. */
  readonly refusedByEngine: number;
  /** Both started: nothing that was answered was missing. */
  readonly harmless: number;
  /** The repair dropped what nobody had seen. */
  readonly dropped: number;
  /** The repair refused without a new epoch, and began one when asked to. */
  readonly fenced: number;
  /** The repair refused in any case: a backup is needed. */
  readonly beyondRepair: number;
  /** In sentences; empty when the promise holds. */
  readonly violations: readonly string[];
}

/** What clients were told: the bytes of every entry that was answered, by epoch and entry. */
type Told = ReadonlyMap<string, string>;

export interface CutsOptions {
  readonly cuts: number;
  readonly seed: number;
  /** Only cuts that leave whole commands: every other kind Redis notices by itself. */
  readonly betweenCommands?: boolean;
  /** A planted fault: the engine has left no mark of how far it has gone, so such a cut goes unnoticed. */
  readonly forgetMark?: boolean;
  readonly onProgress?: (done: number) => void;
}

/** Cuts the tails of logs, each of a fresh copy. */
export async function proveLogCuts({ cuts, seed, betweenCommands = false, forgetMark = false, onProgress }: CutsOptions): Promise<CutsReport> {
  const roll = seededRoll(seed);
  const count = { refusedByRedis: 0, refusedByEngine: 0, harmless: 0, dropped: 0, fenced: 0, beyondRepair: 0 };
  const violations: string[] = [];
  let log: WrittenLog | undefined;
  try {
    for (let done = 0; done < cuts; done++) {
      if (done % CUTS_PER_LOG === 0) {
        log?.remove();
        log = await writeLog(seed + done);
      }
      if (log === undefined) break;
      // As many small cuts as large ones, and every tenth exactly between two commands.
      const bytes = betweenCommands || done % 10 === 9 ? log.boundary(roll(1 << 20)) : Math.min(CUT_BYTES_MAX, Math.ceil(2 ** ((roll(1 << 20) / (1 << 20)) * 16)));
      const cut = new CutLog(log, bytes);
      if (forgetMark) cut.forgetMark();
      try {
        const outcome = await cut.run();
        for (const name of outcome) count[name]++;
      } catch (error) {
        violations.push(`cut of ${bytes} bytes (seed ${seed}, number ${done}): ${error instanceof Error ? error.message : String(error)}`);
      } finally {
        cut.remove();
      }
      onProgress?.(done + 1);
    }
  } finally {
    log?.remove();
  }
  return { cuts, ...count, violations };
}

interface WrittenLog {
  readonly dataDir: string;
  readonly told: Told;
  /** How many bytes to cut so that the file ends with a whole command. */
  boundary(random: number): number;
  remove(): void;
}

const keyOf = (epoch: number, entry: number): string => `${epoch}/${entry}`;
const digestOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

// An engine under orders, ended as by a kill; some logs with a snapshot on the way.
async function writeLog(seed: number): Promise<WrittenLog> {
  const dataDir = mkdtempSync(join(tmpdir(), "tickwire-cuts-"));
  const server = await startRedisServer({ dataDir });
  const ingress = await Ingress.open(server.url, "cuts", silent);
  const trader = new Trader(seed);
  let engine = await startEngine(server.url, join(dataDir, "snapshots"));
  await trader.open(ingress);
  for (let part = 0; part < 3; part++) {
    await trader.trade(ingress, 40);
    if (part === 1 && seed % 3 !== 0) {
      await engine.stop();
      engine = await startEngine(server.url, join(dataDir, "snapshots"));
    }
  }
  engine.crash();
  ingress.close();
  const told = await everythingTold(server.url);
  await server.stop();
  const growing = findAppendOnlyFiles(join(dataDir, "redis"))?.growing ?? "";
  const ends = commandEnds(readFileSync(growing));
  const size = statSync(growing).size;
  return {
    dataDir,
    told,
    boundary: (random) => {
      const within = ends.filter((end) => size - end <= CUT_BYTES_MAX && end < size);
      return size - (within[random % within.length] ?? size - 1);
    },
    remove: () => rmSync(dataDir, { recursive: true, force: true }),
  };
}

// Where each command of the file ends: every one begins with its count of words.
function commandEnds(file: Buffer): number[] {
  const ends: number[] = [];
  for (let at = file.indexOf("\r\n*"); at >= 0; at = file.indexOf("\r\n*", at + 2)) ends.push(at + 2);
  return ends;
}

class Trader {
  readonly #roll: (n: number) => number;
  #ids = 0;

  constructor(seed: number) {
    this.#roll = seededRoll(seed);
  }

  async open(ingress: Ingress): Promise<void> {
    for (const name of ["a", "b"]) await ingress.submit({ body: { case: "openAccount", value: { externalId: name, name } } });
    for (const accountId of [2n, 3n]) {
      for (const assetId of [1, 4]) await ingress.submit({ accountId, body: { case: "deposit", value: { assetId, amountUnits: 10n ** 14n, transferId: `t${assetId}` } } });
    }
  }

  /** `entries` times one or a few commands in one entry. */
  async trade(ingress: Ingress, entries: number): Promise<void> {
    for (let n = 0; n < entries; n++) {
      await Promise.all(Array.from({ length: 1 + this.#roll(4) }, () => this.#placed(ingress, this.#order())));
    }
  }

  // A server that has just started may lose its first connections; what was not sent is sent again.
  async #placed(ingress: Ingress, command: CommandInit): Promise<void> {
    for (const deadlineMs = performance.now() + RECONNECT_MS; ; ) {
      try {
        await ingress.submit(command);
        return;
      } catch (error) {
        if (!(error instanceof IngressError) || error.failure === "unknown" || performance.now() > deadlineMs) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  #order(): CommandInit {
    const order = { marketId: 1, side: (1 + this.#roll(2)) as 1 | 2, type: 1 as const, timeInForce: 1 as const, priceTicks: BigInt(6_400_000 + this.#roll(20)), quantityLots: BigInt(100 + this.#roll(500)), clientOrderId: `o${++this.#ids}-${this.#roll(1 << 30)}` };
    return { accountId: BigInt(2 + this.#roll(2)), body: { case: "placeOrder", value: order } };
  }
}

async function everythingTold(url: string): Promise<Told> {
  const redis = new Redis(url);
  try {
    const told = new Map<string, string>();
    for (const [id, fields] of await redis.xrangeBuffer(EVENT_LOG, "-", "+")) {
      const bytes = fields[1] ?? Buffer.alloc(0);
      told.set(keyOf(readBatchHead(bytes).epoch, entryNumber(id.toString())), digestOf(bytes));
    }
    return told;
  } finally {
    redis.disconnect();
  }
}

type Counted = "refusedByRedis" | "refusedByEngine" | "harmless" | "dropped" | "fenced" | "beyondRepair";

class CutLog {
  readonly #log: WrittenLog;
  readonly #dataDir = mkdtempSync(join(tmpdir(), "tickwire-cut-"));
  readonly #snapshotDir = join(this.#dataDir, "snapshots");

  constructor(log: WrittenLog, bytes: number) {
    this.#log = log;
    cpSync(log.dataDir, this.#dataDir, { recursive: true });
    const growing = findAppendOnlyFiles(join(this.#dataDir, "redis"))?.growing ?? "";
    cutFile(growing, Math.max(0, statSync(growing).size - bytes));
  }

  forgetMark(): void {
    rmSync(seenMarkPath(this.#snapshotDir), { force: true });
  }

  remove(): void {
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  /** What became of it. @throws Error naming the promise that was broken */
  async run(): Promise<Counted[]> {
    const found: Counted[] = [await this.#startAsItIs()];
    if (found[0] === "harmless") return found;
    const before = this.#fingerprint();
    const looked = await this.#repair(false, false);
    if (looked.verdict.kind === "nothing to do") throw new Error("it was refused, but the repair finds nothing wrong");
    if (this.#fingerprint() !== before) throw new Error("a look changed the files");
    if (looked.verdict.kind === "can") {
      if ((await this.#repair(true, false)).done === undefined) throw new Error("a repair that was possible was not done");
      await this.#goesOn("nothing seen may be missing", (missing) => missing === 0);
      return [...found, "dropped"];
    }
    const fenced = await this.#repair(true, true);
    if (fenced.done === undefined) {
      if (this.#fingerprint() !== before) throw new Error("a refused repair changed the files");
      return [...found, "beyondRepair"];
    }
    await this.#goesOn("what was seen must be missing for a new epoch to be needed", (missing) => missing > 0);
    return [...found, "fenced"];
  }

  #repair(act: boolean, newEpoch: boolean): ReturnType<typeof repairLog> {
    return repairLog(readConfig({ TICKWIRE_DATA_DIR: this.#dataDir }), {}, { act, newEpoch });
  }

  async #startAsItIs(): Promise<Counted> {
    let server: RunningServer;
    try {
      server = await startRedisServer({ dataDir: this.#dataDir });
    } catch (error) {
      if (error instanceof StackError && error.message.includes("log repair")) return "refusedByRedis";
      throw error;
    }
    try {
      const engine = await startEngine(server.url, this.#snapshotDir);
      await this.#tradesOn(server, engine, "started as it is, and something that was answered is missing", (missing) => missing === 0);
      return "harmless";
    } catch (error) {
      if (error instanceof LogMismatch) return "refusedByEngine";
      throw error;
    } finally {
      await server.stop();
    }
  }

  async #goesOn(promise: string, holds: (missing: number) => boolean): Promise<void> {
    const server = await startRedisServer({ dataDir: this.#dataDir });
    try {
      await this.#tradesOn(server, await startEngine(server.url, this.#snapshotDir), promise, holds);
    } finally {
      await server.stop();
    }
  }

  // Trades, and then compares what the log now says with what was told before: the same number of the same epoch, the same bytes.
  async #tradesOn(server: RunningServer, engine: RunningEngine, promise: string, holds: (missing: number) => boolean): Promise<void> {
    const ingress = await Ingress.open(server.url, "after", silent);
    try {
      await new Trader(99).trade(ingress, 5);
    } finally {
      ingress.close();
      engine.crash();
    }
    const now = await everythingTold(server.url);
    let missing = 0;
    for (const [key, digest] of this.#log.told) {
      const again = now.get(key);
      if (again === undefined) missing++;
      else if (again !== digest) throw new Error(`entry ${key} was told to mean something else before`);
    }
    if (!holds(missing)) throw new Error(`${promise}: ${missing} answered entries are gone`);
  }

  #fingerprint(): string {
    const hash = createHash("sha256");
    const walk = (folder: string): void => {
      for (const { name } of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const path = join(folder, name);
        if (name === "supervisor.lock") continue;
        if (statSync(path).isDirectory()) walk(path);
        else hash.update(path).update(readFileSync(path));
      }
    };
    walk(this.#dataDir);
    return hash.digest("hex");
  }
}
