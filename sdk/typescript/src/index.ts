// The only door of the SDK. Runs in browsers and in Node; imports nothing of either.
export { TickwireApiError } from "./apiError.ts";
export { formatUnits, parseUnits, type DecimalError, type Parsed } from "./decimal.ts";
export type { AccountListener } from "./accountTopic.ts";
export type { ConflateMs } from "./bookTopic.ts";
export { FeedClient, type FeedClientOptions, type Unsubscribe } from "./feedClient.ts";
export type { FeedState } from "./feedConnection.ts";
export { FeedError, type FeedErrorKind } from "./feedError.ts";
export type {
  AccountState,
  FeedBalance,
  FeedAuction,
  FeedBookTicker,
  FeedCandle,
  FeedExecution,
  FeedFill,
  FeedMarketStatus,
  FeedOrder,
  FeedTicker,
  FeedTrade,
} from "./feedMessages.ts";
export { OrderBook, type BookDeltaFrame, type BookSnapshotFrame, type DeltaResult, type Level } from "./orderBook.ts";
export { RestClient, type Fetch, type RestClientOptions } from "./restClient.ts";
export type {
  Account,
  AccountBalance,
  AccountTrade,
  CanceledOrder,
  Depth,
  DepthLevel,
  ExchangeInfo,
  Kline,
  KlinesQuery,
  MyTradesQuery,
  NewOrder,
  OrderFill,
  OrderName,
  OrderRow,
  PlacedOrder,
  PublicTrade,
  StreamTicket,
  SymbolFilter,
  SymbolInfo,
  Ticker24hr,
} from "./restMessages.ts";
export { Venue, MarketInfo, type AssetInfo, type MarketFilters } from "./venue.ts";
export type { WebSocketConstructor, WebSocketLike } from "./webSocket.ts";
export type {
  CancelReason,
  CandleInterval,
  ExecutionType,
  ExpiryReason,
  MarketStatus,
  OrderStatus,
  OrderType,
  RequestError,
  Side,
  TimeInForce,
} from "./words.ts";
