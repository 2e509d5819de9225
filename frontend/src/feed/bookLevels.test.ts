import { describe, expect, it } from "vitest";
import { OrderBook } from "../../../sdk/typescript/src/index.ts";
import { groupedLevels } from "./bookLevels.ts";

function book(): OrderBook {
  const result = new OrderBook("BTCUSDT");
  result.applySnapshot({
    epoch: 1,
    seq: 1,
    timeUs: 1,
    bidTicks: [1009, 1001, 999],
    bidLots: [1, 2, 4],
    askTicks: [1011, 1019, 1020, 1021],
    askLots: [1, 2, 4, 8],
    checksum: 0,
  });
  return result;
}

describe("the book at coarser price steps", () => {
  it("shows the book's own levels at a step of one tick", () => {
    expect(groupedLevels(book(), { groupTicks: 1, levelsMax: 2 })).toEqual({
      bidTicks: [1009, 1001],
      bidLots: [1, 2],
      askTicks: [1011, 1019],
      askLots: [1, 2],
      bestBidTicks: 1009,
      bestAskTicks: 1011,
    });
  });

  it("merges bids down and asks up, so that no level promises a better price than it holds", () => {
    expect(groupedLevels(book(), { groupTicks: 10, levelsMax: 5 })).toEqual({
      bidTicks: [1000, 990],
      bidLots: [3, 4],
      askTicks: [1020, 1030],
      askLots: [7, 8],
      bestBidTicks: 1009,
      bestAskTicks: 1011,
    });
  });
});
