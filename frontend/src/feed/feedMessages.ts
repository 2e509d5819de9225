// What crosses the wall between the feed and the screen. Plain data only (it is structured-cloned between a worker
// and the page): no classes, no functions. Prices are ticks, quantities lots.
import type {
  AccountState,
  CandleInterval,
  FeedBalance,
  FeedCandle,
  FeedExecution,
  FeedMarketStatus,
  FeedTicker,
  FeedTrade,
  MarketStatus,
  Side,
} from "../../../sdk/typescript/src/index.ts";

export type { AccountState, CandleInterval, FeedBalance, FeedCandle, FeedExecution, FeedMarketStatus, FeedTicker, FeedTrade, MarketStatus, Side };
export type { FeedOrder, FeedFill, OrderStatus, OrderType, TimeInForce } from "../../../sdk/typescript/src/index.ts";

/** "connecting": not yet, or again; "open": live; "closed": given up, or never asked. */
export type ConnectionState = "connecting" | "open" | "closed";

/** Both sides of a book, best first, at most `feed/limits.ts` levels, merged to steps of `groupTicks`. */
export interface BookLevels {
  readonly bidTicks: readonly number[];
  readonly bidLots: readonly number[];
  readonly askTicks: readonly number[];
  readonly askLots: readonly number[];
  /** The best prices themselves, unmerged; 0 when that side is empty. */
  readonly bestBidTicks: number;
  readonly bestAskTicks: number;
}

export interface MarketTerms {
  readonly symbol: string;
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
}

/** What the screen asks of the feed. */
export type FeedCommand =
  | { readonly type: "open"; readonly feedUrl: string; readonly ticketUrl: string }
  | { readonly type: "watch"; readonly symbol: string; readonly interval: CandleInterval; readonly groupTicks: number }
  | { readonly type: "account"; readonly wanted: boolean }
  | { readonly type: "close" };

/** What the feed tells the screen. */
export type FeedEvent =
  | { readonly type: "state"; readonly state: ConnectionState; readonly latencyMs: number | undefined }
  | { readonly type: "venue"; readonly markets: readonly MarketTerms[] }
  | { readonly type: "book"; readonly symbol: string; readonly seq: number; readonly groupTicks: number; readonly levels: BookLevels }
  | { readonly type: "marketStatus"; readonly status: FeedMarketStatus }
  | { readonly type: "trades"; readonly symbol: string; readonly trades: readonly FeedTrade[] }
  | { readonly type: "candle"; readonly candle: FeedCandle }
  | { readonly type: "ticker"; readonly ticker: FeedTicker }
  | { readonly type: "accountSnapshot"; readonly account: AccountState }
  | { readonly type: "execution"; readonly execution: FeedExecution }
  | { readonly type: "balance"; readonly balance: FeedBalance }
  | { readonly type: "accountLost" };
