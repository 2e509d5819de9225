// The watched market's latest trades, newest first, none twice. Trade ids of a market count by one, so a hole (trades
// made while nobody listened) is seen, and counted for whoever can fetch them.
import type { FeedTrade } from "../feed/feedMessages.ts";
import { priceText, quantityText, type Market } from "../feed/market.ts";
import { Store } from "./store.ts";

export interface TradeRow {
  readonly id: number;
  readonly price: string;
  readonly quantity: string;
  readonly takerSide: "BUY" | "SELL";
  readonly timeMs: number;
}

/** More than the tallest column shows. */
const TRADES_MAX = 60;

export class TradesStore extends Store {
  readonly #market: Market;
  rows: readonly TradeRow[];
  filled: boolean;
  /** Counts the holes seen: when it moves, REST should be asked for the latest trades. */
  holes = 0;

  constructor(market: Market, seed: readonly TradeRow[] | undefined) {
    super();
    this.#market = market;
    this.filled = seed !== undefined;
    this.rows = [...(seed ?? [])].sort((a, b) => b.id - a.id).slice(0, TRADES_MAX);
  }

  /** Trades as a REST answer gives them, when the page came without any. */
  seed(rows: readonly TradeRow[]): void {
    this.#take(rows);
  }

  add(trades: readonly FeedTrade[]): void {
    const newest = this.rows[0]?.id;
    const first = trades[0]?.tradeId;
    if (newest !== undefined && first !== undefined && first > newest + 1) this.holes++;
    this.#take(
      trades.map((trade) => ({
        id: trade.tradeId,
        price: priceText(this.#market, trade.priceTicks),
        quantity: quantityText(this.#market, trade.quantityLots),
        takerSide: trade.takerSide,
        timeMs: Math.floor(trade.timeUs / 1000),
      })),
    );
  }

  #take(rows: readonly TradeRow[]): void {
    const byId = new Map(this.rows.map((row) => [row.id, row]));
    for (const row of rows) byId.set(row.id, row);
    this.rows = [...byId.values()].sort((a, b) => b.id - a.id).slice(0, TRADES_MAX);
    this.filled = true;
    this.changed();
  }
}
