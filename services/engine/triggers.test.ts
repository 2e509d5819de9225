// Orders that wait for a price, and what a trade sets off.
import { describe, expect, it } from "vitest";
import { OrderStatus, OrderType, Side } from "../../gen/tickwire/v1/types_pb.ts";
import { answer } from "./queries.ts";
import { MARKET_AT_100, table } from "./testing/restoredTable.ts";
import { FAST_ONLY, TestVenue } from "./testing/testVenue.ts";

describe("a stop or take-profit order", () => {
  it("waits outside the book, and becomes an ordinary order when the last price meets its stop price", () => {
    const venue = table(`
      ${MARKET_AT_100}
      alice sells 5 @ 89 stop 90 as sl -> accepted
      alice buys  5 @ 111 stop 110 as sb -> accepted
      empty book
      mm buys  1 @ 91 -> accepted
      bob   sells 1 @ 91 -> accepted, 1 @ 91
      mm buys  1 @ 90 -> accepted
      bob   sells 1 @ 90 -> accepted, 1 @ 90, woken sl
      ask 89: 5
      mm sells 9 @ 110 -> accepted
      bob   buys  6 @ 110 -> accepted, 5 @ 89, 1 @ 110, woken sb, 5 @ 110
      ask 110: 3
    `);
    expect(venue.balances("alice")).toBe("1000000/0 999999895/0");
  });

  it.each<[string, string]>([
    ["alice sells 5 @ 99 stop 100", "rejected WOULD_TRIGGER_IMMEDIATELY"],
    ["alice sells 5 stop 100", "rejected WOULD_TRIGGER_IMMEDIATELY"],
    ["alice buys 5 @ 99 stop 100", "rejected WOULD_TRIGGER_IMMEDIATELY"],
    ["alice buys 5 @ 99 take 100", "rejected WOULD_TRIGGER_IMMEDIATELY"],
    ["alice sells 5 take 100", "rejected WOULD_TRIGGER_IMMEDIATELY"],
    ["alice sells 5 @ 98 stop 99", "accepted"],
    ["alice sells 5 take 101", "accepted"],
    ["alice buys 5 take 99", "accepted"],
    ["alice buys 5 stop 101", "accepted"],
    ["alice buys 5 stop 2000000000", "rejected PRICE_FILTER"],
    ["alice buys 5 trail 9999", "accepted"],
    ["alice buys 5 trail 10000", "rejected TRAILING_DELTA"],
    ["alice buys for 5 stop 101", "rejected UNSUPPORTED_COMBINATION"],
    ["alice buys 1000000 stop 1001", "rejected INSUFFICIENT_BALANCE"],
  ])("while the market is at 100: %s -> %s", (line, outcome) => {
    const venue = table(MARKET_AT_100);
    expect(venue.say(line)).toBe(outcome);
  });

  it("joins the back of the queue at its price", () => {
    table(`
      ${MARKET_AT_100}
      alice sells 5 @ 95 stop 90 as sl -> accepted
      bob   buys  1 @ 90 -> accepted
      bob   sells 2 @ 95 -> accepted
      carol sells 1 @ 90 -> accepted, 1 @ 90, woken sl
      ask 95: 2 5
    `);
  });

  it("takes what the book gives when it has no limit, and expires the rest", () => {
    const venue = table(`
      ${MARKET_AT_100}
      alice sells 5 stop 90 as sl -> accepted
      bob   buys  1 @ 90 -> accepted
      bob   buys  2 @ 80 -> accepted
      carol sells 1 @ 90 -> accepted, 1 @ 90, woken sl, 2 @ 80, expired INSUFFICIENT_LIQUIDITY
      empty book
    `);
    expect(venue.balances("alice")).toBe("999998/0 1000000160/0");
  });

  it("wakes others by its trades: prices in the order they traded, orders of one price by age", () => {
    table(`
      ${MARKET_AT_100}
      mm buys  1 @ 90 -> accepted
      mm buys  2 @ 85 -> accepted
      mm buys  2 @ 80 -> accepted
      alice sells 1 stop 80 as third -> accepted
      bob   sells 2 stop 90 as first -> accepted
      carol sells 1 stop 86 as second -> accepted
      dave  sells 1 -> accepted, 1 @ 90, woken first, 2 @ 85, woken second, 1 @ 80, woken third, 1 @ 80
      empty book
    `);
    table(`
      ${MARKET_AT_100}
      mm buys  9 @ 80 -> accepted
      alice sells 1 stop 80 as old -> accepted
      bob   sells 1 stop 90 as new -> accepted
      dave  sells 1 -> accepted, 1 @ 80, woken old, 1 @ 80, woken new, 1 @ 80
    `);
  });

  it("sees every price of a sweep, there and back", () => {
    table(`
      ${MARKET_AT_100}
      mm sells 1 @ 90 -> accepted
      mm sells 1 @ 120 -> accepted
      alice sells 1 @ 200 stop 95 as down -> accepted
      bob   buys  1 @ 50 stop 115 as up -> accepted
      dave  buys  2 -> accepted, 1 @ 90, 1 @ 120, woken down, woken up
      ask 200: 1
      bid 50: 1
    `);
  });

  it("never spends more than was held and is there: a buyer without limit takes what he can pay", () => {
    const venue = new TestVenue();
    venue.account("poor", 0n, 1_000n);
    table(
      `
      ${MARKET_AT_100}
      poor  buys  9 stop 110 as sb -> accepted
      mm sells 1 @ 110 -> accepted
      mm sells 5 @ 120 -> accepted
      mm sells 5 @ 130 -> accepted
      bob   buys  1 -> accepted, 1 @ 110, woken sb, 5 @ 120, 3 @ 130, expired INSUFFICIENT_LIQUIDITY
      ask 130: 2
    `,
      undefined,
      venue,
    );
    expect(venue.balances("poor")).toBe("8/0 10/0");
  });

  it("holds quantity times stop price, takes more from what is available, and gives back what is left", () => {
    const venue = new TestVenue();
    table(`${MARKET_AT_100}\n alice buys 10 stop 110 as sb -> accepted`, undefined, venue);
    expect(venue.balances("alice")).toBe("1000000/0 999998900/1100");
    table(`
      mm sells 1 @ 110 -> accepted
      mm sells 10 @ 120 -> accepted
      bob buys 1 -> accepted, 1 @ 110, woken sb, 10 @ 120
    `, undefined, venue);
    expect(venue.balances("alice")).toBe("1000010/0 999998800/0");
  });

  it("ends an IOC or FOK order that finds nothing, and a frozen wait by cancel or time", () => {
    table(`
      ${MARKET_AT_100}
      alice sells 5 @ 95 ioc stop 90 as a -> accepted
      alice sells 5 @ 95 fok stop 90 as b -> accepted
      alice sells 5 @ 95 stop 80 as c -> accepted
      alice sells 5 @ 95 stop 80 as d -> accepted
      bob   buys  1 @ 90 -> accepted
      carol sells 1 -> accepted, 1 @ 90, woken a, expired UNFILLED_IOC, woken b, expired UNFILLED_FOK
      alice cancels c -> canceled c
      alice cancels all -> canceled d
      empty book
    `);
  });

  it("is an open order to its owner, not working yet, and counts as one", FAST_ONLY, () => {
    const venue = table(`
      ${MARKET_AT_100}
      alice sells 5 stop 90 as sl -> accepted
      alice sells 5 stop 90 as sl -> rejected DUPLICATE_CLIENT_ORDER_ID
      alice sells 5 stop 90 as s2 -> accepted
      alice sells 5 stop 90 as s3 -> rejected MAX_NUM_ORDERS
    `, { maxNumOrders: 2 });
    const reply = answer(venue.engine, { case: "order", value: { $typeName: "tickwire.v1.OrderQuery", accountId: venue.account("alice"), orderId: 0n, clientOrderId: "sl" } });
    expect(reply).toMatchObject({ value: { status: OrderStatus.NEW, type: OrderType.STOP_LOSS, side: Side.SELL, stopPriceTicks: 90n, workingUs: 0n, triggeredUs: 0n } });
    expect(venue.balances("alice")).toBe("999990/10 1000000000/0");
    expect(venue.marketData).toEqual([]);
  });
});

describe("a trailing order", () => {
  it("follows the best price since it was accepted, and wakes on a move of its delta away from it", () => {
    table(`
      ${MARKET_AT_100}
      mm sells 1 @ 150 -> accepted
      alice sells 5 @ 120 trail 1000 as ts -> accepted
      bob   buys  1 @ 150 -> accepted, 1 @ 150
      mm buys  1 @ 136 -> accepted
      bob   sells 1 @ 136 -> accepted, 1 @ 136
      mm buys  1 @ 135 -> accepted
      bob   sells 1 @ 135 -> accepted, 1 @ 135, woken ts
      ask 120: 5
    `);
    table(`
      ${MARKET_AT_100}
      alice buys  5 @ 50 trail 1000 as tb -> accepted
      mm buys  1 @ 71 -> accepted
      bob   sells 1 -> accepted, 1 @ 71
      mm sells 1 @ 78 -> accepted
      bob   buys  1 -> accepted, 1 @ 78
      mm sells 1 @ 79 -> accepted
      bob   buys  1 -> accepted, 1 @ 79, woken tb
      bid 50: 5
    `);
  });

  it("with a stop price starts to follow only when that is met", () => {
    table(`
      ${MARKET_AT_100}
      alice sells 5 @ 120 take 130 trail 1000 as tp -> accepted
      mm buys  1 @ 80 -> accepted
      bob   sells 1 -> accepted, 1 @ 80
      mm sells 1 @ 130 -> accepted
      bob   buys  1 -> accepted, 1 @ 130
      mm buys  1 @ 118 -> accepted
      bob   sells 1 -> accepted, 1 @ 118
      mm buys  1 @ 117 -> accepted
      bob   sells 1 -> accepted, 1 @ 117, woken tp
      ask 120: 5
    `);
  });

  it("without a last price starts at the first trade; a buyer without limit is refused, as nobody knows his price", () => {
    table(`
      alice buys  5 trail 1000 -> rejected NO_LIQUIDITY
      alice sells 5 @ 95 trail 1000 as ts -> accepted
      ${MARKET_AT_100}
      mm buys  1 @ 90 -> accepted
      bob   sells 1 -> accepted, 1 @ 90, woken ts
      ask 95: 5
    `);
  });
});

describe("stop orders at random", () => {
  it("keep every invariant, replay and restore", () => {
    let state = 12_345;
    const roll = (below: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
      return (state >>> 8) % below;
    };
    const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 2_000 });
    for (const name of ["a", "b", "c"]) venue.account(name, 3_000n, 300_000n);
    let woken = 0;
    for (let n = 0; n < 1_500; n++) {
      const name = ["a", "b", "c"][roll(3)] ?? "a";
      const verb = roll(2) === 0 ? "buys" : "sells";
      const price = `@ ${90 + roll(21)}`;
      const limit = roll(2) === 0 ? price : "";
      const kinds = [`${price}`, `${price}`, price, `${limit} stop ${90 + roll(21)}`, `${limit} take ${90 + roll(21)}`, `${limit} trail ${100 + roll(900)}`, `${limit} take ${90 + roll(21)} trail ${100 + roll(900)}`];
      venue.timeUs += 10n;
      const said = roll(10) === 0 ? venue.say(`${name} cancels ${roll(20) === 0 ? "all" : `o${Math.max(0, n - roll(40))}`}`) : venue.say(`${name} ${verb} ${1 + roll(9)} ${kinds[roll(kinds.length)]} as o${n}`);
      if (said.includes("woken")) woken++;
    }
    expect(woken).toBeGreaterThan(50);
    table("", undefined, venue);
  });
});
