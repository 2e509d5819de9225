// The venue's words as REST writes them ("BUY", "LIMIT", "1m"), and their numbers in the feed's enums.
// Invariant: every enum value of proto/ has exactly one word here (the test walks the generated enums).
import {
  CandleInterval as WireInterval,
  CancelReason as WireCancelReason,
  ExpiryReason as WireExpiryReason,
  MarketStatus as WireMarketStatus,
  OrderStatus as WireOrderStatus,
  OrderType as WireOrderType,
  Side as WireSide,
  TimeInForce as WireTimeInForce,
} from "../../../gen/tickwire/v1/types_pb.ts";
import { ExecutionType as WireExecutionType } from "../../../gen/tickwire/v1/private_data_pb.ts";
import { RequestError as WireRequestError } from "../../../gen/tickwire/v1/server_pb.ts";

export type Side = "BUY" | "SELL";
export type OrderType =
  | "LIMIT"
  | "LIMIT_MAKER"
  | "MARKET"
  | "STOP_LOSS"
  | "STOP_LOSS_LIMIT"
  | "TAKE_PROFIT"
  | "TAKE_PROFIT_LIMIT";
export type TimeInForce = "GTC" | "IOC" | "FOK" | "GTD";
export type OrderStatus =
  | "NEW"
  | "PARTIALLY_FILLED"
  | "FILLED"
  | "CANCELED"
  | "REJECTED"
  | "EXPIRED"
  | "EXPIRED_IN_MATCH"
  | "PENDING_NEW";
export type MarketStatus = "TRADING" | "HALT" | "CANCEL_ONLY" | "POST_ONLY" | "AUCTION";
export type ExecutionType = "NEW" | "TRADE" | "CANCELED" | "EXPIRED" | "REPLACED" | "TRIGGERED" | "TRADE_PREVENTION";
export type CancelReason = "REQUESTED" | "CANCEL_ALL" | "REPLACED" | "DISCONNECT" | "DEAD_MANS_SWITCH" | "OPERATOR";
export type ExpiryReason =
  | "UNFILLED_IOC"
  | "UNFILLED_FOK"
  | "INSUFFICIENT_LIQUIDITY"
  | "GOOD_TILL_DATE"
  | "SELF_TRADE_PREVENTION"
  | "PRICE_BAND_EXCEEDED"
  | "OCO_TRIGGERED"
  | "OTO_WORKING_LEG_ENDED"
  | "EXCHANGE";
/** Why the gateway refused a request. */
export type RequestError =
  | "MALFORMED_FRAME"
  | "UNKNOWN_REQUEST"
  | "UNKNOWN_CHANNEL"
  | "UNKNOWN_MARKET"
  | "INVALID_INTERVAL"
  | "INVALID_CONFLATION"
  | "NOT_LOGGED_ON"
  | "INVALID_TICKET"
  | "TOO_MANY_SUBSCRIPTIONS"
  | "TOO_MANY_REQUESTS"
  | "UNAVAILABLE"
  | "NOT_SUBSCRIBED";
/** Candle lengths as the klines route names them. "1M" is a calendar month, "1m" a minute. */
export type CandleInterval =
  | "1s"
  | "1m"
  | "3m"
  | "5m"
  | "15m"
  | "30m"
  | "1h"
  | "2h"
  | "4h"
  | "6h"
  | "8h"
  | "12h"
  | "1d"
  | "3d"
  | "1w"
  | "1M";

// Keyed by wire number; UNSPECIFIED and numbers of a later version have no word.
type Words<T, N extends number = number> = ReadonlyMap<N, T>;

export const SIDES: Words<Side> = new Map([
  [WireSide.BUY, "BUY"],
  [WireSide.SELL, "SELL"],
]);
export const ORDER_TYPES: Words<OrderType> = new Map([
  [WireOrderType.LIMIT, "LIMIT"],
  [WireOrderType.LIMIT_MAKER, "LIMIT_MAKER"],
  [WireOrderType.MARKET, "MARKET"],
  [WireOrderType.STOP_LOSS, "STOP_LOSS"],
  [WireOrderType.STOP_LOSS_LIMIT, "STOP_LOSS_LIMIT"],
  [WireOrderType.TAKE_PROFIT, "TAKE_PROFIT"],
  [WireOrderType.TAKE_PROFIT_LIMIT, "TAKE_PROFIT_LIMIT"],
]);
export const TIMES_IN_FORCE: Words<TimeInForce> = new Map([
  [WireTimeInForce.GTC, "GTC"],
  [WireTimeInForce.IOC, "IOC"],
  [WireTimeInForce.FOK, "FOK"],
  [WireTimeInForce.GTD, "GTD"],
]);
export const ORDER_STATUSES: Words<OrderStatus> = new Map([
  [WireOrderStatus.NEW, "NEW"],
  [WireOrderStatus.PARTIALLY_FILLED, "PARTIALLY_FILLED"],
  [WireOrderStatus.FILLED, "FILLED"],
  [WireOrderStatus.CANCELED, "CANCELED"],
  [WireOrderStatus.REJECTED, "REJECTED"],
  [WireOrderStatus.EXPIRED, "EXPIRED"],
  [WireOrderStatus.EXPIRED_IN_MATCH, "EXPIRED_IN_MATCH"],
  [WireOrderStatus.PENDING_NEW, "PENDING_NEW"],
]);
export const MARKET_STATUSES: Words<MarketStatus> = new Map([
  [WireMarketStatus.TRADING, "TRADING"],
  [WireMarketStatus.HALT, "HALT"],
  [WireMarketStatus.CANCEL_ONLY, "CANCEL_ONLY"],
  [WireMarketStatus.POST_ONLY, "POST_ONLY"],
  [WireMarketStatus.AUCTION, "AUCTION"],
]);
export const EXECUTION_TYPES: Words<ExecutionType> = new Map([
  [WireExecutionType.NEW, "NEW"],
  [WireExecutionType.TRADE, "TRADE"],
  [WireExecutionType.CANCELED, "CANCELED"],
  [WireExecutionType.EXPIRED, "EXPIRED"],
  [WireExecutionType.REPLACED, "REPLACED"],
  [WireExecutionType.TRIGGERED, "TRIGGERED"],
  [WireExecutionType.TRADE_PREVENTION, "TRADE_PREVENTION"],
]);
export const CANCEL_REASONS: Words<CancelReason> = new Map([
  [WireCancelReason.REQUESTED, "REQUESTED"],
  [WireCancelReason.CANCEL_ALL, "CANCEL_ALL"],
  [WireCancelReason.REPLACED, "REPLACED"],
  [WireCancelReason.DISCONNECT, "DISCONNECT"],
  [WireCancelReason.DEAD_MANS_SWITCH, "DEAD_MANS_SWITCH"],
  [WireCancelReason.OPERATOR, "OPERATOR"],
]);
export const EXPIRY_REASONS: Words<ExpiryReason> = new Map([
  [WireExpiryReason.UNFILLED_IOC, "UNFILLED_IOC"],
  [WireExpiryReason.UNFILLED_FOK, "UNFILLED_FOK"],
  [WireExpiryReason.INSUFFICIENT_LIQUIDITY, "INSUFFICIENT_LIQUIDITY"],
  [WireExpiryReason.GOOD_TILL_DATE, "GOOD_TILL_DATE"],
  [WireExpiryReason.SELF_TRADE_PREVENTION, "SELF_TRADE_PREVENTION"],
  [WireExpiryReason.PRICE_BAND_EXCEEDED, "PRICE_BAND_EXCEEDED"],
  [WireExpiryReason.OCO_TRIGGERED, "OCO_TRIGGERED"],
  [WireExpiryReason.OTO_WORKING_LEG_ENDED, "OTO_WORKING_LEG_ENDED"],
  [WireExpiryReason.EXCHANGE, "EXCHANGE"],
]);
export const REQUEST_ERRORS: Words<RequestError> = new Map([
  [WireRequestError.MALFORMED_FRAME, "MALFORMED_FRAME"],
  [WireRequestError.UNKNOWN_REQUEST, "UNKNOWN_REQUEST"],
  [WireRequestError.UNKNOWN_CHANNEL, "UNKNOWN_CHANNEL"],
  [WireRequestError.UNKNOWN_MARKET, "UNKNOWN_MARKET"],
  [WireRequestError.INVALID_INTERVAL, "INVALID_INTERVAL"],
  [WireRequestError.INVALID_CONFLATION, "INVALID_CONFLATION"],
  [WireRequestError.NOT_LOGGED_ON, "NOT_LOGGED_ON"],
  [WireRequestError.INVALID_TICKET, "INVALID_TICKET"],
  [WireRequestError.TOO_MANY_SUBSCRIPTIONS, "TOO_MANY_SUBSCRIPTIONS"],
  [WireRequestError.TOO_MANY_REQUESTS, "TOO_MANY_REQUESTS"],
  [WireRequestError.UNAVAILABLE, "UNAVAILABLE"],
  [WireRequestError.NOT_SUBSCRIBED, "NOT_SUBSCRIBED"],
]);
export const CANDLE_INTERVALS: Words<CandleInterval, WireInterval> = new Map([
  [WireInterval.SECOND_1, "1s"],
  [WireInterval.MINUTE_1, "1m"],
  [WireInterval.MINUTE_3, "3m"],
  [WireInterval.MINUTE_5, "5m"],
  [WireInterval.MINUTE_15, "15m"],
  [WireInterval.MINUTE_30, "30m"],
  [WireInterval.HOUR_1, "1h"],
  [WireInterval.HOUR_2, "2h"],
  [WireInterval.HOUR_4, "4h"],
  [WireInterval.HOUR_6, "6h"],
  [WireInterval.HOUR_8, "8h"],
  [WireInterval.HOUR_12, "12h"],
  [WireInterval.DAY_1, "1d"],
  [WireInterval.DAY_3, "3d"],
  [WireInterval.WEEK_1, "1w"],
  [WireInterval.MONTH_1, "1M"],
]);

/** The wire number of a candle interval. */
export function wireInterval(interval: CandleInterval): WireInterval {
  for (const [number, word] of CANDLE_INTERVALS) if (word === interval) return number;
  throw new RangeError(`"${String(interval)}" is not a candle interval`);
}
