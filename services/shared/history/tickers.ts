// The last 24 hours of a market, rolling by the minute: the minute under way and the 1439 before it.
//
// Told in two ways that must agree, and are tested to: `tickerOf` adds up minute candles in memory, for the recorder's
// feed; `tickers24h` lets PostgreSQL add them up, for REST.
import { create } from "@bufbuild/protobuf";
import { TickerSchema, type Candle, type Ticker } from "../../../gen/tickwire/v1/market_data_pb.ts";
import { CandleInterval } from "../../../gen/tickwire/v1/types_pb.ts";
import { sql } from "../database/sql.ts";
import type { HistoryReader } from "./historyReader.ts";
import { readCandles } from "./candles.ts";
import { earlierOpenTimeUs, openTimeUs } from "./intervals.ts";
import { TICKER_WINDOW_MINUTES } from "./limits.ts";

/** When the window of a 24 h ticker told at `nowUs` begins. */
export const tickerOpenTimeUs = (nowUs: bigint): bigint =>
  earlierOpenTimeUs(CandleInterval.MINUTE_1, openTimeUs(CandleInterval.MINUTE_1, nowUs), TICKER_WINDOW_MINUTES - 1);

/**
 * The ticker of one market from its minute candles. A market quiet for 24 hours stands at its last price with no
 * volume; one that has never traded has zeros. Candles before the window are ignored, except for the close before it.
 */
export function tickerOf(market: {
  readonly marketId: number;
  /** Ascending; the window's, and at least the last one before it if there is one. */
  readonly minutes: Iterable<Candle>;
  readonly lastLots: bigint;
  readonly nowUs: bigint;
}): Ticker {
  const openUs = tickerOpenTimeUs(market.nowUs);
  const ticker = create(TickerSchema, { marketId: market.marketId, openTimeUs: openUs, closeTimeUs: market.nowUs, lastLots: market.lastLots });
  for (const minute of market.minutes) {
    ticker.seq = minute.seq;
    ticker.lastTicks = minute.closeTicks;
    if (minute.openTimeUs < openUs) {
      ticker.prevCloseTicks = minute.closeTicks;
      continue;
    }
    if (ticker.tradeCount === 0n) {
      ticker.openTicks = minute.openTicks;
      ticker.highTicks = minute.highTicks;
      ticker.lowTicks = minute.lowTicks;
      ticker.firstTradeId = minute.firstTradeId;
    }
    if (minute.highTicks > ticker.highTicks) ticker.highTicks = minute.highTicks;
    if (minute.lowTicks < ticker.lowTicks) ticker.lowTicks = minute.lowTicks;
    ticker.lastTradeId = minute.lastTradeId;
    ticker.volumeLots += minute.volumeLots;
    ticker.quoteVolumeUnits += minute.quoteVolumeUnits;
    ticker.tradeCount += minute.tradeCount;
  }
  if (ticker.tradeCount === 0n) {
    ticker.openTicks = ticker.lastTicks;
    ticker.highTicks = ticker.lastTicks;
    ticker.lowTicks = ticker.lastTicks;
  }
  return ticker;
}

/** What `tickerOf` needs of a market, as stored. */
export interface MarketMinutes {
  readonly marketId: number;
  readonly minutes: Candle[];
  readonly lastLots: bigint;
}

/** The minute candles of the 24 hours before `nowUs`, the last one before them, and the size of the last trade, per market. */
export async function readMinutes(reader: HistoryReader, { marketIds, nowUs }: TickersQuery): Promise<MarketMinutes[]> {
  const openUs = tickerOpenTimeUs(nowUs);
  const read = async (marketId: number): Promise<MarketMinutes> => {
    const [before, within, [last]] = await Promise.all([
      readCandles(reader, sql`market_id = ${marketId} AND interval = ${CandleInterval.MINUTE_1} AND open_time_us < ${openUs}
        ORDER BY open_time_us DESC LIMIT 1`),
      readCandles(reader, sql`market_id = ${marketId} AND interval = ${CandleInterval.MINUTE_1} AND open_time_us >= ${openUs}
        ORDER BY open_time_us`),
      reader.query<{ lots: bigint }>(sql`
        SELECT quantity_lots AS lots FROM history.trades WHERE market_id = ${marketId} ORDER BY trade_id DESC LIMIT 1`),
    ]);
    return { marketId, minutes: [...before, ...within], lastLots: last?.lots ?? 0n };
  };
  return await Promise.all(marketIds.map(read));
}

export interface TickersQuery {
  readonly marketIds: readonly number[];
  /** The caller's clock; the window ends here. */
  readonly nowUs: bigint;
}

interface TickerRow {
  readonly marketId: number;
  readonly seq: bigint;
  readonly openTicks: bigint;
  readonly highTicks: bigint;
  readonly lowTicks: bigint;
  readonly lastTicks: bigint;
  readonly lastLots: bigint;
  // Sums arrive as text: they are wider than int8.
  readonly volumeLots: string;
  readonly quoteVolumeUnits: string;
  readonly tradeCount: string;
  readonly firstTradeId: bigint;
  readonly lastTradeId: bigint;
  readonly prevCloseTicks: bigint;
}

/** The 24 h ticker of each market asked for, in that order; the protobuf Ticker. `tickerOf`, said in SQL. */
export async function tickers24h(reader: HistoryReader, { marketIds, nowUs }: TickersQuery): Promise<Ticker[]> {
  const openTimeUs = tickerOpenTimeUs(nowUs);
  const minutes = sql`history.candles c WHERE c.market_id = asked.market_id AND c.interval = ${CandleInterval.MINUTE_1}`;
  const rows = await reader.query<TickerRow>(sql`
    SELECT asked.market_id AS "marketId", coalesce(newest.last_seq, 0) AS seq,
      coalesce(oldest.open_ticks, newest.close_ticks, 0) AS "openTicks",
      coalesce(day.high_ticks, newest.close_ticks, 0) AS "highTicks", coalesce(day.low_ticks, newest.close_ticks, 0) AS "lowTicks",
      coalesce(newest.close_ticks, 0) AS "lastTicks", coalesce(trade.quantity_lots, 0) AS "lastLots",
      coalesce(day.volume_lots, 0)::text AS "volumeLots", coalesce(day.quote_volume_units, 0)::text AS "quoteVolumeUnits",
      coalesce(day.trade_count, 0)::text AS "tradeCount",
      coalesce(oldest.first_trade_id, 0) AS "firstTradeId", coalesce(day.last_trade_id, 0) AS "lastTradeId",
      coalesce(before.close_ticks, 0) AS "prevCloseTicks"
    FROM unnest(${`{${marketIds.join(",")}}`}::int4[]) WITH ORDINALITY AS asked (market_id, place)
    LEFT JOIN LATERAL (
      SELECT max(high_ticks) AS high_ticks, min(low_ticks) AS low_ticks, sum(volume_lots) AS volume_lots,
        sum(quote_volume_units) AS quote_volume_units, sum(trade_count) AS trade_count, max(last_trade_id) AS last_trade_id
      FROM ${minutes} AND c.open_time_us >= ${openTimeUs}) AS day ON true
    LEFT JOIN LATERAL (
      SELECT open_ticks, first_trade_id FROM ${minutes} AND c.open_time_us >= ${openTimeUs} ORDER BY c.open_time_us LIMIT 1) AS oldest ON true
    LEFT JOIN LATERAL (SELECT close_ticks, last_seq FROM ${minutes} ORDER BY c.open_time_us DESC LIMIT 1) AS newest ON true
    LEFT JOIN LATERAL (
      SELECT close_ticks FROM ${minutes} AND c.open_time_us < ${openTimeUs} ORDER BY c.open_time_us DESC LIMIT 1) AS before ON true
    LEFT JOIN LATERAL (
      SELECT quantity_lots FROM history.trades t WHERE t.market_id = asked.market_id ORDER BY t.trade_id DESC LIMIT 1) AS trade ON true
    ORDER BY asked.place`);
  return rows.map((row) =>
    create(TickerSchema, {
      ...row,
      openTimeUs,
      closeTimeUs: nowUs,
      volumeLots: BigInt(row.volumeLots),
      quoteVolumeUnits: BigInt(row.quoteVolumeUnits),
      tradeCount: BigInt(row.tradeCount),
    }),
  );
}
