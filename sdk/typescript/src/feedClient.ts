// The live feed: one WebSocket, shared by all listeners, kept connected and in sequence.
import type { AccountState, FeedBalance, FeedBookTicker, FeedCandle, FeedExecution, FeedMarketStatus, FeedTicker, FeedTrade } from "./feedMessages.ts";
import type { OrderBook } from "./orderBook.ts";
import type { FeedError } from "./feedError.ts";
import type { Venue } from "./venue.ts";
import type { CandleInterval } from "./words.ts";
import type { WebSocketConstructor } from "./webSocket.ts";

/**
 * - `closed`: not connected and not trying (before connect(), after close(), or the gateway said not to come back).
 * - `connecting`: the first attempt.
 * - `open`: Welcome has arrived.
 * - `reconnecting`: was open, or an attempt failed; tries again by itself.
 */
export type FeedState = "connecting" | "open" | "reconnecting" | "closed";

export interface FeedClientOptions {
  /** "ws://127.0.0.1:3002/feed/v1". */
  readonly url: string;
  /** Default: globalThis.WebSocket. In Node 20 pass the constructor of the `ws` package. */
  readonly WebSocket?: WebSocketConstructor;
  /** Gets a one-use ticket (POST /api/tickwire/v1/stream-ticket); needed for subscribeAccount only. */
  readonly getTicket?: () => Promise<string>;
}

/** How often onChange may be called: 0 is every change as it happens. */
export type ConflateMs = 0 | 100 | 1000;

export interface AccountListener {
  /** First, and again whenever the stream could not be continued: replace everything. */
  onSnapshot(state: AccountState): void;
  onExecution(execution: FeedExecution): void;
  onBalance(balance: FeedBalance): void;
}

/** Ends what it came from; calling it again does nothing. */
export type Unsubscribe = () => void;

export class FeedClient {
  constructor(_options: FeedClientOptions) {}
  get state(): FeedState {
    return "closed";
  }
  /** What the last Welcome announced. */
  get venue(): Venue | undefined {
    return undefined;
  }
  /** The last measured round trip to the gateway. */
  get latencyMs(): number | undefined {
    return undefined;
  }
  /** The account this socket is logged on to. */
  get accountId(): number | undefined {
    return undefined;
  }
  connect(): void {}
  close(): void {}
  /** Called at once with the present state, then at each change. */
  onState(_listener: (state: FeedState) => void): Unsubscribe {
    return () => undefined;
  }
  /** Called at once if the venue is known, then at each Welcome and each change of a market's status. */
  onVenue(_listener: (venue: Venue) => void): Unsubscribe {
    return () => undefined;
  }
  /** Whatever went wrong; the client goes on by itself unless its state turns "closed". */
  onError(_listener: (error: FeedError) => void): Unsubscribe {
    return () => undefined;
  }
  /** `onChange` gets the same OrderBook each time, also when it falls out of sync (`synced` false). */
  subscribeBook(_symbol: string, _onChange: (book: OrderBook) => void, _options: { conflateMs?: ConflateMs } = {}): Unsubscribe {
    return () => undefined;
  }
  subscribeTrades(_symbol: string, _listener: (trades: readonly FeedTrade[]) => void): Unsubscribe {
    return () => undefined;
  }
  subscribeBookTicker(_symbol: string, _listener: (ticker: FeedBookTicker) => void): Unsubscribe {
    return () => undefined;
  }
  subscribeCandles(_symbol: string, _interval: CandleInterval, _listener: (candle: FeedCandle) => void): Unsubscribe {
    return () => undefined;
  }
  subscribeTicker(_symbol: string, _listener: (ticker: FeedTicker) => void): Unsubscribe {
    return () => undefined;
  }
  subscribeMarketStatus(_symbol: string, _listener: (status: FeedMarketStatus) => void): Unsubscribe {
    return () => undefined;
  }
  subscribeAccount(_listener: AccountListener): Unsubscribe {
    return () => undefined;
  }
}
