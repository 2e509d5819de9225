// The venue's words as REST and the JSON streams spell them, and the protobuf numbers they stand for.
//
// Invariant: one word per number. A number without a word (UNSPECIFIED, or of a later version) reads "".
import { CancelRestriction } from "../../../gen/tickwire/v1/command_pb.ts";
import { CandleInterval, MarketStatus, OrderStatus, OrderType, SelfTradePreventionMode, Side, TimeInForce } from "../../../gen/tickwire/v1/types_pb.ts";

/** A two-way dictionary between words and numbers. */
export interface Words<W extends string, N extends number> {
  readonly words: readonly [W, ...W[]];
  numberOf(word: W): N;
  wordOf(number: number): W | "";
}

function dictionary<W extends string, N extends number>(pairs: Readonly<Record<W, N>>): Words<W, N> {
  const words = Object.keys(pairs) as [W, ...W[]];
  const byNumber = new Map<number, W>(words.map((word) => [pairs[word], word]));
  return { words, numberOf: (word) => pairs[word], wordOf: (number) => byNumber.get(number) ?? "" };
}

export const SIDES = dictionary({ BUY: Side.BUY, SELL: Side.SELL });

export const ORDER_TYPES = dictionary({
  LIMIT: OrderType.LIMIT,
  LIMIT_MAKER: OrderType.LIMIT_MAKER,
  MARKET: OrderType.MARKET,
  STOP_LOSS: OrderType.STOP_LOSS,
  STOP_LOSS_LIMIT: OrderType.STOP_LOSS_LIMIT,
  TAKE_PROFIT: OrderType.TAKE_PROFIT,
  TAKE_PROFIT_LIMIT: OrderType.TAKE_PROFIT_LIMIT,
});

export const TIMES_IN_FORCE = dictionary({ GTC: TimeInForce.GTC, IOC: TimeInForce.IOC, FOK: TimeInForce.FOK, GTD: TimeInForce.GTD });

export const ORDER_STATUSES = dictionary({
  NEW: OrderStatus.NEW,
  PARTIALLY_FILLED: OrderStatus.PARTIALLY_FILLED,
  FILLED: OrderStatus.FILLED,
  CANCELED: OrderStatus.CANCELED,
  REJECTED: OrderStatus.REJECTED,
  EXPIRED: OrderStatus.EXPIRED,
  EXPIRED_IN_MATCH: OrderStatus.EXPIRED_IN_MATCH,
  PENDING_NEW: OrderStatus.PENDING_NEW,
});

export const SELF_TRADE_PREVENTION_MODES = dictionary({
  NONE: SelfTradePreventionMode.NONE,
  EXPIRE_TAKER: SelfTradePreventionMode.EXPIRE_TAKER,
  EXPIRE_MAKER: SelfTradePreventionMode.EXPIRE_MAKER,
  EXPIRE_BOTH: SelfTradePreventionMode.EXPIRE_BOTH,
  DECREMENT: SelfTradePreventionMode.DECREMENT,
});

/** "HALT" and "BREAK" mean closed to a Binance client; the others of ours it does not know, and treats as closed. */
export const MARKET_STATUSES = dictionary({
  TRADING: MarketStatus.TRADING,
  HALT: MarketStatus.HALT,
  CANCEL_ONLY: MarketStatus.CANCEL_ONLY,
  POST_ONLY: MarketStatus.POST_ONLY,
  AUCTION: MarketStatus.AUCTION,
});

export const CANCEL_RESTRICTIONS = dictionary({
  ONLY_NEW: CancelRestriction.ONLY_NEW,
  ONLY_PARTIALLY_FILLED: CancelRestriction.ONLY_PARTIALLY_FILLED,
});

/** "1M" is a calendar month, "1m" a minute. */
export const CANDLE_INTERVALS = dictionary({
  "1s": CandleInterval.SECOND_1,
  "1m": CandleInterval.MINUTE_1,
  "3m": CandleInterval.MINUTE_3,
  "5m": CandleInterval.MINUTE_5,
  "15m": CandleInterval.MINUTE_15,
  "30m": CandleInterval.MINUTE_30,
  "1h": CandleInterval.HOUR_1,
  "2h": CandleInterval.HOUR_2,
  "4h": CandleInterval.HOUR_4,
  "6h": CandleInterval.HOUR_6,
  "8h": CandleInterval.HOUR_8,
  "12h": CandleInterval.HOUR_12,
  "1d": CandleInterval.DAY_1,
  "3d": CandleInterval.DAY_3,
  "1w": CandleInterval.WEEK_1,
  "1M": CandleInterval.MONTH_1,
});
