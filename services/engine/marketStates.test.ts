// What may be done in each state of a market, and of an account: one row per command, one column per state.
import { describe, expect, it } from "vitest";
import { CancelReplaceMode } from "../../gen/tickwire/v1/command_pb.ts";
import { MarketStatus, OrderType, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { table } from "./testing/restoredTable.ts";
import { MARKET, TestVenue } from "./testing/testVenue.ts";

const CLOSED = "rejected MARKET_CLOSED";
const POST_ONLY = "rejected MARKET_POST_ONLY";
const AUCTION = "rejected MARKET_AUCTION";

// Last price 100, an ask and a bid of another's around it, and of alice one order of each kind.
const OPENING = [
  ...["mm sells 1 @ 100", "mm buys 1 @ 100", "mm sells 5 @ 105", "mm buys 5 @ 95"],
  ...["alice buys 4 @ 90 as plain", "alice buys 4 @ 91 maker as posted", "alice sells 4 @ 79 stop 80 as waiting", "alice sells 9 @ 120 show 2 as ice"],
];

function opened(path: readonly string[] = []): TestVenue {
  const venue = new TestVenue();
  for (const line of [...OPENING, ...path.map((status) => `venue goes ${status}`)]) expect(venue.say(line)).not.toContain("rejected");
  return venue;
}

const STATES: Readonly<Record<"TRADING" | "HALT" | "CANCEL_ONLY" | "POST_ONLY" | "AUCTION", readonly string[]>> = {
  TRADING: [],
  HALT: ["HALT"],
  CANCEL_ONLY: ["CANCEL_ONLY"],
  POST_ONLY: ["POST_ONLY"],
  AUCTION: ["HALT", "AUCTION"],
};

type Row = readonly [command: string, trading: string, halt: string, cancelOnly: string, postOnly: string, auction: string];
const ROWS: readonly Row[] = [
  ["alice buys 1 @ 106", "accepted, 1 @ 105", CLOSED, CLOSED, POST_ONLY, "accepted"],
  ["alice buys 1 @ 100 maker", "accepted", CLOSED, CLOSED, "accepted", AUCTION],
  ["alice buys 1 @ 105 maker", "rejected WOULD_TAKE", CLOSED, CLOSED, "rejected WOULD_TAKE", AUCTION],
  ["alice buys 1", "accepted, 1 @ 105", CLOSED, CLOSED, POST_ONLY, AUCTION],
  ["alice buys 1 @ 100 ioc", "accepted, expired UNFILLED_IOC", CLOSED, CLOSED, POST_ONLY, AUCTION],
  ["alice buys 1 @ 100 fok", "accepted, expired UNFILLED_FOK", CLOSED, CLOSED, POST_ONLY, AUCTION],
  ["alice buys 9 @ 100 show 3", "accepted", CLOSED, CLOSED, POST_ONLY, "accepted"],
  ["alice buys 1 peg primary", "accepted", CLOSED, CLOSED, POST_ONLY, AUCTION],
  ["alice buys 1 peg primary maker", "accepted", CLOSED, CLOSED, "accepted", AUCTION],
  ["alice buys 1 @ 111 stop 110", "accepted", CLOSED, CLOSED, POST_ONLY, "accepted"],
  ["alice buys 1 trail 100", "accepted", CLOSED, CLOSED, POST_ONLY, "accepted"],
  ["alice lists oco as L: sells 1 @ 110 maker | sells 1 stop 90", "list, accepted, accepted", CLOSED, CLOSED, POST_ONLY, AUCTION],
  ["alice lists oco as L: sells 1 take 110 | sells 1 stop 90", "list, accepted, accepted", CLOSED, CLOSED, POST_ONLY, "list, accepted, accepted"],
  ["alice lists oto as L: buys 1 @ 100 | sells 1 @ 110 maker", "list, accepted, accepted", CLOSED, CLOSED, POST_ONLY, "list, accepted, accepted"],
  ["alice lists oto as L: buys 1 @ 100 maker | sells 1 @ 110 maker", "list, accepted, accepted", CLOSED, CLOSED, "list, accepted, accepted", AUCTION],
  ["alice amends plain to 3", "amended in place", CLOSED, CLOSED, "amended in place", "amended in place"],
  ["alice amends plain @ 92", "amended", CLOSED, CLOSED, POST_ONLY, "amended"],
  ["alice amends posted to 3", "amended in place", CLOSED, CLOSED, "amended in place", "amended in place"],
  ["alice amends posted @ 92", "amended", CLOSED, CLOSED, "amended", AUCTION],
  ["alice amends waiting to 3", "amended in place", CLOSED, CLOSED, "amended in place", "amended in place"],
  ["alice amends waiting @ 78", "amended in place", CLOSED, CLOSED, POST_ONLY, "amended in place"],
  ["alice amends ice to 8", "amended in place", CLOSED, CLOSED, "amended in place", "amended in place"],
  ["alice amends ice @ 119", "amended", CLOSED, CLOSED, POST_ONLY, "amended"],
  ["alice cancels plain", "canceled plain", CLOSED, "canceled plain", "canceled plain", "canceled plain"],
  ["alice cancels waiting", "canceled waiting", CLOSED, "canceled waiting", "canceled waiting", "canceled waiting"],
  [
    "alice cancels all",
    "canceled plain, canceled posted, canceled waiting, canceled ice",
    CLOSED,
    "canceled plain, canceled posted, canceled waiting, canceled ice",
    "canceled plain, canceled posted, canceled waiting, canceled ice",
    "canceled plain, canceled posted, canceled waiting, canceled ice",
  ],
];

describe.each(Object.entries(STATES))("in %s", (state, path) => {
  const column = 1 + Object.keys(STATES).indexOf(state);
  it.each(ROWS.map((row) => [row[0], row[column] as string]))("%s -> %s", (command, outcome) => {
    const venue = opened(path);
    const before = outcome.startsWith("rejected") ? venue.balances("alice") : undefined;
    table(`${command} -> ${outcome}`, undefined, venue);
    if (before !== undefined) expect(venue.balances("alice")).toBe(before);
  });

  it("an order ends at its time, and a dead man's switch fires", () => {
    const venue = opened();
    venue.say("alice buys 1 @ 80 gtd 2000 as dated");
    venue.do(venue.account("bob"), { case: "setDeadMansSwitch", value: { timeoutUs: 2_000n } });
    venue.say("bob buys 1 @ 81 as switched");
    for (const status of path) venue.say(`venue goes ${status}`);
    venue.timeUs = 2_000n;
    expect(venue.say("mm cancels nothing")).toBe("expired GOOD_TILL_DATE, rejected UNKNOWN_ORDER");
    venue.timeUs = 3_000n;
    expect(venue.say("mm cancels nothing")).toBe("canceled switched, rejected UNKNOWN_ORDER");
    venue.restores();
    venue.replays();
  });

  it("a replacement is refused, and its order kept, where orders are not cancelled; elsewhere the new one is judged by itself", () => {
    const venue = opened(path);
    const place = { marketId: MARKET, side: Side.BUY, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks: 89n, quantityLots: 4n, clientOrderId: "new" };
    const told = venue.do(venue.account("alice"), { case: "cancelReplaceOrder", value: { mode: CancelReplaceMode.STOP_ON_FAILURE, cancel: { marketId: MARKET, clientOrderId: "plain" }, place } });
    const places = state === "TRADING" || state === "AUCTION";
    const expected = state === "HALT" ? ["cancelRejected", "orderRejected"] : ["orderCanceled", places ? "orderAccepted" : "orderRejected"];
    expect(told.map(({ body }) => body.case).filter((event) => event !== "balanceChanged")).toEqual(expected);
    venue.restores();
  });
});

describe("a frozen account", () => {
  it("places, amends and withdraws nothing; what it has open stays, trades, is woken and placed, and may be cancelled", () => {
    const venue = opened();
    const alice = venue.account("alice");
    table("alice lists oto as L: buys 2 @ 94 as work | sells 2 @ 130 as pend -> list, accepted, accepted", undefined, venue);
    venue.do(0n, { case: "setAccountFrozen", value: { targetAccountId: alice, frozen: true } });
    table(
      `
      alice buys 1 @ 50 -> rejected ACCOUNT_FROZEN
      alice buys 1 @ 50 stop 110 -> rejected ACCOUNT_FROZEN
      alice lists oco as M: sells 1 @ 110 maker | sells 1 stop 90 -> rejected ACCOUNT_FROZEN
      alice amends plain to 3 -> rejected ACCOUNT_FROZEN
      mm cancels all -> canceled auto-3, canceled auto-4
      bob sells 2 @ 94 -> accepted, 2 @ 94, accepted
      mm buys 9 @ 80 -> accepted
      bob sells 9 @ 80 -> accepted, 4 @ 91, 4 @ 90, 1 @ 80, woken waiting, 4 @ 80
      alice cancels pend -> canceled pend, list done
      alice cancels all -> canceled ice
      `,
      undefined,
      venue,
    );
    expect(venue.do(alice, { case: "withdraw", value: { assetId: 1, amountUnits: 1n, transferId: "out" } })[0]?.body.case).toBe("commandRejected");
    expect(venue.do(alice, { case: "deposit", value: { assetId: 1, amountUnits: 1n, transferId: "in" } })[0]?.body.case).toBe("depositPosted");
    expect(venue.do(0n, { case: "setMarketStatus", value: { marketId: MARKET, status: MarketStatus.HALT } })[0]?.body.case).toBe("marketStatusChanged");
  });
});
