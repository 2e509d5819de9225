// The checker that judges crash runs and simulations is judged first: it finds nothing wrong with what engines really
// did, and each fault planted in the record of it is found, under its own name.
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { EventBatchSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { OrderType, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { isFailure, run } from "../../services/engine/suite/proof.ts";
import { WHAT_IS_SEEN } from "../../services/engine/suite/comparison.ts";
import { TestVenue } from "../../services/engine/testing/testVenue.ts";
import { checkCalls, type Call } from "./calls.ts";
import { EventFold, type LoggedEntry } from "./eventFold.ts";
import { Findings, type FindingKind } from "./findings.ts";
import { checkLiveState, type LiveState } from "./liveState.ts";
import { checkAgainstModel } from "./modelReplay.ts";
import { alter, copy } from "./testing/alter.ts";

/** A session of trading between two accounts, as both logs hold it, and what the clients were told. */
interface Record {
  entries: LoggedEntry[];
  calls: Call[];
  live: LiveState;
}

const accounts = new Set([2, 3]);

function trade(): Record {
  const venue = new TestVenue({ makerFeePpm: 1_000, takerFeePpm: 2_000 });
  const entries: LoggedEntry[] = [];
  const calls: Call[] = [];
  const keep = (): void => {
    const command = venue.log.at(-1);
    if (command !== undefined) entries.push({ entry: entries.length + 1, command, events: toBinary(EventBatchSchema, venue.batch) });
  };
  keep();
  const ada = open("ada");
  const bob = open("bob");
  function open(name: string): bigint {
    const before = venue.log.length;
    const { applyBytes } = venue;
    venue.applyBytes = (bytes) => {
      const batch = applyBytes.call(venue, bytes);
      keep();
      return batch;
    };
    const id = venue.account(name);
    venue.applyBytes = applyBytes;
    expect(venue.log.length).toBeGreaterThan(before);
    return id;
  }
  const place = (accountId: bigint, id: string, side: Side, priceTicks: bigint, quantityLots: bigint, told: Partial<Call> = {}): void => {
    const events = venue.do(accountId, { case: "placeOrder", value: { marketId: 1, side, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks, quantityLots, clientOrderId: id } });
    keep();
    const orderId = events[0]?.body.case === "orderAccepted" ? Number(events[0].body.value.order?.orderId) : undefined;
    const tradeIds = events.flatMap(({ body }) => (body.case === "tradeExecuted" ? [Number(body.value.tradeId)] : []));
    calls.push({ kind: "place", accountId: Number(accountId), id, result: orderId === undefined ? "refused" : "accepted", ...(orderId !== undefined && { orderId, tradeIds }), ...told });
  };
  place(ada, "first", Side.SELL, 100n, 10n);
  place(ada, "second", Side.SELL, 100n, 10n);
  place(ada, "third", Side.SELL, 101n, 10n);
  place(bob, "taker", Side.BUY, 100n, 4n);
  place(bob, "too-much", Side.BUY, 1_000_000n, 1_000_000n);
  place(bob, "in-doubt", Side.BUY, 90n, 3n, { result: "unknown", resolved: "executed" });
  place(bob, "canceled", Side.BUY, 80n, 3n);
  venue.do(bob, { case: "cancelOrder", value: { marketId: 1, clientOrderId: "canceled" } });
  keep();
  calls.push({ kind: "cancel", accountId: Number(bob), id: "canceled", result: "accepted" });
  calls.push({ kind: "place", accountId: Number(bob), id: "never-arrived", result: "unknown", resolved: "not executed" });
  calls.push({ kind: "deposit", accountId: Number(ada), id: "base", result: "accepted" });

  const { ledger } = venue.engine;
  const balances = [2, 3].flatMap((accountId) =>
    [1, 2].map((assetId) => ({ accountId, assetId, available: ledger.availableUnits(accountId - 1, assetId - 1), held: ledger.heldUnits(accountId - 1, assetId - 1) })),
  );
  const live: LiveState = {
    entry: entries.length,
    balances,
    openOrders: [
      { orderId: 1n, accountId: ada, marketId: 1, clientOrderId: "first", executedLots: 4n, status: 2 },
      { orderId: 2n, accountId: ada, marketId: 1, clientOrderId: "second", executedLots: 0n, status: 1 },
      { orderId: 3n, accountId: ada, marketId: 1, clientOrderId: "third", executedLots: 0n, status: 1 },
      { orderId: 5n, accountId: bob, marketId: 1, clientOrderId: "in-doubt", executedLots: 0n, status: 1 },
    ],
    books: [
      {
        marketId: 1,
        bids: [{ orderId: 5, priceTicks: 90, quantityLots: 3 }],
        asks: [
          { orderId: 1, priceTicks: 100, quantityLots: 6 },
          { orderId: 2, priceTicks: 100, quantityLots: 10 },
          { orderId: 3, priceTicks: 101, quantityLots: 10 },
        ],
      },
    ],
  };
  return { entries, calls, live };
}

function judge({ entries, calls, live }: Record): Findings {
  const findings = new Findings();
  const fold = new EventFold(findings);
  for (const entry of entries) fold.take(entry);
  fold.finish();
  checkCalls(fold, calls, findings);
  checkLiveState(fold, live, accounts, findings);
  checkAgainstModel(entries, fold, 60_000, findings);
  return findings;
}

const renumbered = (entries: LoggedEntry[]): LoggedEntry[] =>
  entries.map((entry, i) => ({ ...entry, entry: i + 1, events: toBinary(EventBatchSchema, { ...fromBinary(EventBatchSchema, entry.events), entry: BigInt(i + 1) }) }));
const call = (record: Record, id: string): number => record.calls.findIndex((c) => c.id === id);
const setCall = (record: Record, id: string, change: Partial<Call>): void => {
  const at = call(record, id);
  record.calls[at] = { ...(record.calls[at] as Call), ...change };
};

describe("what really happened is found to be right", () => {
  it("in a small session whose every step is known", () => {
    expect(judge(trade()).samples).toEqual([]);
  });

  it("in thousands of random commands of every kind that the engines were proven on", () => {
    for (let seed = 1; seed <= 6; seed++) {
      const result = run(seed, 400, WHAT_IS_SEEN);
      if (isFailure(result)) throw new Error(result.message);
      const findings = new Findings();
      const fold = new EventFold(findings);
      const entries = result.log.map((command, i): LoggedEntry => ({ entry: i + 1, command, events: result.events[i] ?? new Uint8Array() }));
      for (const entry of entries) fold.take(entry);
      fold.finish();
      // What rests and what an auction has collected, order by order, as the plain engine has it.
      expect(checkAgainstModel(entries, fold, 60_000, findings).complete).toBe(true);
      expect(findings.samples, `seed ${seed}`).toEqual([]);
      expect(fold.commands).toBeGreaterThan(400);
    }
  });
});

type Fault = readonly [fault: string, found: FindingKind, plant: (record: Record) => void];

const FAULTS: readonly Fault[] = [
  ["an acknowledged order's entry is gone from both logs", "lost", (r) => (r.entries = renumbered(r.entries.filter(({ command }) => !Buffer.from(command).includes("second"))))],
  ["an entry is missing and its number with it", "log", (r) => r.entries.splice(7, 1)],
  ["a command was altered after it was answered", "log", (r) => (r.entries[9] = { ...(r.entries[9] as LoggedEntry), command: Uint8Array.from((r.entries[9] as LoggedEntry).command).fill(1, 5, 6) })],
  ["an entry was applied twice", "duplicated", (r) => (r.entries = renumbered([...r.entries.slice(0, 8), r.entries[7] as LoggedEntry, ...r.entries.slice(8)]))],
  ["a fill is there twice", "duplicated", (r) => alter(r, "tradeExecuted", (_, group, i) => group.events.splice(i, 0, copy(group.events[i])))],
  ["a fill is larger than it was", "balance", (r) => alter(r, "tradeExecuted", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "tradeExecuted") body.value.quantityLots += 1n;
  })],
  ["a balance is one unit more", "balance", (r) => alter(r, "balanceChanged", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "balanceChanged") body.value.availableUnits += 1n;
  }, "last")],
  ["a unit was made from nothing, consistently", "conservation", (r) => alter(r, "balanceChanged", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case !== "balanceChanged") return;
    body.value.availableUnits += 1n;
    body.value.availableChangeUnits += 1n;
  }, "last")],
  ["a balance event is missing", "balance", (r) => alter(r, "balanceChanged", (_, group, i) => group.events.splice(i, 1), "last")],
  ["a fee was not charged", "balance", (r) => alter(r, "tradeExecuted", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "tradeExecuted" && body.value.taker !== undefined) body.value.taker.feeUnits = 0n;
  })],
  ["the second in the queue was filled before the first", "matching", (r) => alter(r, "tradeExecuted", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "tradeExecuted" && body.value.maker?.order !== undefined) body.value.maker.order.orderId = 2n;
  })],
  ["an order was canceled that nobody asked to cancel", "live state", (r) => alter(r, "orderCanceled", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "orderCanceled" && body.value.order !== undefined) body.value.order.orderId = 5n;
  })],
  ["a seq is used twice", "log", (r) => alter(r, "orderRejected", (batch) => batch.groups.forEach((group) => (group.seq -= 1n)))],
  ["a caller was told of an order that does not exist", "lost", (r) => r.calls.push({ kind: "place", accountId: 2, id: "ghost", result: "accepted" })],
  ["a caller was told of a cancel that did not happen", "lost", (r) => r.calls.push({ kind: "cancel", accountId: 2, id: "third", result: "accepted" })],
  ["a caller was told of another order's id", "acknowledged otherwise", (r) => setCall(r, "first", { orderId: 2 })],
  ["a caller was told of a trade that does not exist", "lost", (r) => setCall(r, "taker", { tradeIds: [99] })],
  ["a refused order was executed", "refused but executed", (r) => setCall(r, "first", { result: "refused" })],
  ["an order in doubt was said not to exist, and does", "acknowledged otherwise", (r) => setCall(r, "in-doubt", { resolved: "not executed" })],
  ["an order in doubt was said to exist, and does not", "acknowledged otherwise", (r) => setCall(r, "never-arrived", { resolved: "executed" })],
  ["an order was refused as the duplicate of nothing", "acknowledged otherwise", (r) => r.calls.push({ kind: "place", accountId: 2, id: "only", result: "duplicate" })],
  ["a deposit was acknowledged twice", "duplicated", (r) => r.calls.push({ kind: "deposit", accountId: 2, id: "base", result: "accepted" })],
  ["the engine came back without an open order", "lost", (r) => (r.live = { ...r.live, openOrders: r.live.openOrders.slice(1) })],
  ["the engine came back with an order too many", "live state", (r) => (r.live = { ...r.live, openOrders: [...r.live.openOrders, { orderId: 4n, accountId: 3n, marketId: 1, clientOrderId: "taker", executedLots: 4n, status: 3 }] })],
  ["the engine came back with another balance", "live state", (r) => (r.live = { ...r.live, balances: r.live.balances.map((b, i) => (i === 1 ? { ...b, held: b.held + 1n } : b)) })],
  ["the engine came back with two orders of a price in each other's place", "live state", (r) => {
    const [book] = r.live.books as [LiveState["books"][number]];
    const [first, second, third] = book.asks as [LiveState["books"][number]["asks"][number], LiveState["books"][number]["asks"][number], LiveState["books"][number]["asks"][number]];
    r.live = { ...r.live, books: [{ ...book, asks: [second, first, third] }] };
  }],
  ["the engine came back an entry short", "live state", (r) => (r.live = { ...r.live, entry: r.live.entry - 1 })],
  ["an order was accepted that the rules refuse", "model", (r) => alter(r, "orderAccepted", (_, group, i) => {
    const body = group.events[i]?.body;
    if (body?.case === "orderAccepted" && body.value.order !== undefined) body.value.order.priceTicks += 1n;
  })],
];

describe("a fault in the record is found under its name", () => {
  it.each(FAULTS)("%s: %s", (_, found, plant) => {
    const record = trade();
    plant(record);
    const findings = judge(record);
    expect(findings.byKind(), findings.samples.join("\n")).toHaveProperty([found]);
  });
});
