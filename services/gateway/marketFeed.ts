// One market's live data: its book in real time and conflated, best bid and ask, and trades, all from the channel the
// engine publishes on. Reads that channel only while some topic has subscribers.
import type { BookSnapshot } from "../../gen/tickwire/v1/market_data_pb.ts";
import { marketDataChannel } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import { BookReplica } from "./bookReplica.ts";
import { CONFLATIONS_MS, createBookTopic, type BookTopic, type ConflateMs } from "./bookTopic.ts";
import type { ChannelBroker, ChannelReader } from "./channelBroker.ts";
import { encodeFrame, FRAME_BOOK_DELTA, FRAME_MARKET_STATUS, FRAME_TRADES, readBookDelta, readIntegerField, readTradesPosition, splitFrames, type RawFrame } from "./frames.ts";
import { BroadcastTopic, type Demand, type Topic } from "./topic.ts";

const STATUS_SEQ_FIELD = 2;

export interface MarketFeedOptions {
  readonly marketId: number;
  readonly symbol: string;
  readonly broker: ChannelBroker;
  readonly logger: Logger;
  /** The whole book, asked of the engine. */
  readonly fetchBook: (marketId: number) => Promise<BookSnapshot>;
  /** An auction would come to something else now; the frame is the caller's to keep. */
  readonly auction: (frame: Uint8Array, seq: bigint) => void;
  /** From here on no auction goes unheard. */
  readonly listening: () => void;
}

export class MarketFeed implements ChannelReader {
  readonly marketId: number;
  readonly symbol: string;
  readonly trades: BroadcastTopic;
  readonly bookTicker: BroadcastTopic;
  /** For topics elsewhere that live on this channel. */
  readonly demand: Demand = { wanted: () => this.#want(), unwanted: () => this.#unwant() };
  readonly #books: ReadonlyMap<ConflateMs, BookTopic>;
  readonly #replica: BookReplica;
  readonly #broker: ChannelBroker;
  readonly #logger: Logger;
  readonly #channel: string;
  #channelLive = false;
  #wantedTopics = 0;
  #wantedBooks = 0; // topics that need the replica
  #lastTrade = { epoch: 0, tradeId: 0 };
  #best: { readonly key: string; readonly frame: Uint8Array } | undefined;

  readonly #auction: MarketFeedOptions["auction"];
  readonly #listening: MarketFeedOptions["listening"];

  constructor({ marketId, symbol, broker, logger, fetchBook, auction, listening }: MarketFeedOptions) {
    this.#auction = auction;
    this.#listening = listening;
    this.marketId = marketId;
    this.symbol = symbol;
    this.#broker = broker;
    this.#logger = logger;
    this.#channel = marketDataChannel(symbol);
    this.#replica = new BookReplica({
      marketId,
      symbol,
      logger,
      fetch: () => fetchBook(marketId),
      events: {
        taken: (reason) => {
          for (const book of this.#books.values()) book.onTaken(reason);
          this.#tellBest();
        },
        confirmed: () => {
          for (const book of this.#books.values()) book.onConfirmed();
          this.#tellBest();
        },
        applied: (frame) => {
          for (const book of this.#books.values()) book.onDelta(frame);
          this.#tellBest();
        },
      },
    });
    const ofBook = { wanted: () => this.#wantBook(), unwanted: () => this.#unwantBook() };
    this.#books = new Map(CONFLATIONS_MS.map((conflateMs) => [conflateMs, createBookTopic({ symbol, replica: this.#replica, demand: ofBook, conflateMs })]));
    this.bookTicker = new BroadcastTopic({
      name: `book ticker ${symbol}`,
      delivery: "newest",
      demand: ofBook,
      current: () => (this.#replica.live ? this.#bestFrame().frame : undefined),
    });
    this.trades = new BroadcastTopic({
      name: `trades ${symbol}`,
      delivery: "every",
      demand: { wanted: () => this.#want(), unwanted: () => this.#unwant() },
      current: () => undefined,
    });
  }

  /** Whether the channel is being read: what is published now arrives. */
  get channelLive(): boolean {
    return this.#channelLive;
  }

  /** Undefined when the book is not offered at this conflation. */
  book(conflateMs: number): Topic | undefined {
    return this.#books.get(conflateMs as ConflateMs);
  }

  /** The engine has started anew or its log is another one: what it published while dying may not have arrived. */
  resync(): void {
    if (!this.#replica.stopped) this.#replica.start();
  }

  live(): void {
    this.#channelLive = true;
    if (this.#wantedBooks > 0) this.#replica.start();
    this.#listening();
  }

  lost(): void {
    this.#channelLive = false;
    this.#replica.stop();
  }

  message(payload: Buffer): void {
    try {
      for (const { kind, bytes, body } of splitFrames(payload)) {
        if (kind === FRAME_BOOK_DELTA) {
          if (!this.#replica.stopped) this.#replica.onDelta({ delta: readBookDelta(body), bytes });
        } else if (kind === FRAME_TRADES) this.#onTrades(bytes, body);
        else if (kind === FRAME_MARKET_STATUS) this.#auction(Uint8Array.from(bytes), BigInt(readIntegerField(body, STATUS_SEQ_FIELD)));
      }
    } catch (error) {
      // What could not be read may have been a delta: take the book anew rather than go on without it.
      this.#logger.error({ market: this.symbol, err: String(error) }, "unreadable market data");
      if (!this.#replica.stopped) this.#replica.start();
    }
  }

  // An engine that lost its connection while publishing publishes again: what was told before is not told twice.
  #onTrades(bytes: Uint8Array, body: RawFrame["body"]): void {
    const { epoch, tradeId } = readTradesPosition(body);
    if (epoch === this.#lastTrade.epoch && tradeId <= this.#lastTrade.tradeId) return;
    this.#lastTrade = { epoch, tradeId };
    this.trades.broadcast(bytes);
  }

  #want(): void {
    if (this.#wantedTopics++ === 0) this.#broker.want(this.#channel, this);
  }

  #unwant(): void {
    if (--this.#wantedTopics === 0) this.#broker.unwant(this.#channel);
  }

  #wantBook(): void {
    this.#wantedBooks++;
    this.#want();
    if (this.#channelLive && this.#replica.stopped) this.#replica.start();
  }

  // The replica is kept while the channel is: a page that reloads finds its book at once.
  #unwantBook(): void {
    this.#wantedBooks--;
    this.#unwant();
  }

  #tellBest(): void {
    if (!this.bookTicker.hasSubscribers) return;
    const before = this.#best?.key;
    const best = this.#bestFrame();
    if (best.key !== before) this.bookTicker.broadcast(best.frame);
  }

  #bestFrame(): { readonly key: string; readonly frame: Uint8Array } {
    const { bids, asks, epoch, seq, timeUs } = this.#replica;
    const key = `${epoch} ${bids.bestTicks} ${bids.bestLots} ${asks.bestTicks} ${asks.bestLots}`;
    if (this.#best?.key === key) return this.#best;
    const frame = encodeFrame({
      case: "bookTicker",
      value: {
        marketId: this.marketId,
        epoch,
        seq: BigInt(seq),
        timeUs: BigInt(timeUs),
        bidTicks: BigInt(bids.bestTicks),
        bidLots: BigInt(bids.bestLots),
        askTicks: BigInt(asks.bestTicks),
        askLots: BigInt(asks.bestLots),
      },
    });
    return (this.#best = { key, frame });
  }
}

