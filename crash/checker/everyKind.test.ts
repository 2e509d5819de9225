// What the checker follows beyond plain orders, judged by the fold alone, without the plain engine: one session with lists,
// an iceberg, amendments, a stop and an auction, in which nothing is wrong, and then with one fault each.
import { toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { EventBatchSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { BASE, TestVenue } from "../../services/engine/testing/testVenue.ts";
import { checkCalls, type Call } from "./calls.ts";
import { EventFold, type LoggedEntry } from "./eventFold.ts";
import { Findings, type FindingKind } from "./findings.ts";
import { alter, copy } from "./testing/alter.ts";

interface Record {
  entries: LoggedEntry[];
  calls: Call[];
}

const TABLE: readonly (readonly [line: string, outcome: string])[] = [
  ["a lists oco as pair: sells 10 @ 120 maker as gain | sells 10 stop 85 as loss", "list, accepted, accepted"],
  ["a sells 20 @ 105 show 5 as berg", "accepted"],
  ["b sells 4 @ 105 as behind", "accepted"],
  // Its next part stands behind the other.
  ["c buys 12 @ 105", "accepted, 5 @ 105, 4 @ 105, 3 @ 105"],
  ["b sells 6 @ 110 as big", "accepted"],
  ["a sells 6 @ 110 as next", "accepted"],
  ["b amends big to 3", "amended in place"],
  ["c buys 17 @ 110", "accepted, 2 @ 105, 5 @ 105, 5 @ 105, 3 @ 110, 2 @ 110"],
  ["c sells 4 stop 101 as stopped", "accepted"],
  ["d buys 4 @ 100", "accepted"],
  ["b sells 1 @ 100", "accepted, 1 @ 100, woken stopped, 3 @ 100, expired INSUFFICIENT_LIQUIDITY"],
  ["c lists oto as both: buys 2 @ 90 as works | sells 2 @ 130 as then", "list, accepted, accepted"],
  ["b sells 2 @ 90", "accepted, 2 @ 90, accepted"],
  ["venue goes HALT", ""],
  ["venue goes AUCTION", ""],
  ["d buys 5 @ 112", "accepted"],
  ["b sells 2 @ 95", "accepted"],
  ["venue goes TRADING", "uncrossed 5 @ 110, 2 @ 110, 3 @ 110"],
];

function session(): Record {
  const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 2_000 });
  const entries: LoggedEntry[] = [];
  const { applyBytes } = venue;
  const keep = (command: Uint8Array): void => void entries.push({ entry: entries.length + 1, command, events: toBinary(EventBatchSchema, venue.batch) });
  for (const command of venue.log) keep(command);
  venue.applyBytes = (bytes) => {
    const batch = applyBytes.call(venue, bytes);
    keep(bytes);
    return batch;
  };
  for (const [line, outcome] of TABLE) {
    const told = venue.say(line);
    if (outcome !== told) throw new Error(`${line}: ${told}`);
  }
  // The last balance told is of an account whose orders are a pair and a rest of another.
  venue.do(venue.account("a"), { case: "deposit", value: { assetId: BASE, amountUnits: 1n, transferId: "more" } });
  const calls: Call[] = [{ kind: "place list", accountId: Number(venue.account("a")), id: "pair", result: "accepted" }];
  return { entries, calls };
}

function judge({ entries, calls }: Record): Findings {
  const findings = new Findings();
  const fold = new EventFold(findings);
  for (const entry of entries) fold.take(entry);
  fold.finish();
  checkCalls(fold, calls, findings);
  return findings;
}

type Fault = readonly [fault: string, found: FindingKind, plant: (record: Record) => void];

const FAULTS: readonly Fault[] = [
  ["an iceberg's next part traded before the order that stood behind the first", "matching", (r) => alter(r, "tradeExecuted", (_, group) => {
    const trades = group.events.flatMap(({ body }) => (body.case === "tradeExecuted" ? [body.value] : []));
    const [, second, third] = trades;
    if (second?.maker?.order === undefined || third?.maker?.order === undefined) throw new Error("there were three");
    [second.maker, third.maker] = [third.maker, second.maker];
  })],
  ["an order traded that nothing had woken", "matching", (r) => alter(r, "orderTriggered", (_, group, i) => group.events.splice(i, 1))],
  ["an order was woken that rested", "order", (r) => alter(r, "orderAmended", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "orderAmended" && body.value.order !== undefined) group.events[i] = { ...copy(undefined), body: { case: "orderTriggered", value: { ...body.value, $typeName: "tickwire.v1.OrderTriggered" } } };
  })],
  ["an order traded first that had lost its place", "matching", (r) => alter(r, "orderAmended", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "orderAmended") body.value.keptPriority = false;
  })],
  ["an amendment made an order larger", "order", (r) => alter(r, "orderAmended", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "orderAmended" && body.value.order !== undefined) body.value.order.quantityLots = 7n;
  })],
  ["a pending order was placed twice", "duplicated", (r) => alter(r, "orderListChanged", (_, group) => {
    const placed = group.events.findIndex(({ body }) => body.case === "orderAccepted" && body.value.order?.clientOrderId === "then");
    group.events.splice(placed, 0, copy(group.events[placed]));
  }, "last")],
  ["an auction says more lots than it traded", "order", (r) => alter(r, "auctionUncrossed", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "auctionUncrossed") body.value.quantityLots += 1n;
  })],
  ["an auction traded at another price than it says", "matching", (r) => alter(r, "auctionUncrossed", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "auctionUncrossed") body.value.priceTicks += 1n;
  })],
  ["what an auction collected traded before what had rested", "matching", (r) => alter(r, "auctionUncrossed", (_, group) => {
    const trades = group.events.flatMap(({ body }) => (body.case === "tradeExecuted" ? [body.value] : []));
    const [first, second] = trades;
    if (first === undefined || second === undefined) throw new Error("there were two");
    const { maker, taker } = first;
    Object.assign(first, { maker: second.maker, taker: second.taker });
    Object.assign(second, { maker, taker });
  })],
  ["a maker's fee was taken in an auction", "balance", (r) => alter(r, "auctionUncrossed", (_, group) => {
    const trade = group.events.find(({ body }) => body.case === "tradeExecuted")?.body;
    if (trade?.case === "tradeExecuted" && trade.value.maker !== undefined) trade.value.maker.feeUnits /= 2n;
  })],
  ["a pair holds for both of its orders", "balance", (r) => alter(r, "balanceChanged", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case !== "balanceChanged") return;
    body.value.heldUnits += 10n;
    body.value.heldChangeUnits += 10n;
    body.value.availableUnits -= 10n;
    body.value.availableChangeUnits -= 10n;
  }, "last")],
  ["a list was carried out twice", "duplicated", (r) => alter(r, "orderListChanged", (_, group, i) => group.events.splice(i, 0, copy(group.events[i])))],
  ["a caller was told of a list that does not exist", "lost", (r) => void r.calls.push({ kind: "place list", accountId: 2, id: "ghost", result: "accepted" })],
];

describe("a session with orders of every kind", () => {
  it("is found to be right", () => {
    expect(judge(session()).samples).toEqual([]);
  });

  it.each(FAULTS)("in which %s is found wrong: %s", (_, found, plant) => {
    const record = session();
    plant(record);
    const findings = judge(record);
    expect(findings.byKind(), findings.samples.join("\n")).toHaveProperty([found]);
  });
});
