// Orders that belong together: one ends the other, one brings the other.
import { describe, expect, it } from "vitest";
import { OrderListStatus, OrderListType, RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { MARKET_AT_100, table } from "./testing/restoredTable.ts";
import { MARKET, TestVenue } from "./testing/testVenue.ts";

const sellOco = (n: number): string => `alice lists oco as L${n}: sells 5 @ 110 maker as gain${n} | sells 5 @ 89 stop 90 as stop${n}`;
const SELL_OCO = "alice lists oco as L: sells 5 @ 110 maker as gain | sells 5 @ 89 stop 90 as stop";

describe("OCO", () => {
  it("holds once for both, and a fill of the one ends the other", () => {
    const venue = table(`
      ${MARKET_AT_100}
      ${SELL_OCO} -> list, accepted, accepted
      ask 110: 5
    `);
    expect(venue.balances("alice")).toBe("999995/5 1000000000/0");
    table(`
      bob buys 2 @ 110 -> accepted, 2 @ 110, expired OCO_TRIGGERED
      ask 110: 3
      bob buys 3 @ 110 -> accepted, 3 @ 110, list done
      empty book
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("999995/0 1000000550/0");
  });

  // What the order in the book no longer held was taken from the account, and the other one, woken, could not be paid:
  // the engine stopped, and again at every replay.
  it("ends the other order when self-trade prevention lessens the one in the book", () => {
    const venue = new TestVenue();
    venue.account("alice", 5n, 600n);
    table(`
      ${MARKET_AT_100}
      alice lists oco as L: buys 5 @ 111 stop 110 as stop | buys 5 @ 90 maker as gain -> list, accepted, accepted
      alice sells 3 @ 90 stp decrement -> accepted, prevented 3 @ 90, expired OCO_TRIGGERED, expired SELF_TRADE_PREVENTION
      bid 90: 2
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("5/0 420/180");
    table(`
      mm  sells 1 @ 110 -> accepted
      bob buys  1 @ 110 -> accepted, 1 @ 110
    `, undefined, venue);
  });

  it("ends the other order when an auction's self-trade prevention lessens the one in the book", () => {
    table(`
      ${MARKET_AT_100}
      alice lists oco as L: buys 5 @ 111 stop 110 as stop | buys 5 @ 90 maker as gain -> list, accepted, accepted
      venue goes HALT ->
      venue goes AUCTION ->
      alice sells 3 @ 90 stp decrement -> accepted
      venue goes TRADING -> prevented 3 @ 90, expired OCO_TRIGGERED, expired SELF_TRADE_PREVENTION, uncrossed nothing
      bid 90: 2
    `);
  });

  it("ends the order in the book when the other one is woken", () => {
    const venue = table(`
      ${MARKET_AT_100}
      ${SELL_OCO} -> list, accepted, accepted
      mm  buys  1 @ 90 -> accepted
      bob sells 1 @ 90 -> accepted, 1 @ 90, woken stop, expired OCO_TRIGGERED
      ask 89: 5
      alice cancels stop -> canceled stop, list done
      empty book
    `);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
  });

  // Both orders of one price, and between them one that spends what the ended order gave back: the engine stopped, and again
  // at every replay.
  it("is not woken when an order that the same price woke before has ended the other one", () => {
    const venue = new TestVenue();
    venue.account("alice", 5n, 1_655n);
    table(`
      ${MARKET_AT_100}
      alice sells 5 take 110 stp expire_maker -> accepted
      alice buys 10 stop 110 -> accepted
      alice lists oco as L: buys 5 @ 111 stop 110 as stop | buys 5 @ 90 maker as gain -> list, accepted, accepted
      mm sells 1 @ 110 -> accepted
      mm sells 100 @ 200 -> accepted
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("0/5 0/1655");
    const afterStp = "expired SELF_TRADE_PREVENTION, expired INSUFFICIENT_LIQUIDITY";
    table(`
      bob buys 1 @ 110 -> accepted, 1 @ 110, woken auto-3, prevented 5 @ 90, ${afterStp}, woken auto-4, 7 @ 200, expired INSUFFICIENT_LIQUIDITY, expired OCO_TRIGGERED, list done
      ask 200: 93
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("12/0 255/0");
  });

  it("of a buyer holds the larger of both, and no more when the larger takes over", () => {
    const venue = table(`
      ${MARKET_AT_100}
      alice lists oco as L: buys 5 @ 111 stop 110 as stop | buys 5 @ 90 maker as gain -> list, accepted, accepted
    `);
    expect(venue.balances("alice")).toBe("1000000/0 999999445/555");
    table(`
      mm  sells 1 @ 110 -> accepted
      bob buys  1 @ 110 -> accepted, 1 @ 110, woken stop, expired OCO_TRIGGERED
      bid 111: 5
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("1000000/0 999999445/555");
  });

  it("is cancelled whole, by the list's name or by one order's", () => {
    const venue = table(`
      ${MARKET_AT_100}
      ${sellOco(1)} -> list, accepted, accepted
      alice cancels gain1 -> canceled gain1, canceled stop1, list done
      ${sellOco(2)} -> list, accepted, accepted
      alice cancels stop2 -> canceled stop2, canceled gain2, list done
      ${sellOco(3)} -> list, accepted, accepted
      alice cancels all -> canceled gain3, canceled stop3, list done
      ${SELL_OCO} -> list, accepted, accepted
    `);
    const cancel = (clientOrderListId: string, orderListId = 0n) =>
      venue.do(venue.account("alice"), { case: "cancelOrderList", value: { marketId: MARKET, orderListId, clientOrderListId } }).map((e) => e.body.case);
    expect(cancel("M")).toEqual(["commandRejected"]);
    expect(venue.do(venue.account("bob"), { case: "cancelOrderList", value: { marketId: MARKET, orderListId: 4n } })[0]?.body).toMatchObject({
      value: { reason: RejectReason.UNKNOWN_ORDER_LIST },
    });
    expect(cancel("L")).toEqual(["orderCanceled", "orderCanceled", "orderListChanged", "balanceChanged"]);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
  });

  it("tells the list with its orders when it begins and when it is over", () => {
    const venue = table(MARKET_AT_100);
    venue.say(SELL_OCO);
    const list = venue.batch.groups[0]?.events[0]?.body;
    expect(list).toMatchObject({ case: "orderListChanged", value: { list: { orderListId: 1n, type: OrderListType.OCO, status: OrderListStatus.EXECUTING, clientOrderListId: "L", orderIds: [3n, 4n] } } });
    expect(venue.batch.groups[0]?.events[1]?.body).toMatchObject({ value: { order: { orderListId: 1n } } });
  });

  it("stands around the last price, a pegged order with the price that it gets; before any trade its two orders only stand apart", () => {
    table(`
      alice lists oco as L: sells 5 @ 80 maker as gain | sells 5 stop 70 -> list, accepted, accepted
      alice cancels gain -> canceled gain, canceled auto-1, list done
      ${MARKET_AT_100}
      mm sells 1 @ 98 -> accepted
      alice lists oco as L1: sells 5 peg primary maker | sells 5 stop 90 -> rejected ORDER_LIST_PRICES
      mm sells 1 @ 101 -> accepted
      alice lists oco as L2: sells 5 peg primary behind 1 maker as pegged | sells 5 stop 90 -> list, accepted, accepted
      ask 101: 1 5
      ask 98: 1
    `);
  });

  it.each<[string, string]>([
    ["alice lists oco as L: sells 5 @ 110 maker | sells 4 @ 89 stop 90", "ORDER_LIST_SHAPE"],
    ["alice lists oco as L: sells 5 @ 110 maker | buys 5 @ 89 stop 90", "ORDER_LIST_SHAPE"],
    ["alice lists oco as L: sells 5 @ 110 maker | sells 5 @ 120 maker", "ORDER_LIST_SHAPE"],
    ["alice lists oco as L: sells 5 @ 89 stop 90 | sells 5 @ 110 maker", "ORDER_LIST_SHAPE"],
    ["alice lists oco as L: sells 5 @ 99 maker | sells 5 @ 89 stop 99", "ORDER_LIST_PRICES"],
    ["alice lists oco as L: sells 5 @ 100 maker | sells 5 @ 89 stop 90", "ORDER_LIST_PRICES"],
    ["alice lists oco as L: sells 5 @ 97 maker | sells 5 trail 100", "ORDER_LIST_PRICES"],
    ["alice lists oco as L: buys 5 stop 110 | buys 5 @ 100 maker", "ORDER_LIST_PRICES"],
    ["alice lists oco as L: buys 5 stop 110 | buys 5 @ 104 maker", "ORDER_LIST_PRICES"],
    ["alice lists otoco as L: buys 5 @ 90 | sells 5 @ 80 maker | sells 5 stop 80", "ORDER_LIST_PRICES"],
    ["alice lists oco as L: sells 5 @ 110 | sells 5 @ 89 stop 90", "ORDER_LIST_SHAPE"],
    ["alice lists oco as L: sells 5 @ 110 maker", "ORDER_LIST_SHAPE"],
    ["alice lists oto as L: sells 5 stop 90 | buys 5 @ 80", "ORDER_LIST_SHAPE"],
    ["alice lists otoco as L: buys 5 @ 90 | sells 5 @ 110 maker", "ORDER_LIST_SHAPE"],
    ["alice lists oco as L: sells 5 @ 110 maker as x | sells 5 @ 89 stop 90 as x", "DUPLICATE_CLIENT_ORDER_ID"],
    ["alice lists oco as : sells 5 @ 110 maker | sells 5 @ 89 stop 90", "INVALID_CLIENT_ORDER_ID"],
    ["alice lists oco as L: sells 5 @ 110 maker | sells 5 @ 100 stop 100", "WOULD_TRIGGER_IMMEDIATELY"],
    ["alice lists oco as L: sells 5 @ 95 maker | sells 5 @ 89 stop 90", "WOULD_TAKE"],
    ["alice lists oco as L: sells 9999999 @ 110 maker | sells 9999999 @ 89 stop 90", "INSUFFICIENT_BALANCE"],
    ["alice lists oco as open: sells 5 @ 110 maker | sells 5 @ 89 stop 90", "DUPLICATE_CLIENT_ORDER_LIST_ID"],
  ])("refuses %s: %s", (line, reason) => {
    const venue = table(`
      ${MARKET_AT_100}
      mm buys 1 @ 96 -> accepted
      alice lists oco as open: sells 5 @ 110 maker | sells 5 @ 89 stop 90 -> list, accepted, accepted
    `);
    const before = venue.balances("alice");
    expect(venue.say(line)).toBe(`rejected ${reason}`);
    expect(venue.balances("alice")).toBe(before);
  });
});

describe("OTO", () => {
  it("places the pending order when the working one is wholly filled, not before", () => {
    const venue = table(`
      ${MARKET_AT_100}
      alice lists oto as L: buys 5 @ 90 as work | sells 5 @ 120 as pend -> list, accepted, accepted
      bid 90: 5
      bob sells 2 @ 90 -> accepted, 2 @ 90
      bid 90: 3
    `);
    expect(venue.balances("alice")).toBe("1000002/0 999999550/270");
    table(`
      bob sells 3 @ 90 -> accepted, 3 @ 90, accepted
      ask 120: 5
      bob buys  5 @ 120 -> accepted, 5 @ 120, list done
    `, undefined, venue);
  });

  it("places it at once when the working order fills as a taker, and lets it match", () => {
    table(`
      ${MARKET_AT_100}
      mm sells 5 @ 90 -> accepted
      mm buys  2 @ 80 -> accepted
      alice lists oto as L: buys 5 @ 90 | sells 5 @ 80 -> list, accepted, accepted, 5 @ 90, accepted, 2 @ 80
      ask 80: 3
    `);
  });

  it.each<[string, string]>([
    ["alice cancels work", "canceled work, expired OTO_WORKING_LEG_ENDED, list done"],
    ["alice cancels pend", "canceled pend, canceled work, list done"],
    ["alice cancels all", "canceled work, canceled pend, list done"],
  ])("when %s: %s", (line, outcome) => {
    table(`
      ${MARKET_AT_100}
      alice lists oto as L: buys 5 @ 90 as work | sells 5 @ 120 as pend -> list, accepted, accepted
      bob sells 2 @ 90 -> accepted, 2 @ 90
      ${line} -> ${outcome}
      empty book
    `);
  });

  it("expires the pending order with the working one's time, or when an IOC is not filled", () => {
    const venue = table(`
      bob buys 1 @ 1 -> accepted
      alice lists oto as L: buys 5 @ 90 ioc | sells 5 @ 120 -> list, accepted, accepted, expired UNFILLED_IOC, expired OTO_WORKING_LEG_ENDED, list done
      alice lists oto as L2: buys 5 @ 90 gtd 5000 | sells 5 @ 120 -> list, accepted, accepted
    `);
    venue.timeUs = 5_000n;
    expect(venue.say("bob sells 1 @ 90")).toBe("expired GOOD_TILL_DATE, expired OTO_WORKING_LEG_ENDED, list done, accepted");
  });

  it("expires a pending order that cannot be paid, would take or would wake at once", () => {
    const venue = new TestVenue();
    venue.account("poor", 0n, 1_000n);
    table(`
      mm buys 9 @ 85 -> accepted
      poor lists oto as A: buys 5 @ 90 | sells 6 @ 120 -> list, accepted, accepted
      bob  sells 5 @ 90 -> accepted, 5 @ 90, expired EXCHANGE, list done
      poor lists oto as B: buys 1 @ 90 | sells 2 @ 80 maker -> list, accepted, accepted
      bob  sells 1 @ 90 -> accepted, 1 @ 90, expired EXCHANGE, list done
      poor lists oto as C: buys 1 @ 90 | sells 2 stop 95 -> list, accepted, accepted
      bob  sells 1 @ 90 -> accepted, 1 @ 90, expired EXCHANGE, list done
      poor lists oto as D: buys 1 @ 90 | sells 2 -> list, accepted, accepted
      bob  sells 1 @ 90 -> accepted, 1 @ 90, accepted, 2 @ 85, list done
    `, undefined, venue);
  });
});

describe("OTOCO", () => {
  const BRACKET = "alice lists otoco as L: buys 5 @ 90 as work | sells 5 @ 110 maker as gain | sells 5 stop 80 as stop";

  it("places both orders of the pair, held once, and then is an OCO", () => {
    const venue = new TestVenue();
    venue.account("alice", 0n, 1_000n);
    table(`
      ${MARKET_AT_100}
      ${BRACKET} -> list, accepted, accepted, accepted
      bid 90: 5
      bob sells 5 @ 90 -> accepted, 5 @ 90, accepted, accepted
      ask 110: 5
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("0/5 550/0");
    table(`
      mm  buys  9 @ 80 -> accepted
      bob sells 1 @ 80 -> accepted, 1 @ 80, woken stop, expired OCO_TRIGGERED, 5 @ 80, list done
      bid 80: 3
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("0/0 950/0");
  });

  it("places none of the pair when one of them would wake at once", () => {
    table(`
      ${MARKET_AT_100}
      alice lists otoco as L: buys 5 @ 90 | sells 5 @ 110 maker | sells 5 stop 95 -> list, accepted, accepted, accepted
      bob sells 5 @ 90 -> accepted, 5 @ 90, expired EXCHANGE, expired EXCHANGE, list done
      empty book
    `);
  });
});

describe("lists at random", () => {
  it("keep every invariant, replay and restore", () => {
    let state = 4_711;
    const roll = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (state >>> 8) % below;
    };
    const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 2_000 });
    for (const name of ["a", "b", "c"]) venue.account(name, 2_000n, 200_000n);
    let done = 0;
    for (let n = 0; n < 1_500; n++) {
      const name = ["a", "b", "c"][roll(3)] ?? "a";
      const lots = 1 + roll(9);
      const p = (spread: number): number => 95 + roll(11) + spread;
      const sells = roll(2) === 0;
      const verb = sells ? "sells" : "buys";
      const limit = roll(2) === 0 ? `@ ${p(0)}` : "";
      const gtd = roll(4) === 0 ? `gtd ${Number(venue.timeUs) + 10 + roll(400)}` : "";
      const pair = sells ? `sells ${lots} @ ${p(6)} maker | sells ${lots} ${limit} stop ${p(-6)}` : `buys ${lots} ${limit} stop ${p(6)} | buys ${lots} @ ${p(-6)} maker`;
      const lists = [`oco as l${n}: ${pair}`, `oto as l${n}: ${sells ? "buys" : "sells"} ${lots} @ ${p(0)} ${gtd} | ${verb} ${lots} ${limit}`, `otoco as l${n}: ${sells ? "buys" : "sells"} ${lots} @ ${p(0)} | ${pair}`];
      venue.timeUs += 10n;
      const what = roll(10);
      const line = what < 3 ? `${name} lists ${lists[roll(3)]}` : what < 9 ? `${name} ${verb} ${lots} @ ${p(0)} ${gtd} stp ${roll(5) === 0 ? "expire_maker" : "none"} as o${n}` : `${name} cancels ${roll(10) === 0 ? "all" : `o${Math.max(0, n - roll(40))}`}`;
      if (venue.say(line).includes("list done")) done++;
    }
    expect(done).toBeGreaterThan(50);
    table("", undefined, venue);
  });
});
