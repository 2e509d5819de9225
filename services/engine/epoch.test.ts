// A log that goes on in a new epoch: what the first entry of it says, and what it leaves as it was.
import { describe, expect, it } from "vitest";
import { fromBinary } from "@bufbuild/protobuf";
import { ServerBatchSchema } from "../../gen/tickwire/v1/server_pb.ts";
import { RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { Engine } from "./engine.ts";
import { restoreSnapshot, stateHash, takeSnapshot } from "./snapshot.ts";
import { entryBytes, TestVenue, type CommandInit } from "./testing/testVenue.ts";

const start = (epoch: number, reason = "a repair"): CommandInit => ({ body: { case: "startEpoch", value: { epoch, reason } } });
const rejected = (reason: RejectReason): unknown => [{ body: { case: "commandRejected", value: { reason } } }];

describe("a new epoch", () => {
  it("is the epoch of the whole entry that starts it and of every entry after it; seq, chain and money go on", () => {
    const venue = new TestVenue();
    venue.say("alice sells 5 @ 101 as a");
    const before = { seq: venue.engine.seq, entry: venue.engine.entry, balances: venue.balances("alice"), book: venue.picture() };
    const batch = venue.apply([start(8), { accountId: venue.account("alice"), body: { case: "cancelOrder", value: { marketId: 1, clientOrderId: "none" } } }]);
    expect(batch).toMatchObject({ epoch: 8, entry: BigInt(before.entry + 1) });
    expect(batch.groups[0]).toMatchObject({ seq: BigInt(before.seq + 1), events: [{ body: { case: "epochStarted", value: { epoch: 8, reason: "a repair", previousEpoch: 7 } } }] });
    expect(venue.balances("alice")).toBe(before.balances);
    expect(venue.picture()).toBe(before.book);
    venue.say("bob buys 2 @ 101");
    expect(venue.batch.epoch).toBe(8);
    expect(venue.marketData[0]?.frames.map(({ body }) => body.value)).toMatchObject([{ epoch: 8 }, { epoch: 8 }]);
  });

  it("is kept by a snapshot and reached by a replay", () => {
    const venue = new TestVenue();
    venue.say("alice sells 5 @ 101");
    venue.apply([start(4_000_000_000)]);
    expect(restoreSnapshot(takeSnapshot(venue.engine)).epoch).toBe(4_000_000_000);
    const other = new TestVenue();
    for (const bytes of venue.log.slice(other.log.length)) other.applyBytes(bytes);
    expect(stateHash(other.engine)).toEqual(stateHash(venue.engine));
  });

  it("must be greater than the old one, first in its entry, and the venue's own command; what is refused changes nothing", () => {
    const venue = new TestVenue();
    const refusals: [CommandInit[], RejectReason][] = [
      [[start(7)], RejectReason.ALREADY_EXISTS],
      [[start(6)], RejectReason.ALREADY_EXISTS],
      [[start(8, "x".repeat(129))], RejectReason.MALFORMED_COMMAND],
      [[{ ...start(8), accountId: venue.account("alice") }], RejectReason.MALFORMED_COMMAND],
      [[{ ...start(8), deadlineUs: 10n ** 15n }], RejectReason.MALFORMED_COMMAND],
    ];
    for (const [commands, reason] of refusals) {
      const batch = venue.apply(commands);
      expect(batch.epoch).toBe(7);
      expect(batch.groups[0]?.events).toMatchObject(rejected(reason) as object);
    }
    const late = venue.apply([{ body: { case: "advanceTime", value: {} } }, start(8)]);
    expect(late.epoch).toBe(7);
    expect(late.groups[1]?.events).toMatchObject(rejected(RejectReason.MALFORMED_COMMAND) as object);
    const twice = venue.apply([start(8), start(8), start(9)]);
    expect(twice.epoch).toBe(8);
    expect(twice.groups.map(({ events }) => events[0]?.body.case)).toEqual(["epochStarted", "commandRejected", "commandRejected"]);
    expect(venue.engine.epoch).toBe(8);
  });

  it("cannot open a log", () => {
    const fresh = new Engine();
    fresh.applyEntry(entryBytes([start(9)]), 1);
    expect(fresh.epoch).toBe(0);
  });

  it("gives the market data of its own entry too the new epoch", () => {
    const venue = new TestVenue();
    const alice = venue.account("alice");
    const order: CommandInit = { accountId: alice, body: { case: "placeOrder", value: { marketId: 1, side: 2, type: 1, timeInForce: 1, priceTicks: 101n, quantityLots: 5n, clientOrderId: "a" } } };
    const applied = venue.engine.applyEntry(entryBytes([start(8), order], venue.timeUs), venue.engine.entry + 1);
    expect(applied.marketData.map(({ bytes }) => fromBinary(ServerBatchSchema, bytes).frames[0]?.body.value)).toMatchObject([{ epoch: 8, bidTicks: [], askTicks: [101n] }]);
  });
});
