// Orders of lists whose limit is the book's: each gets its price when it enters the book, and not before.
import { describe, expect, it } from "vitest";
import { OrderStatus, PegType } from "../../gen/tickwire/v1/types_pb.ts";
import { MARKET_AT_100, table } from "./testing/restoredTable.ts";
import { TestVenue } from "./testing/testVenue.ts";

/** The orders that the last command told of, as they stood when it did. */
const told = (venue: TestVenue) => (venue.batch.groups[0]?.events ?? []).flatMap(({ body }) => (body.case === "orderAccepted" || body.case === "orderTriggered" ? [body.value.order] : []));

describe("a pegged order of an OCO", () => {
  it("enters the book at the best price at once when it is a limit maker, and when it is woken when it is a stop", () => {
    const venue = table(`
      ${MARKET_AT_100}
      mm sells 2 @ 110 -> accepted
      mm sells 1 @ 112 -> accepted
      mm buys  3 @ 90 -> accepted
      alice lists oco as L: sells 5 peg primary maker as gain | sells 5 stop 92 peg primary behind 1 as stop -> list, accepted, accepted
      ask 112: 1
      ask 110: 2 5
      bid 90: 3
    `);
    expect(told(venue)).toMatchObject([{ priceTicks: 110n, pegType: PegType.PRIMARY }, { priceTicks: 0n, pegType: PegType.PRIMARY, pegOffsetLevels: 1 }]);
    expect(venue.balances("alice")).toBe("999995/5 1000000000/0");
    table(`
      mm  sells 1 @ 108 -> accepted
      bob sells 1 @ 90 -> accepted, 1 @ 90, woken stop, expired OCO_TRIGGERED
      ask 112: 1
      ask 110: 2 5
      ask 108: 1
      bid 90: 2
    `, undefined, venue);
    expect(told(venue).at(-1)).toMatchObject({ clientOrderId: "stop", priceTicks: 110n });
    table("alice cancels stop -> canceled stop, list done", undefined, venue);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
  });

  it("takes what the other side's best price gives when it is pegged to that", () => {
    table(`
      ${MARKET_AT_100}
      mm buys 3 @ 90 -> accepted
      mm buys 9 @ 89 -> accepted
      alice lists oco as L: sells 5 @ 110 maker as gain | sells 5 stop 92 peg as stop -> list, accepted, accepted
      bob sells 1 @ 90 -> accepted, 1 @ 90, woken stop, expired OCO_TRIGGERED, 2 @ 90
      ask 90: 3
      bid 89: 9
    `);
  });

  it("is not pegged to the partner that it ends, but to another order at the same price", () => {
    const venue = table(`
      ${MARKET_AT_100}
      mm buys 5 @ 90 -> accepted
      alice lists oco as L: sells 5 @ 110 maker as gain | sells 5 stop 92 peg primary as stop -> list, accepted, accepted
      ask 110: 5
      bid 90: 5
      bob sells 1 @ 90 -> accepted, 1 @ 90, woken stop, expired OCO_TRIGGERED, expired INSUFFICIENT_LIQUIDITY, list done
      bid 90: 4
    `);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
    table(`
      mm buys 1 @ 100 -> accepted
      bob sells 1 @ 100 -> accepted, 1 @ 100
      alice lists oco as M: sells 5 @ 110 maker as gain2 | sells 5 stop 92 peg primary as stop2 -> list, accepted, accepted
      carol sells 1 @ 110 -> accepted
      carol sells 1 @ 115 -> accepted
      bob sells 1 @ 90 -> accepted, 1 @ 90, woken stop2, expired OCO_TRIGGERED
      ask 115: 1
      ask 110: 1 5
      bid 90: 3
    `, undefined, venue);
    table(`
      alice cancels all -> canceled stop2, list done
      mm buys 1 @ 100 -> accepted
      bob sells 1 @ 100 -> accepted, 1 @ 100
      alice lists oco as N: sells 5 @ 112 maker as gain3 | sells 5 stop 92 peg primary behind 1 as stop3 -> list, accepted, accepted
      bob sells 1 @ 90 -> accepted, 1 @ 90, woken stop3, expired OCO_TRIGGERED
      ask 115: 1 5
      ask 110: 1
      bid 90: 2
    `, undefined, venue);
  });

  it("of a buyer holds the larger of both, and no more than it needs when it is woken; what it cannot pay it does not buy", () => {
    const venue = new TestVenue();
    venue.account("poor", 0n, 560n);
    table(`
      ${MARKET_AT_100}
      mm buys 1 @ 90 -> accepted
      alice lists oco as L: buys 5 stop 110 peg as stop | buys 5 peg primary maker as gain -> list, accepted, accepted
      poor  lists oco as P: buys 5 stop 110 peg as pstop | buys 5 peg primary maker as pgain -> list, accepted, accepted
      bid 90: 1 5 5
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("1000000/0 999999450/550");
    expect(venue.balances("poor")).toBe("0/0 10/550");
    table(`
      mm  sells 1 @ 110 -> accepted
      mm  sells 3 @ 115 -> accepted
      bob buys  1 @ 110 -> accepted, 1 @ 110, woken stop, expired OCO_TRIGGERED, 3 @ 115, woken pstop, expired OCO_TRIGGERED, expired INSUFFICIENT_LIQUIDITY, list done
      bid 115: 2
      bid 90: 1
      carol sells 2 @ 115 -> accepted, 2 @ 115, list done
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("1000005/0 999999425/0");
    expect(venue.balances("poor")).toBe("0/0 560/0");
    // Five at 115 are 575: more than the poor one has, who may hold 560.
    table(`
      mm   buys  1 @ 100 -> accepted
      bob  sells 1 @ 100 -> accepted, 1 @ 100
      poor lists oco as Q: buys 5 stop 110 peg as qstop | buys 5 peg primary maker as qgain -> list, accepted, accepted
      mm   sells 1 @ 110 -> accepted
      mm   sells 9 @ 115 -> accepted
      bob  buys  1 @ 110 -> accepted, 1 @ 110, woken qstop, expired OCO_TRIGGERED, expired EXCHANGE, list done
    `, undefined, venue);
    expect(venue.balances("poor")).toBe("0/0 560/0");
  });

  it("shows a part of itself as any iceberg, and is amended with its partner, in quantity alone", () => {
    const venue = table(`
      ${MARKET_AT_100}
      mm buys 1 @ 90 -> accepted
      alice lists oco as L: buys 5 stop 110 peg as stop | buys 5 peg primary maker show 2 as gain -> list, accepted, accepted
      bid 90: 1 2
      alice amends stop to 3 -> amended in place, amended in place
      alice amends gain @ 91 -> rejected UNSUPPORTED_COMBINATION
      alice amends stop @ 91 -> rejected UNSUPPORTED_COMBINATION
    `);
    expect(venue.balances("alice")).toBe("1000000/0 999999670/330");
    table(`
      bob sells 2 @ 90 -> accepted, 1 @ 90, 1 @ 90, expired OCO_TRIGGERED
      bid 90: 1
      alice cancels all -> canceled gain, list done
      empty book
    `, undefined, venue);
  });
});

describe("a list with a pegged order", () => {
  it.each<[string, string, string]>([
    ["without an ask to be pegged to", "alice lists oco as L: sells 5 peg primary maker | sells 5 @ 89 stop 90", "PEG_NO_LIQUIDITY"],
    ["without a second level", "mm sells 1 @ 120; alice lists oco as L: sells 5 peg primary behind 1 maker | sells 5 @ 89 stop 90", "PEG_NO_LIQUIDITY"],
    ["where the peg stands below the stop", "mm sells 1 @ 95; alice lists oco as L: sells 5 peg primary maker | sells 5 @ 95 stop 96", "ORDER_LIST_PRICES"],
    ["where the peg stands at the stop", "mm sells 1 @ 96; alice lists oco as L: sells 5 peg primary maker | sells 5 stop 96 peg", "ORDER_LIST_PRICES"],
    ["where a buyer's peg stands above his stop", "mm buys 1 @ 105; alice lists oco as L: buys 5 stop 104 peg | buys 5 peg primary maker", "ORDER_LIST_PRICES"],
    ["for a limit maker of the other side's price", "mm buys 1 @ 95; alice lists oco as L: sells 5 peg maker | sells 5 @ 89 stop 90", "UNSUPPORTED_COMBINATION"],
    ["for a stop that is not to rest at its own side's price", "alice lists oco as L: sells 5 @ 110 maker | sells 5 stop 90 peg primary ioc", "UNSUPPORTED_COMBINATION"],
    ["with a price besides", "mm sells 1 @ 120; alice lists oco as L: sells 5 @ 120 peg primary maker | sells 5 @ 89 stop 90", "UNSUPPORTED_COMBINATION"],
    ["that breaks a filter at the book's price", "mm sells 1 @ 201; alice lists oco as L: sells 5 peg primary maker | sells 5 @ 89 stop 90", "MAX_NOTIONAL"],
    ["that its owner cannot pay", "mm sells 1 @ 101; poor lists oco as L: sells 5 peg primary maker | sells 5 stop 90 peg", "INSUFFICIENT_BALANCE"],
    ["when what is pegged is to work, and finds no bid", "alice lists oto as L: buys 5 peg primary | sells 5 @ 120", "PEG_NO_LIQUIDITY"],
    ["by a quote amount", "alice lists oto as L: buys 5 @ 90 | sells for 500", "ORDER_LIST_SHAPE"],
  ])("is refused %s", (_when, lines, reason) => {
    const venue = table(MARKET_AT_100, { maxNotionalUnits: 1_000n });
    venue.account("poor", 1n);
    const [list = "", ...before] = lines.split("; ").reverse();
    for (const line of before) venue.say(line);
    const balances = venue.balances("alice");
    expect(venue.say(list)).toBe(`rejected ${reason}`);
    expect(venue.balances("alice")).toBe(balances);
    table("", undefined, venue);
  });
});

describe("a pegged pending order", () => {
  it("gets its price when the working order is filled, not before, and holds nothing until then", () => {
    const venue = table(`
      ${MARKET_AT_100}
      mm sells 2 @ 120 -> accepted
      alice lists oto as L: buys 5 @ 90 as work | sells 5 peg primary as pend -> list, accepted, accepted
      ask 120: 2
      bid 90: 5
    `);
    expect(told(venue).at(-1)).toMatchObject({ status: OrderStatus.PENDING_NEW, priceTicks: 0n });
    expect(venue.balances("alice")).toBe("1000000/0 999999550/450");
    table(`
      mm  sells 1 @ 115 -> accepted
      bob sells 5 @ 90 -> accepted, 5 @ 90, accepted
      ask 120: 2
      ask 115: 1 5
    `, undefined, venue);
    expect(told(venue).at(-1)).toMatchObject({ clientOrderId: "pend", status: OrderStatus.NEW, priceTicks: 115n });
    expect(venue.balances("alice")).toBe("1000000/5 999999550/0");
    table(`
      mm  sells 1 @ 113 -> accepted
      bob buys  7 @ 115 -> accepted, 1 @ 113, 1 @ 115, 5 @ 115, list done
    `, undefined, venue);
  });

  it("may follow a pegged working order, and take at the other side's price", () => {
    table(`
      ${MARKET_AT_100}
      mm  buys  1 @ 90 -> accepted
      alice lists oto as L: buys 5 peg primary as work | sells 5 peg as pend -> list, accepted, accepted
      bid 90: 1 5
      mm  buys  4 @ 88 -> accepted
      bob sells 3 @ 90 -> accepted, 1 @ 90, 2 @ 90
      bob sells 3 @ 90 -> accepted, 3 @ 90, accepted, 4 @ 88
      ask 88: 1
    `);
  });

  it("of a buyer holds what it costs at the book's price when it is placed, and expires when that is not there", () => {
    const venue = new TestVenue();
    venue.account("poor", 10n, 0n);
    table(`
      ${MARKET_AT_100}
      mm   buys 1 @ 80 -> accepted
      poor lists oto as A: sells 5 @ 100 | buys 5 peg primary as pend -> list, accepted, accepted
      bob  buys 5 @ 100 -> accepted, 5 @ 100, accepted
      bid 80: 1 5
    `, undefined, venue);
    expect(venue.balances("poor")).toBe("5/0 100/400");
    table(`
      poor cancels pend -> canceled pend, list done
      mm   buys 1 @ 99 -> accepted
      poor lists oto as B: sells 1 @ 100 | buys 7 peg primary -> list, accepted, accepted
      bob  buys 1 @ 100 -> accepted, 1 @ 100, expired EXCHANGE, list done
      bid 99: 1
      bid 80: 1
    `, undefined, venue);
    expect(venue.balances("poor")).toBe("4/0 600/0");
  });

  it("expires when the book has no price for it, and of a pair both", () => {
    const venue = table(`
      ${MARKET_AT_100}
      alice lists oto as L: buys 5 @ 90 | sells 5 peg primary -> list, accepted, accepted
      bob sells 5 @ 90 -> accepted, 5 @ 90, expired INSUFFICIENT_LIQUIDITY, list done
      alice lists otoco as M: buys 5 @ 90 | sells 5 peg primary maker | sells 5 stop 80 -> list, accepted, accepted, accepted
      bob sells 5 @ 90 -> accepted, 5 @ 90, expired INSUFFICIENT_LIQUIDITY, expired INSUFFICIENT_LIQUIDITY, list done
      empty book
    `);
    expect(venue.balances("alice")).toBe("1000010/0 999999100/0");
  });

  it("waits for its stop price first when it has one, and takes the book's price then", () => {
    const venue = table(`
      ${MARKET_AT_100}
      alice lists oto as L: buys 5 @ 90 | sells 5 stop 85 peg primary as pend -> list, accepted, accepted
      bob sells 5 @ 90 -> accepted, 5 @ 90, accepted
      empty book
    `);
    expect(told(venue).at(-1)).toMatchObject({ clientOrderId: "pend", priceTicks: 0n });
    expect(venue.balances("alice")).toBe("1000000/5 999999550/0");
    table(`
      mm  sells 1 @ 95 -> accepted
      mm  buys  1 @ 85 -> accepted
      bob sells 1 @ 85 -> accepted, 1 @ 85, woken pend
      ask 95: 1 5
    `, undefined, venue);
    table(`
      alice lists oto as M: sells 5 @ 90 | buys 5 stop 94 peg primary as up -> list, accepted, accepted
      bob buys 5 @ 90 -> accepted, 5 @ 90, accepted
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("999995/5 999999530/470");
    table("bob buys 1 @ 95 -> accepted, 1 @ 95, woken up, expired INSUFFICIENT_LIQUIDITY, list done", undefined, venue);
    expect(venue.balances("alice")).toBe("999995/5 1000000000/0");
  });

  it("is amended in quantity while it has no price, and cancelled with its list", () => {
    const venue = table(`
      ${MARKET_AT_100}
      mm sells 1 @ 120 -> accepted
      alice lists oto as L: buys 5 @ 90 as work | sells 5 peg primary as pend -> list, accepted, accepted
      alice amends pend to 2 -> amended in place
      alice amends pend @ 130 -> rejected UNSUPPORTED_COMBINATION
      bob sells 5 @ 90 -> accepted, 5 @ 90, accepted
      ask 120: 1 2
      alice cancels all -> canceled pend, list done
      alice lists otoco as M: buys 5 peg behind 0 ioc as w | sells 5 peg primary maker as g | sells 5 stop 80 peg as s -> list, accepted, accepted, accepted, 1 @ 120, expired UNFILLED_IOC, expired OTO_WORKING_LEG_ENDED, expired OTO_WORKING_LEG_ENDED, list done
      mm sells 1 @ 120 -> accepted
      alice lists otoco as N: buys 5 @ 90 as w2 | sells 5 peg primary maker as g2 | sells 5 stop 80 peg as s2 -> list, accepted, accepted, accepted
      alice amends g2 to 3 -> amended in place, amended in place
      alice cancels all -> canceled w2, canceled g2, canceled s2, list done
      ask 120: 1
    `);
    expect(venue.balances("alice")).toBe("1000006/0 999999430/0");
  });
});

describe("a pegged pair that is pending", () => {
  it("is placed whole, held once, and then is an OCO", () => {
    const venue = new TestVenue();
    venue.account("alice", 0n, 1_000n);
    table(`
      ${MARKET_AT_100}
      mm sells 1 @ 110 -> accepted
      alice lists otoco as L: buys 5 @ 90 | sells 5 peg primary maker as gain | sells 5 stop 80 peg as stop -> list, accepted, accepted, accepted
      bob sells 5 @ 90 -> accepted, 5 @ 90, accepted, accepted
      ask 110: 1 5
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("0/5 550/0");
    table(`
      mm  buys  9 @ 80 -> accepted
      bob sells 1 @ 80 -> accepted, 1 @ 80, woken stop, expired OCO_TRIGGERED, 5 @ 80, list done
      ask 110: 1
      bid 80: 3
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("0/0 950/0");
  });

  it("is not placed when the book's price breaks a filter", () => {
    table(`
      ${MARKET_AT_100}
      mm sells 1 @ 110 -> accepted
      alice lists otoco as L: buys 6 @ 90 | sells 6 peg primary maker | sells 6 stop 80 -> list, accepted, accepted, accepted
      bob sells 6 @ 90 -> accepted, 6 @ 90, expired EXCHANGE, expired EXCHANGE, list done
      ask 110: 1
    `, { maxNotionalUnits: 600n });
  });

  // What a trade wakes is in the book before the pending orders are placed.
  it("is not placed when the book's price is on the wrong side of its stop", () => {
    table(`
      ${MARKET_AT_100}
      carol sells 1 @ 86 stop 90 as low -> accepted
      alice lists otoco as L: buys 5 @ 90 | sells 5 peg primary maker | sells 5 stop 87 -> list, accepted, accepted, accepted
      bob sells 5 @ 90 -> accepted, 5 @ 90, woken low, expired EXCHANGE, expired EXCHANGE, list done
      ask 86: 1
      alice lists otoco as M: buys 5 @ 84 | sells 5 peg primary maker | sells 5 stop 80 -> list, accepted, accepted, accepted
      bob sells 5 @ 84 -> accepted, 5 @ 84, accepted, accepted
      ask 86: 1 5
    `);
  });
});

describe("a pegged order of a list in an auction", () => {
  it("is pending there, and gets its price from the book that the auction leaves", () => {
    table(`
      ${MARKET_AT_100}
      mm buys  1 @ 80 -> accepted
      mm sells 1 @ 130 -> accepted
      venue goes HALT ->
      venue goes AUCTION ->
      alice lists oto as L: buys 5 peg primary | sells 5 @ 120 -> rejected MARKET_AUCTION
      alice lists oto as L: buys 5 @ 100 | sells 5 peg primary as pend -> list, accepted, accepted
      bob sells 5 @ 100 -> accepted
      carol sells 2 @ 125 -> accepted
      venue goes TRADING -> uncrossed 5 @ 100, 5 @ 100, accepted
      ask 130: 1
      ask 125: 2 5
      bid 80: 1
    `);
  });

  it("that waits is woken by the auction's price, and finds its own in the book that it leaves", () => {
    table(`
      ${MARKET_AT_100}
      mm buys  1 @ 80 -> accepted
      mm sells 1 @ 130 -> accepted
      alice lists oco as L: sells 5 peg primary maker as gain | sells 5 stop 95 peg primary as stop -> list, accepted, accepted
      venue goes HALT ->
      venue goes AUCTION ->
      bob   sells 5 @ 90 -> accepted
      carol buys  5 @ 90 -> accepted
      carol sells 2 @ 125 -> accepted
      venue goes TRADING -> uncrossed 5 @ 90, 5 @ 90, woken stop, expired OCO_TRIGGERED
      ask 130: 1
      ask 125: 2 5
      bid 80: 1
    `);
  });
});
