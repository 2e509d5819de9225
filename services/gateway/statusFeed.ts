// Which markets are open: one topic per market, told anew when the venue directory sees a change; and while a market is in
// auction, what it would come to, as the engine tells with its market data.
//
// Never: goes back to an older state. The two ways may overtake each other, so each carries the seq it holds at.
import { MarketStatus } from "../../gen/tickwire/v1/types_pb.ts";
import { encodeFrame } from "./frames.ts";
import { BroadcastTopic, type Demand } from "./topic.ts";

export class StatusFeed {
  readonly topic: BroadcastTopic;
  readonly #marketId: number;
  #status: MarketStatus = MarketStatus.UNSPECIFIED;
  #seq = 0n;
  #frame: Uint8Array | undefined;

  /** `marketData` is told whether auctions are listened for. */
  constructor(marketId: number, symbol: string, marketData: Demand) {
    this.#marketId = marketId;
    this.topic = new BroadcastTopic({
      name: `status ${symbol}`,
      delivery: "every",
      demand: {
        wanted: () => marketData.wanted(),
        unwanted: () => {
          marketData.unwanted();
          // What an auction would come to grows stale unnoticed from here on; its state does not.
          this.#frame = this.#plain();
        },
      },
      current: () => this.#frame,
    });
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

  /** The engine's log may be another one, which counts anew. */
  resync(): void {
    this.#seq = 0n;
  }

  #plain(): Uint8Array {
    return encodeFrame({ case: "marketStatus", value: { marketId: this.#marketId, seq: this.#seq, status: this.#status } });
  }
}
