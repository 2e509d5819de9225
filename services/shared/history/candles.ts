// Candles of one market and interval without gaps: an interval in which nothing was traded repeats the close before it
// with zero volume.
//
// The gaps are filled here, on reading, and nowhere else: only intervals with trades are stored. There are no candles
// before a market's first trade.
import { create } from "@bufbuild/protobuf";
import { CandleSchema, type Candle } from "../../../gen/tickwire/v1/market_data_pb.ts";
import type { CandleInterval } from "../../../gen/tickwire/v1/types_pb.ts";
import { sql, type Sql } from "../database/sql.ts";
import type { HistoryReader } from "./historyReader.ts";
import { closeTimeUs, earlierOpenTimeUs, nextOpenTimeUs, openTimeUs } from "./intervals.ts";
import { HISTORY_ROWS_MAX } from "./limits.ts";

export interface CandlesPage {
  readonly marketId: number;
  readonly interval: CandleInterval;
  readonly limit: number;
  /** The caller's clock: the newest candle is the one of this moment, traded in or not. */
  readonly nowUs: bigint;
  /** Candles that opened at or after this. Without it: the newest ones up to endTimeUs. */
  readonly startTimeUs?: bigint;
  /** Candles that opened at or before this. */
  readonly endTimeUs?: bigint;
}

/** Gap-free candles, ascending; the protobuf Candle. `closed` is as of nowUs. */
export async function candles(reader: HistoryReader, page: CandlesPage): Promise<Candle[]> {
  const limit = Math.max(0, Math.min(page.limit, HISTORY_ROWS_MAX));
  const { marketId, interval, nowUs } = page;
  if (limit === 0) return [];
  const lastUs = openTimeUs(interval, page.endTimeUs !== undefined && page.endTimeUs < nowUs ? page.endTimeUs : nowUs);
  const firstUs =
    page.startTimeUs === undefined ? earlierOpenTimeUs(interval, lastUs, limit - 1) : firstOpenAtOrAfter(interval, page.startTimeUs);
  if (firstUs > lastUs) return [];
  // One row before the page tells the close that a quiet beginning repeats. When the market is younger than a page
  // that has a start, the page begins with its first candle.
  const [before] = await readCandles(reader, sql`
    market_id = ${marketId} AND interval = ${interval} AND open_time_us < ${firstUs} ORDER BY open_time_us DESC LIMIT 1`);
  const stored = await readCandles(reader, sql`
    market_id = ${marketId} AND interval = ${interval} AND open_time_us >= ${firstUs} AND open_time_us <= ${lastUs}
    ORDER BY open_time_us LIMIT ${limit}`);
  return fillGaps({ interval, before, stored, firstUs, lastUs, limit, nowUs });
}

/**
 * The candles from firstUs to lastUs (opening times, both inclusive), at most `limit`: the stored ones, and flat ones
 * where nothing is stored. Pure; exported for whoever has rows of their own.
 */
function fillGaps(span: {
  readonly interval: CandleInterval;
  /** The last stored candle before firstUs, if any. */
  readonly before: Candle | undefined;
  /** Ascending, within the span. */
  readonly stored: readonly Candle[];
  readonly firstUs: bigint;
  readonly lastUs: bigint;
  readonly limit: number;
  readonly nowUs: bigint;
}): Candle[] {
  const { interval, stored, lastUs, limit, nowUs } = span;
  const filled: Candle[] = [];
  let previous = span.before;
  let next = 0;
  let openUs = previous === undefined ? (stored[0]?.openTimeUs ?? lastUs + 1n) : span.firstUs;
  for (; openUs <= lastUs && filled.length < limit; openUs = nextOpenTimeUs(interval, openUs)) {
    const row = stored[next];
    if (row !== undefined && row.openTimeUs === openUs) {
      previous = row;
      next += 1;
    } else if (previous !== undefined) {
      previous = flatCandle(previous, openUs);
    }
    if (previous === undefined) break;
    previous.closed = previous.closeTimeUs < nowUs;
    filled.push(previous);
  }
  return filled;
}

/** An interval without trades, after `previous`: its close, four times over, and no volume. */
export function flatCandle(previous: Candle, openUs: bigint): Candle {
  const { marketId, interval, closeTicks, seq } = previous;
  return create(CandleSchema, {
    marketId,
    interval,
    openTimeUs: openUs,
    closeTimeUs: closeTimeUs(interval, openUs),
    openTicks: closeTicks,
    highTicks: closeTicks,
    lowTicks: closeTicks,
    closeTicks,
    seq,
  });
}

const firstOpenAtOrAfter = (interval: CandleInterval, timeUs: bigint): bigint => {
  const openUs = openTimeUs(interval, timeUs);
  return openUs === timeUs ? openUs : nextOpenTimeUs(interval, openUs);
};

type CandleRow = Omit<Candle, "$typeName" | "$unknown" | "closeTimeUs" | "closed" | "volumeLots" | "quoteVolumeUnits" | "takerBuyLots" | "takerBuyQuoteUnits"> & {
  // numeric(20) arrives as text.
  readonly volumeLots: string;
  readonly quoteVolumeUnits: string;
  readonly takerBuyLots: string;
  readonly takerBuyQuoteUnits: string;
};

/** Stored candles as protobuf, for a WHERE clause with its ORDER and LIMIT; `closed` is not decided here. */
export async function readCandles(reader: HistoryReader, where: Sql): Promise<Candle[]> {
  const rows = await reader.query<CandleRow>(sql`
    SELECT market_id AS "marketId", interval, open_time_us AS "openTimeUs", open_ticks AS "openTicks",
      high_ticks AS "highTicks", low_ticks AS "lowTicks", close_ticks AS "closeTicks", volume_lots AS "volumeLots",
      quote_volume_units AS "quoteVolumeUnits", trade_count AS "tradeCount", taker_buy_lots AS "takerBuyLots",
      taker_buy_quote_units AS "takerBuyQuoteUnits", first_trade_id AS "firstTradeId", last_trade_id AS "lastTradeId",
      last_seq AS seq
    FROM history.candles WHERE ${where}`);
  // Written out instead of create(): a page has a thousand of them.
  return rows.map(
    (row): Candle => ({
      $typeName: "tickwire.v1.Candle",
      ...row,
      closed: false,
      closeTimeUs: closeTimeUs(row.interval, row.openTimeUs),
      volumeLots: BigInt(row.volumeLots),
      quoteVolumeUnits: BigInt(row.quoteVolumeUnits),
      takerBuyLots: BigInt(row.takerBuyLots),
      takerBuyQuoteUnits: BigInt(row.takerBuyQuoteUnits),
    }),
  );
}
