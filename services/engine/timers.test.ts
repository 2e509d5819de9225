// What the engine does by its own clock, which only log entries move.
import { describe, expect, it } from "vitest";
import { CancelReason, ExpiryReason, RejectReason, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { restoreSnapshot, stateHash, takeSnapshot } from "./snapshot.ts";
import { FAST_ONLY, MARKET, TestVenue } from "./testing/testVenue.ts";

const HOUR_US = 3_600_000_000n;

/** The same engine again, from its log and from a snapshot. */
function expectReplayable(venue: TestVenue): void {
  venue.replays();
  venue.restores();
}

const armSwitch = (venue: TestVenue, name: string, timeoutUs: bigint) => venue.do(venue.account(name), { case: "setDeadMansSwitch", value: { timeoutUs } })[0]?.body;

describe("a good-till-date order", () => {
  it("ends at its time, at the start of the first command that is not earlier", () => {
    const venue = new TestVenue();
    expect(venue.say("alice sells 5 @ 100 gtd 5000 as a")).toBe("accepted");
    venue.timeUs = 4_999n;
    expect(venue.say("bob buys 2 @ 100")).toBe("accepted, 2 @ 100");
    expectReplayable(venue);
    venue.timeUs = 5_000n;
    expect(venue.say("bob buys 2 @ 100")).toBe("expired GOOD_TILL_DATE, accepted");
    expect(venue.picture()).toBe("bid 100: 2");
    expect(venue.balances("alice")).toBe("999998/0 1000000200/0");
    expectReplayable(venue);
  });

  it("gives up its time with its life", FAST_ONLY, () => {
    const venue = new TestVenue();
    venue.say("alice sells 5 @ 100 gtd 5000 as a");
    venue.say("alice sells 5 @ 101 gtd 5000 as b");
    venue.say("alice cancels a");
    venue.say("bob buys 5 @ 101");
    expect(venue.engine.trading.timers.firstDueUs).toBe(Number.POSITIVE_INFINITY);
    venue.timeUs = 9_000n;
    expect(venue.say("bob buys 1 @ 1")).toBe("accepted");
  });

  it("ends in the order of time, then of id, whatever the order of arrival", FAST_ONLY, () => {
    const venue = new TestVenue();
    venue.say("alice sells 1 @ 101 gtd 9000 as late");
    venue.say("bob sells 1 @ 102 gtd 7000 as a");
    venue.say("alice buys 1 @ 50 gtd 5000 as first");
    venue.say("bob buys 1 @ 51 gtd 7000 as b");
    const restored = restoreSnapshot(takeSnapshot(venue.engine));
    venue.timeUs = 10_000n;
    const events = venue.do(0n, { case: "advanceTime", value: {} });
    expect(events.map(({ body }) => (body.case === "orderExpired" ? body.value.order?.clientOrderId : body.case))).toEqual([
      "first", "a", "b", "late", "timeAdvanced", "balanceChanged", "balanceChanged", "balanceChanged", "balanceChanged",
    ]);
    expect(events[0]?.body).toMatchObject({ value: { order: { expiryReason: ExpiryReason.GOOD_TILL_DATE, timeInForce: TimeInForce.GTD, expireTimeUs: 5_000n } } });
    restored.applyEntry(venue.log.at(-1) ?? new Uint8Array(), restored.entry + 1);
    expect(stateHash(restored)).toEqual(stateHash(venue.engine));
  });

  it("ends in a halted market too, and before a command that makes the ledger grow", () => {
    const venue = new TestVenue();
    venue.say("alice sells 1 @ 101 gtd 5000");
    venue.do(0n, { case: "setMarketStatus", value: { marketId: MARKET, status: 2 } });
    venue.timeUs = 5_000n;
    const commands = Array.from({ length: 100 }, (_, i) => ({ body: { case: "openAccount", value: { externalId: `x${i}`, name: "" } } as const }));
    venue.apply(commands);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
  });
});

describe("a dead man's switch", () => {
  it("cancels every order of its account once, when it was not renewed in time", () => {
    const venue = new TestVenue();
    venue.say("alice sells 1 @ 101 as a");
    venue.say("bob sells 1 @ 102 as b");
    venue.say("alice buys 1 @ 50 as c");
    expect(armSwitch(venue, "alice", 4_000n)).toMatchObject({ case: "deadMansSwitchSet", value: { firesUs: 5_000n } });
    venue.timeUs = 4_000n;
    expect(armSwitch(venue, "alice", 4_000n)).toMatchObject({ value: { firesUs: 8_000n } });
    expectReplayable(venue);
    venue.timeUs = 7_999n;
    expect(venue.say("bob buys 1 @ 1")).toBe("accepted");
    venue.timeUs = 8_000n;
    const events = venue.do(venue.account("bob"), { case: "advanceTime", value: {} });
    expect(events.map((e) => e.body.case).slice(0, 3)).toEqual(["orderCanceled", "orderCanceled", "timeAdvanced"]);
    expect(events[0]?.body).toMatchObject({ value: { order: { clientOrderId: "a", cancelReason: CancelReason.DEAD_MANS_SWITCH } } });
    expect(venue.picture()).toBe("ask 102: 1\nbid 1: 1");
    venue.say("alice sells 1 @ 101 as d");
    venue.timeUs = 99_000n;
    expect(venue.say("bob cancels b")).toBe("canceled b");
    expect(venue.picture()).toBe("ask 101: 1\nbid 1: 1");
    expectReplayable(venue);
  });

  it("cancels what waits for a price or for its list, and lists with it, in a halted market too", () => {
    const venue = new TestVenue();
    for (const line of [
      "mm sells 1 @ 100",
      "mm buys 1 @ 100",
      "alice sells 1 stop 90 as waits",
      "alice lists oco as A: sells 1 @ 110 maker as gain | sells 1 stop 90 as stop",
      "alice lists otoco as B: buys 1 @ 80 as work | sells 1 @ 110 maker as gain2 | sells 1 stop 70 as stop2",
    ]) venue.say(line);
    armSwitch(venue, "alice", 4_000n);
    expectReplayable(venue);
    venue.say("venue goes HALT");
    venue.timeUs = 5_000n;
    const each = ["waits", "gain", "stop", "work", "gain2", "stop2"].map((id) => `canceled ${id}`).join(", ");
    expect(venue.say("venue goes TRADING")).toBe(`${each}, list done, list done`);
    expect(venue.balances("alice")).toBe("1000000/0 1000000000/0");
    expect(venue.picture()).toBe("");
    expectReplayable(venue);
  });

  it("is disarmed with 0, and refused beyond a day or for nobody", () => {
    const venue = new TestVenue();
    venue.say("alice sells 1 @ 101 as a");
    armSwitch(venue, "alice", 4_000n);
    expect(armSwitch(venue, "alice", 0n)).toMatchObject({ value: { firesUs: 0n } });
    venue.timeUs = 9_000n;
    expect(venue.say("alice cancels a")).toBe("canceled a");
    expect(armSwitch(venue, "alice", 24n * HOUR_US + 1n)).toMatchObject({ case: "commandRejected", value: { reason: RejectReason.EXPIRE_TIME_OUT_OF_RANGE } });
    expect(venue.do(99n, { case: "setDeadMansSwitch", value: { timeoutUs: 5n } })[0]?.body).toMatchObject({ value: { reason: RejectReason.UNKNOWN_ACCOUNT } });
  });
});
