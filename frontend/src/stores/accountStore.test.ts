import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { FeedExecution, FeedOrder } from "../feed/feedMessages.ts";
import type { Market } from "../feed/market.ts";
import { AccountStore } from "./accountStore.ts";

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
  minNotional: "5",
  maxNotional: "9000000",
  status: "TRADING",
};

const order = (orderId: number, change: Partial<FeedOrder> = {}): FeedOrder => ({
  orderId,
  clientOrderId: `c${orderId}`,
  symbol: "BTCUSDT",
  marketId: 1,
  side: "SELL",
  type: "LIMIT",
  timeInForce: "GTC",
  status: "NEW",
  priceTicks: 6_000_000,
  quantityLots: 3_000,
  quoteOrderUnits: 0,
  executedLots: 0,
  executedQuoteUnits: 0,
  createdUs: orderId * 1000,
  updatedUs: 0,
  workingUs: 0,
  expiryReason: undefined,
  cancelReason: undefined,
  ...change,
});
const execution = (of: FeedOrder): FeedExecution => ({ epoch: 1, seq: 1, executionSeq: 1, timeUs: 1, type: "TRADE", order: of, fill: undefined });
const btc = { asset: "BTC", assetId: 1, scale: 8, availableUnits: 97_000_000n, heldUnits: 3_000_000n, available: "0.97000000", held: "0.03000000" };

const frames: (() => void)[] = [];
beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => frames.push(run));
});
const paint = (): void => {
  for (const run of frames.splice(0)) run();
};
afterEach(paint);

describe("what the person at the screen owns and has open", () => {
  const store = (): AccountStore => new AccountStore(new Map([["BTCUSDT", market]]), { balances: undefined, openOrders: undefined });

  it("is replaced by the feed's snapshot, with an asset not owned shown as zero", () => {
    const account = store();
    account.seed({ balances: [{ asset: "BTC", free: "5.00000000", locked: "0.00000000" }], openOrders: [] });
    account.snapshot({ epoch: 1, seq: 9, executionSeq: 4, balanceSeq: 2, openOrders: [order(7)], balances: [btc] });
    expect(account.balances).toEqual([
      { asset: "USDT", free: "0.00000000", locked: "0.00000000" },
      { asset: "BTC", free: "0.97000000", locked: "0.03000000" },
    ]);
    expect(account.openOrders).toMatchObject([{ orderId: 7, price: "60000.00", quantity: "0.03000", executed: "0.00000" }]);
  });

  it("is never set back by a REST answer that comes after the feed", () => {
    const account = store();
    account.snapshot({ epoch: 1, seq: 9, executionSeq: 4, balanceSeq: 2, openOrders: [], balances: [btc] });
    account.seed({ balances: [{ asset: "BTC", free: "1.00000000", locked: "0.00000000" }], openOrders: undefined });
    expect(account.balanceOf("BTC")?.free).toBe("0.97000000");
    account.interrupted();
    account.seed({ balances: [{ asset: "BTC", free: "1.00000000", locked: "0.00000000" }], openOrders: undefined });
    expect(account.balanceOf("BTC")?.free).toBe("1.00000000");
  });

  it("keeps a partly filled order and lets go of one that ended", () => {
    const account = store();
    account.snapshot({ epoch: 1, seq: 9, executionSeq: 4, balanceSeq: 2, openOrders: [order(7), order(8)], balances: [] });
    account.execution(execution(order(7, { status: "PARTIALLY_FILLED", executedLots: 1_000 })));
    account.execution(execution(order(8, { status: "FILLED", executedLots: 3_000 })));
    expect(account.openOrders).toMatchObject([{ orderId: 7, executed: "0.01000" }]);
  });

  it("is shown once per frame, however many events came in between", () => {
    const account = store();
    const shown = vi.fn();
    account.subscribe(shown);
    for (let i = 1; i <= 50; i++) account.execution(execution(order(i)));
    expect(shown).not.toHaveBeenCalled();
    paint();
    expect(shown).toHaveBeenCalledTimes(1);
    expect(account.openOrderCount).toBe(50);
  });
});
