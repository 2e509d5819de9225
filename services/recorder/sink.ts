// Writes recordings to PostgreSQL, each with the new position in one transaction: a recorder killed at any moment has
// either written all of it or nothing, and the position says which.
//
// Invariant: the position moves only from where this recorder knows it to be, so nothing is written twice, not even
// by two recorders at once. While PostgreSQL is away it tries again until it is back.
//
// synchronous_commit is off: rows and position share one write-ahead log, so a crash of the database server loses at
// most a last few commits whole, and the event log still has them. Whoever trims the event log must leave those.
import type { Candle } from "../../gen/tickwire/v1/market_data_pb.ts";
import type { Database } from "../shared/database/connection.ts";
import { sql } from "../shared/database/sql.ts";
import type { HistoryReader } from "../shared/history/historyReader.ts";
import type { Logger } from "../shared/logger.ts";
import { bulkInsert } from "./bulkInsert.ts";
import { untilReachable } from "./outage.ts";
import type { Position } from "./position.ts";
import type { Recording } from "./recording.ts";
import { ACCOUNTS, ASSETS, BALANCE_CHANGES, CANDLES, MARKETS, ORDERS, TRADES, TRANSFERS } from "./tables.ts";

/** The position is not where this recorder left it: two recorders write to one database, or the database lost its last commits. */
export class PositionMovedError extends Error {
  override readonly name = "PositionMovedError";
}

export class Sink {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #signal: AbortSignal;
  readonly #onReachable: (reachable: boolean) => void;
  #position: Position | undefined;

  /** `position`: where the database stands. `signal` ends the waiting for a database that is away. */
  constructor(options: {
    readonly database: Database;
    readonly position: Position | undefined;
    readonly logger: Logger;
    readonly signal: AbortSignal;
    readonly onReachable?: (reachable: boolean) => void;
  }) {
    this.#database = options.database;
    this.#position = options.position;
    this.#logger = options.logger;
    this.#signal = options.signal;
    this.#onReachable = options.onReachable ?? (() => undefined);
  }

  /**
   * Resolves once the recording is in the database.
   * @throws PositionMovedError when another recorder has written in between; an AbortError when the signal ends the
   * wait; any error of PostgreSQL that waiting does not mend.
   */
  async commit(recording: Recording, candles: readonly Candle[]): Promise<void> {
    await untilReachable({ logger: this.#logger, signal: this.#signal, onReachable: this.#onReachable }, async (attempt) => {
      try {
        await this.#write(recording, candles);
      } catch (error) {
        if (!(error instanceof PositionMovedError)) throw error;
        const stored = await storedPosition(this.#database);
        // The answer to an earlier attempt's COMMIT may have been lost: the position tells whether that took effect.
        if (attempt > 0 && isAt(stored, recording.position)) return;
        throw this.#position !== undefined && (stored?.entry ?? 0n) < this.#position.entry ? wentBack(stored, this.#position) : error;
      }
    });
    this.#position = recording.position;
  }

  async #write(recording: Recording, candles: readonly Candle[]): Promise<void> {
    const previous = this.#position;
    const { position } = recording;
    await this.#database.transaction(async (tx) => {
      await tx.execute(sql`SET LOCAL synchronous_commit = off`);
      const moved = await tx.execute(
        previous === undefined
          ? sql`INSERT INTO history.recorder_position (epoch, entry, seq, time_us, chain, log_chain)
              VALUES (${position.epoch}, ${position.entry}, ${position.seq}, ${position.timeUs}, ${position.chain}, ${position.logChain})
              ON CONFLICT DO NOTHING`
          : sql`UPDATE history.recorder_position
              SET epoch = ${position.epoch}, entry = ${position.entry}, seq = ${position.seq}, time_us = ${position.timeUs}, chain = ${position.chain}
              WHERE epoch = ${previous.epoch} AND entry = ${previous.entry} AND chain = ${previous.chain}`,
      );
      if (moved !== 1) {
        throw new PositionMovedError(`another recorder has written to this database after entry ${previous?.entry ?? 0n}; only one may run`);
      }
      await bulkInsert(tx, ASSETS, recording.assets);
      await bulkInsert(tx, MARKETS, recording.markets);
      await bulkInsert(tx, ACCOUNTS, recording.accounts);
      await bulkInsert(tx, TRANSFERS, recording.transfers);
      await bulkInsert(tx, ORDERS, recording.orders);
      await bulkInsert(tx, TRADES, recording.trades);
      await bulkInsert(tx, BALANCE_CHANGES, recording.balanceChanges);
      await bulkInsert(tx, CANDLES, candles);
      for (const { marketId, status, seq } of recording.marketStatuses) {
        await tx.execute(sql`UPDATE history.markets SET status = ${status}, last_seq = ${seq} WHERE market_id = ${marketId} AND last_seq < ${seq}`);
      }
      for (const { accountId, frozen, seq } of recording.frozen) {
        await tx.execute(sql`UPDATE history.accounts SET frozen = ${frozen}, last_seq = ${seq} WHERE account_id = ${accountId} AND last_seq < ${seq}`);
      }
    });
  }
}

const isAt = (stored: Position | undefined, { entry, chain }: Position): boolean => stored !== undefined && stored.entry === entry && Buffer.compare(stored.chain, chain) === 0;

const wentBack = (stored: Position | undefined, { entry }: Position): PositionMovedError =>
  new PositionMovedError(`PostgreSQL came back without its last commits (it stands at entry ${stored?.entry ?? 0n}, and entry ${entry} had been stored): starting again from there; the event log still has them`);

/** The stored position with its chains; undefined for an empty database. */
export async function storedPosition(reader: HistoryReader): Promise<Position | undefined> {
  const [row] = await reader.query<Omit<Position, "epoch"> & { readonly epoch: bigint }>(sql`
    SELECT epoch, entry, seq, time_us AS "timeUs", chain, log_chain AS "logChain" FROM history.recorder_position`);
  return row === undefined ? undefined : { ...row, epoch: Number(row.epoch) };
}
