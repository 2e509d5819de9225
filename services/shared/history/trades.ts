// Public trades of one market, read from what the recorder has stored.
//
// Never: more than HISTORY_ROWS_MAX rows in one answer. Ascending by trade id, always.
import type { Side } from "../../../gen/tickwire/v1/types_pb.ts";
import { raw, sql, type Sql } from "../database/sql.ts";
import type { HistoryReader } from "./historyReader.ts";
import { AGGREGATED_TRADES_MAX, HISTORY_ROWS_MAX } from "./limits.ts";
import { withinSpan } from "./tradeSpan.ts";

/** One trade. Price in ticks, quantity in lots, its notional in quote units, time in microseconds. */
export interface HistoricTrade {
  readonly tradeId: bigint;
  readonly priceTicks: bigint;
  readonly quantityLots: bigint;
  readonly quoteUnits: bigint;
  readonly takerSide: Side;
  readonly seq: bigint;
  readonly timeUs: bigint;
}

/** Consecutive trades of one taker order at one price. Its id is the id of its first trade, so it needs no counter of its own. */
export interface AggregateTrade {
  readonly firstTradeId: bigint;
  readonly lastTradeId: bigint;
  readonly priceTicks: bigint;
  readonly quantityLots: bigint;
  readonly takerSide: Side;
  readonly timeUs: bigint;
}

export interface TradesPage {
  readonly marketId: number;
  readonly limit: number;
}

export interface AggregateTradesPage extends TradesPage {
  /** The first aggregate whose id is at least this. Without it and without startTimeUs: the newest. */
  readonly fromTradeId?: bigint;
  /** Both inclusive. */
  readonly startTimeUs?: bigint;
  readonly endTimeUs?: bigint;
}

const rows = (limit: number): number => Math.max(0, Math.min(limit, HISTORY_ROWS_MAX));

/** The newest trades of a market, ascending. */
export async function recentTrades(reader: HistoryReader, { marketId, limit }: TradesPage): Promise<HistoricTrade[]> {
  const newest = await reader.query<HistoricTrade>(sql`
    SELECT ${TRADE_COLUMNS} FROM history.trades
    WHERE market_id = ${marketId} ORDER BY trade_id DESC LIMIT ${rows(limit)}`);
  return newest.reverse();
}

/** Trades of a market from `fromTradeId` on, inclusive, ascending. */
export async function tradesFrom(reader: HistoryReader, page: TradesPage & { readonly fromTradeId: bigint }): Promise<HistoricTrade[]> {
  return await reader.query<HistoricTrade>(sql`
    SELECT ${TRADE_COLUMNS} FROM history.trades
    WHERE market_id = ${page.marketId} AND trade_id >= ${page.fromTradeId} ORDER BY trade_id LIMIT ${rows(page.limit)}`);
}

const TRADE_COLUMNS = raw(`
  trade_id AS "tradeId", price_ticks AS "priceTicks", quantity_lots AS "quantityLots", quote_units AS "quoteUnits",
  taker_side AS "takerSide", seq, time_us AS "timeUs"`);

interface AggregableTrade {
  readonly tradeId: bigint;
  readonly priceTicks: bigint;
  readonly quantityLots: bigint;
  readonly takerSide: Side;
  readonly takerOrderId: bigint;
  readonly seq: bigint;
  readonly timeUs: bigint;
}

/**
 * Aggregate trades, ascending: from an id, within a time span, or the newest. May return fewer than `limit` before the
 * end when very many trades make up few aggregates; go on from the last id + 1.
 */
export async function aggregateTrades(reader: HistoryReader, page: AggregateTradesPage): Promise<AggregateTrade[]> {
  const limit = rows(page.limit);
  const newestFirst = page.fromTradeId === undefined && page.startTimeUs === undefined;
  const from = page.fromTradeId ?? 0n;
  const within = withinSpan(page);
  // All trades of an aggregate have one time, so a time span never cuts one. An id may: one trade more is read before
  // it, and an aggregate that began there is not part of the page.
  const [before] = from > 1n ? await readTrades(reader, page.marketId, sql`AND trade_id = ${from - 1n}`, raw("ASC"), 1) : [];
  const made: AggregateTrade[] = [];
  let run: AggregableTrade[] = [];
  let read = 0;
  let cursor: bigint | undefined;
  const close = () => {
    const aggregate = aggregateOf(newestFirst ? run.toReversed() : run);
    if (aggregate !== undefined) made.push(aggregate);
    run = [];
  };
  for (let ended = false; !ended && made.length < limit && read < AGGREGATED_TRADES_MAX; ) {
    const after =
      cursor === undefined ? sql`AND trade_id >= ${from}` : newestFirst ? sql`AND trade_id < ${cursor}` : sql`AND trade_id > ${cursor}`;
    const chunk = await readTrades(reader, page.marketId, sql`${after} ${within}`, raw(newestFirst ? "DESC" : "ASC"), HISTORY_ROWS_MAX);
    for (const trade of chunk) {
      if (before !== undefined && sameAggregate(before, trade)) continue;
      if (run[0] !== undefined && !sameAggregate(run[0], trade)) close();
      if (made.length === limit) break;
      run.push(trade);
    }
    read += chunk.length;
    cursor = chunk.at(-1)?.tradeId;
    ended = chunk.length < HISTORY_ROWS_MAX;
    if (ended && made.length < limit) close();
  }
  return newestFirst ? made.reverse() : made;
}

const sameAggregate = (a: AggregableTrade, b: AggregableTrade): boolean =>
  a.takerOrderId === b.takerOrderId && a.priceTicks === b.priceTicks && a.seq === b.seq;

function aggregateOf(trades: readonly AggregableTrade[]): AggregateTrade | undefined {
  const first = trades[0];
  const last = trades.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    firstTradeId: first.tradeId,
    lastTradeId: last.tradeId,
    priceTicks: first.priceTicks,
    quantityLots: trades.reduce((sum, trade) => sum + trade.quantityLots, 0n),
    takerSide: first.takerSide,
    timeUs: first.timeUs,
  };
}

async function readTrades(reader: HistoryReader, marketId: number, where: Sql, direction: Sql, limit: number): Promise<AggregableTrade[]> {
  return await reader.query<AggregableTrade>(sql`
    SELECT trade_id AS "tradeId", price_ticks AS "priceTicks", quantity_lots AS "quantityLots", taker_side AS "takerSide",
      taker_order_id AS "takerOrderId", seq, time_us AS "timeUs"
    FROM history.trades WHERE market_id = ${marketId} ${where} ORDER BY trade_id ${direction} LIMIT ${limit}`);
}
