// The opening auction: orders are collected, and one price is found at which the most of them trade.
import { create } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MarketStatusUpdateSchema } from "../../gen/tickwire/v1/market_data_pb.ts";
import { QueuePositionQuerySchema, WhatIfQuerySchema } from "../../gen/tickwire/v1/query_pb.ts";
import { MarketStatus, RejectReason, Side } from "../../gen/tickwire/v1/types_pb.ts";
import { BUY } from "./orderBook.ts";
import { PRICE_TICKS, RECORD_F64, RECORD_I32, recordAt, REMAINING_LOTS, SIDE } from "./orderStore.ts";
import { answer } from "./queries.ts";
import { forEachCollected, forEachOrder, restoreSnapshot, stateHash, takeSnapshot } from "./snapshot.ts";
import { isFastUnderTest } from "./suite/engineUnderTest.ts";
import { table } from "./testing/restoredTable.ts";
import { BASE, FAST_ONLY, MARKET, TestVenue } from "./testing/testVenue.ts";

const OPEN = `
  venue goes HALT ->
  venue goes AUCTION ->
`;

describe("an auction", () => {
  it("collects limit orders beside the book, and matches them at one price when trading begins", () => {
    const venue = table(`
      mm    sells 5 @ 110 -> accepted
      mm    buys  5 @ 90 -> accepted
      ${OPEN}
      alice buys  4 @ 105 -> accepted
      bob   sells 3 @ 95 -> accepted
      carol buys  2 @ 101 -> accepted
      ask 110: 5
      bid 90: 5
      collected ask 95: 3
      collected bid 105: 4
      collected bid 101: 2
      dave  sells 6 @ 100 -> accepted
      venue goes TRADING -> uncrossed 6 @ 100, 3 @ 100, 1 @ 100, 2 @ 100
      ask 110: 5
      ask 100: 3
      bid 90: 5
    `);
    // Alice bid 105 and paid 100.
    expect(venue.balances("alice")).toBe("1000004/0 999999600/0");
    expect(venue.balances("bob")).toBe("999997/0 1000000300/0");
    expect(venue.balances("dave")).toBe("999994/3 1000000300/0");
    table("alice buys 1 @ 100 -> accepted, 1 @ 100", undefined, venue);
  });

  it("lets what rested before the halt take part, before later orders at its price", () => {
    table(`
      early sells 2 @ 100 -> accepted
      ${OPEN}
      late  sells 2 @ 100 -> accepted
      alice buys  3 @ 104 -> accepted
      ask 100: 2
      collected ask 100: 2
      collected bid 104: 3
      venue goes TRADING -> uncrossed 3 @ 102, 2 @ 102, 1 @ 102
      ask 100: 1
    `);
  });

  it("that nothing crosses, or that collected nothing, just opens", () => {
    table(`
      ${OPEN}
      venue goes TRADING -> uncrossed nothing
      ${OPEN}
      alice buys  3 @ 99 -> accepted
      bob   sells 3 @ 101 -> accepted
      venue goes TRADING -> uncrossed nothing
      ask 101: 3
      bid 99: 3
    `);
  });

  // Bids, asks, the last trade's price -> the price, how much trades, and what is left at it.
  it.each<[string, string, number, string]>([
    ["5 @ 105", "5 @ 95", 100, "5 @ 100, 0 left"],
    ["5 @ 105", "5 @ 95", 120, "5 @ 105, 0 left"],
    ["5 @ 105", "5 @ 95", 90, "5 @ 95, 0 left"],
    ["5 @ 105", "5 @ 94", 0, "5 @ 99, 0 left"],
    // The most lots first, however far from the last price.
    ["9 @ 105, 1 @ 100", "1 @ 100, 9 @ 104", 100, "9 @ 104, 1 left to sell"],
    // Some of the last bid is left: lower prices would leave more, so it is the bid's, or as near as the next bid allows.
    ["7 @ 105", "5 @ 95", 100, "5 @ 100, 2 left to buy"],
    ["7 @ 105, 1 @ 102", "5 @ 95", 100, "5 @ 103, 2 left to buy"],
    ["5 @ 105", "7 @ 95", 100, "5 @ 100, 2 left to sell"],
    ["5 @ 105", "7 @ 95, 1 @ 98", 100, "5 @ 97, 2 left to sell"],
    // Nothing of the last ones is left, the next ones are neighbours: the side of the smaller, and as near as it allows.
    ["5 @ 105, 2 @ 100", "5 @ 95, 3 @ 101", 110, "5 @ 100, 2 left to buy"],
    ["5 @ 105, 3 @ 100", "5 @ 95, 2 @ 101", 90, "5 @ 101, 2 left to sell"],
    ["5 @ 105, 2 @ 100", "5 @ 95, 3 @ 101", 90, "5 @ 95, 2 left to buy"],
    ["5 @ 105, 3 @ 100", "5 @ 95, 2 @ 101, 1 @ 104", 110, "5 @ 103, 2 left to sell"],
    ["5 @ 105, 2 @ 100", "5 @ 95, 2 @ 101", 110, "5 @ 105, 2 left to sell"],
    ["5 @ 105, 2 @ 100, 1 @ 98", "5 @ 95, 2 @ 101", 90, "5 @ 99, 2 left to buy"],
    ["5 @ 100", "5 @ 100", 0, "5 @ 100, 0 left"],
    ["5 @ 100, 5 @ 99", "5 @ 101", 0, "nothing"],
  ])("of bids %s and asks %s after a trade at %d comes to %s", (bids, asks, last, outcome) => {
    const venue = new TestVenue();
    if (last !== 0) table(`mm sells 1 @ ${last} -> accepted\nmm buys 1 @ ${last} -> accepted, 1 @ ${last}`, undefined, venue);
    table(OPEN, undefined, venue);
    for (const [i, order] of bids.split(", ").entries()) venue.say(`buyer${i} buys ${order}`);
    for (const [i, order] of asks.split(", ").entries()) venue.say(`seller${i} sells ${order}`);
    if (isFastUnderTest()) expect(indication(venue)).toBe(outcome);
    const [traded = ""] = outcome.split(",");
    expect(venue.say("venue goes TRADING").split(", ")[0]).toBe(`uncrossed ${traded}`);
  });

  it.each<[string, string]>([
    ["alice buys 5", "MARKET_AUCTION"],
    ["alice buys for 500", "MARKET_AUCTION"],
    ["alice buys 5 @ 100 ioc", "MARKET_AUCTION"],
    ["alice buys 5 @ 100 fok", "MARKET_AUCTION"],
    ["alice buys 5 @ 100 maker", "MARKET_AUCTION"],
    ["alice buys 5 peg primary", "MARKET_AUCTION"],
    ["alice amends post @ 91", "MARKET_AUCTION"],
    ["alice lists oco as L: sells 5 @ 120 maker | sells 5 stop 80", "MARKET_AUCTION"],
    ["alice lists oto as L: buys 5 peg primary | sells 5 @ 120", "MARKET_AUCTION"],
    ["alice buys 5 @ 2000000000", "PRICE_FILTER"],
    ["alice buys 99999999 @ 100", "INSUFFICIENT_BALANCE"],
  ])("refuses %s: %s", (line, reason) => {
    const venue = table(`
      bob   buys 1 @ 90 -> accepted
      alice buys 3 @ 90 maker as post -> accepted
      ${OPEN}
    `);
    const before = venue.balances("alice");
    expect(venue.say(line)).toBe(`rejected ${reason}`);
    expect(venue.balances("alice")).toBe(before);
  });

  it("takes GTC and GTD orders, and stop orders, which wait", () => {
    const venue = table(`
      mm    sells 1 @ 100 -> accepted
      mm    buys  1 @ 100 -> accepted, 1 @ 100
      alice sells 1 stop 95 as old -> accepted
      ${OPEN}
      alice sells 2 stop 98 as new -> accepted
      bob   buys  5 @ 98 gtd 5000 -> accepted
      carol buys  5 @ 97 -> accepted
      dave  sells 3 @ 94 -> accepted
      collected ask 94: 3
      collected bid 98: 5
      collected bid 97: 5
    `);
    expect(venue.balances("bob")).toBe("1000000/0 999999510/490");
    venue.account("erin");
    venue.timeUs = 5_000n;
    expect(venue.say("erin sells 3 @ 95")).toContain("expired GOOD_TILL_DATE");
    expect(venue.balances("bob")).toBe("1000000/0 1000000000/0");
    table(`
      collected ask 95: 3
      collected ask 94: 3
      collected bid 97: 5
      venue goes TRADING -> uncrossed 5 @ 97, 3 @ 97, 2 @ 97, woken new, expired INSUFFICIENT_LIQUIDITY
      ask 95: 1
      dave  buys 1 @ 95 -> accepted, 1 @ 95, woken old, expired INSUFFICIENT_LIQUIDITY
    `, undefined, venue);
  });

  it("shows its price to waiting orders once, and lists go on: a fill ends the pair's other half, a working order brings its own", () => {
    table(`
      mm    sells 1 @ 100 -> accepted
      mm    buys  1 @ 100 -> accepted, 1 @ 100
      alice lists oco as L: sells 5 @ 110 maker as gain | sells 5 stop 90 as stop -> list, accepted, accepted
      carol buys  2 @ 109 stop 108 as woken -> accepted
      ${OPEN}
      dave  lists oto as M: buys 2 @ 112 as work | sells 2 @ 120 as pend -> list, accepted, accepted
      bob   buys  1 @ 111 -> accepted
      ask 110: 5
      collected bid 112: 2
      collected bid 111: 1
      venue goes TRADING -> uncrossed 3 @ 110, 2 @ 110, expired OCO_TRIGGERED, 1 @ 110, woken woken, accepted
      ask 120: 2
      ask 110: 2
      bid 109: 2
    `);
  });

  it("lets orders be cancelled, and made smaller in their place, or dearer behind the others", () => {
    const venue = table(`
      early buys  5 @ 99 as before -> accepted
      ${OPEN}
      alice buys  5 @ 100 as a -> accepted
      bob   buys  5 @ 100 as b -> accepted
      carol buys  5 @ 98 as c -> accepted
      alice amends a to 4 -> amended in place
      bid 99: 5
      collected bid 100: 4 5
      collected bid 98: 5
    `);
    expect(venue.balances("alice")).toBe("1000000/0 999999600/400");
    table(`
      carol amends c @ 100 -> amended
      early amends before @ 101 -> amended
      collected bid 101: 5
      collected bid 100: 4 5 5
      bob   cancels b -> canceled b
      carol cancels all -> canceled c
      collected bid 101: 5
      collected bid 100: 4
      early amends before to 2 -> amended in place
      alice amends a @ 102 -> amended
      collected bid 102: 4
      collected bid 101: 2
      dave  sells 5 @ 100 -> accepted
      venue goes TRADING -> uncrossed 5 @ 100, 4 @ 100, 1 @ 100
      bid 101: 1
    `, undefined, venue);
    expect(venue.balances("carol")).toBe("1000000/0 1000000000/0");
    expect(venue.balances("early")).toBe("1000001/0 999999799/101");
  });

  it("charges both sides as takers, but for post-only orders from before", () => {
    const venue = table(`
      maker sells 100 @ 100 maker -> accepted
      ${OPEN}
      alice sells 100 @ 100 -> accepted
      bob   buys  200 @ 100 -> accepted
      venue goes TRADING -> uncrossed 200 @ 100, 100 @ 100, 100 @ 100
      empty book
    `, { makerFeePpm: 10_000, takerFeePpm: 20_000 });
    expect(venue.balances("maker")).toBe("999900/0 1000009900/0");
    expect(venue.balances("alice")).toBe("999900/0 1000009800/0");
    expect(venue.balances("bob")).toBe("1000196/0 999980000/0");
  });

  it("shows icebergs part by part: what is hidden comes after all that shows at its price", () => {
    const venue = table(`
      alice sells 10 @ 100 show 3 as ice -> accepted
      ${OPEN}
      bob   sells 2 @ 100 -> accepted
      erin  sells 6 @ 100 show 2 as late -> accepted
      carol buys  12 @ 101 -> accepted
      ask 100: 3
      collected ask 100: 2 2
      collected bid 101: 12
      venue goes TRADING -> uncrossed 12 @ 100, 3 @ 100, 2 @ 100, 2 @ 100, 3 @ 100, 2 @ 100
      ask 100: 3 2
    `);
    expect(venue.balances("alice")).toBe("999990/4 1000000600/0");
    expect(venue.balances("erin")).toBe("999994/2 1000000400/0");
    table(`
      carol buys 6 @ 100 -> accepted, 3 @ 100, 2 @ 100, 1 @ 100
      empty book
    `, undefined, venue);
  });

  it("ends an iceberg that it had collected whole when it is cancelled", () => {
    const venue = table(`
      ${OPEN}
      alice sells 10 @ 100 show 3 as ice -> accepted
      alice cancels ice -> canceled ice
      venue goes TRADING -> uncrossed nothing
    `);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
  });
});

describe("self-trade prevention in an auction", () => {
  // The younger order's mode decides, before the price is found.
  it.each<[string, string, string]>([
    ["none", "uncrossed 5 @ 102, 5 @ 102", "ask 100: 2\nbid 95: 1"],
    ["expire_taker", "prevented 5 @ 105, expired SELF_TRADE_PREVENTION, uncrossed nothing", "bid 105: 5\nbid 95: 1"],
    ["expire_maker", "prevented 5 @ 105, expired SELF_TRADE_PREVENTION, uncrossed nothing", "ask 100: 7\nbid 95: 1"],
    ["expire_both", "prevented 5 @ 105, expired SELF_TRADE_PREVENTION, expired SELF_TRADE_PREVENTION, uncrossed nothing", "bid 95: 1"],
    ["decrement", "prevented 5 @ 105, expired SELF_TRADE_PREVENTION, uncrossed nothing", "ask 100: 2\nbid 95: 1"],
  ])("%s: %s", (mode, outcome, picture) => {
    const venue = table(`
      ${OPEN}
      bob   buys  1 @ 95 -> accepted
      alice buys  5 @ 105 -> accepted
      alice sells 7 @ 100 stp ${mode} -> accepted
      venue goes TRADING -> ${outcome}
    `);
    expect(venue.picture()).toBe(picture);
  });

  it("keeps an owner's orders apart although each would have met somebody else", () => {
    const venue = table(`
      ${OPEN}
      bob   buys  5 @ 104 -> accepted
      carol sells 5 @ 101 -> accepted
      alice buys  5 @ 105 -> accepted
      alice sells 5 @ 100 stp expire_taker -> accepted
      venue goes TRADING -> prevented 5 @ 105, expired SELF_TRADE_PREVENTION, uncrossed 5 @ 105, 5 @ 105
      bid 104: 5
    `);
    expect(venue.balances("alice")).toBe("1000005/0 999999475/0");
  });

  it("goes by owner: the accounts of a trade group count as one, and prices that do not cross are left alone", () => {
    const venue = new TestVenue();
    const group = (name: string): void => {
      venue.do(0n, { case: "setTradeGroup", value: { targetAccountId: venue.account(name), tradeGroupId: 7n } });
    };
    group("alice");
    group("twin");
    table(`
      ${OPEN}
      alice buys  5 @ 105 as a -> accepted
      alice buys  5 @ 99 as b -> accepted
      twin  sells 3 @ 100 stp decrement as c -> accepted
      twin  sells 4 @ 106 stp expire_both as d -> accepted
      bob   sells 2 @ 103 -> accepted
      venue goes TRADING -> prevented 3 @ 105, expired SELF_TRADE_PREVENTION, uncrossed 2 @ 104, 2 @ 104
      ask 106: 4
      bid 99: 5
    `, undefined, venue);
  });

  it("takes what an iceberg hides with it", () => {
    const venue = table(`
      alice sells 10 @ 100 show 3 as ice -> accepted
      ${OPEN}
      alice buys  4 @ 101 stp decrement -> accepted
      venue goes TRADING -> prevented 4 @ 100, expired SELF_TRADE_PREVENTION, uncrossed nothing
      ask 100: 3
      bob   buys  6 @ 100 fok -> accepted, 3 @ 100, 3 @ 100
      empty book
    `);
    expect(venue.balances("alice")).toBe("999994/0 1000000600/0");
  });
});

describe("a market in auction", () => {
  it("comes from a halt only, is never listed so, and does not become post-only with orders collected", () => {
    const venue = new TestVenue();
    const status = (line: string): string => venue.say(`venue goes ${line}`);
    for (const from of ["TRADING", "CANCEL_ONLY", "POST_ONLY"]) {
      status(from);
      expect(status("AUCTION"), from).toBe("rejected UNSUPPORTED_COMBINATION");
    }
    status("HALT");
    expect(status("AUCTION")).toBe("");
    expect(status("AUCTION")).toBe("");
    expect(status("POST_ONLY")).toBe("rejected UNSUPPORTED_COMBINATION");
    status("HALT");
    expect(status("POST_ONLY")).toBe("rejected UNSUPPORTED_COMBINATION");
    status("TRADING");
    expect(status("POST_ONLY")).toBe("");
  });

  it("loses nothing on the way through other states, and uncrosses whenever trading begins", () => {
    const venue = table(`
      ${OPEN}
      alice buys  5 @ 105 as a -> accepted
      bob   sells 3 @ 95 as b -> accepted
      venue goes HALT ->
      alice buys  1 @ 100 -> rejected MARKET_CLOSED
      alice cancels a -> rejected MARKET_CLOSED
      venue goes CANCEL_ONLY ->
      carol buys  1 @ 100 -> rejected MARKET_CLOSED
      collected ask 95: 3
      collected bid 105: 5
      venue goes AUCTION ->
      dave  sells 1 @ 105 as d -> accepted
      venue goes CANCEL_ONLY ->
      dave  cancels d -> canceled d
      venue goes HALT ->
      venue goes TRADING -> uncrossed 3 @ 100, 3 @ 100
      bid 105: 2
    `);
    expect(venue.balances("dave")).toBe("1000000/0 1000000000/0");
  });

  it("keeps what a seller receives exact: a bid beyond that is refused, and so is a seller whom a bid would overflow", () => {
    const venue = new TestVenue();
    for (const name of ["whale", "buyer"]) venue.account(name, 0n, BigInt(Number.MAX_SAFE_INTEGER));
    venue.do(venue.account("whale"), { case: "deposit", value: { assetId: BASE, amountUnits: 1_000_000_000n, transferId: "more" } });
    table(`
      ${OPEN}
      whale sells 1000000000 @ 1 as w -> accepted
      buyer buys  1 @ 9007199 as b -> accepted
      buyer buys  1 @ 9007200 -> rejected NOTIONAL_OVERFLOW
      buyer amends b @ 9007200 -> rejected NOTIONAL_OVERFLOW
      whale cancels w -> canceled w
      buyer buys  1 @ 9007200 -> rejected NOTIONAL_OVERFLOW
      venue goes TRADING -> uncrossed nothing
      ${OPEN}
      buyer buys  1 @ 9007200 as c -> accepted
      whale sells 1000000000 @ 1 -> rejected NOTIONAL_OVERFLOW
      whale sells 900000000 @ 1 -> accepted
      venue goes TRADING -> uncrossed 2 @ 4503600, 1 @ 4503600, 1 @ 4503600
      ask 1: 899999998
    `, undefined, venue);
  });
});

/** What the public was told last, in words. */
function indication(venue: TestVenue): string {
  const statuses = venue.marketData.flatMap(({ frames }) => frames).flatMap(({ body }) => (body.case === "marketStatus" ? [body.value] : []));
  const last = statuses.at(-1);
  if (last === undefined) return "not told";
  expect(last.status).toBe(MarketStatus.AUCTION);
  // Whoever asks hears the same, and asking changes nothing.
  const asked = answer(venue.engine, { case: "marketStatus", value: { $typeName: "tickwire.v1.MarketStatusQuery", marketId: last.marketId } });
  if (asked.case !== "marketStatus") throw new Error(String(asked.case));
  expect(create(MarketStatusUpdateSchema, asked.value)).toEqual({ ...last, seq: BigInt(venue.engine.seq) });
  if (last.auctionLots === 0n) return "nothing";
  const side = last.auctionSurplusSide === Side.BUY ? " to buy" : last.auctionSurplusSide === Side.SELL ? " to sell" : "";
  return `${last.auctionLots} @ ${last.auctionPriceTicks}, ${last.auctionSurplusLots} left${side}`;
}

describe("what the public sees of an auction", () => {
  const bodies = (venue: TestVenue): (string | undefined)[] => venue.marketData.flatMap(({ frames }) => frames.map(({ body }) => body.case));

  it("is the price it would come to, told with every change, and never a crossed book", FAST_ONLY, () => {
    const venue = new TestVenue();
    for (const line of ["mm sells 5 @ 110", "mm buys 5 @ 90 as bid", "venue goes HALT", "venue goes AUCTION"]) venue.say(line);
    expect(indication(venue)).toBe("nothing");
    venue.say("alice buys 4 @ 105");
    expect(bodies(venue)).toEqual(["marketStatus"]);
    venue.say("bob sells 3 @ 95 as b");
    expect(indication(venue)).toBe("3 @ 100, 1 left to buy");
    venue.say("bob amends b to 2");
    expect(indication(venue)).toBe("2 @ 100, 2 left to buy");
    // What rested before is in the book, and its changes are the book's.
    venue.say("mm cancels bid");
    expect(bodies(venue)).toEqual(["bookDelta", "marketStatus"]);
    venue.say("venue goes HALT");
    expect(bodies(venue)).toEqual([]);
    venue.say("venue goes AUCTION");
    expect(indication(venue)).toBe("2 @ 100, 2 left to buy");
  });

  it("is one change of the book when it opens, and none when only collected orders met", FAST_ONLY, () => {
    const venue = new TestVenue();
    for (const line of ["venue goes HALT", "venue goes AUCTION", "alice buys 4 @ 105", "bob sells 4 @ 95", "venue goes TRADING"]) venue.say(line);
    expect(bodies(venue)).toEqual(["trades"]);
    for (const line of ["mm sells 5 @ 100", "venue goes HALT", "venue goes AUCTION", "alice buys 4 @ 105", "bob buys 4 @ 99"]) venue.say(line);
    const seq = venue.engine.markets.markets[0]?.feed.bookSeq ?? 0;
    venue.say("venue goes TRADING");
    expect(bodies(venue)).toEqual(["bookDelta", "trades"]);
    expect(venue.marketData[0]?.frames[0]?.body).toMatchObject({ value: { prevSeq: BigInt(seq), seq: BigInt(venue.engine.seq), bidTicks: [99n], bidLots: [4n], askTicks: [100n], askLots: [1n] } });
  });

  it("tells an owner where a collected order stands, and what one more would do", FAST_ONLY, () => {
    const venue = new TestVenue();
    for (const line of ["mm buys 5 @ 100", "venue goes HALT", "venue goes AUCTION", "alice buys 4 @ 100 as a", "bob buys 2 @ 100 as b", "carol sells 9 @ 90"]) venue.say(line);
    const bob = venue.account("bob");
    expect(answer(venue.engine, { case: "queuePosition", value: create(QueuePositionQuerySchema, { accountId: bob, orderId: 3n }) })).toMatchObject({
      value: { ordersAhead: 2, lotsAhead: 9n, levelOrders: 3, levelLots: 11n },
    });
    const asks = (change: object) =>
      answer(venue.engine, { case: "whatIf", value: create(WhatIfQuerySchema, { accountId: bob, order: { marketId: MARKET, side: 1, type: 1, timeInForce: 1, priceTicks: 100n, quantityLots: 3n, ...change } }) });
    expect(asks({})).toMatchObject({ value: { restingLots: 3n, lotsAhead: 11n, ordersAhead: 3 } });
    expect(asks({ timeInForce: 2 })).toMatchObject({ value: { failures: [RejectReason.MARKET_AUCTION] } });
  });
});

// The price and the amount, tried out one price after the other.
function bruteForce(venue: TestVenue): string {
  const market = venue.engine.markets.markets[0];
  if (market === undefined) throw new Error("no market");
  const { orders } = venue.engine;
  const open: { buys: boolean; price: number; lots: number }[] = [];
  const note = (slot: number): void => {
    const lots = (orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number) + (orders.termsOf(slot)?.hiddenLots ?? 0);
    open.push({ buys: orders.u8[recordAt(slot) + SIDE] === BUY, price: orders.i32[slot * RECORD_I32 + PRICE_TICKS] as number, lots });
  };
  forEachOrder(market, note);
  forEachCollected(market, note);
  const sum = (of: typeof open): number => of.reduce((lots, order) => lots + order.lots, 0);
  const tried = Array.from({ length: 40 }, (_, i) => {
    const price = 80 + i;
    const bought = sum(open.filter((o) => o.buys && o.price >= price));
    const sold = sum(open.filter((o) => !o.buys && o.price <= price));
    return { price, lots: Math.min(bought, sold), left: Math.abs(bought - sold) };
  });
  const most = Math.max(...tried.map(({ lots }) => lots));
  if (most === 0) return "uncrossed nothing";
  const best = tried.filter(({ lots }) => lots === most);
  const least = Math.min(...best.map(({ left }) => left));
  const prices = best.filter(({ left }) => left === least).map(({ price }) => price);
  const last = market.lastPriceTicks;
  const price = last === 0 ? Math.floor(((prices[0] ?? 0) + (prices.at(-1) ?? 0)) / 2) : prices.reduce((a, b) => (Math.abs(b - last) < Math.abs(a - last) ? b : a));
  return `uncrossed ${most} @ ${price}`;
}

describe("auctions at random", () => {
  const order = fc.record({
    name: fc.constantFrom("a", "b", "c", "d"),
    buys: fc.boolean(),
    price: fc.integer({ min: 90, max: 110 }),
    lots: fc.integer({ min: 1, max: 20 }),
    show: fc.option(fc.integer({ min: 1, max: 5 }), { freq: 4, nil: undefined }),
    what: fc.constantFrom("places", "places", "places", "places", "cancels", "amends"),
    id: fc.integer({ min: 0, max: 30 }),
  });

  it("trade the most lots at the best price, leave no crossed book, and are the same from a snapshot", FAST_ONLY, () => {
    fc.assert(
      fc.property(fc.array(order, { maxLength: 8 }), fc.array(order, { minLength: 2, maxLength: 25 }), (before, during) => {
        const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 2_000 });
        const line = ({ name, buys, price, lots, show, what, id }: typeof order extends fc.Arbitrary<infer T> ? T : never): string => {
          if (what === "cancels") return `${name} cancels o${id}`;
          if (what === "amends") return `${name} amends o${id} @ ${price}`;
          return `${name} ${buys ? "buys" : "sells"} ${lots} @ ${price} ${show === undefined || show > lots ? "" : `show ${show}`} as o${id}`;
        };
        for (const each of before) venue.say(line(each));
        venue.say("venue goes HALT");
        venue.say("venue goes AUCTION");
        for (const each of during) venue.say(line(each));
        const expected = bruteForce(venue);
        // From here on a restored engine must go the same way.
        const restored = restoreSnapshot(takeSnapshot(venue.engine));
        const told = venue.say("venue goes TRADING").split(", ");
        expect(told[0]).toBe(expected);
        const price = expected.split(" @ ")[1] ?? "";
        for (const trade of told.slice(1)) expect(trade.split(" @ ")[1]).toBe(price);
        restored.applyEntry(venue.log.at(-1) ?? new Uint8Array(0), restored.entry + 1);
        expect(stateHash(restored)).toEqual(stateHash(venue.engine));
        venue.replays();
      }),
      { numRuns: 60, seed: 17 },
    );
  });
});
