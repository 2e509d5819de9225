// Which topic a subscription names, or by which named error it is refused. The feeds of a market are made when the
// first client asks for them, and kept: there are as many as markets.
import type { Subscription } from "../../gen/tickwire/v1/client_pb.ts";
import { Channel } from "../../gen/tickwire/v1/client_pb.ts";
import type { BookSnapshot, MarketStatusUpdate } from "../../gen/tickwire/v1/market_data_pb.ts";
import { RequestError } from "../../gen/tickwire/v1/server_pb.ts";
import type { Market } from "../../gen/tickwire/v1/types_pb.ts";
import type { Logger } from "../shared/logger.ts";
import type { AccountFeed } from "./accountFeed.ts";
import type { ChannelBroker } from "./channelBroker.ts";
import { MarketFeed } from "./marketFeed.ts";
import { StatsFeed } from "./statsFeed.ts";
import { StatusFeed } from "./statusFeed.ts";
import type { Topic } from "./topic.ts";

export interface Refusal {
  readonly error: RequestError;
  /** For people. */
  readonly message: string;
}

export type Found = { readonly ok: true; readonly topic: Topic; readonly slot: string } | { readonly ok: false; readonly refusal: Refusal };

interface Feeds {
  readonly market: MarketFeed;
  readonly stats: StatsFeed;
  readonly status: StatusFeed;
}

export interface FeedDirectoryOptions {
  readonly broker: ChannelBroker;
  readonly accounts: AccountFeed;
  readonly logger: Logger;
  readonly fetchBook: (marketId: number) => Promise<BookSnapshot>;
  readonly fetchStatus: (marketId: number) => Promise<MarketStatusUpdate>;
  /** The markets listed now. */
  readonly markets: () => readonly Market[];
}

const no = (error: RequestError, message: string): Found => ({ ok: false, refusal: { error, message } });

export class FeedDirectory {
  readonly #options: FeedDirectoryOptions;
  readonly #feeds = new Map<number, Feeds>();
  #markets = new Map<number, Market>();
  #statusSeq = 0n;

  constructor(options: FeedDirectoryOptions) {
    this.#options = options;
    this.#markets = new Map(options.markets().map((market) => [market.marketId, market]));
  }

  /**
   * The topic of a subscription. `slot` is its place on a socket: two subscriptions with the same slot and different
   * topics exclude each other, because their frames could not be told apart.
   */
  find(subscription: Subscription, accountId: bigint | undefined): Found {
    const { channel, marketId, interval, conflateMs } = subscription;
    if (channel !== Channel.CANDLES && interval !== 0) return no(RequestError.INVALID_INTERVAL, "only candles have an interval");
    if (channel !== Channel.BOOK && conflateMs !== 0) return no(RequestError.INVALID_CONFLATION, "only the book can be conflated");
    if (channel === Channel.ACCOUNT) {
      if (marketId !== 0) return no(RequestError.UNKNOWN_MARKET, "the account channel has no market: market_id must be 0");
      if (accountId === undefined) return no(RequestError.NOT_LOGGED_ON, "log on with a stream ticket first");
      return { ok: true, slot: "account", topic: this.#options.accounts.topic(accountId) };
    }
    if (!isMarketChannel(channel)) return no(RequestError.UNKNOWN_CHANNEL, `there is no channel ${channel}`);
    const feeds = this.#feedsOf(marketId);
    if (feeds === undefined) return no(RequestError.UNKNOWN_MARKET, `there is no market ${marketId}`);
    const found = (topic: Topic, detail = 0): Found => ({ ok: true, slot: slotOf(channel, marketId, detail), topic });
    switch (channel) {
      case Channel.BOOK: {
        const topic = feeds.market.book(conflateMs);
        return topic === undefined ? no(RequestError.INVALID_CONFLATION, "conflate_ms must be 0, 100 or 1000") : found(topic);
      }
      case Channel.CANDLES: {
        const topic = feeds.stats.candles(interval);
        return topic === undefined ? no(RequestError.INVALID_INTERVAL, `there is no candle interval ${interval}`) : found(topic, interval);
      }
      case Channel.TRADES:
        return found(feeds.market.trades);
      case Channel.BOOK_TICKER:
        return found(feeds.market.bookTicker);
      case Channel.TICKER:
        return found(feeds.stats.ticker);
      case Channel.MARKET_STATUS:
        return found(feeds.status.topic);
    }
  }

  /** The engine has started anew, or another has taken over: books are taken anew, without touching the sockets. */
  resync(): void {
    for (const { market, status } of this.#feeds.values()) {
      market.resync();
      status.resync();
    }
  }

  /**
   * The venue's markets may have changed; `seq` is a command they were in force at. True when a market that clients may
   * know has become another one, so that they must read Welcome again.
   */
  venueChanged(seq: bigint): boolean {
    const before = this.#markets;
    this.#statusSeq = seq;
    this.#markets = new Map(this.#options.markets().map((market) => [market.marketId, market]));
    for (const [marketId, { status }] of this.#feeds) {
      const market = this.#markets.get(marketId);
      if (market !== undefined) status.set(market.status, seq);
    }
    for (const [marketId, { symbol }] of before) if (this.#markets.get(marketId)?.symbol !== symbol) return true;
    return false;
  }

  #feedsOf(marketId: number): Feeds | undefined {
    const market = this.#markets.get(marketId);
    if (market === undefined) return undefined;
    const existing = this.#feeds.get(marketId);
    if (existing?.market.symbol === market.symbol) return existing;
    const { symbol } = market;
    const { broker, logger, fetchBook, fetchStatus } = this.#options;
    const marketFeed: MarketFeed = new MarketFeed({ marketId, symbol, broker, logger, fetchBook, auction: (frame, seq) => status.auction(frame, seq), listening: () => status.listening() });
    const status: StatusFeed = new StatusFeed({ marketId, symbol, logger, marketData: marketFeed, fetch: () => fetchStatus(marketId) });
    const feeds: Feeds = { market: marketFeed, stats: new StatsFeed({ symbol, broker, logger }), status };
    feeds.status.set(market.status, this.#statusSeq);
    this.#feeds.set(marketId, feeds);
    return feeds;
  }
}

type MarketChannel = (typeof MARKET_CHANNELS)[number];
const MARKET_CHANNELS = [Channel.BOOK, Channel.TRADES, Channel.BOOK_TICKER, Channel.CANDLES, Channel.TICKER, Channel.MARKET_STATUS] as const;
const isMarketChannel = (channel: Channel): channel is MarketChannel => (MARKET_CHANNELS as readonly Channel[]).includes(channel);

const slotOf = (channel: Channel, marketId: number, interval: number): string => `${channel} ${marketId} ${interval}`;
