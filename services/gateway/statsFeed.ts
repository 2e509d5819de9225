// One market's candles and 24 h ticker, as the recorder publishes them. The newest of each is kept, so that a newcomer
// has it at once; what is kept is dropped when the channel is given up, since it would grow stale unnoticed.
import { CandleInterval } from "../../gen/tickwire/v1/types_pb.ts";
import { marketStatsChannel } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import type { ChannelBroker, ChannelReader } from "./channelBroker.ts";
import { FRAME_CANDLE, FRAME_TICKER, readIntegerField, splitFrames } from "./frames.ts";
import { BroadcastTopic, type Topic } from "./topic.ts";

const CANDLE_INTERVAL_FIELD = 2;

const intervals: readonly CandleInterval[] = Object.values(CandleInterval).filter((interval) => interval !== CandleInterval.UNSPECIFIED);

export class StatsFeed implements ChannelReader {
  readonly ticker: BroadcastTopic;
  readonly #candles: ReadonlyMap<number, BroadcastTopic>;
  readonly #newestCandle = new Map<number, Uint8Array>();
  #newestTicker: Uint8Array | undefined;
  readonly #broker: ChannelBroker;
  readonly #logger: Logger;
  readonly #symbol: string;
  readonly #channel: string;
  #wantedTopics = 0;

  constructor({ symbol, broker, logger }: { symbol: string; broker: ChannelBroker; logger: Logger }) {
    this.#symbol = symbol;
    this.#broker = broker;
    this.#logger = logger;
    this.#channel = marketStatsChannel(symbol);
    const demand = { wanted: () => this.#want(), unwanted: () => this.#unwant() };
    this.ticker = new BroadcastTopic({ name: `ticker ${symbol}`, delivery: "newest", demand, current: () => this.#newestTicker });
    this.#candles = new Map(
      intervals.map((interval) => [
        interval,
        new BroadcastTopic({ name: `candles ${symbol} ${interval}`, delivery: "every", demand, current: () => this.#newestCandle.get(interval) }),
      ]),
    );
  }

  /** Undefined when there is no such interval. */
  candles(interval: number): Topic | undefined {
    return this.#candles.get(interval);
  }

  live(): void {}

  lost(): void {
    this.#newestCandle.clear();
    this.#newestTicker = undefined;
  }

  message(payload: Buffer): void {
    try {
      // A copy: the newest frames are kept, and must not keep the driver's whole read buffer with them.
      for (const { kind, bytes, body } of splitFrames(Uint8Array.from(payload))) {
        if (kind === FRAME_TICKER) {
          this.#newestTicker = bytes;
          this.ticker.broadcast(bytes);
        } else if (kind === FRAME_CANDLE) {
          const interval = readIntegerField(body, CANDLE_INTERVAL_FIELD);
          this.#newestCandle.set(interval, bytes);
          this.#candles.get(interval)?.broadcast(bytes);
        }
      }
    } catch (error) {
      this.#logger.error({ market: this.#symbol, err: String(error) }, "unreadable market statistics");
    }
  }

  #want(): void {
    if (this.#wantedTopics++ === 0) this.#broker.want(this.#channel, this);
  }

  #unwant(): void {
    if (--this.#wantedTopics === 0) this.#broker.unwant(this.#channel);
  }
}
