// Which markets are open: one topic per market, told anew when the venue directory sees a change; and while a market is in
// auction, what it would come to, as the engine tells with its market data. Whoever comes while nothing changes is told, too:
// the engine is asked when the first one does.
//
// Never: goes back to an older state. The ways may overtake each other, so each carries the seq it holds at.
import type { MarketStatusUpdate } from "../../gen/tickwire/v1/market_data_pb.ts";
import { MarketStatus } from "../../gen/tickwire/v1/types_pb.ts";
import type { Logger } from "../shared/logger.ts";
import { encodeFrame } from "./frames.ts";
import { STATUS_RETRY_MS } from "./limits.ts";
import { BroadcastTopic, type Demand } from "./topic.ts";

export interface StatusFeedOptions {
  readonly marketId: number;
  readonly symbol: string;
  readonly logger: Logger;
  /** Where the engine tells of auctions; its demand is told whether anybody listens for them. */
  readonly marketData: { readonly demand: Demand; readonly channelLive: boolean };
  /** The market as it stands, asked of the engine. */
  readonly fetch: () => Promise<MarketStatusUpdate>;
}

export class StatusFeed {
  readonly topic: BroadcastTopic;
  readonly #options: StatusFeedOptions;
  #status: MarketStatus = MarketStatus.UNSPECIFIED;
  #seq = 0n;
  #frame: Uint8Array | undefined;
  #attempt = 0; // whichever answer is not to the newest attempt is thrown away
  #retry: NodeJS.Timeout | undefined;

  constructor(options: StatusFeedOptions) {
    this.#options = options;
    const { symbol, marketData } = options;
    this.topic = new BroadcastTopic({
      name: `status ${symbol}`,
      delivery: "every",
      demand: {
        wanted: () => {
          marketData.demand.wanted();
          if (marketData.channelLive) this.listening();
        },
        unwanted: () => {
          marketData.demand.unwanted();
          clearTimeout(this.#retry);
          this.#attempt++;
          // What an auction would come to grows stale unnoticed from here on; its state does not.
          this.#frame = this.#plain();
        },
      },
      current: () => this.#frame,
    });
  }

  /** Changes arrive from here on; what an auction has come to before that is asked for. */
  listening(): void {
    clearTimeout(this.#retry);
    const attempt = ++this.#attempt;
    if (this.#status !== MarketStatus.AUCTION || !this.topic.hasSubscribers) return;
    this.#options.fetch().then(
      (told) => {
        if (attempt !== this.#attempt) return;
        if (told.status === MarketStatus.AUCTION) this.auction(encodeFrame({ case: "marketStatus", value: told }), told.seq);
        else this.set(told.status, told.seq);
      },
      (error: unknown) => {
        if (attempt !== this.#attempt) return;
        this.#options.logger.info({ market: this.#options.symbol, cause: String(error) }, "an auction is not told; asking again");
        this.#retry = setTimeout(() => this.listening(), STATUS_RETRY_MS);
      },
    );
  }

  /** The status as the engine told it; `seq` is a command the status was in force at. */
  set(status: MarketStatus, seq: bigint): void {
    if (status === this.#status || seq < this.#seq) return;
    this.#status = status;
    this.#seq = seq;
    this.#frame = this.#plain();
    this.topic.broadcast(this.#frame);
  }

  /** The market is in auction at `seq`, and `frame` says what that would come to. */
  auction(frame: Uint8Array, seq: bigint): void {
    if (seq < this.#seq) return;
    this.#status = MarketStatus.AUCTION;
    this.#seq = seq;
    this.#frame = frame;
    this.topic.broadcast(frame);
  }

  /** The engine's log may be another one, which counts anew, and what it published last may not have arrived. */
  resync(): void {
    this.#seq = 0n;
    this.listening();
  }

  #plain(): Uint8Array {
    return encodeFrame({ case: "marketStatus", value: { marketId: this.#options.marketId, seq: this.#seq, status: this.#status } });
  }
}
