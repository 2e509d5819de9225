// Live candles and tickers: what each market's channel carries, and when.
//
// Owns the wall clock's part: an interval in which nobody trades any more is closed, and an empty one opened, by the
// clock — on the channel only, never in the database. A late trade corrects it: the candle is published again. Frames
// are newest-wins: a client replaces the candle it has by (interval, open_time_us).
import { create, toBinary } from "@bufbuild/protobuf";
import type { Candle } from "../../gen/tickwire/v1/market_data_pb.ts";
import { ServerBatchSchema, ServerFrameSchema, type ServerFrame } from "../../gen/tickwire/v1/server_pb.ts";
import type { CandleInterval } from "../../gen/tickwire/v1/types_pb.ts";
import { flatCandle } from "../shared/history/candles.ts";
import { nextOpenTimeUs, openTimeUs } from "../shared/history/intervals.ts";
import { CLOSE_GRACE_US, FLAT_CANDLES_MAX } from "./limits.ts";
import type { TickerWindows } from "./tickers.ts";

/** The newest candle of one market and interval, open as far as subscribers know. */
interface LiveCandle {
  candle: Candle;
  /** Not published in this state yet. */
  changed: boolean;
}

export interface PublisherOptions {
  readonly tickers: TickerWindows;
  /** The newest stored candle of each market and interval. */
  readonly candles: Iterable<Candle>;
  /** Symbols by market id. */
  readonly symbols: Iterable<readonly [number, string]>;
  /** Sends a ServerBatch on the market's channel. */
  readonly send: (symbol: string, bytes: Uint8Array) => void;
}

export class Publisher {
  readonly #tickers: TickerWindows;
  readonly #send: PublisherOptions["send"];
  readonly #symbols: Map<number, string>;
  readonly #live = new Map<number, Map<CandleInterval, LiveCandle>>();

  constructor({ tickers, candles, symbols, send }: PublisherOptions) {
    this.#tickers = tickers;
    this.#send = send;
    this.#symbols = new Map(symbols);
    for (const candle of candles) this.#ofMarket(candle.marketId).set(candle.interval, { candle, changed: true });
  }

  addMarket(marketId: number, symbol: string): void {
    this.#symbols.set(marketId, symbol);
  }

  /**
   * Takes candles that are now in the database, ascending within each market and interval. Publishes at once those
   * that are over; while `live` is false (catching up) it only takes note.
   */
  candlesStored(candles: readonly Candle[], live: boolean): void {
    const frames = new Map<number, ServerFrame[]>();
    for (const candle of candles) {
      for (const over of this.#takeCandle(candle)) {
        if (live) append(frames, over.marketId, closedFrame(over));
      }
    }
    this.#sendAll(frames);
  }

  /** Closes by the clock what is over, and publishes the candles that changed since the last call. */
  publishCandles(nowUs: bigint): void {
    const frames = new Map<number, ServerFrame[]>();
    for (const [marketId, intervals] of this.#live) {
      for (const live of intervals.values()) {
        for (const over of this.#turnOver(live, nowUs)) append(frames, marketId, closedFrame(over));
        if (!live.changed) continue;
        live.changed = false;
        append(frames, marketId, candleFrame(live.candle));
      }
    }
    this.#sendAll(frames);
  }

  /** Publishes the ticker of every market, traded in or not. */
  publishTickers(nowUs: bigint): void {
    for (const [marketId, symbol] of this.#symbols) {
      const value = this.#tickers.ticker(marketId, nowUs);
      this.#sendFrames(symbol, [create(ServerFrameSchema, { body: { case: "ticker", value } })]);
    }
  }

  // Returns the candles that are over because of this one, oldest first.
  #takeCandle(candle: Candle): Candle[] {
    const intervals = this.#ofMarket(candle.marketId);
    const live = intervals.get(candle.interval);
    if (live === undefined) {
      intervals.set(candle.interval, { candle, changed: true });
      return [];
    }
    const known = live.candle;
    if (candle.openTimeUs < known.openTimeUs) {
      // The clock had closed this one too early: tell the correction, and let the empty candle after it begin where
      // it now ends.
      if (known.tradeCount === 0n) {
        live.candle = flatCandle(candle, known.openTimeUs);
        live.changed = true;
      }
      return [candle];
    }
    live.candle = candle;
    live.changed = true;
    return candle.openTimeUs > known.openTimeUs ? [known] : [];
  }

  #turnOver(live: LiveCandle, nowUs: bigint): Candle[] {
    const { interval } = live.candle;
    const newestUs = openTimeUs(interval, nowUs - CLOSE_GRACE_US);
    const over: Candle[] = [];
    while (live.candle.openTimeUs < newestUs) {
      over.push(live.candle);
      const nextUs = over.length < FLAT_CANDLES_MAX ? nextOpenTimeUs(interval, live.candle.openTimeUs) : newestUs;
      live.candle = flatCandle(live.candle, nextUs);
      live.changed = true;
    }
    return over;
  }

  #ofMarket(marketId: number): Map<CandleInterval, LiveCandle> {
    let intervals = this.#live.get(marketId);
    if (intervals === undefined) this.#live.set(marketId, (intervals = new Map<CandleInterval, LiveCandle>()));
    return intervals;
  }

  #sendAll(frames: ReadonlyMap<number, readonly ServerFrame[]>): void {
    for (const [marketId, list] of frames) {
      const symbol = this.#symbols.get(marketId);
      if (symbol !== undefined) this.#sendFrames(symbol, list);
    }
  }

  #sendFrames(symbol: string, frames: readonly ServerFrame[]): void {
    this.#send(symbol, toBinary(ServerBatchSchema, create(ServerBatchSchema, { frames: [...frames] })));
  }
}

const candleFrame = (value: Candle): ServerFrame => create(ServerFrameSchema, { body: { case: "candle", value } });
const closedFrame = (candle: Candle): ServerFrame => candleFrame({ ...candle, closed: true });

function append(frames: Map<number, ServerFrame[]>, marketId: number, frame: ServerFrame): void {
  const list = frames.get(marketId);
  if (list === undefined) frames.set(marketId, [frame]);
  else list.push(frame);
}
