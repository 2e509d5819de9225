// The candle being formed, and those that closed since the chart last looked: the chart takes them, once per frame.
import type { CandleInterval, FeedCandle } from "../feed/feedMessages.ts";
import { priceText, quantityText, type Market } from "../feed/market.ts";
import { Store } from "./store.ts";

/** Decimal text; the chart makes floats of it, for pixels only. */
export interface CandleRow {
  readonly openTimeMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/** A hidden page takes nothing: beyond this the chart must fetch anew anyway. */
const PENDING_MAX = 500;

export class CandleStore extends Store {
  readonly #market: Market;
  #interval: CandleInterval | undefined;
  #pending = new Map<number, CandleRow>();
  /** The newest candle, for the legend. */
  latest: CandleRow | undefined;

  constructor(market: Market) {
    super();
    this.#market = market;
  }

  /** Another interval: what was pending belongs to the old one. */
  setInterval(interval: CandleInterval): void {
    if (interval === this.#interval) return;
    this.#interval = interval;
    this.#pending = new Map();
    this.latest = undefined;
  }

  apply(candle: FeedCandle): void {
    if (candle.interval !== this.#interval) return;
    const row: CandleRow = {
      openTimeMs: Math.floor(candle.openTimeUs / 1000),
      open: priceText(this.#market, candle.openTicks),
      high: priceText(this.#market, candle.highTicks),
      low: priceText(this.#market, candle.lowTicks),
      close: priceText(this.#market, candle.closeTicks),
      volume: quantityText(this.#market, candle.volumeLots),
    };
    this.#pending.set(row.openTimeMs, row);
    const oldest = this.#pending.keys().next().value;
    if (this.#pending.size > PENDING_MAX && oldest !== undefined) this.#pending.delete(oldest);
    if (this.latest === undefined || row.openTimeMs >= this.latest.openTimeMs) this.latest = row;
    this.changed();
  }

  /** Hands over what came since the last call, oldest first. */
  take(): CandleRow[] {
    const rows = [...this.#pending.values()].sort((a, b) => a.openTimeMs - b.openTimeMs);
    this.#pending = new Map();
    return rows;
  }
}
