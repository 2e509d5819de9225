import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatUnits as sdkFormat, parseUnits as sdkParse } from "../../../sdk/typescript/src/index.ts";
import { asTyped, compact, cutTo, formatUnits, grouped, unitsOf, withoutTrailingZeros } from "./decimalText.ts";

describe("amounts as text", () => {
  it("are read and written exactly as the SDK does", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 65n) - 1n }), fc.integer({ min: 0, max: 18 }), (units, scale) => {
        const text = formatUnits(units, scale);
        expect(text).toBe(sdkFormat(units, scale));
        const parsed = sdkParse(text, scale);
        expect(unitsOf(text, scale)).toBe(parsed.ok ? parsed.value : undefined);
      }),
    );
    for (const text of ["", ".", "1.", ".5", "-1", "1e3", " 1", "1,5", "01", "1.500000000", "0x1", "NaN", "1".repeat(21)]) {
      const parsed = sdkParse(text, 8);
      expect(unitsOf(text, 8)).toBe(parsed.ok ? parsed.value : undefined);
    }
  });

  it("are shown grouped, cut or shortened without rounding up", () => {
    expect(grouped("1234567.00010000")).toBe("1,234,567.00010000");
    expect(grouped("-1234.5")).toBe("-1,234.5");
    expect(cutTo("0.99999999", 2)).toBe("0.99");
    expect(cutTo("64000", 2)).toBe("64000.00");
    expect(withoutTrailingZeros("10.00000000")).toBe("10");
    expect(withoutTrailingZeros("100")).toBe("100");
    expect(compact("1234567.89")).toBe("1.23M");
    expect(compact("12.34567890")).toBe("12.34");
  });

  it("may be typed only as digits and one point, with no more places than the market has", () => {
    expect(asTyped("1,5", 2)).toBe("1.5");
    expect(asTyped("", 2)).toBe("");
    expect(asTyped("1.234", 2)).toBeUndefined();
    expect(asTyped("1e5", 2)).toBeUndefined();
    expect(asTyped("-1", 2)).toBeUndefined();
  });
});
