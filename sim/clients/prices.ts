// Where the simulated markets stand in their traders' minds: a price that wanders, and now and then jumps far enough to
// wake what waits for it.
import type { TradedMarket } from "../../crash/orderKinds.ts";
import type { Roll } from "../../services/engine/suite/random.ts";

/** BTCUSDT and ETHUSDT of the default venue. */
const OPENING: readonly [TradedMarket, ...TradedMarket[]] = [
  { marketId: 1, middleTicks: 6_400_000, spreadTicks: 20, lotsMin: 20, lotsMax: 2_000 },
  { marketId: 2, middleTicks: 340_000, spreadTicks: 20, lotsMin: 20, lotsMax: 2_000 },
];
/** A third of a percent: beyond the smallest trailing delta. */
const JUMP_PER_MILLE = 3;
/** As far from the opening as a price may get: within every market's bounds, whatever a run lasts. */
const FARTHEST = 0.05;

export class Prices {
  readonly #middles = new Map(OPENING.map(({ marketId, middleTicks }) => [marketId, middleTicks]));

  /** The market named, or any. */
  market(roll: Roll, marketId?: number): TradedMarket {
    const market = (marketId === undefined ? OPENING[roll(OPENING.length)] : OPENING.find((one) => one.marketId === marketId)) ?? OPENING[0];
    return { ...market, middleTicks: this.#middles.get(market.marketId) ?? market.middleTicks };
  }

  middleTicks(marketId: number): number | undefined {
    return this.#middles.get(marketId);
  }

  get marketIds(): readonly number[] {
    return [...this.#middles.keys()];
  }

  /** Moves one market a little, or by a jump. */
  wander(roll: Roll): void {
    const { marketId, middleTicks, spreadTicks } = this.market(roll);
    const opening = OPENING.find((market) => market.marketId === marketId)?.middleTicks ?? middleTicks;
    const reach = roll(4) === 0 ? Math.floor((middleTicks * JUMP_PER_MILLE) / 1_000) : spreadTicks;
    const next = middleTicks + roll(2 * reach + 1) - reach;
    if (Math.abs(next - opening) < opening * FARTHEST) this.#middles.set(marketId, next);
  }
}
