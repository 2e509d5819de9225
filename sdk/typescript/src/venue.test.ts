import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssetSchema, MarketSchema, MarketStatus } from "../../../gen/tickwire/v1/types_pb.ts";
import { Venue } from "./venue.ts";

const venue = new Venue({
  epoch: 1,
  assets: [
    create(AssetSchema, { assetId: 1, code: "BTC", name: "Bitcoin", scale: 8 }),
    create(AssetSchema, { assetId: 2, code: "USDT", name: "Tether", scale: 8 }),
  ],
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
    }),
  ],
});
const found = venue.market("BTCUSDT");
if (found === undefined) throw new Error("BTCUSDT is announced");
const market = found;

describe("a market with a tick of 0.01 and a lot of 0.00001", () => {
  it("writes prices and quantities with its own places", () => {
    expect(market.formatPrice(6_400_000)).toBe("64000.00");
    expect(market.formatQuantity(1)).toBe("0.00001");
    expect([market.tickSize, market.lotSize, market.priceDecimals, market.quantityDecimals]).toEqual(["0.01", "0.00001", 2, 5]);
  });

  it("multiplies price and quantity without losing a unit", () => {
    expect(market.notional(6_400_001, 3)).toBe("1.92000030");
    expect(market.notional(9_007_199_254_740_991, 9_007_199_254_740_991)).toMatch(/^\d+\.\d{8}$/);
  });

  it.each([
    ["64000", 6_400_000],
    ["64000.01", 6_400_001],
    ["64000.0100000", 6_400_001],
    ["0", 0],
  ])("reads the price %s", (text, ticks) => expect(market.parsePrice(text)).toEqual({ ok: true, value: ticks }));

  it.each([
    ["64000.001", "too_precise"],
    ["64000.000000001", "too_precise"],
    ["-1", "malformed"],
    ["1e3", "malformed"],
    ["", "malformed"],
    [" 1", "malformed"],
    ["1,5", "malformed"],
    ["99999999999999999999", "too_large"],
  ])("refuses the price %j as %s", (text, error) => expect(market.parsePrice(text)).toEqual({ ok: false, error }));

  it("reads back what it wrote, for every price and quantity", () => {
    const count = fc.integer({ min: 0, max: 10_000_000_000 });
    fc.assert(fc.property(count, (ticks) => void expect(market.parsePrice(market.formatPrice(ticks))).toEqual({ ok: true, value: ticks })));
    fc.assert(fc.property(count, (lots) => void expect(market.parseQuantity(market.formatQuantity(lots))).toEqual({ ok: true, value: lots })));
  });
});
