// Orders of an account, whole, as they stood after the last event the recorder has stored.
//
// Answers in the protobuf Order, the same shape the engine gives for live orders, so that callers have one formatter.
import type { Order } from "../../../gen/tickwire/v1/types_pb.ts";
import { empty, raw, sql } from "../database/sql.ts";
import type { HistoryReader } from "./historyReader.ts";
import { HISTORY_ROWS_MAX } from "./limits.ts";

type OrderRow = Omit<Order, "$typeName" | "$unknown">;

/** One order of an account by its id; undefined when the account has no such order in that market. */
export async function orderById(
  reader: HistoryReader,
  { accountId, marketId, orderId }: { readonly accountId: bigint; readonly marketId: number; readonly orderId: bigint },
): Promise<Order | undefined> {
  const found = await reader.query<OrderRow>(sql`
    SELECT ${ORDER_COLUMNS} FROM history.orders
    WHERE order_id = ${orderId} AND account_id = ${accountId} AND market_id = ${marketId}`);
  return found.map(toOrder)[0];
}

/** The newest order of an account with that client order id: an id may be used again once its order is closed. */
export async function orderByClientOrderId(
  reader: HistoryReader,
  { accountId, marketId, clientOrderId }: { readonly accountId: bigint; readonly marketId: number; readonly clientOrderId: string },
): Promise<Order | undefined> {
  const found = await reader.query<OrderRow>(sql`
    SELECT ${ORDER_COLUMNS} FROM history.orders
    WHERE account_id = ${accountId} AND client_order_id = ${clientOrderId} AND market_id = ${marketId}
    ORDER BY order_id DESC LIMIT 1`);
  return found.map(toOrder)[0];
}

export interface OrdersPage {
  readonly accountId: bigint;
  readonly marketId: number;
  readonly limit: number;
  /** Inclusive lower bound. Without it and without startTimeUs: the newest. */
  readonly fromOrderId?: bigint;
  /** Creation time, both inclusive. */
  readonly startTimeUs?: bigint;
  readonly endTimeUs?: bigint;
}

/** Open and closed orders of an account in a market, ascending by order id (which is ascending by creation). */
export async function allOrders(reader: HistoryReader, page: OrdersPage): Promise<Order[]> {
  const newestFirst = page.fromOrderId === undefined && page.startTimeUs === undefined;
  const direction = raw(newestFirst ? "DESC" : "ASC");
  const found = await reader.query<OrderRow>(sql`
    SELECT ${ORDER_COLUMNS} FROM history.orders
    WHERE account_id = ${page.accountId} AND market_id = ${page.marketId}
      ${page.fromOrderId === undefined ? empty : sql`AND order_id >= ${page.fromOrderId}`}
      ${page.startTimeUs === undefined ? empty : sql`AND created_us >= ${page.startTimeUs}`}
      ${page.endTimeUs === undefined ? empty : sql`AND created_us <= ${page.endTimeUs}`}
    ORDER BY ${page.fromOrderId === undefined ? sql`created_us ${direction}, order_id ${direction}` : sql`order_id ${direction}`}
    LIMIT ${Math.max(0, Math.min(page.limit, HISTORY_ROWS_MAX))}`);
  const orders = found.map(toOrder);
  return newestFirst ? orders.reverse() : orders;
}

// Written out instead of create(): a page has up to a thousand of them, and every column is there.
const toOrder = (row: OrderRow): Order => ({ $typeName: "tickwire.v1.Order", ...row });

const ORDER_COLUMNS = raw(`
  order_id AS "orderId", account_id AS "accountId", market_id AS "marketId", client_order_id AS "clientOrderId",
  side, type, time_in_force AS "timeInForce", status, price_ticks AS "priceTicks", quantity_lots AS "quantityLots",
  quote_order_units AS "quoteOrderUnits", executed_lots AS "executedLots", executed_quote_units AS "executedQuoteUnits",
  created_us AS "createdUs", updated_us AS "updatedUs", working_us AS "workingUs", expiry_reason AS "expiryReason",
  cancel_reason AS "cancelReason", self_trade_prevention_mode AS "selfTradePreventionMode",
  prevented_lots AS "preventedLots", stop_price_ticks AS "stopPriceTicks", trailing_delta_bips AS "trailingDeltaBips",
  iceberg_lots AS "icebergLots", expire_time_us AS "expireTimeUs", order_list_id AS "orderListId",
  peg_type AS "pegType", peg_offset_levels AS "pegOffsetLevels", triggered_us AS "triggeredUs", amend_count AS "amendCount",
  trailing_extreme_ticks AS "trailingExtremeTicks"`);
