// What listeners of the feed receive. Prices are ticks, quantities lots, both plain numbers below 2^53; amounts that
// may be larger are bigint units or decimal text. Times are microseconds since the Unix epoch.
import type {
  CancelReason,
  CandleInterval,
  ExecutionType,
  ExpiryReason,
  MarketStatus,
  OrderStatus,
  OrderType,
  Side,
  TimeInForce,
} from "./words.ts";

export interface FeedTrade {
  readonly tradeId: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
  /** Who crossed the spread. */
  readonly takerSide: Side;
  readonly seq: number;
  readonly timeUs: number;
}

/** Best bid and ask; 0 lots when that side is empty. */
export interface FeedBookTicker {
  readonly symbol: string;
  readonly seq: number;
  readonly timeUs: number;
  readonly bidTicks: number;
  readonly bidLots: number;
  readonly askTicks: number;
  readonly askLots: number;
}

export interface FeedCandle {
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly openTimeUs: number;
  readonly closeTimeUs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly closeTicks: number;
  readonly volumeLots: number;
  /** In the quote asset, decimal text. */
  readonly quoteVolume: string;
  readonly tradeCount: number;
  readonly takerBuyLots: number;
  /** No trade can change it any more. */
  readonly closed: boolean;
  readonly seq: number;
}

/** The last 24 hours. */
export interface FeedTicker {
  readonly symbol: string;
  readonly openTimeUs: number;
  readonly closeTimeUs: number;
  readonly openTicks: number;
  readonly highTicks: number;
  readonly lowTicks: number;
  readonly lastTicks: number;
  readonly lastLots: number;
  readonly volumeLots: number;
  /** In the quote asset, decimal text. */
  readonly quoteVolume: string;
  readonly tradeCount: number;
  /** The last trade before the window; 0 if there was none. */
  readonly prevCloseTicks: number;
  readonly seq: number;
}

export interface FeedMarketStatus {
  readonly symbol: string;
  readonly status: MarketStatus;
  readonly seq: number;
  /** While the status is AUCTION: what the auction would come to now; the book meanwhile is what rested before it. */
  readonly auction?: FeedAuction;
}

export interface FeedAuction {
  /** 0 when nothing would trade. */
  readonly priceTicks: number;
  readonly quantityLots: number;
  /** What would be left at that price, on the side that has more. */
  readonly surplusSide: Side | undefined;
  readonly surplusLots: number;
}

/** One order, whole, as it stands after the event that carried it. */
export interface FeedOrder {
  readonly orderId: number;
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly marketId: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  readonly status: OrderStatus;
  /** 0 for a market order. */
  readonly priceTicks: number;
  /** 0 for a market order by quote amount. */
  readonly quantityLots: number;
  readonly quoteOrderUnits: number;
  readonly executedLots: number;
  readonly executedQuoteUnits: number;
  readonly createdUs: number;
  readonly updatedUs: number;
  /** When it entered the book; 0 while it never did. */
  readonly workingUs: number;
  readonly expiryReason: ExpiryReason | undefined;
  readonly cancelReason: CancelReason | undefined;
}

/** The trade behind an execution of type TRADE, from this account's side. */
export interface FeedFill {
  readonly tradeId: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
  readonly quoteUnits: number;
  readonly feeUnits: number;
  readonly feeAsset: string;
  readonly maker: boolean;
}

export interface FeedExecution {
  readonly epoch: number;
  readonly seq: number;
  /** Gapless per account. */
  readonly executionSeq: number;
  readonly timeUs: number;
  readonly type: ExecutionType;
  readonly order: FeedOrder;
  /** For type TRADE only. */
  readonly fill: FeedFill | undefined;
}

export interface FeedBalance {
  /** "BTC". */
  readonly asset: string;
  readonly assetId: number;
  readonly scale: number;
  readonly availableUnits: bigint;
  /** Reserved by open orders. */
  readonly heldUnits: bigint;
  /** The same as exact decimal text. */
  readonly available: string;
  readonly held: string;
}

/** Everything an account owns and has open, as of `seq`. */
export interface AccountState {
  readonly epoch: number;
  readonly seq: number;
  readonly executionSeq: number;
  readonly balanceSeq: number;
  readonly openOrders: readonly FeedOrder[];
  readonly balances: readonly FeedBalance[];
}
