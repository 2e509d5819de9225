// The watched market's book as the screen shows it. Holds ticks and lots; rows with text and running totals are made
// once per painted version, not once per message.
import type { BookLevels } from "../feed/feedMessages.ts";
import { lotsOf, priceText, quantityText, ticksOf, type Market } from "../feed/market.ts";
import { Store } from "./store.ts";

export interface BookRow {
  readonly price: string;
  readonly quantity: string;
  /** Everything at this price or better. */
  readonly total: string;
  readonly totalLots: number;
}

/** Text pairs of a REST depth answer, best first. */
export interface DepthSeed {
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

const EMPTY: BookLevels = { bidTicks: [], bidLots: [], askTicks: [], askLots: [], bestBidTicks: 0, bestAskTicks: 0 };

export class BookStore extends Store {
  readonly #market: Market;
  #levels: BookLevels = EMPTY;
  /** False until there is a book to show. */
  filled = false;
  /** The step its levels are merged to. */
  groupTicks = 1;

  constructor(market: Market, seed: DepthSeed | undefined) {
    super();
    this.#market = market;
    if (seed === undefined) return;
    this.filled = true;
    const bidTicks = seed.bids.map(([price]) => ticksOf(market, price) ?? 0);
    const askTicks = seed.asks.map(([price]) => ticksOf(market, price) ?? 0);
    this.#levels = {
      bidTicks,
      askTicks,
      bestBidTicks: bidTicks[0] ?? 0,
      bestAskTicks: askTicks[0] ?? 0,
      bidLots: seed.bids.map(([, quantity]) => lotsOf(market, quantity) ?? 0),
      askLots: seed.asks.map(([, quantity]) => lotsOf(market, quantity) ?? 0),
    };
  }

  set(levels: BookLevels, groupTicks: number): void {
    this.#levels = levels;
    this.groupTicks = groupTicks;
    this.filled = true;
    this.changed();
  }

  bids(rowsMax: number): BookRow[] {
    return this.#rows(this.#levels.bidTicks, this.#levels.bidLots, rowsMax);
  }

  asks(rowsMax: number): BookRow[] {
    return this.#rows(this.#levels.askTicks, this.#levels.askLots, rowsMax);
  }

  get bestBidTicks(): number | undefined {
    return this.#levels.bestBidTicks || undefined;
  }

  get bestAskTicks(): number | undefined {
    return this.#levels.bestAskTicks || undefined;
  }

  /** Best ask minus best bid: exact text, and percent of the middle for the eye. */
  spread(): { text: string; percent: string } | undefined {
    const bid = this.bestBidTicks;
    const ask = this.bestAskTicks;
    if (bid === undefined || ask === undefined) return undefined;
    return { text: priceText(this.#market, ask - bid), percent: `${((200 * (ask - bid)) / (ask + bid)).toFixed(3)}%` };
  }

  #rows(ticks: readonly number[], lots: readonly number[], rowsMax: number): BookRow[] {
    const rows: BookRow[] = [];
    let totalLots = 0;
    for (let i = 0; i < ticks.length && i < rowsMax; i++) {
      const quantityLots = lots[i] ?? 0;
      totalLots += quantityLots;
      rows.push({
        price: priceText(this.#market, ticks[i] ?? 0),
        quantity: quantityText(this.#market, quantityLots),
        total: quantityText(this.#market, totalLots),
        totalLots,
      });
    }
    return rows;
  }
}
