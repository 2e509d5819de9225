// The stores of one watched market, made together and thrown away together when another market is chosen.
import type { Market } from "../feed/market.ts";
import { BookStore, type DepthSeed } from "./bookStore.ts";
import { CandleStore } from "./candleStore.ts";
import { MarketStatusStore } from "./marketStatusStore.ts";
import { TradesStore, type TradeRow } from "./tradesStore.ts";

export interface MarketSeed {
  readonly depth: DepthSeed | undefined;
  readonly trades: readonly TradeRow[] | undefined;
}

export interface MarketStores {
  readonly market: Market;
  readonly book: BookStore;
  readonly trades: TradesStore;
  readonly candles: CandleStore;
  readonly status: MarketStatusStore;
}

/** Stores for `market`, filled with what the server sent along with the page. */
export const createMarketStores = (market: Market, { depth, trades }: MarketSeed): MarketStores => ({
  market,
  book: new BookStore(market, depth),
  trades: new TradesStore(market, trades),
  candles: new CandleStore(market),
  status: new MarketStatusStore(market),
});
