import { describe, expect, it } from "vitest";
import { CancelReplaceMode, CancelRestriction } from "../../gen/tickwire/v1/command_pb.ts";
import { CancelReason, MarketStatus, OrderStatus, OrderType, RejectReason, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { MARKET, nameOf, TestVenue, type CommandInit } from "./testing/testVenue.ts";

interface Change {
  readonly lots?: number;
  readonly price?: number;
  readonly id?: string;
}

// What came of a command, in words.
function told(venue: TestVenue): string {
  const words = (venue.batch.groups[0]?.events ?? []).map(({ body }) => {
    switch (body.case) {
      case "orderAmended":
        return body.value.keptPriority ? "amended in place" : "amended";
      case "orderRejected":
      case "amendRejected":
      case "cancelRejected":
        return `${body.case} ${nameOf(RejectReason, body.value.reason)}`;
      case "tradeExecuted":
        return `${body.value.quantityLots} @ ${body.value.priceTicks}`;
      case "orderCanceled":
        return `canceled ${body.value.order?.clientOrderId} ${nameOf(CancelReason, body.value.order?.cancelReason ?? 0)}`;
      case "ordersCanceled":
        return String(body.value.count);
      case "balanceChanged":
        return "";
      default:
        return body.case;
    }
  });
  return words.filter((word) => word !== "").join(", ");
}

function amend(venue: TestVenue, name: string, clientOrderId: string, { lots = 0, price = 0, id = "" }: Change): string {
  venue.do(venue.account(name), {
    case: "amendOrder",
    value: { marketId: MARKET, clientOrderId, newQuantityLots: BigInt(lots), newPriceTicks: BigInt(price), newClientOrderId: id },
  });
  return told(venue);
}

function same(venue: TestVenue): void {
  venue.restores();
}

describe("an amended order", () => {
  it("keeps its place when it gets smaller, and gives back what it no longer needs", () => {
    const venue = new TestVenue();
    for (const line of ["alice buys 9 @ 100 as a", "bob buys 4 @ 100", "carol sells 2 @ 100"]) venue.say(line);
    expect(amend(venue, "alice", "a", { lots: 5 })).toBe("amended in place");
    expect(venue.batch.groups[0]?.events[0]?.body).toMatchObject({
      value: { order: { quantityLots: 5n, executedLots: 2n, amendCount: 1, status: OrderStatus.PARTIALLY_FILLED } },
    });
    expect(venue.picture()).toBe("bid 100: 3 4");
    expect(venue.balances("alice")).toBe("1000002/0 999999500/300");
    same(venue);
  });

  it("goes to the back when its price changes, even to a better one with company", () => {
    const venue = new TestVenue();
    for (const line of ["alice buys 3 @ 100 as a", "bob buys 4 @ 101"]) venue.say(line);
    expect(amend(venue, "alice", "a", { price: 101 })).toBe("amended");
    expect(venue.picture()).toBe("bid 101: 4 3");
    expect(venue.balances("alice")).toBe("1000000/0 999999697/303");
    expect(amend(venue, "alice", "a", { price: 99, lots: 1 })).toBe("amended");
    expect(venue.balances("alice")).toBe("1000000/0 999999901/99");
    same(venue);
  });

  it("takes when its new price crosses, and its account's orders stay in the order of their ids", () => {
    const venue = new TestVenue();
    for (const line of ["alice sells 5 @ 110 as a", "alice sells 1 @ 120 as b", "bob buys 2 @ 100", "bob buys 1 @ 99"]) venue.say(line);
    expect(amend(venue, "alice", "a", { price: 100 })).toBe("amended, 2 @ 100");
    expect(venue.picture()).toBe("ask 120: 1\nask 100: 3\nbid 99: 1");
    expect(amend(venue, "alice", "a", { price: 99, lots: 3 })).toBe("amended, 1 @ 99");
    expect(venue.say("alice cancels all")).toBe("canceled b");
    same(venue);
  });

  it("is cancelled when the new quantity has traded already", () => {
    const venue = new TestVenue();
    for (const line of ["alice buys 9 @ 100 as a", "carol sells 4 @ 100"]) venue.say(line);
    expect(amend(venue, "alice", "a", { lots: 4 })).toBe("canceled a REQUESTED");
    expect(venue.balances("alice")).toBe("1000004/0 999999600/0");
  });

  it("stays post-only, stays within the account's means, and takes another name", () => {
    const venue = new TestVenue({ rules: { maxNumOrderAmends: 2 } });
    venue.account("poor", 0n, 1_000n);
    for (const line of ["bob sells 1 @ 105", "poor buys 5 @ 100 maker as a", "poor buys 1 @ 90 as b"]) venue.say(line);
    expect(amend(venue, "poor", "a", { price: 105 })).toBe("amendRejected WOULD_TAKE");
    expect(amend(venue, "poor", "b", { price: 501 })).toBe("amendRejected INSUFFICIENT_BALANCE");
    expect(amend(venue, "poor", "a", { id: "b" })).toBe("amendRejected DUPLICATE_CLIENT_ORDER_ID");
    expect(amend(venue, "poor", "a", { id: "a" })).toBe("amendRejected AMEND_CHANGES_NOTHING");
    expect(amend(venue, "poor", "a", { id: "c" })).toBe("amended in place");
    expect(amend(venue, "poor", "a", { lots: 4 })).toBe("amendRejected UNKNOWN_ORDER");
    // Its own name said again is kept.
    expect(amend(venue, "poor", "c", { lots: 4, id: "c" })).toBe("amended in place");
    expect(amend(venue, "poor", "c", { lots: 3 })).toBe("amendRejected MAX_NUM_ORDER_AMENDS");
    same(venue);
    expect(venue.say("poor cancels c")).toBe("canceled c");
  });

  it("is refused by name", () => {
    const venue = new TestVenue({ minNotionalUnits: 20n, rules: { bidMultiplierUpBips: 20_000 } });
    for (const line of ["alice buys 9 @ 10 as a", "bob sells 9 @ 10", "alice buys 9 @ 10 as b"]) venue.say(line);
    const rows: [Change, string][] = [
      [{}, "AMEND_CHANGES_NOTHING"],
      [{ lots: 9, price: 10 }, "AMEND_CHANGES_NOTHING"],
      [{ lots: 10 }, "AMEND_INCREASES_QUANTITY"],
      [{ id: "a b" }, "INVALID_CLIENT_ORDER_ID"],
      [{ price: 2_000_000_000 }, "PRICE_FILTER"],
      [{ lots: 1 }, "MIN_NOTIONAL"],
      [{ price: 21 }, "PERCENT_PRICE_BY_SIDE"],
    ];
    for (const [change, reason] of rows) expect(amend(venue, "alice", "b", change), reason).toBe(`amendRejected ${reason}`);
    venue.do(0n, { case: "setMarketStatus", value: { marketId: MARKET, status: MarketStatus.POST_ONLY } });
    expect(amend(venue, "alice", "b", { price: 9 })).toBe("amendRejected MARKET_POST_ONLY");
    expect(amend(venue, "alice", "b", { lots: 8 })).toBe("amended in place");
    venue.do(0n, { case: "setMarketStatus", value: { marketId: MARKET, status: MarketStatus.CANCEL_ONLY } });
    expect(amend(venue, "alice", "b", { lots: 7 })).toBe("amendRejected MARKET_CLOSED");
    venue.do(0n, { case: "setAccountFrozen", value: { targetAccountId: venue.account("alice"), frozen: true } });
    expect(amend(venue, "alice", "b", { lots: 7 })).toBe("amendRejected ACCOUNT_FROZEN");
  });
});

const order = (priceTicks: bigint, clientOrderId: string, quantityLots = 1n) =>
  ({ marketId: MARKET, side: Side.BUY, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks, quantityLots, clientOrderId }) as const;

describe("cancel and replace", () => {
  const replace = (venue: TestVenue, mode: CancelReplaceMode, clientOrderId: string, place: ReturnType<typeof order>, restriction: CancelRestriction = CancelRestriction.UNSPECIFIED): string => {
    venue.do(venue.account("alice"), { case: "cancelReplaceOrder", value: { mode, cancel: { marketId: MARKET, clientOrderId, restriction }, place } });
    return told(venue);
  };
  const { STOP_ON_FAILURE, ALLOW_FAILURE, UNSPECIFIED } = CancelReplaceMode;

  it("does both, the cancel first, so that its money is free for the new order", () => {
    const venue = new TestVenue();
    venue.account("alice", 0n, 100n);
    venue.say("alice buys 1 @ 100 as a");
    expect(replace(venue, STOP_ON_FAILURE, "a", order(99n, "b"))).toBe("canceled a REPLACED, orderAccepted");
    expect(venue.picture()).toBe("bid 99: 1");
  });

  it("of a list ends the whole list first: the new order meets none of it, and has what all of it held", () => {
    const venue = new TestVenue();
    venue.account("alice", 5n, 600n);
    for (const line of ["mm sells 1 @ 100", "mm buys 1 @ 100", "alice lists oco as L: buys 5 @ 111 stop 110 as stop | buys 5 @ 90 maker as gain"]) venue.say(line);
    expect(venue.balances("alice")).toBe("5/0 45/555");
    expect(replace(venue, STOP_ON_FAILURE, "stop", order(120n, "b", 5n))).toBe("canceled stop REPLACED, canceled gain REPLACED, orderListChanged, orderAccepted");
    expect(venue.balances("alice")).toBe("5/0 0/600");
    venue.say("alice cancels b");
    for (const line of ["alice lists oco as M: sells 5 @ 110 maker as gain2 | sells 5 @ 80 stop 80 as stop2"]) venue.say(line);
    expect(replace(venue, STOP_ON_FAILURE, "stop2", order(110n, "c", 5n))).toBe("canceled stop2 REPLACED, canceled gain2 REPLACED, orderListChanged, orderAccepted");
    expect(venue.picture()).toBe("bid 110: 5");
    same(venue);
  });

  it("tells each half's outcome under each mode", () => {
    const venue = new TestVenue();
    venue.say("alice buys 1 @ 100 as a");
    expect(replace(venue, STOP_ON_FAILURE, "x", order(99n, "b"))).toBe("cancelRejected UNKNOWN_ORDER, orderRejected NOT_ATTEMPTED");
    expect(replace(venue, ALLOW_FAILURE, "x", order(99n, "b"))).toBe("cancelRejected UNKNOWN_ORDER, orderAccepted");
    expect(replace(venue, ALLOW_FAILURE, "x", order(0n, "c"))).toBe("cancelRejected UNKNOWN_ORDER, orderRejected PRICE_FILTER");
    expect(replace(venue, STOP_ON_FAILURE, "a", order(0n, "c"), CancelRestriction.ONLY_PARTIALLY_FILLED)).toBe("cancelRejected CANCEL_RESTRICTED, orderRejected NOT_ATTEMPTED");
    expect(replace(venue, STOP_ON_FAILURE, "a", order(0n, "c"))).toBe("canceled a REPLACED, orderRejected PRICE_FILTER");
    expect(replace(venue, UNSPECIFIED, "b", order(99n, "c"))).toBe("cancelRejected UNSUPPORTED_COMBINATION, orderRejected NOT_ATTEMPTED");
    expect(venue.picture()).toBe("bid 99: 1");
  });

  it("is malformed without one of its halves", () => {
    const venue = new TestVenue();
    for (const value of [{ mode: ALLOW_FAILURE, place: order(1n, "a") }, { mode: ALLOW_FAILURE, cancel: { marketId: MARKET } }]) {
      expect(venue.do(venue.account("alice"), { case: "cancelReplaceOrder", value })[0]?.body).toMatchObject({ case: "commandRejected", value: { reason: RejectReason.MALFORMED_COMMAND } });
    }
  });
});

describe("cancelling", () => {
  const cancel = (venue: TestVenue, clientOrderId: string, restriction: CancelRestriction): string => {
    venue.do(venue.account("alice"), { case: "cancelOrder", value: { marketId: MARKET, clientOrderId, restriction } });
    return told(venue);
  };

  it("obeys the restriction on the order's state", () => {
    const venue = new TestVenue();
    for (const line of ["alice buys 2 @ 100 as part", "bob sells 1 @ 100", "alice buys 2 @ 99 as new"]) venue.say(line);
    expect(cancel(venue, "part", CancelRestriction.ONLY_NEW)).toBe("cancelRejected CANCEL_RESTRICTED");
    expect(cancel(venue, "new", CancelRestriction.ONLY_PARTIALLY_FILLED)).toBe("cancelRejected CANCEL_RESTRICTED");
    expect(cancel(venue, "new", 3 as CancelRestriction)).toBe("cancelRejected UNSUPPORTED_COMBINATION");
    expect(cancel(venue, "part", CancelRestriction.ONLY_PARTIALLY_FILLED)).toBe("canceled part REQUESTED");
    expect(cancel(venue, "new", CancelRestriction.ONLY_NEW)).toBe("canceled new REQUESTED");
  });

  it("all orders of one side, oldest first, says why", () => {
    const venue = new TestVenue();
    for (const line of ["alice buys 2 @ 90 as a", "alice sells 2 @ 110 as b", "alice buys 2 @ 95 as c"]) venue.say(line);
    const all = (side: Side, reason: CancelReason): string => {
      venue.do(venue.account("alice"), { case: "cancelAllOrders", value: { marketId: MARKET, side, reason } });
      return told(venue);
    };
    expect(all(Side.BUY, CancelReason.REPLACED)).toBe("cancelRejected UNSUPPORTED_COMBINATION");
    expect(all(Side.BUY, CancelReason.DISCONNECT)).toBe("canceled a DISCONNECT, canceled c DISCONNECT, 2");
    expect(all(Side.UNSPECIFIED, CancelReason.OPERATOR)).toBe("canceled b OPERATOR, 1");
  });
});

it("a batch is several commands of one entry, each with its own result", () => {
  const venue = new TestVenue();
  const accountId = venue.account("alice");
  const batch: CommandInit[] = [order(100n, "a"), order(0n, "b"), order(98n, "a"), order(99n, "c")].map((value) => ({ accountId, body: { case: "placeOrder", value } }));
  const { groups } = venue.apply([...batch, { accountId, body: { case: "cancelOrder", value: { marketId: MARKET, clientOrderId: "a" } } }]);
  expect(groups.map((g) => [g.requestNo, g.events[0]?.body.case])).toEqual([
    [1n, "orderAccepted"],
    [2n, "orderRejected"],
    [3n, "orderRejected"],
    [4n, "orderAccepted"],
    [5n, "orderCanceled"],
  ]);
  expect(venue.picture()).toBe("bid 99: 1");
});

describe("amending what does not simply rest", () => {
  const table = (text: string, venue = new TestVenue()): TestVenue => {
    venue.table(text, (actual, expected, row) => {
      expect(actual, row).toBe(expected);
      same(venue);
    });
    return venue;
  };
  const AT_100 = `
    mm sells 1 @ 100 -> accepted
    mm buys  1 @ 100 -> accepted, 1 @ 100
  `;

  it("an iceberg loses first what it hides; what shows gets smaller only when the rest is below it", () => {
    const venue = table(`
      alice sells 10 @ 100 show 4 as ice -> accepted
      bob   sells 1 @ 100 -> accepted
      alice amends ice to 6 -> amended in place
      ask 100: 4 1
      carol buys  7 @ 100 fok -> accepted, 4 @ 100, 1 @ 100, 2 @ 100
      alice sells 10 @ 100 show 4 as ice2 -> accepted
      bob   sells 1 @ 100 -> accepted
      alice amends ice2 to 3 -> amended in place
      ask 100: 3 1
    `);
    expect(venue.balances("alice")).toBe("999991/3 1000000600/0");
    // No level changed by the first, so the public is told nothing.
    venue.say("erin sells 10 @ 120 show 4 as e");
    venue.say("erin amends e to 8");
    expect(venue.marketData).toEqual([]);
  });

  it("an iceberg with another price goes back with all it has, and hides it again", () => {
    const venue = table(`
      alice sells 10 @ 100 show 4 as ice -> accepted
      bob   buys  6 @ 99 -> accepted
      alice amends ice @ 101 to 9 -> amended
      ask 101: 4
      bid 99: 6
      alice amends ice @ 99 -> amended, 6 @ 99
      ask 99: 3
    `);
    expect(venue.balances("alice")).toBe("999991/3 1000000594/0");
  });

  it("a stop order gets smaller and gives back its share; a stop-limit order takes another limit, and holds for that", () => {
    const venue = table(`
      ${AT_100}
      alice buys  5 @ 120 stop 110 as limit -> accepted
      alice buys  4 stop 115 as market -> accepted
      bob   sells 7 trail 500 as trail -> accepted
    `);
    expect(venue.balances("alice")).toBe("1000000/0 999998940/1060");
    table(`
      alice amends limit to 3 -> amended in place
      alice amends market to 1 -> amended in place
      bob   amends trail to 2 -> amended in place
    `, venue);
    expect(venue.balances("alice")).toBe("1000000/0 999999525/475");
    expect(venue.balances("bob")).toBe("999998/2 1000000000/0");
    table(`
      alice amends limit @ 111 -> amended in place
      alice amends market @ 111 -> rejected UNSUPPORTED_COMBINATION
      alice amends limit @ 999999999 -> rejected INSUFFICIENT_BALANCE
    `, venue);
    expect(venue.balances("alice")).toBe("1000000/0 999999552/448");
    table(`
      mm  sells 1 @ 110 -> accepted
      bob buys  1 @ 110 -> accepted, 1 @ 110, woken limit
      bid 111: 3
    `, venue);
  });

  it("the two orders of a pair have one quantity: to amend either amends both, and neither's price", () => {
    const venue = table(`
      ${AT_100}
      alice lists oco as L: buys 5 @ 111 stop 110 as stop | buys 5 @ 90 maker as gain -> list, accepted, accepted
      alice amends gain to 3 -> amended in place, amended in place
      bid 90: 3
    `);
    expect(venue.balances("alice")).toBe("1000000/0 999999667/333");
    table(`
      alice amends stop to 2 -> amended in place, amended in place
      bid 90: 2
      alice amends stop @ 112 -> rejected UNSUPPORTED_COMBINATION
      alice amends gain @ 91 -> rejected UNSUPPORTED_COMBINATION
      mm    sells 1 @ 110 -> accepted
      bob   buys  1 @ 110 -> accepted, 1 @ 110, woken stop, expired OCO_TRIGGERED
      bid 111: 2
    `, venue);
    expect(venue.balances("alice")).toBe("1000000/0 999999778/222");
  });

  it("is refused when the pair's other half would be too small, and nothing has changed", () => {
    const venue = new TestVenue({ minNotionalUnits: 200n });
    table(`
      mm sells 2 @ 100 -> accepted
      mm buys  2 @ 100 -> accepted, 2 @ 100
      alice lists oco as L: sells 5 @ 110 maker as gain | sells 5 @ 50 stop 51 as stop -> list, accepted, accepted
      alice amends gain to 3 -> rejected MIN_NOTIONAL
      alice amends gain to 4 -> amended in place, amended in place
    `, venue);
    expect(venue.balances("alice")).toBe("999996/4 1000000000/0");
  });

  it("the orders of an OTO are amended one by one, pending ones too; a working order amended to what it traded ends the list", () => {
    const venue = table(`
      ${AT_100}
      alice lists oto as L: buys 5 @ 90 as work | sells 5 @ 120 as pend -> list, accepted, accepted
      alice amends work to 4 -> amended in place
      alice amends pend to 3 -> amended in place
      bob   sells 4 @ 90 -> accepted, 4 @ 90, accepted
      ask 120: 3
      alice lists oto as M: buys 5 @ 90 as work2 | sells 5 @ 120 -> list, accepted, accepted
      bob   sells 2 @ 90 -> accepted, 2 @ 90
      alice amends work2 to 2 -> canceled work2, expired OTO_WORKING_LEG_ENDED, list done
    `);
    expect(venue.balances("alice")).toBe("1000003/3 999999460/0");
  });
});
