import { describe, expect, it } from "vitest";
import type { Market } from "../../feed/market.ts";
import { feeOf, objection, percentUsed, quantityForTotal, receivedOf, shareOf, totalOf, type Draft } from "./orderMath.ts";

const market: Market = {
  symbol: "BTCUSDT",
  base: "BTC",
  quote: "USDT",
  baseScale: 8,
  quoteScale: 8,
  tickUnits: 1_000_000n,
  lotUnits: 1_000n,
  priceDecimals: 2,
  quantityDecimals: 5,
  minPrice: "0.01",
  maxPrice: "1000000.00",
  minQuantity: "0.00001",
  maxQuantity: "9000.00000",
  minNotional: "5.00000000",
  maxNotional: "9000000.00000000",
  status: "TRADING",
};
const draft: Draft = { side: "BUY", type: "LIMIT", price: "64000.01", quantity: "0.5", quoteAmount: "", byQuote: false };

describe("the order form's arithmetic", () => {
  it("shows the exact total of an order", () => {
    expect(totalOf(market, { price: "64000.01", quantity: "0.00003" })).toBe("1.9200003");
    expect(totalOf(market, { price: "", quantity: "1" })).toBe("");
  });

  it("never promises more than a total pays for", () => {
    const quantity = quantityForTotal(market, { price: "64000.01", total: "1000" });
    expect(quantity).toBe("0.01562");
    expect(Number(totalOf(market, { price: "64000.01", quantity }))).toBeLessThanOrEqual(1000);
  });

  it("takes the whole balance at 100 percent, cut to whole lots", () => {
    expect(shareOf(market, { side: "SELL", price: "1", available: "0.123456789".slice(0, 10), percent: 100, byQuote: false })).toBe("0.12345");
    expect(shareOf(market, { side: "BUY", price: "50000", available: "10000.00000000", percent: 50, byQuote: false })).toBe("0.1");
    expect(shareOf(market, { side: "BUY", price: "", available: "10000.00999999", percent: 100, byQuote: true })).toBe("10000");
  });

  it("says how much of the balance an order uses", () => {
    expect(percentUsed(market, { ...draft, price: "50000", quantity: "0.1" }, { available: "10000", price: "50000" })).toBe(50);
    expect(percentUsed(market, { ...draft, side: "SELL", quantity: "3" }, { available: "1", price: "50000" })).toBe(100);
  });

  it("estimates the fee on what is received, rounded toward the house", () => {
    expect(feeOf(market, { side: "BUY", price: "60000", quantity: "0.01", feePpm: 1000 })).toBe("0.00001");
    expect(feeOf(market, { side: "SELL", price: "60000", quantity: "0.01", feePpm: 1000 })).toBe("0.6");
    expect(feeOf(market, { side: "BUY", price: "60000", quantity: "0.00001", feePpm: 1000 })).toBe("0.00000001");
  });

  it("says what comes in once the fee is paid", () => {
    expect(receivedOf(market, { side: "BUY", price: "60000", quantity: "0.01", fee: "0.00001" })).toBe("0.00999 BTC");
    expect(receivedOf(market, { side: "SELL", price: "60000", quantity: "0.01", fee: "0.6" })).toBe("599.40 USDT");
  });

  it.each([
    [{}, undefined],
    [{ price: "" }, "Enter a price."],
    [{ price: "1.001" }, "PRICE_FILTER: the price must be a multiple of 0.01."],
    [{ price: "2000000" }, "PRICE_FILTER: the highest price is 1000000."],
    [{ quantity: "" }, "Enter a quantity."],
    [{ quantity: "0.000001" }, "LOT_SIZE: the quantity must be a multiple of 0.00001."],
    [{ quantity: "0.00001" }, "NOTIONAL: the smallest order is 5 USDT."],
    [{ quantity: "9000" }, "NOTIONAL: the largest order is 9000000 USDT."],
    [{ type: "MARKET", price: "", byQuote: true }, "Enter an amount."],
    [{ type: "MARKET", price: "", byQuote: true, quoteAmount: "20", quantity: "" }, undefined],
  ] satisfies [Partial<Draft>, string | undefined][])("an order of %o is objected to as: %s", (change, words) => {
    expect(objection(market, { ...draft, ...change })).toBe(words);
  });
});
