import { describe, expect, it } from "vitest";
import { OrderStatus } from "../../gen/tickwire/v1/types_pb.ts";
import { TestVenue, type VenueOptions } from "./testing/testVenue.ts";

function table(text: string, options?: VenueOptions): TestVenue {
  const venue = new TestVenue(options);
  venue.table(text, (actual, expected, row) => expect(actual, row).toBe(expected));
  return venue;
}

const events = (venue: TestVenue) => venue.batch.groups[0]?.events.map((e) => e.body) ?? [];

describe("an order that meets one of its own account", () => {
  it("ends itself under EXPIRE_TAKER, and what is left of it does not rest", () => {
    const venue = table(`
      bob   sells 2 @ 100                     -> accepted
      alice sells 5 @ 100                     -> accepted
      carol sells 5 @ 101                     -> accepted
      alice buys  9 @ 101 stp expire_taker    -> accepted, 2 @ 100, prevented 5 @ 100, expired SELF_TRADE_PREVENTION
      ask 101: 5
      ask 100: 5
    `);
    expect(events(venue).findLast((b) => b.case === "orderExpired")?.value).toMatchObject({
      order: { status: OrderStatus.EXPIRED_IN_MATCH, quantityLots: 9n, executedLots: 2n, preventedLots: 7n },
    });
    expect(venue.balances("alice")).toBe("999997/5 999999800/0");
  });

  it("ends the resting one under EXPIRE_MAKER, and goes on", () => {
    const venue = table(`
      alice sells 5 @ 100 as old              -> accepted
      carol sells 5 @ 100                     -> accepted
      alice buys  9 @ 101 stp expire_maker    -> accepted, prevented 5 @ 100, expired SELF_TRADE_PREVENTION, 5 @ 100
      bid 101: 4
    `);
    expect(events(venue).find((b) => b.case === "orderExpired")?.value).toMatchObject({
      order: { clientOrderId: "old", status: OrderStatus.EXPIRED_IN_MATCH, preventedLots: 5n },
    });
    expect(venue.balances("alice")).toBe("1000005/0 999999096/404");
  });

  it("ends both under EXPIRE_BOTH", () => {
    const venue = table(`
      alice buys  5 @ 100                     -> accepted
      carol buys  5 @ 99                      -> accepted
      alice sells 9 @ 99 stp expire_both      -> accepted, prevented 5 @ 100, expired SELF_TRADE_PREVENTION, expired SELF_TRADE_PREVENTION
      bid 99: 5
    `);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
  });

  it("lessens both under DECREMENT: the smaller ends, the larger goes on or rests", () => {
    const venue = table(`
      alice sells 5 @ 100                     -> accepted
      bob   sells 1 @ 100                     -> accepted
      alice buys  9 @ 100 stp decrement       -> accepted, prevented 5 @ 100, expired SELF_TRADE_PREVENTION, 1 @ 100
      bid 100: 3
      alice sells 2 @ 100 stp decrement       -> accepted, prevented 2 @ 100, expired SELF_TRADE_PREVENTION
      bid 100: 1
      alice sells 1 @ 100 stp decrement       -> accepted, prevented 1 @ 100, expired SELF_TRADE_PREVENTION, expired SELF_TRADE_PREVENTION
      empty book
    `);
    expect(venue.balances("alice")).toBe("1000001/0 999999900/0");
  });

  it("trades with itself under NONE, whatever the resting order asked for: the taker's mode decides", () => {
    table(`
      alice sells 5 @ 100 stp expire_both     -> accepted
      alice buys  5 @ 100 stp none            -> accepted, 5 @ 100
    `);
  });

  it("is prevented across the accounts of one trade group, each told in its own sequence", () => {
    const venue = new TestVenue();
    for (const name of ["alice", "amy"]) venue.do(0n, { case: "setTradeGroup", value: { targetAccountId: venue.account(name), tradeGroupId: 7n } });
    expect(events(venue)).toMatchObject([{ case: "tradeGroupChanged", value: { accountId: venue.account("amy"), tradeGroupId: 7n } }]);
    venue.say("amy sells 5 @ 100");
    expect(venue.say("alice buys 3 @ 100 stp decrement")).toBe("accepted, prevented 3 @ 100, expired SELF_TRADE_PREVENTION");
    expect(events(venue).find((b) => b.case === "tradePrevented")?.value).toMatchObject({ executionSeq: 2n, makerExecutionSeq: 2n, maker: { preventedLots: 3n, status: OrderStatus.NEW } });
    expect(venue.picture()).toBe("ask 100: 2");
    venue.restores();
  });
});

describe("orders that must know beforehand what they will meet", () => {
  it("fill or kill counts no own lots, unless the mode moves them away", () => {
    table(`
      bob   sells 2 @ 100                       -> accepted
      alice sells 2 @ 100                       -> accepted
      bob   sells 2 @ 100                       -> accepted
      alice buys  3 @ 100 fok stp expire_taker  -> accepted, expired UNFILLED_FOK
      alice buys  3 @ 100 fok stp decrement     -> accepted, expired UNFILLED_FOK
      alice buys  5 @ 100 fok stp expire_maker  -> accepted, expired UNFILLED_FOK
      ask 100: 2 2 2
      alice buys  2 @ 100 fok stp expire_taker  -> accepted, 2 @ 100
      bob   sells 2 @ 100                       -> accepted
      alice buys  4 @ 100 fok stp expire_maker  -> accepted, prevented 2 @ 100, expired SELF_TRADE_PREVENTION, 2 @ 100, 2 @ 100
      empty book
    `);
  });

  it("a market order pays for what it takes beyond its own orders", () => {
    const venue = new TestVenue();
    venue.account("poor", 10n, 250n);
    venue.table(
      `
      poor  sells 2 @ 100                     -> accepted
      bob   sells 1 @ 120                     -> accepted
      bob   sells 2 @ 130                     -> accepted
      poor  buys  2 stp expire_maker          -> accepted, prevented 2 @ 100, expired SELF_TRADE_PREVENTION, 1 @ 120, 1 @ 130
      ask 130: 1
      `,
      (actual, expected, row) => expect(actual, row).toBe(expected),
    );
    expect(venue.balances("poor")).toBe("12/0 0/0");
  });

  it("a market order by quote amount stops, skips or shrinks at its own orders", () => {
    table(`
      bob   sells 2 @ 100                          -> accepted
      alice sells 2 @ 110                          -> accepted
      bob   sells 9 @ 120                          -> accepted
      alice buys  for 640 stp expire_taker         -> accepted, 2 @ 100, prevented 2 @ 110, expired SELF_TRADE_PREVENTION
      ask 120: 9
      ask 110: 2
      alice buys  for 460 stp decrement            -> accepted, prevented 2 @ 110, expired SELF_TRADE_PREVENTION, 2 @ 120
      alice sells 2 @ 110                          -> accepted
      alice buys  for 240 stp expire_maker         -> accepted, prevented 2 @ 110, expired SELF_TRADE_PREVENTION, 2 @ 120
      ask 120: 5
    `);
  });
});

it("an account on a listed fee tier pays its rates, another the market's", () => {
  const venue = new TestVenue({ makerFeePpm: 10_000, takerFeePpm: 20_000, rules: { feeTiers: [{ tier: 3, makerFeePpm: 0, takerFeePpm: 1_000 }] } });
  const tier = (name: string, value: number) => venue.do(0n, { case: "setFeeTier", value: { targetAccountId: venue.account(name), tier: value } })[0]?.body;
  expect(tier("alice", 3)).toMatchObject({ case: "feeTierChanged", value: { accountId: 2n, tier: 3 } });
  tier("bob", 4);
  venue.say("alice sells 1000 @ 10");
  venue.say("bob buys 1000 @ 10");
  expect(venue.balances("alice")).toBe("999000/0 1000010000/0");
  expect(venue.balances("bob")).toBe("1000980/0 999990000/0");
  venue.say("bob buys 1000 @ 10");
  venue.say("alice sells 1000 @ 10");
  expect(venue.balances("alice")).toBe("998000/0 1000019990/0");
});
