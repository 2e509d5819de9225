// Where a maker's orders should stand: a ladder of levels on each side of what the market is worth, wider and heavier
// with the distance. Pure; prices in ticks, sizes in lots.
import type { MarketInfo, Side } from "../../sdk/typescript/src/index.ts";
import type { MarketProfile } from "./profiles.ts";
import type { Random } from "./random.ts";

/** Each level lies this much farther from the last than the one before. */
const WIDENING = 0.05;
/** Each level's order is this much larger than that of the one before. */
const GROWTH = 0.09;
const SIZE_SIGMA = 0.55;

/** The distance of a level from the reference price, as a part of it. */
function levelDistance({ halfSpread, levelStep }: MarketProfile, level: number): number {
  return halfSpread + levelStep * level * (1 + WIDENING * level);
}

export interface Quote {
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** The part of a price that a maker who holds too much (positive) or too little of the base asset moves its ladder by. */
const SKEW_MAX = 4;

export interface LadderView {
  readonly market: MarketInfo;
  readonly profile: MarketProfile;
  /** Reference price in quote assets. */
  readonly reference: number;
  /** -1 to 1: how far the maker's base holdings are from what it began with; positive is too much. */
  readonly inventory: number;
}

/** The price the ladder is centred on: lower when the maker holds too much, so that it sells more than it buys. */
const ladderCentre = ({ profile, reference, inventory }: LadderView): number =>
  reference * (1 - Math.max(-1, Math.min(1, inventory)) * SKEW_MAX * profile.levelStep);

const priceToTicks = (market: MarketInfo, price: number): number => price / market.priceNumber(1);

/** The exact price of a level before a maker's taste comes in. */
export function levelTicks(view: LadderView, side: Side, level: number): number {
  const sign = side === "BUY" ? -1 : 1;
  return priceToTicks(view.market, ladderCentre(view) * (1 + sign * levelDistance(view.profile, level)));
}

/** A fresh quote for a level, within the market's filters. */
export function drawQuote(view: LadderView, { side, level, random }: { side: Side; level: number; random: Random }): Quote {
  const { market, profile } = view;
  const jitter = random.between(-0.3, 0.3) * profile.levelStep * (level === 0 ? 0.3 : 1);
  const exact = levelTicks(view, side, level) * (1 + jitter);
  // Away from the other side, so that rounding never crosses.
  const ticks = side === "BUY" ? Math.floor(exact) : Math.ceil(exact);
  const notional = profile.makerNotional * (1 + GROWTH * level) * random.logNormal({ median: 1, sigma: SIZE_SIGMA });
  return {
    priceTicks: Math.max(market.filters.minPriceTicks, Math.min(market.filters.maxPriceTicks, ticks)),
    quantityLots: lotsWorth(market, { notional, priceTicks: Math.max(1, ticks) }),
  };
}

/** Lots worth about `notional` quote assets, at least twice the smallest order and never above the largest. */
export function lotsWorth(market: MarketInfo, { notional, priceTicks }: { notional: number; priceTicks: number }): number {
  const { filters } = market;
  const worthOfLot = market.priceNumber(priceTicks) * market.quantityNumber(1);
  const wanted = Math.max(notional, 2 * Number(filters.minNotional)) / worthOfLot;
  // 0 as the market-order limit means that there is none of its own.
  const largest = Math.min(filters.maxQuantityLots, filters.maxMarketQuantityLots || Infinity);
  return Math.max(1, filters.minQuantityLots, Math.min(largest, Math.round(wanted)));
}
