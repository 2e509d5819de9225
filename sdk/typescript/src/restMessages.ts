// Rows of the REST API, as sent: prices, quantities and amounts are decimal text, times are milliseconds.
import type { CandleInterval, OrderStatus, OrderType, Side, TimeInForce } from "./words.ts";

export interface SymbolInfo {
  readonly symbol: string;
  readonly status: string;
  readonly baseAsset: string;
  readonly baseAssetPrecision: number;
  readonly quoteAsset: string;
  readonly quotePrecision: number;
  readonly quoteAssetPrecision: number;
  readonly orderTypes: readonly OrderType[];
  readonly filters: readonly SymbolFilter[];
}

/** A filter's other members depend on its type: minPrice, tickSize, minQty, stepSize, minNotional, maxNumOrders... */
export interface SymbolFilter {
  readonly filterType: string;
  readonly [member: string]: string | number | boolean;
}

export interface ExchangeInfo {
  readonly timezone: string;
  readonly serverTime: number;
  readonly symbols: readonly SymbolInfo[];
}

/** [price, quantity]. */
export type DepthLevel = readonly [string, string];

export interface Depth {
  /** The same sequence number as OrderBook.seq. */
  readonly lastUpdateId: number;
  readonly bids: readonly DepthLevel[];
  readonly asks: readonly DepthLevel[];
}

export interface PublicTrade {
  readonly id: number;
  readonly price: string;
  readonly qty: string;
  readonly quoteQty: string;
  readonly time: number;
  readonly isBuyerMaker: boolean;
}

/** Open time, open, high, low, close, volume, close time, quote volume, trades, taker buy volume, taker buy quote volume, "0". */
export type Kline = readonly [number, string, string, string, string, string, number, string, number, string, string, string];

export interface Ticker24hr {
  readonly symbol: string;
  readonly priceChange: string;
  readonly priceChangePercent: string;
  readonly weightedAvgPrice: string;
  readonly prevClosePrice: string;
  readonly lastPrice: string;
  readonly lastQty: string;
  readonly bidPrice: string;
  readonly bidQty: string;
  readonly askPrice: string;
  readonly askQty: string;
  readonly openPrice: string;
  readonly highPrice: string;
  readonly lowPrice: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly openTime: number;
  readonly closeTime: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly count: number;
}

interface NewOrderCommon {
  readonly symbol: string;
  readonly side: Side;
  /** 1 to 36 of [.A-Z:/a-z0-9_-]; unique among the account's open orders. Makes a retry safe. */
  readonly newClientOrderId?: string;
  readonly newOrderRespType?: "ACK" | "RESULT" | "FULL";
}

/** An order as POST /api/v3/order takes it; prices and quantities are decimal text. */
export type NewOrder =
  | (NewOrderCommon & {
      readonly type: "LIMIT";
      readonly price: string;
      readonly quantity: string;
      readonly timeInForce: TimeInForce;
    })
  | (NewOrderCommon & { readonly type: "LIMIT_MAKER"; readonly price: string; readonly quantity: string })
  | (NewOrderCommon & { readonly type: "MARKET"; readonly quantity: string })
  | (NewOrderCommon & { readonly type: "MARKET"; readonly quoteOrderQty: string });

export interface OrderFill {
  readonly price: string;
  readonly qty: string;
  readonly commission: string;
  readonly commissionAsset: string;
  readonly tradeId: number;
}

export interface PlacedOrder {
  readonly symbol: string;
  readonly orderId: number;
  readonly orderListId: number;
  readonly clientOrderId: string;
  readonly transactTime: number;
  readonly price: string;
  readonly origQty: string;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
  readonly status: OrderStatus;
  readonly timeInForce: TimeInForce;
  readonly type: OrderType;
  readonly side: Side;
  readonly fills: readonly OrderFill[];
}

/** Names an order by one of its two ids. */
export type OrderName = { readonly symbol: string } & ({ readonly orderId: number } | { readonly origClientOrderId: string });

export interface OrderRow {
  readonly symbol: string;
  readonly orderId: number;
  readonly orderListId: number;
  readonly clientOrderId: string;
  readonly price: string;
  readonly origQty: string;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
  readonly status: OrderStatus;
  readonly timeInForce: TimeInForce;
  readonly type: OrderType;
  readonly side: Side;
  readonly stopPrice: string;
  readonly time: number;
  readonly updateTime: number;
  readonly isWorking: boolean;
}

export interface CanceledOrder {
  readonly symbol: string;
  readonly origClientOrderId: string;
  readonly orderId: number;
  readonly orderListId: number;
  readonly clientOrderId: string;
  readonly price: string;
  readonly origQty: string;
  readonly executedQty: string;
  readonly cummulativeQuoteQty: string;
  readonly status: OrderStatus;
  readonly timeInForce: TimeInForce;
  readonly type: OrderType;
  readonly side: Side;
}

export interface AccountBalance {
  readonly asset: string;
  readonly free: string;
  readonly locked: string;
}

export interface Account {
  readonly balances: readonly AccountBalance[];
  readonly updateTime: number;
}

export interface AccountTrade {
  readonly symbol: string;
  readonly id: number;
  readonly orderId: number;
  readonly price: string;
  readonly qty: string;
  readonly quoteQty: string;
  readonly commission: string;
  readonly commissionAsset: string;
  readonly time: number;
  readonly isBuyer: boolean;
  readonly isMaker: boolean;
}

export interface KlinesQuery {
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly limit?: number;
  readonly startTime?: number;
  readonly endTime?: number;
}

export interface MyTradesQuery {
  readonly symbol: string;
  readonly limit?: number;
  readonly startTime?: number;
  readonly fromId?: number;
  readonly orderId?: number;
}

export interface StreamTicket {
  /** Good for one logon. */
  readonly ticket: string;
  readonly expiresInMs: number;
}
