// What each demo market is like: its worth, how much of the flow it gets, and how large its orders are.

export interface MarketProfile {
  /** What the market is worth in the long run, in the quote asset. */
  readonly anchor: number;
  /** Share of the flow, against the other markets' weights. */
  readonly weight: number;
  /** Distance from the reference price to a maker's best order, and from level to level: parts of the price. */
  readonly halfSpread: number;
  readonly levelStep: number;
  /** Median worth of a maker's best order and of a taker's order, in the quote asset. */
  readonly makerNotional: number;
  readonly takerNotional: number;
}

const PROFILES: Readonly<Record<string, MarketProfile>> = {
  BTCUSDT: { anchor: 64_000, weight: 4, halfSpread: 0.3e-4, levelStep: 0.45e-4, makerNotional: 9_000, takerNotional: 700 },
  ETHUSDT: { anchor: 3_200, weight: 3.5, halfSpread: 0.4e-4, levelStep: 0.6e-4, makerNotional: 6_000, takerNotional: 450 },
  SOLUSDT: { anchor: 150, weight: 2.5, halfSpread: 0.8e-4, levelStep: 1e-4, makerNotional: 3_500, takerNotional: 250 },
};

/** A market nobody has described is worth what it last traded at. */
export const profileOf = (symbol: string, lastPrice: number | undefined): MarketProfile =>
  PROFILES[symbol] ?? { anchor: lastPrice ?? 100, weight: 1, halfSpread: 1e-4, levelStep: 1e-4, makerNotional: 2_000, takerNotional: 200 };
