import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FeedMarketStatus } from "../feed/feedMessages.ts";
import type { Market } from "../feed/market.ts";
import { MarketStatusStore } from "./marketStatusStore.ts";

const market = { symbol: "BTCUSDT", baseScale: 8, quoteScale: 8, tickUnits: 1_000_000n, lotUnits: 1_000n, priceDecimals: 2, quantityDecimals: 5, status: "TRADING" } as Market;
const told = (change: Partial<FeedMarketStatus>): FeedMarketStatus => ({ symbol: "BTCUSDT", seq: 1, status: "AUCTION", ...change });

beforeEach(() => {
  vi.stubGlobal("requestAnimationFrame", () => 0);
});

describe("the market on the screen", () => {
  it("is as the page was told, until the feed says what it is now", () => {
    const store = new MarketStatusStore({ ...market, status: "HALT" });
    expect([store.status, store.auction]).toEqual(["HALT", undefined]);
    store.set(told({ status: "TRADING" }));
    expect([store.status, store.auction]).toEqual(["TRADING", undefined]);
  });

  it("shows in an auction the price and the quantity it would come to, and what would be left over", () => {
    const store = new MarketStatusStore(market);
    store.set(told({ auction: { priceTicks: 6_400_050, quantityLots: 12_300, surplusSide: "BUY", surplusLots: 700 } }));
    expect(store.auction).toEqual({ price: "64000.50", quantity: "0.12300", unmatched: { side: "BUY", quantity: "0.00700" } });
    store.set(told({ auction: { priceTicks: 6_400_050, quantityLots: 12_300, surplusSide: undefined, surplusLots: 0 } }));
    expect(store.auction?.unmatched).toBeUndefined();
  });

  it("shows no price while nothing would match, and nothing of the auction once it is over", () => {
    const store = new MarketStatusStore(market);
    store.set(told({ auction: { priceTicks: 0, quantityLots: 0, surplusSide: undefined, surplusLots: 0 } }));
    expect(store.auction).toEqual({ price: undefined, quantity: undefined, unmatched: undefined });
    store.set(told({ status: "TRADING" }));
    expect(store.auction).toBeUndefined();
  });
});
