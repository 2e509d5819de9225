// The last 24 hours of every market. Newest wins; the last price of the watched market runs ahead with its trades.
import type { FeedTicker } from "../feed/feedMessages.ts";
import { formatUnits, unitsOf } from "../feed/decimalText.ts";
import { priceText, quantityText, type Market } from "../feed/market.ts";
import { Store } from "./store.ts";

/** Decimal text throughout, with the market's places. */
export interface Ticker {
  readonly symbol: string;
  readonly last: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly volume: string;
  readonly quoteVolume: string;
}

/** How far the price has come since the window opened: exact difference, percentage for the eye. */
export interface Change {
  readonly direction: "up" | "down" | "flat";
  readonly difference: string;
  readonly percent: string;
}

export class TickerStore extends Store {
  readonly #tickers = new Map<string, Ticker>();
  readonly #markets: ReadonlyMap<string, Market>;

  constructor(markets: ReadonlyMap<string, Market>, seed: readonly Ticker[]) {
    super();
    this.#markets = markets;
    for (const ticker of seed) this.#tickers.set(ticker.symbol, ticker);
  }

  get(symbol: string): Ticker | undefined {
    return this.#tickers.get(symbol);
  }

  apply(ticker: FeedTicker): void {
    const market = this.#markets.get(ticker.symbol);
    if (market === undefined || ticker.lastTicks === 0) return;
    this.#tickers.set(ticker.symbol, {
      symbol: ticker.symbol,
      last: priceText(market, ticker.lastTicks),
      open: priceText(market, ticker.openTicks),
      high: priceText(market, ticker.highTicks),
      low: priceText(market, ticker.lowTicks),
      volume: quantityText(market, ticker.volumeLots),
      quoteVolume: ticker.quoteVolume,
    });
    this.changed();
  }
}

/** Change of a ticker's last price against its opening price, in the market's places. */
export function changeOf(market: Market, ticker: { last: string; open: string }): Change {
  const last = unitsOf(ticker.last, market.quoteScale) ?? 0n;
  const open = unitsOf(ticker.open, market.quoteScale) ?? 0n;
  if (open === 0n) return { direction: "flat", difference: "0", percent: "0.00%" };
  const difference = last - open;
  // Hundredths of a percent.
  const bips = Number((difference * 1_000_000n) / open) / 100;
  const sign = difference > 0n ? "+" : "";
  const percent = (bips / 100).toFixed(2);
  const text = formatUnits(difference, market.quoteScale);
  return {
    direction: difference > 0n ? "up" : difference < 0n ? "down" : "flat",
    difference: sign + text.slice(0, text.length - (market.quoteScale - market.priceDecimals)),
    // What rounds to nothing has no sign.
    percent: Number(percent) === 0 ? "0.00%" : `${sign}${percent}%`,
  };
}
