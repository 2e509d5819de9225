// The trades of one account: each trade it took part in, seen from its side.
//
// Ascending by trade id. A trade of an account with itself is two rows, the maker's and the taker's.
import type { Side } from "../../../gen/tickwire/v1/types_pb.ts";
import { empty, raw, sql } from "../database/sql.ts";
import type { HistoryReader } from "./historyReader.ts";
import { HISTORY_ROWS_MAX } from "./limits.ts";
import { withinSpan } from "./tradeSpan.ts";

/** Fees are in units of feeAssetId, the asset this side received. */
export interface AccountTrade {
  readonly tradeId: bigint;
  readonly orderId: bigint;
  readonly side: Side;
  readonly maker: boolean;
  readonly priceTicks: bigint;
  readonly quantityLots: bigint;
  readonly quoteUnits: bigint;
  readonly feeUnits: bigint;
  readonly feeAssetId: number;
  readonly seq: bigint;
  readonly timeUs: bigint;
}

export interface AccountTradesPage {
  readonly accountId: bigint;
  readonly marketId: number;
  readonly limit: number;
  readonly orderId?: bigint;
  /** Inclusive lower bound. Without it, startTimeUs and orderId: the newest. */
  readonly fromTradeId?: bigint;
  /** Both inclusive. */
  readonly startTimeUs?: bigint;
  readonly endTimeUs?: bigint;
}

/** A page of an account's trades in a market. */
export async function accountTrades(reader: HistoryReader, page: AccountTradesPage): Promise<AccountTrade[]> {
  const limit = Math.max(0, Math.min(page.limit, HISTORY_ROWS_MAX));
  const newestFirst = page.fromTradeId === undefined && page.startTimeUs === undefined && page.orderId === undefined;
  const direction = raw(newestFirst ? "DESC" : "ASC");
  // Each side is cut to the page on its own index; the page is then cut from the two together.
  const oneSide = (role: "maker" | "taker") => sql`
    (SELECT trade_id AS "tradeId", ${raw(`${role}_order_id`)} AS "orderId",
       ${raw(role === "taker" ? "taker_side" : "(3 - taker_side)::smallint")} AS side, ${raw(String(role === "maker"))} AS maker,
       price_ticks AS "priceTicks", quantity_lots AS "quantityLots", quote_units AS "quoteUnits",
       ${raw(`${role}_fee_units`)} AS "feeUnits", ${raw(`${role}_fee_asset_id`)} AS "feeAssetId", seq, time_us AS "timeUs"
     FROM history.trades
     WHERE ${raw(`${role}_account_id`)} = ${page.accountId} AND market_id = ${page.marketId}
       ${page.orderId === undefined ? empty : sql`AND ${raw(`${role}_order_id`)} = ${page.orderId}`}
       ${page.fromTradeId === undefined ? empty : sql`AND trade_id >= ${page.fromTradeId}`}
       ${withinSpan(page)}
     ORDER BY trade_id ${direction} LIMIT ${limit})`;
  const found = await reader.query<AccountTrade>(sql`
    ${oneSide("maker")} UNION ALL ${oneSide("taker")} ORDER BY "tradeId" ${direction} LIMIT ${limit}`);
  return newestFirst ? found.reverse() : found;
}
