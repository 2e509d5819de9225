// Takes history back to an earlier entry, when the log has lost everything after it: what was recorded of the lost
// entries goes, what they changed becomes again what it was. An operator's act, with no recorder running.
//
// Never: keeps a row of a lost entry, whose ids will name something else. Invariant: afterwards the tables are what they
// would be, had the recorder stopped at that entry; only the `last_seq` of what was taken back is that entry's.
import type { EngineSnapshot } from "../../gen/tickwire/v1/snapshot_pb.ts";
import type { Side } from "../../gen/tickwire/v1/types_pb.ts";
import type { Database, Transaction } from "../shared/database/connection.ts";
import { join, sql } from "../shared/database/sql.ts";
import { bulkInsert } from "./bulkInsert.ts";
import { OpenCandles, type CandleTrade } from "./candles.ts";
import { ROLLBACK_TRADES_PER_READ } from "./limits.ts";
import { storedPosition } from "./sink.ts";
import { ASSETS, CANDLES, MARKETS, ORDERS } from "./tables.ts";

/**
 * Takes history back to `state`, the engine's state after the entry to go back to. Does nothing when history has not
 * gone beyond it.
 * @returns how many log entries history had recorded beyond it.
 */
export async function rollBackHistory(database: Database, state: EngineSnapshot): Promise<bigint> {
  return await database.transaction(async (tx) => {
    const position = await storedPosition(tx);
    if (position === undefined || position.entry <= state.entry) return 0n;
    // It reads whole tables, which takes as long as it takes.
    await tx.execute(sql`SET LOCAL statement_timeout = 0`);
    const { seq } = state;
    await tx.execute(sql`DELETE FROM history.trades WHERE seq > ${seq}`);
    await tx.execute(sql`DELETE FROM history.balance_changes WHERE seq > ${seq}`);
    await tx.execute(sql`DELETE FROM history.transfers WHERE seq > ${seq}`);
    await tx.execute(sql`DELETE FROM history.assets WHERE last_seq > ${seq}`);
    await bulkInsert(tx, ASSETS, state.assets.map((asset) => ({ asset, seq })));
    await tx.execute(sql`DELETE FROM history.markets WHERE last_seq > ${seq}`);
    await bulkInsert(tx, MARKETS, state.markets.flatMap(({ market }) => (market === undefined ? [] : [{ market, seq }])));
    await rollBackAccounts(tx, state);
    // Whatever changed an order after that entry found it open then; the others were born later.
    await tx.execute(sql`DELETE FROM history.orders WHERE last_seq > ${seq}`);
    await bulkInsert(tx, ORDERS, state.markets.flatMap(({ orders, waitingOrders, auctionOrders }) => [...orders, ...waitingOrders, ...auctionOrders]).map((order) => ({ order, seq })));
    await rollBackCandles(tx, seq);
    await tx.execute(sql`
      UPDATE history.recorder_position
      SET epoch = ${state.epoch}, entry = ${state.entry}, seq = ${seq}, time_us = ${state.timeUs}, chain = ${state.chain}`);
    return position.entry - state.entry;
  });
}

async function rollBackAccounts(tx: Transaction, { seq, accounts }: EngineSnapshot): Promise<void> {
  await tx.execute(sql`DELETE FROM history.accounts WHERE account_id > ${BigInt(accounts.length)}`);
  const frozen = accounts.filter((account) => account.frozen).map(({ accountId }) => accountId);
  const isFrozen = frozen.length === 0 ? sql`false` : sql`account_id IN (${join(frozen.map((id) => sql`${id}`), ", ")})`;
  await tx.execute(sql`UPDATE history.accounts SET frozen = ${isFrozen}, last_seq = ${seq} WHERE last_seq > ${seq}`);
}

interface LostCandle {
  readonly marketId: number;
  readonly interval: number;
  readonly openTimeUs: bigint;
  readonly firstTradeId: bigint;
}

// Candles that lost entries had grown are added up again from the trades that stay.
async function rollBackCandles(tx: Transaction, seq: bigint): Promise<void> {
  const lost = await tx.query<LostCandle>(sql`
    SELECT market_id AS "marketId", interval, open_time_us AS "openTimeUs", first_trade_id AS "firstTradeId" FROM history.candles WHERE last_seq > ${seq}`);
  await tx.execute(sql`DELETE FROM history.candles WHERE last_seq > ${seq}`);
  const wanted = new Set(lost.map(({ marketId, interval, openTimeUs }) => `${marketId}/${interval}/${openTimeUs}`));
  for (const marketId of new Set(lost.map((candle) => candle.marketId))) {
    const candles = new OpenCandles();
    // The longest of them reaches back farthest.
    let from = lost.filter((candle) => candle.marketId === marketId).reduce((least, { firstTradeId }) => (firstTradeId < least ? firstTradeId : least), 2n ** 62n);
    for (;;) {
      const rows = await tx.query<Omit<CandleTrade, "takerSide"> & { readonly takerSide: number }>(sql`
        SELECT market_id AS "marketId", trade_id AS "tradeId", price_ticks AS "priceTicks", quantity_lots AS "quantityLots",
          quote_units AS "quoteUnits", taker_side AS "takerSide", seq, time_us AS "timeUs"
        FROM history.trades WHERE market_id = ${marketId} AND trade_id >= ${from} ORDER BY trade_id LIMIT ${ROLLBACK_TRADES_PER_READ}`);
      const trades = rows.map((row) => ({ ...row, takerSide: row.takerSide as Side }));
      const grown = candles.add(trades).filter(({ interval, openTimeUs }) => wanted.has(`${marketId}/${interval}/${openTimeUs}`));
      await bulkInsert(tx, CANDLES, grown);
      const last = trades.at(-1);
      if (last === undefined || trades.length < ROLLBACK_TRADES_PER_READ) break;
      from = last.tradeId + 1n;
    }
  }
}
