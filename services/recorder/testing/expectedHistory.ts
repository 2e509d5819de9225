// What the database must hold after a log, said the obvious way: every event on its own, nothing grouped, nothing kept.
import { expect } from "vitest";
import type { EventBatch } from "../../../gen/tickwire/v1/event_pb.ts";
import type { Candle } from "../../../gen/tickwire/v1/market_data_pb.ts";
import { Side, type CandleInterval, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { Database } from "../../shared/database/connection.ts";
import { sql } from "../../shared/database/sql.ts";
import { readCandles } from "../../shared/history/candles.ts";
import { CANDLE_INTERVALS, openTimeUs } from "../../shared/history/intervals.ts";
import type { CandleTrade } from "../candles.ts";

export type PlainCandle = Omit<Candle, "$typeName" | "$unknown" | "closed" | "closeTimeUs">;

/** An event log as an array. */
export interface WholeLog {
  readonly batches: readonly EventBatch[];
}

/** The trades of the log, in order. */
export function tradesOf(log: WholeLog): CandleTrade[] {
  return log.batches.flatMap(({ groups, timeUs }) =>
    groups.flatMap(({ seq, events }) =>
      events.flatMap(({ body }) => {
        if (body.case !== "tradeExecuted") return [];
        const { marketId, tradeId, priceTicks, quantityLots, quoteUnits, takerSide } = body.value;
        return [{ marketId, tradeId, priceTicks, quantityLots, quoteUnits, takerSide, seq, timeUs }];
      }),
    ),
  );
}

/** Candles of one interval, by grouping the trades and looking at each group. */
export function candlesOf(trades: readonly CandleTrade[], interval: CandleInterval): PlainCandle[] {
  const groups = new Map<string, CandleTrade[]>();
  for (const trade of trades) {
    const key = `${trade.marketId}/${openTimeUs(interval, trade.timeUs)}`;
    groups.set(key, [...(groups.get(key) ?? []), trade]);
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as CandleTrade;
    const last = group.at(-1) as CandleTrade;
    const prices = group.map((trade) => trade.priceTicks).sort((a, b) => (a < b ? -1 : 1));
    const bought = group.filter((trade) => trade.takerSide === Side.BUY);
    const sum = (of: readonly CandleTrade[], value: (trade: CandleTrade) => bigint) => of.reduce((total, trade) => total + value(trade), 0n);
    return {
      marketId: first.marketId,
      interval,
      openTimeUs: openTimeUs(interval, first.timeUs),
      openTicks: first.priceTicks,
      highTicks: prices.at(-1) ?? 0n,
      lowTicks: prices[0] ?? 0n,
      closeTicks: last.priceTicks,
      volumeLots: sum(group, (trade) => trade.quantityLots),
      quoteVolumeUnits: sum(group, (trade) => trade.quoteUnits),
      tradeCount: BigInt(group.length),
      takerBuyLots: sum(bought, (trade) => trade.quantityLots),
      takerBuyQuoteUnits: sum(bought, (trade) => trade.quoteUnits),
      firstTradeId: first.tradeId,
      lastTradeId: last.tradeId,
      seq: last.seq,
    };
  });
}

/** Leaves out what is decided on reading. */
export function plain({ $typeName: _, $unknown: __, closed: ___, closeTimeUs: ____, ...candle }: Candle): PlainCandle {
  return candle;
}

/** Compares the whole database with the log. */
export async function expectHistoryOf(database: Database, log: WholeLog): Promise<void> {
  const events = log.batches.flatMap(({ groups, timeUs }) => groups.flatMap(({ seq, events }) => events.map(({ body }) => ({ body, seq, timeUs }))));
  const orders = new Map<bigint, { order: Order; seq: bigint }>();
  for (const { body, seq } of events) {
    const told: (Order | undefined)[] = [];
    if (body.case === "tradeExecuted") told.push(body.value.maker?.order, body.value.taker?.order);
    else if (body.value !== undefined && "order" in body.value) told.push(body.value.order);
    for (const order of told) if (order !== undefined) orders.set(order.orderId, { order, seq });
  }
  const storedOrders = await database.query(sql`SELECT order_id, account_id, client_order_id, status, executed_lots, executed_quote_units, last_seq FROM history.orders ORDER BY order_id`);
  expect(storedOrders).toEqual(
    [...orders.values()]
      .map(({ order, seq }) => ({
        order_id: order.orderId,
        account_id: order.accountId,
        client_order_id: order.clientOrderId,
        status: order.status,
        executed_lots: order.executedLots,
        executed_quote_units: order.executedQuoteUnits,
        last_seq: seq,
      }))
      .sort((a, b) => (a.order_id < b.order_id ? -1 : 1)),
  );

  const trades = tradesOf(log);
  const storedTrades = await database.query(sql`
    SELECT market_id AS "marketId", trade_id AS "tradeId", price_ticks AS "priceTicks", quantity_lots AS "quantityLots",
      quote_units AS "quoteUnits", taker_side AS "takerSide", seq, time_us AS "timeUs" FROM history.trades ORDER BY seq, trade_id`);
  expect(storedTrades).toEqual(trades);

  const changes = events.flatMap(({ body, seq }) => (body.case === "balanceChanged" ? [`${body.value.accountId}/${body.value.balanceSeq}/${body.value.availableUnits}/${seq}`] : []));
  const storedChanges = await database.query<{ key: string }>(sql`
    SELECT account_id || '/' || balance_seq || '/' || available_units || '/' || seq AS key FROM history.balance_changes`);
  expect(storedChanges.map(({ key }) => key).sort()).toEqual(changes.sort());

  const transfers = events.flatMap(({ body }) => (body.case === "depositPosted" || body.case === "withdrawalPosted" ? [`${body.value.transferId}/${body.value.amountUnits}`] : []));
  const storedTransfers = await database.query<{ key: string }>(sql`SELECT transfer_id || '/' || amount_units AS key FROM history.transfers ORDER BY seq`);
  expect(storedTransfers.map(({ key }) => key)).toEqual(transfers);

  const accounts = events.flatMap(({ body }) => (body.case === "accountOpened" ? [body.value.name] : []));
  const storedAccounts = await database.query<{ name: string }>(sql`SELECT name FROM history.accounts ORDER BY account_id`);
  expect(storedAccounts.map(({ name }) => name)).toEqual(accounts);

  const expected = CANDLE_INTERVALS.flatMap((interval) => candlesOf(trades, interval));
  const stored = await readCandles(database, sql`true`);
  const byKey = (a: PlainCandle, b: PlainCandle) => a.marketId - b.marketId || a.interval - b.interval || Number(a.openTimeUs - b.openTimeUs);
  expect(stored.map(plain).sort(byKey)).toEqual(expected.sort(byKey));
}
