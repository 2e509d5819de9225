// Which markets are open: one topic per market, told anew when the venue directory sees a change.
import { MarketStatus } from "../../gen/tickwire/v1/types_pb.ts";
import { encodeFrame } from "./frames.ts";
import { BroadcastTopic } from "./topic.ts";

export class StatusFeed {
  readonly topic: BroadcastTopic;
  readonly #marketId: number;
  #status: MarketStatus = MarketStatus.UNSPECIFIED;
  #frame: Uint8Array | undefined;

  constructor(marketId: number, symbol: string) {
    this.#marketId = marketId;
    this.topic = new BroadcastTopic({
      name: `status ${symbol}`,
      delivery: "every",
      demand: { wanted: () => undefined, unwanted: () => undefined },
      current: () => this.#frame,
    });
  }

  /** The status as the engine told it; `seq` is a command the status was in force at. */
  set(status: MarketStatus, seq: bigint): void {
    if (status === this.#status) return;
    this.#status = status;
    this.#frame = encodeFrame({ case: "marketStatus", value: { marketId: this.#marketId, seq, status } });
    this.topic.broadcast(this.#frame);
  }
}
