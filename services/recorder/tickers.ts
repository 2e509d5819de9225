// The minute candles of the last 24 hours of each market, from which its ticker is told at any moment.
//
// Pure: the time is an argument. Holds at most one candle more per market than the window has minutes.
import type { Candle, Ticker } from "../../gen/tickwire/v1/market_data_pb.ts";
import { CandleInterval } from "../../gen/tickwire/v1/types_pb.ts";
import type { MarketMinutes } from "../shared/history/tickers.ts";
import { tickerOf, tickerOpenTimeUs } from "../shared/history/tickers.ts";

export class TickerWindows {
  readonly #markets = new Map<number, { minutes: Candle[]; lastLots: bigint }>();

  constructor(stored: Iterable<MarketMinutes> = []) {
    for (const { marketId, minutes, lastLots } of stored) this.#markets.set(marketId, { minutes: [...minutes], lastLots });
  }

  /** Takes a grown candle; those of other intervals than the minute say nothing new. */
  addCandle(candle: Candle): void {
    if (candle.interval !== CandleInterval.MINUTE_1) return;
    const { minutes } = this.#market(candle.marketId);
    if (minutes.at(-1)?.openTimeUs === candle.openTimeUs) minutes[minutes.length - 1] = candle;
    else minutes.push(candle);
  }

  /** The size of the newest trade. */
  setLastLots(marketId: number, lastLots: bigint): void {
    this.#market(marketId).lastLots = lastLots;
  }

  /** The 24 h ticker of a market as of `nowUs`; a market that has never traded has zeros. */
  ticker(marketId: number, nowUs: bigint): Ticker {
    const { minutes, lastLots } = this.#market(marketId);
    const openUs = tickerOpenTimeUs(nowUs);
    // One candle before the window stays: its close is the price before the window.
    const firstInside = minutes.findIndex((minute) => minute.openTimeUs >= openUs);
    minutes.splice(0, (firstInside === -1 ? minutes.length : firstInside) - 1);
    return tickerOf({ marketId, minutes, lastLots, nowUs });
  }

  #market(marketId: number): { minutes: Candle[]; lastLots: bigint } {
    let market = this.#markets.get(marketId);
    if (market === undefined) this.#markets.set(marketId, (market = { minutes: [], lastLots: 0n }));
    return market;
  }
}
