import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssetSchema, MarketSchema, MarketStatus } from "../../gen/tickwire/v1/types_pb.ts";
import { Venue, type MarketInfo } from "../../sdk/typescript/src/index.ts";
import { drawQuote, levelTicks, lotsWorth } from "./ladder.ts";
import { LADDER_LEVELS } from "./limits.ts";
import { profileOf } from "./profiles.ts";
import { Random } from "./random.ts";
import { ReferencePrice } from "./referencePrice.ts";

function listed(): MarketInfo {
  const market = new Venue({
    epoch: 1,
    assets: [create(AssetSchema, { assetId: 1, code: "BTC", scale: 8 }), create(AssetSchema, { assetId: 2, code: "USDT", scale: 8 })],
    markets: [
      create(MarketSchema, {
        marketId: 1,
        symbol: "BTCUSDT",
        baseAssetId: 1,
        quoteAssetId: 2,
        tickSizeUnits: 1_000_000n,
        lotSizeUnits: 1_000n,
        notionalUnits: 10n,
        status: MarketStatus.TRADING,
        minPriceTicks: 1n,
        maxPriceTicks: 100_000_000n,
        minQuantityLots: 1n,
        maxQuantityLots: 900_000_000n,
        maxMarketQuantityLots: 100_000_000n,
        minNotionalUnits: 500_000_000n,
        maxNotionalUnits: 900_000_000_000_000n,
        maxNumOrders: 200,
      }),
    ],
  }).market("BTCUSDT");
  if (market === undefined) throw new Error("the market is listed");
  return market;
}
const market = listed();
const profile = profileOf("BTCUSDT", undefined);

describe("chance", () => {
  it("repeats itself for the same seed and differs for another", () => {
    const draws = (seed: string) => {
      const random = new Random(seed);
      return Array.from({ length: 20 }, () => random.normal());
    };
    expect(draws("a")).toEqual(draws("a"));
    expect(draws("a")).not.toEqual(draws("b"));
  });

  it("is evenly spread, and its waiting times have the mean they are asked for", () => {
    const random = new Random("spread");
    const n = 50_000;
    const mean = (draw: () => number) => Array.from({ length: n }, draw).reduce((sum, x) => sum + x, 0) / n;
    expect(mean(() => random.uniform())).toBeCloseTo(0.5, 1.7);
    expect(mean(() => random.exponential(3))).toBeCloseTo(3, 0.9);
    expect(Math.abs(mean(() => random.normal()))).toBeLessThan(0.03);
  });
});

describe("the reference price", () => {
  it("is the same path for the same seed", () => {
    const path = (seed: string) => {
      const price = new ReferencePrice({ anchor: 64_000, start: 64_000, random: new Random(seed) });
      return Array.from({ length: 50 }, () => (price.advance(0.25), price.price));
    };
    expect(path("x")).toEqual(path("x"));
    expect(path("x")).not.toEqual(path("y"));
  });

  it("moves by the minute, yet after a month is still near what the market is worth", () => {
    const price = new ReferencePrice({ anchor: 64_000, start: 63_000, random: new Random("a month") });
    let low = Infinity;
    let high = 0;
    for (let second = 0; second < 30 * 86_400; second += 30) {
      price.advance(30);
      low = Math.min(low, price.price);
      high = Math.max(high, price.price);
    }
    expect(low).toBeGreaterThan(64_000 * 0.8);
    expect(high).toBeLessThan(64_000 * 1.25);
    expect(high / low).toBeGreaterThan(1.03);
  });

  it("starts where the market stands, not at its anchor", () => {
    expect(new ReferencePrice({ anchor: 64_000, start: 61_234.5, random: new Random("s") }).price).toBeCloseTo(61_234.5, 6);
  });
});

describe("a maker's ladder", () => {
  it("never crosses itself and keeps to the market's filters, whatever the price, the position and the draw", () => {
    const situation = fc.record({ reference: fc.double({ min: 1, max: 900_000, noNaN: true }), inventory: fc.double({ min: -3, max: 3, noNaN: true }), seed: fc.string() });
    fc.assert(
      fc.property(situation, ({ reference, inventory, seed }) => {
        const view = { market, profile, reference, inventory };
        const random = new Random(seed);
        const quotes = (["BUY", "SELL"] as const).map((side) => Array.from({ length: LADDER_LEVELS }, (_, level) => drawQuote(view, { side, level, random })));
        const [bids = [], asks = []] = quotes;
        expect(Math.max(...bids.map((q) => q.priceTicks))).toBeLessThanOrEqual(Math.min(...asks.map((q) => q.priceTicks)));
        for (const { priceTicks, quantityLots } of [...bids, ...asks]) {
          expect(Number.isSafeInteger(priceTicks) && priceTicks >= market.filters.minPriceTicks && priceTicks <= market.filters.maxPriceTicks).toBe(true);
          expect(Number.isSafeInteger(quantityLots) && quantityLots >= 1).toBe(true);
          expect(Number(market.notional(priceTicks, quantityLots))).toBeGreaterThanOrEqual(Number(market.filters.minNotional));
        }
      }),
    );
  });

  it("leans against its position: who holds too much asks less", () => {
    const at = (inventory: number) => levelTicks({ market, profile, reference: 64_000, inventory }, "SELL", 0);
    expect(at(1)).toBeLessThan(at(0));
    expect(at(-1)).toBeGreaterThan(at(0));
  });

  it("makes no order smaller than the market takes", () => {
    expect(Number(market.notional(6_400_000, lotsWorth(market, { notional: 0.01, priceTicks: 6_400_000 })))).toBeGreaterThanOrEqual(5);
  });
});
