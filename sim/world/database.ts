// PostgreSQL as the recorder uses it: its statements, taken apart by their shape, on tables in memory.
//
// One transaction holds the position's row at a time, as the row lock does. A transaction is all or nothing; a crash of
// the server takes the last few commits whole, because the recorder does not wait for the disk (synchronous_commit off).
import { create } from "@bufbuild/protobuf";
import { CandleSchema, type Candle } from "../../gen/tickwire/v1/market_data_pb.ts";
import type { CandleInterval } from "../../gen/tickwire/v1/types_pb.ts";
import type { Roll } from "../../services/engine/suite/random.ts";
import type { Database, Transaction } from "../../services/shared/database/connection.ts";
import type { Sql } from "../../services/shared/database/sql.ts";
import type { SimulatedProcess, World } from "./world.ts";

export type Row = Readonly<Record<string, string>>;

/** Key columns of each table. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  "history.assets": ["asset_id"],
  "history.markets": ["market_id"],
  "history.accounts": ["account_id"],
  "history.transfers": ["account_id", "transfer_id"],
  "history.orders": ["order_id"],
  "history.trades": ["market_id", "trade_id"],
  "history.balance_changes": ["account_id", "balance_seq"],
  "history.candles": ["market_id", "interval", "open_time_us"],
};

export interface StoredPosition {
  readonly epoch: bigint;
  readonly entry: bigint;
  readonly seq: bigint;
  readonly timeUs: bigint;
  readonly chain: Uint8Array;
  readonly logChain: Uint8Array;
}

const away = (): Error => Object.assign(new Error("the simulated database is away"), { code: "ECONNRESET" });

interface OpenTransaction {
  readonly process: SimulatedProcess;
  readonly undo: (() => void)[];
  over: boolean;
}

/** What is wrong with this database, on purpose. */
export type TransactionHabit = "atomic" | "every statement by itself";

export class SimulatedDatabase {
  readonly #world: World;
  readonly #roll: Roll;
  readonly #delayMs: () => number;
  readonly #habit: TransactionHabit;
  readonly #tables = new Map<string, Map<string, Row>>();
  #position: StoredPosition | undefined;
  /** How to take back each of the last commits. */
  readonly #undoCommits: (() => void)[][] = [];
  #lock: OpenTransaction | undefined;
  readonly #waiting: (() => void)[] = [];
  up = true;
  /** Counts the lives of the server. */
  #life = 0;
  /** Answers to COMMIT that will be lost on the way. */
  loseCommitAnswers = 0;

  constructor(world: World, delayMs: () => number, habit: TransactionHabit = "atomic") {
    this.#world = world;
    this.#roll = world.chance("database");
    this.#delayMs = delayMs;
    this.#habit = habit;
    for (const table of Object.keys(KEYS)) this.#tables.set(table, new Map());
  }

  get position(): StoredPosition | undefined {
    return this.#position;
  }

  rows(table: string): Row[] {
    return [...(this.#tables.get(table)?.values() ?? [])];
  }

  /** The server dies, and with it the last few commits; it is back after `awayMs`. */
  crash(awayMs: number): void {
    if (!this.up) return;
    this.up = false;
    this.#life++;
    if (this.#lock !== undefined) this.#rollBack(this.#lock);
    const lost = Math.min(this.#roll(4), this.#undoCommits.length);
    for (let i = 0; i < lost; i++) for (const step of (this.#undoCommits.pop() ?? []).reverse()) step();
    this.#world.note(`database crashed; ${lost} commits lost`);
    this.#world.after(awayMs, undefined, () => {
      this.up = true;
    });
  }

  /** For one process: statements run on it, and what it has begun ends with it. */
  connect(process: SimulatedProcess): Database {
    process.onKill(() => {
      if (this.#lock?.process === process) this.#rollBack(this.#lock);
    });
    const single = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => work(this.#statements({ process, undo: [], over: false }));
    return {
      query: (statement) => single((tx) => tx.query(statement)),
      execute: (statement) => single((tx) => tx.execute(statement)),
      transaction: (work) => this.#transaction(process, work),
      snapshot: (work) => single(work),
      end: () => Promise.resolve(),
    };
  }

  // One step of the server: after a while, if both are still there.
  #io<T>(process: SimulatedProcess, run: () => T): Promise<T> {
    const life = this.#life;
    return new Promise<T>((resolve, reject) => {
      this.#world.after(this.#delayMs(), process, () => {
        if (!this.up || life !== this.#life) {
          reject(away());
          return;
        }
        try {
          resolve(run());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      });
    });
  }

  async #transaction<T>(process: SimulatedProcess, work: (tx: Transaction) => Promise<T>): Promise<T> {
    const transaction: OpenTransaction = { process, undo: [], over: false };
    await this.#io(process, () => undefined);
    try {
      const result = await work(this.#statements(transaction));
      const answered = await this.#io(process, () => {
        this.#undoCommits.push([...transaction.undo]);
        if (this.#undoCommits.length > 8) this.#undoCommits.shift();
        this.#end(transaction);
        this.#world.note(`database commit at entry ${this.#position?.entry}`);
        if (this.loseCommitAnswers === 0) return true;
        this.loseCommitAnswers--;
        return false;
      });
      if (!answered) throw away();
      return result;
    } catch (error) {
      if (!transaction.over) this.#rollBack(transaction);
      throw error;
    }
  }

  #end(transaction: OpenTransaction): void {
    transaction.over = true;
    if (this.#lock !== transaction) return;
    this.#lock = undefined;
    const next = this.#waiting.shift();
    next?.();
  }

  #rollBack(transaction: OpenTransaction): void {
    if (this.#habit === "atomic") for (const step of transaction.undo.reverse()) step();
    this.#end(transaction);
  }

  #statements(transaction: OpenTransaction): Transaction {
    const run = async (statement: Sql): Promise<{ rows: object[]; changed: number }> => {
      if (/recorder_position\s+(SET|\()/.test(statement.text)) await this.#locked(transaction);
      return await this.#io(transaction.process, () => this.#execute(transaction, statement));
    };
    return {
      query: async <R extends object>(statement: Sql) => (await run(statement)).rows as R[],
      execute: async (statement) => (await run(statement)).changed,
    };
  }

  async #locked(transaction: OpenTransaction): Promise<void> {
    while (this.#lock !== undefined && this.#lock !== transaction) {
      await new Promise<void>((resolve) => this.#waiting.push(() => this.#world.after(0, transaction.process, resolve)));
    }
    this.#lock = transaction;
  }

  #execute({ undo }: OpenTransaction, { text, values }: Sql): { rows: object[]; changed: number } {
    const changed = (count: number) => ({ rows: [], changed: count });
    if (text.startsWith("SET LOCAL")) return changed(0);
    if (text.includes("FROM history.recorder_position")) return { rows: this.#position === undefined ? [] : [this.#position], changed: 0 };
    const bulk = /^INSERT INTO (history\.\w+) AS existing \(([^)]*)\) SELECT \* FROM unnest/.exec(text);
    if (bulk !== null) return changed(this.#bulkInsert(undo, bulk[1] as string, (bulk[2] as string).split(", "), values as string[], text));
    if (text.startsWith("INSERT INTO history.recorder_position")) {
      if (this.#position !== undefined) return changed(0);
      const [epoch, entry, seq, timeUs, chain, logChain] = values as [number, bigint, bigint, bigint, Uint8Array, Uint8Array];
      this.#moveTo(undo, { epoch: BigInt(epoch), entry, seq, timeUs, chain, logChain });
      return changed(1);
    }
    if (text.startsWith("UPDATE history.recorder_position")) {
      const [epoch, entry, seq, timeUs, chain, wasEpoch, wasEntry, wasChain] = values as [number, bigint, bigint, bigint, Uint8Array, number, bigint, Uint8Array];
      const was = this.#position;
      if (was === undefined || was.epoch !== BigInt(wasEpoch) || was.entry !== wasEntry || Buffer.compare(was.chain, wasChain) !== 0) return changed(0);
      this.#moveTo(undo, { epoch: BigInt(epoch), entry, seq, timeUs, chain, logChain: was.logChain });
      return changed(1);
    }
    const update = /^UPDATE (history\.\w+) SET (\w+) = \$1, last_seq = \$2 WHERE (\w+) = \$3 AND last_seq < \$4$/.exec(text);
    if (update !== null) {
      const [, table, column, key] = update as unknown as [string, string, string, string];
      const [value, seq, id] = values.map(String) as [string, string, string];
      const row = this.#table(table).get(id);
      if (key !== KEYS[table]?.[0] || row === undefined || BigInt(row["last_seq"] ?? 0) >= BigInt(seq)) return changed(0);
      this.#put(undo, table, id, { ...row, [column]: value, last_seq: seq });
      return changed(1);
    }
    throw new Error(`this statement is not simulated: ${text}`);
  }

  #moveTo(undo: (() => void)[], position: StoredPosition): void {
    const before = this.#position;
    this.#position = position;
    undo.push(() => {
      this.#position = before;
    });
  }

  #bulkInsert(undo: (() => void)[], table: string, columns: readonly string[], values: readonly string[], text: string): number {
    const cells = values.map(parseArray);
    const onlyNewer = text.includes("DO UPDATE");
    let count = 0;
    for (let i = 0; i < (cells[0] as string[]).length; i++) {
      const row = Object.fromEntries(columns.map((column, c) => [column, (cells[c] as string[])[i] as string]));
      const key = (KEYS[table] as readonly string[]).map((column) => row[column]).join("/");
      const existing = this.#table(table).get(key);
      if (existing !== undefined && (!onlyNewer || BigInt(existing["last_seq"] ?? 0) >= BigInt(row["last_seq"] ?? 0))) continue;
      this.#put(undo, table, key, row);
      count++;
    }
    return count;
  }

  #table(name: string): Map<string, Row> {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`the table ${name} is not simulated`);
    return table;
  }

  #put(undo: (() => void)[], name: string, key: string, row: Row): void {
    const table = this.#table(name);
    const before = table.get(key);
    table.set(key, row);
    undo.push(() => {
      if (before === undefined) table.delete(key);
      else table.set(key, before);
    });
  }

  /** The newest candle of each market and interval, as a recorder that starts reads them. */
  newestCandles(): Candle[] {
    const newest = new Map<string, Row>();
    for (const row of this.rows("history.candles")) {
      const key = `${row["market_id"]}/${row["interval"]}`;
      const known = newest.get(key);
      if (known === undefined || BigInt(known["open_time_us"] ?? 0) < BigInt(row["open_time_us"] ?? 0)) newest.set(key, row);
    }
    const big = (row: Row, column: string): bigint => BigInt(row[column] ?? 0);
    return [...newest.values()].map((row) =>
      create(CandleSchema, {
        marketId: Number(row["market_id"]),
        interval: Number(row["interval"]) as CandleInterval,
        openTimeUs: big(row, "open_time_us"),
        openTicks: big(row, "open_ticks"),
        highTicks: big(row, "high_ticks"),
        lowTicks: big(row, "low_ticks"),
        closeTicks: big(row, "close_ticks"),
        volumeLots: big(row, "volume_lots"),
        quoteVolumeUnits: big(row, "quote_volume_units"),
        tradeCount: big(row, "trade_count"),
        takerBuyLots: big(row, "taker_buy_lots"),
        takerBuyQuoteUnits: big(row, "taker_buy_quote_units"),
        firstTradeId: big(row, "first_trade_id"),
        lastTradeId: big(row, "last_trade_id"),
        seq: big(row, "last_seq"),
      }),
    );
  }
}

/** The elements of a PostgreSQL array literal of one dimension. */
function parseArray(literal: string): string[] {
  const items: string[] = [];
  let at = 1;
  while (at < literal.length - 1) {
    let item = "";
    if (literal[at] === '"') {
      for (at++; literal[at] !== '"'; at++) {
        if (literal[at] === "\\") at++;
        item += literal[at];
      }
      at++;
    } else {
      while (literal[at] !== "," && literal[at] !== "}") item += literal[at++];
    }
    items.push(item);
    at++;
  }
  return items;
}
