import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarketSchema } from "../../gen/tickwire/v1/types_pb.ts";
import { decimalPlaces, formatPrice, formatQuantity, formatUnits, parsePriceTicks, parseQuantityLots, parseUnits, type MarketScales } from "./units.ts";

const bitcoin: MarketScales = {
  market: create(MarketSchema, { symbol: "BTCUSDT", tickSizeUnits: 1_000_000n, lotSizeUnits: 1_000n }),
  baseScale: 8,
  quoteScale: 8,
};

describe("amounts as text", () => {
  it.each([
    ["1", 8, 100_000_000n],
    ["0.00000001", 8, 1n],
    ["1.50", 8, 150_000_000n],
    ["1.500000000000", 8, 150_000_000n], // zeros past the scale say nothing
    ["7.", 2, 700n],
    ["42", 0, 42n],
    ["184467440737.09551615", 8, (1n << 64n) - 1n],
  ])("%s at scale %i is %s units", (text, scale, units) => {
    expect(parseUnits(text, scale)).toEqual({ ok: true, value: units });
  });

  it.each([
    ["0.000000001", "too_precise"],
    ["184467440737.09551616", "too_large"],
    ["1e-7", "malformed"],
    ["-1", "malformed"],
    ["+1", "malformed"],
    [" 1", "malformed"],
    ["1 ", "malformed"],
    [".5", "malformed"],
    ["1,5", "malformed"],
    ["", "malformed"],
    ["NaN", "malformed"],
    ["0x10", "malformed"],
    ["١", "malformed"], // digits of other scripts
    ["123456789012345678901", "malformed"],
  ])("%j is refused as %s, never rounded", (text, error) => {
    expect(parseUnits(text, 8)).toEqual({ ok: false, error });
  });

  it("read back as the same units, whatever the scale", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), fc.integer({ min: 0, max: 18 }), (units, scale) => {
        expect(parseUnits(formatUnits(units, scale), scale)).toEqual({ ok: true, value: units });
      }),
    );
  });

  it("write a debit with its sign", () => {
    expect(formatUnits(-1n, 8)).toBe("-0.00000001");
  });
});

describe("prices and quantities of a market", () => {
  it("are whole ticks and lots or refused", () => {
    expect(parsePriceTicks("64000.01", bitcoin)).toEqual({ ok: true, value: 6_400_001 });
    expect(parsePriceTicks("64000.011", bitcoin)).toEqual({ ok: false, error: "too_precise" });
    expect(parseQuantityLots("0.00001", bitcoin)).toEqual({ ok: true, value: 1 });
    expect(parseQuantityLots("0.000001", bitcoin)).toEqual({ ok: false, error: "too_precise" });
  });

  it("are written with the places of their asset", () => {
    expect(formatPrice(6_400_001, bitcoin)).toBe("64000.01000000");
    expect(formatQuantity(1n, bitcoin)).toBe("0.00001000");
  });

  it("need only the places of their step on a screen", () => {
    expect(decimalPlaces(1_000_000, 8)).toBe(2);
    expect(decimalPlaces(1_000, 8)).toBe(5);
    expect(decimalPlaces(100_000_000, 8)).toBe(0);
    expect(decimalPlaces(5_000_000, 8)).toBe(2); // ticks of 0.05
  });
});
