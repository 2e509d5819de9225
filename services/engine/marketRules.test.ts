import { describe, expect, it } from "vitest";
import { MarketStatus, RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { MARKET, nameOf, QUOTE, TestVenue, type CommandInit } from "./testing/testVenue.ts";

const MINUTE_US = 60_000_000n;

function table(venue: TestVenue, text: string): void {
  venue.table(text, (actual, expected, row) => expect(actual, row).toBe(expected));
}

describe("the reference price", () => {
  it("is the volume-weighted average of five minutes, then the last price", () => {
    const venue = new TestVenue({ rules: { bidMultiplierUpBips: 20_000, bidMultiplierDownBips: 5_000, askMultiplierUpBips: 20_000, askMultiplierDownBips: 5_000 } });
    table(
      venue,
      `
      alice sells 1 @ 900 -> accepted
      bob   buys  1 @ 900 -> accepted, 1 @ 900
      alice sells 9 @ 500 -> accepted
      bob   buys  9 @ 500 -> accepted, 9 @ 500
      bob   buys  1 @ 1081 -> rejected PERCENT_PRICE_BY_SIDE
      bob   buys  1 @ 269  -> rejected PERCENT_PRICE_BY_SIDE
      bob   sells 1 @ 1081 -> rejected PERCENT_PRICE_BY_SIDE
      bob   sells 1 @ 1080 -> accepted
      bob   buys  1 @ 270  -> accepted
      `,
    );
    venue.restores();
    // Five minutes on nothing has traded: the last price, 500, is the measure.
    venue.timeUs = 5n * MINUTE_US;
    expect(venue.say("bob buys 1 @ 1001")).toBe("rejected PERCENT_PRICE_BY_SIDE");
    expect(venue.say("bob buys 1 @ 1000")).toBe("accepted");
  });

  it("does not exist before the first trade: then the rules that need it are not applied", () => {
    const venue = new TestVenue({ rules: { bidMultiplierUpBips: 10_000, priceBandBips: 1 } });
    expect(venue.say("bob buys 1 @ 1000")).toBe("accepted");
  });
});

describe("the execution price band", () => {
  it("is fixed when the order starts to take; what would match outside expires", () => {
    const venue = new TestVenue({ rules: { priceBandBips: 1_000 } });
    table(
      venue,
      `
      alice sells 1 @ 100 -> accepted
      bob   buys  1 @ 100 -> accepted, 1 @ 100
      alice sells 5 @ 109 -> accepted
      alice sells 5 @ 111 -> accepted
      bob   buys  7 @ 120 -> accepted, 5 @ 109, expired PRICE_BAND_EXCEEDED
      ask 111: 5
      `,
    );
    expect(venue.balances("bob")).toBe("1000006/0 999999355/0");
    // 108 now: the band reaches 118.
    table(
      venue,
      `
      bob   buys  2 -> accepted, 2 @ 111
      alice sells 5 @ 150 -> accepted
      bob   buys  9 -> accepted, 3 @ 111, expired PRICE_BAND_EXCEEDED
      bob   buys  1 @ 160 fok -> accepted, expired UNFILLED_FOK
      bob   buys  for 400 -> rejected NO_LIQUIDITY
      bob   buys  1 @ 149 -> accepted
      alice sells 1 @ 90 -> accepted, 1 @ 149
      ask 150: 5
      `,
    );
  });
});

it("NOTIONAL measures a market order by the last price, and by the book's best before there is one", () => {
  const venue = new TestVenue({ minNotionalUnits: 100n, maxNotionalUnits: 1_000n });
  table(
    venue,
    `
    mm  sells 5 @ 50 -> accepted
    bob buys  1 -> rejected MIN_NOTIONAL
    bob buys  2 -> accepted, 2 @ 50
    mm  sells 3 @ 90 -> accepted
    bob buys  3 -> accepted, 3 @ 50
    bob buys  2 -> accepted, 2 @ 90
    bob buys  1 -> rejected MIN_NOTIONAL
    mm  sells 100 @ 10 -> accepted
    bob buys  11 -> accepted, 11 @ 10
    bob buys  9 -> rejected MIN_NOTIONAL
    bob buys  101 -> rejected MAX_NOTIONAL
    bob sells 9 -> rejected MIN_NOTIONAL
    bob sells 10 -> accepted, expired INSUFFICIENT_LIQUIDITY
    `,
  );
});

it("MAX_POSITION counts what an account has, holds and bids for", () => {
  const venue = new TestVenue({ rules: { maxPositionLots: 20n } });
  venue.account("alice", 10n, 10_000n);
  venue.account("bob", 10n, 10_000n);
  table(
    venue,
    `
    alice sells 5 @ 100  -> accepted
    alice buys  6 @ 50   -> accepted
    alice buys  5 @ 50   -> rejected MAX_POSITION
    alice buys  4 @ 50   -> accepted
    alice sells 5 @ 100  -> accepted
    alice buys  1        -> rejected MAX_POSITION
    bob   buys  10       -> accepted, 5 @ 100, 5 @ 100
    `,
  );
});

it("MAX_POSITION counts a pair once, and what a list may come to buy, pending orders included", () => {
  const venue = new TestVenue({ rules: { maxPositionLots: 20n } });
  venue.account("alice", 10n, 100_000n);
  venue.account("bob", 10n, 0n);
  table(
    venue,
    `
    alice lists oto as A: buys 6 @ 50 | buys 5 @ 40 -> rejected MAX_POSITION
    alice lists oto as B: sells 6 @ 90 | buys 11 @ 40 -> rejected MAX_POSITION
    alice lists oto as C: buys 6 @ 50 as work | buys 4 @ 40 -> list, accepted, accepted
    alice buys 1 @ 30 -> rejected MAX_POSITION
    alice cancels work -> canceled work, expired OTO_WORKING_LEG_ENDED, list done
    alice lists oco as D: buys 11 @ 120 stop 110 | buys 11 @ 50 maker -> rejected MAX_POSITION
    alice lists oco as E: buys 9 @ 120 stop 110 as stop | buys 9 @ 50 maker -> list, accepted, accepted
    alice lists otoco as F: sells 1 @ 90 as sold | buys 2 @ 120 stop 110 | buys 2 @ 50 maker -> rejected MAX_POSITION
    alice lists otoco as G: sells 1 @ 90 as sold | buys 1 @ 120 stop 110 | buys 1 @ 50 maker -> list, accepted, accepted, accepted
    alice buys 1 @ 30 -> rejected MAX_POSITION
    alice cancels stop -> canceled stop, canceled auto-9, list done
    alice buys 9 @ 30 -> accepted
    `,
  );
});

it("MAX_NUM_ALGO_ORDERS counts orders that wait only when their list places them, and MAX_NUM_ICEBERG_ORDERS each of a list", () => {
  const venue = new TestVenue({ rules: { maxNumAlgoOrders: 2, maxNumIcebergOrders: 2 } });
  table(
    venue,
    `
    mm    sells 1 @ 100 -> accepted
    mm    buys  1 @ 100 -> accepted, 1 @ 100
    alice lists otoco as A: buys 5 @ 90 as work | sells 5 take 110 | sells 5 stop 80 as stop -> list, accepted, accepted, accepted
    alice sells 1 stop 70 -> rejected MAX_NUM_ALGO_ORDERS
    alice lists oto as B: buys 5 @ 90 | sells 5 stop 80 -> rejected MAX_NUM_ALGO_ORDERS
    bob   sells 5 @ 90 -> accepted, 5 @ 90, accepted, accepted
    alice sells 1 stop 70 -> rejected MAX_NUM_ALGO_ORDERS
    alice cancels stop -> canceled stop, canceled auto-3, list done
    alice lists oto as C: buys 5 @ 80 as work2 | sells 5 stop 70 -> list, accepted, accepted
    alice cancels work2 -> canceled work2, expired OTO_WORKING_LEG_ENDED, list done
    alice sells 1 stop 70 -> accepted
    alice sells 1 stop 70 -> accepted
    alice sells 4 @ 200 show 2 -> accepted
    alice lists oto as D: buys 4 @ 80 show 2 | sells 4 @ 120 show 2 -> rejected MAX_NUM_ICEBERG_ORDERS
    alice lists oto as E: buys 4 @ 80 show 2 | sells 4 @ 120 -> list, accepted, accepted
    `,
  );
  venue.restores();
  expect(venue.say("alice sells 1 stop 70")).toBe("rejected MAX_NUM_ALGO_ORDERS");
});

it("MARKET_LOT_SIZE has both ends", () => {
  const venue = new TestVenue({ rules: { minMarketQuantityLots: 3n } });
  table(
    venue,
    `
    alice sells 9 @ 100 -> accepted
    bob   buys  2       -> rejected MARKET_LOT_SIZE
    bob   buys for 299  -> rejected MARKET_LOT_SIZE
    bob   buys  2 @ 100 -> accepted, 2 @ 100
    bob   buys  3       -> accepted, 3 @ 100
    `,
  );
});

describe("an update of a market", () => {
  const rules = {
    marketId: MARKET,
    minPriceTicks: 1n,
    maxPriceTicks: 500n,
    minQuantityLots: 1n,
    maxQuantityLots: 50n,
    maxMarketQuantityLots: 10n,
    minNotionalUnits: 1n,
    maxNotionalUnits: 9_000n,
    maxNumOrders: 2,
    takerFeePpm: 10_000,
  };
  const update = (venue: TestVenue, change: object, accountId = 0n) => {
    const body = { case: "updateMarket", value: { market: { ...rules, ...change } } } as NonNullable<CommandInit["body"]>;
    const event = venue.do(accountId, body)[0]?.body;
    return event?.case === "commandRejected" ? nameOf(RejectReason, event.value.reason) : event?.case;
  };

  it("replaces its rules from the next command on; open orders stay", () => {
    const venue = new TestVenue();
    venue.say("alice sells 100 @ 600");
    expect(update(venue, {})).toBe("marketUpdated");
    table(
      venue,
      `
      bob   buys  1 @ 501  -> rejected PRICE_FILTER
      bob   buys  51 @ 1   -> rejected LOT_SIZE
      bob   buys  11       -> rejected MARKET_LOT_SIZE
      bob   buys  10       -> accepted, 10 @ 600
      ask 600: 90
      `,
    );
    expect(venue.balances("bob")).toBe("1000009/0 999994000/0");
    venue.restores();
  });

  it("is refused whole when it names no market, changes what is fixed, or makes no sense", () => {
    const venue = new TestVenue();
    expect(update(venue, { marketId: 9 })).toBe("UNKNOWN_MARKET");
    expect(update(venue, { symbol: "BASEQUOTE", quoteAssetId: QUOTE, tickSizeUnits: 1n })).toBe("marketUpdated");
    for (const change of [
      { symbol: "OTHER" },
      { lotSizeUnits: 2n },
      { status: MarketStatus.HALT },
      { maxPriceTicks: 0n },
      { maxNumOrders: 0 },
      { bidMultiplierUpBips: 1, bidMultiplierDownBips: 2 },
      { maxTrailingAboveBips: 10_000 },
      { minTrailingBelowBips: 10_000 },
      { feeTiers: [{ tier: 0 }] },
      { feeTiers: [{ tier: 1 }, { tier: 1 }] },
    ]) {
      expect(update(venue, change), JSON.stringify(change, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v))).toBe("INVALID_DEFINITION");
    }
    expect(update(venue, {}, venue.account("alice"))).toBe("MALFORMED_COMMAND");
  });
});
