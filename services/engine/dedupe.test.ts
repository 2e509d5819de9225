import { describe, expect, it } from "vitest";
import { CancelReplaceMode } from "../../gen/tickwire/v1/command_pb.ts";
import { OrderType, RejectReason, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { Dedupe, DEDUPE_RECORD_BYTES } from "./dedupe.ts";
import { Engine } from "./engine.ts";
import { DEDUPE_SECONDS } from "./limits.ts";
import { ClientOrderId, scatterClientIds } from "./clientOrderId.ts";
import { restoreSnapshot, stateHash, takeSnapshot } from "./snapshot.ts";
import { MARKET, TestVenue } from "./testing/testVenue.ts";

const SECOND_US = 1_000_000n;
/** Whole seconds of engine time after which an id is free. */
const FREE_AFTER_US = BigInt(DEDUPE_SECONDS + 1) * SECOND_US;

const DUPLICATE = "rejected DUPLICATE_CLIENT_ORDER_ID";

// The live engine, one replayed from the log and one restored from a snapshot are the same.
function same(venue: TestVenue): void {
  const hash = Buffer.from(stateHash(venue.engine)).toString("hex");
  expect(Buffer.from(stateHash(restoreSnapshot(takeSnapshot(venue.engine)))).toString("hex")).toBe(hash);
  const replayed = new Engine();
  for (const bytes of venue.log) replayed.applyEntry(bytes, replayed.entry + 1);
  expect(Buffer.from(stateHash(replayed)).toString("hex")).toBe(hash);
}

describe("an order sent again", () => {
  it.each([
    ["was filled at once", "bob sells 5 @ 100", "alice buys 5 @ 100 as x", "accepted, 5 @ 100"],
    ["expired unfilled", "bob sells 5 @ 101", "alice buys 5 @ 100 ioc as x", "accepted, expired UNFILLED_IOC"],
    ["rests", "bob sells 5 @ 101", "alice buys 5 @ 100 as x", "accepted"],
  ])("is not executed twice when the first copy %s", (_, before, line, outcome) => {
    const venue = new TestVenue();
    venue.say(before);
    venue.say("bob sells 9 @ 102");
    expect(venue.say(line)).toBe(outcome);
    const balances = venue.balances("alice");
    expect(venue.say(line)).toBe(DUPLICATE);
    venue.timeUs += 60n * SECOND_US;
    expect(venue.say(line)).toBe(DUPLICATE);
    expect(venue.balances("alice")).toBe(balances);
    same(venue);
  });

  it("is a new order after as long as a copy of the first may be on its way, and a second more", () => {
    const venue = new TestVenue();
    expect(venue.say("alice sells 5 @ 100 as x")).toBe("accepted");
    venue.say("alice cancels x");
    venue.timeUs = FREE_AFTER_US - 1n;
    expect(venue.say("alice sells 5 @ 100 as x")).toBe(DUPLICATE);
    same(venue);
    venue.timeUs = FREE_AFTER_US;
    expect(venue.say("alice sells 5 @ 100 as x")).toBe("accepted");
    same(venue);
    expect(venue.say("alice sells 5 @ 100 as x")).toBe(DUPLICATE);
  });

  it("is known to an engine that takes over in another process, whose hashes are its own", () => {
    const venue = new TestVenue();
    for (const line of ["alice sells 5 @ 100 as x", "alice sells 5 @ 101 as y", "alice cancels x"]) venue.say(line);
    const snapshot = takeSnapshot(venue.engine);
    scatterClientIds(0x1234_5678);
    try {
      venue.engine = restoreSnapshot(snapshot);
      expect(venue.say("alice sells 5 @ 100 as x")).toBe(DUPLICATE);
      expect(venue.say("alice cancels y")).toBe("canceled y");
      expect(venue.say("alice sells 5 @ 100 as z")).toBe("accepted");
    } finally {
      scatterClientIds(0);
    }
  });

  it("is refused for as long as the first is open, however old", () => {
    const venue = new TestVenue();
    venue.say("alice sells 5 @ 100 as x");
    venue.timeUs = 10n * FREE_AFTER_US;
    expect(venue.say("alice sells 5 @ 101 as x")).toBe(DUPLICATE);
    venue.say("alice cancels x");
    expect(venue.say("alice sells 5 @ 101 as x")).toBe("accepted");
  });

  it("may be sent again when the first was refused: a rejected order takes no id", () => {
    const venue = new TestVenue();
    expect(venue.say("alice sells 5 @ 0 as x")).toBe("rejected PRICE_FILTER");
    expect(venue.say("alice sells 5 @ 100 as x")).toBe("accepted");
    expect(venue.say("bob sells 5 @ 100 as x")).toBe("accepted");
  });
});

describe("the ids of other ways to place an order", () => {
  it("are taken too: by an amendment's new name, and the old one stays taken", () => {
    const venue = new TestVenue();
    venue.say("alice sells 5 @ 100 as x");
    const amend = (clientOrderId: string, newClientOrderId: string) =>
      venue.do(venue.account("alice"), { case: "amendOrder", value: { marketId: MARKET, clientOrderId, newClientOrderId } })[0]?.body;
    expect(amend("x", "y")).toMatchObject({ case: "orderAmended" });
    expect(venue.say("alice sells 5 @ 100 as x")).toBe(DUPLICATE);
    expect(amend("y", "x")).toMatchObject({ case: "amendRejected", value: { reason: RejectReason.DUPLICATE_CLIENT_ORDER_ID } });
    venue.say("alice cancels y");
    expect(venue.say("alice sells 5 @ 100 as y")).toBe(DUPLICATE);
    same(venue);
  });

  it("are taken too: of a replacement, which may not have the name of what it replaces", () => {
    const venue = new TestVenue();
    venue.say("alice sells 5 @ 100 as x");
    const replace = (cancels: string, clientOrderId: string) =>
      venue
        .do(venue.account("alice"), {
          case: "cancelReplaceOrder",
          value: {
            mode: CancelReplaceMode.ALLOW_FAILURE,
            cancel: { marketId: MARKET, clientOrderId: cancels },
            place: { marketId: MARKET, side: Side.SELL, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks: 101n, quantityLots: 5n, clientOrderId },
          },
        })
        .map(({ body }) => body.case)
        .slice(0, 2);
    expect(replace("x", "x")).toEqual(["orderCanceled", "orderRejected"]);
    expect(replace("x", "y")).toEqual(["cancelRejected", "orderAccepted"]);
    expect(replace("y", "y")).toEqual(["orderCanceled", "orderRejected"]);
    same(venue);
  });

  it("are taken too: a list's name for lists, its orders' names for orders", () => {
    const venue = new TestVenue();
    const list = (name: string, order: string): string => `alice lists oto as ${name}: buys 5 @ 90 as ${order} | sells 5 @ 120 as ${order}2`;
    expect(venue.say(list("L", "a"))).toBe("list, accepted, accepted");
    venue.say("alice cancels all");
    expect(venue.say(list("L", "b"))).toBe("rejected DUPLICATE_CLIENT_ORDER_LIST_ID");
    expect(venue.say(list("M", "a"))).toBe(DUPLICATE);
    expect(venue.say("alice buys 1 @ 90 as a2")).toBe(DUPLICATE);
    expect(venue.say("alice buys 1 @ 90 as L")).toBe("accepted");
    same(venue);
    venue.timeUs += FREE_AFTER_US;
    expect(venue.say(list("L", "a"))).toBe("list, accepted, accepted");
    same(venue);
  });
});

describe("the memory of ids", () => {
  const clientId = (account: number, text: string): ClientOrderId => ClientOrderId.of(account, Buffer.from(text)) ?? expect.unreachable();
  const id = (n: number): ClientOrderId => clientId(n % 7, `order-${n}`.padEnd(1 + (n % 36), "."));
  const remember = (dedupe: Dedupe, n: number): void => dedupe.remember(n % 7, id(n));
  const remembers = (dedupe: Dedupe, n: number): boolean => dedupe.remembers(n % 7, id(n));

  it("forgets the oldest first when there are more than it is to keep, and its index stays whole", () => {
    const kept = 5_000;
    const dedupe = new Dedupe(kept);
    for (let n = 0; n < 60_000; n++) {
      expect(remembers(dedupe, n)).toBe(false);
      remember(dedupe, n);
      expect(remembers(dedupe, n)).toBe(true);
      if (n >= kept) expect(remembers(dedupe, n - kept)).toBe(false);
      if (n >= kept - 1) expect(remembers(dedupe, n - kept + 1)).toBe(true);
      if (n % 9_973 === 0) dedupe.validate();
    }
    expect(dedupe.size).toBe(kept);
    dedupe.validate();
  });

  it("forgets by time what a burst left, and what it hands to a snapshot is only what counts", () => {
    const dedupe = new Dedupe();
    for (let n = 0; n < 40_000; n++) {
      dedupe.setTime(n * 10_000);
      remember(dedupe, n);
    }
    // 399 s have passed, 100 ids each.
    const first = (399 - DEDUPE_SECONDS) * 100;
    expect(dedupe.size).toBe(40_000 - first);
    expect(remembers(dedupe, first - 1)).toBe(false);
    expect(remembers(dedupe, first)).toBe(true);
    dedupe.validate();
    const copy = dedupe.copy();
    expect(copy.length).toBe((40_000 - first) * DEDUPE_RECORD_BYTES);
    const restored = new Dedupe();
    restored.setTime(39_999 * 10_000);
    restored.restore(copy);
    restored.validate();
    expect(Buffer.compare(restored.copy(), copy)).toBe(0);
    for (let n = 0; n < 40_000; n += 7) expect(remembers(restored, n)).toBe(n >= first);
    dedupe.setTime(500_000_000);
    expect([dedupe.size, dedupe.copy().length]).toEqual([0, 0]);
  });

  it("compares ids whole: equal hashes are not equal ids", () => {
    const dedupe = new Dedupe();
    const [a, b] = [clientId(1, "a"), clientId(1, "b")];
    b.hash = a.hash;
    dedupe.remember(1, a);
    expect(dedupe.remembers(1, a)).toBe(true);
    expect(dedupe.remembers(1, b)).toBe(false);
    expect(dedupe.remembers(2, a)).toBe(false);
    // More than a bucket of the index holds.
    for (let n = 0; n < 200; n++) dedupe.remember(n, b);
    for (let n = 0; n < 200; n++) expect([dedupe.remembers(n, b), dedupe.remembers(n, a)]).toEqual([true, n === 1]);
  });
});
