import { beforeEach, describe, expect, it, vi } from "vitest";
import type { FeedTrade } from "../feed/feedMessages.ts";
import type { Market } from "../feed/market.ts";
import { TradesStore, type TradeRow } from "./tradesStore.ts";

const market = { baseScale: 8, quoteScale: 8, tickUnits: 1_000_000n, lotUnits: 1_000n, priceDecimals: 2, quantityDecimals: 5 } as Market;
const fed = (tradeId: number): FeedTrade => ({ tradeId, priceTicks: 6_400_000 + tradeId, quantityLots: 5, takerSide: "BUY", seq: tradeId, timeUs: tradeId * 1_000_000 });
const fetched = (id: number): TradeRow => ({ id, price: `${64_000 + id / 100}`, quantity: "0.00005", takerSide: "BUY", timeMs: id * 1000 });
const ids = (store: TradesStore): number[] => store.rows.map((row) => row.id);

beforeEach(() => void vi.stubGlobal("requestAnimationFrame", () => 0));

describe("the latest trades", () => {
  it("come newest first, none twice, from the feed and from REST alike", () => {
    const store = new TradesStore(market, [fetched(1), fetched(2)]);
    store.add([fed(2), fed(3)]);
    store.seed([fetched(1), fetched(2), fetched(3)]);
    expect(ids(store)).toEqual([3, 2, 1]);
    expect(store.rows[0]).toMatchObject({ price: "64000.03", quantity: "0.00005" });
  });

  it("show a hole between what was fetched and what the feed brings, and close it", () => {
    const store = new TradesStore(market, [fetched(1)]);
    store.add([fed(2)]);
    expect(store.holes).toBe(0);
    store.add([fed(5)]);
    expect(store.holes).toBe(1);
    store.seed([fetched(2), fetched(3), fetched(4), fetched(5)]);
    store.add([fed(6)]);
    expect(store.holes).toBe(1);
    expect(ids(store)).toEqual([6, 5, 4, 3, 2, 1]);
  });

  it("keep a bounded number", () => {
    const store = new TradesStore(market, undefined);
    store.add(Array.from({ length: 200 }, (_, i) => fed(i + 1)));
    expect(store.rows).toHaveLength(60);
    expect(ids(store)[0]).toBe(200);
  });
});
