// What clients were told, held against what happened: accepted means once, refused means never, UNKNOWN means once or
// not at all, and a later answer to "what became of it" must be the truth.
//
// Invariant: calls are judged by the id their client chose, all calls with one id together, because a retry is a call
// with the same id.
import type { EventFold } from "./eventFold.ts";
import type { Findings } from "./findings.ts";
import type { FoldedOrder } from "./foldedOrder.ts";

export type CallKind = "place" | "place list" | "cancel" | "deposit" | "withdraw";

/**
 * How a call ended for its client.
 * - `accepted`: told that it happened.
 * - `refused`: told that it certainly did not, or never sent at all.
 * - `duplicate`: refused because an order with this id was there already.
 * - `unknown`: nobody said.
 */
export type CallResult = "accepted" | "refused" | "duplicate" | "unknown";

export interface Call {
  readonly kind: CallKind;
  readonly accountId: number;
  /** Client order id of the order placed or cancelled, or of the list, or transfer id. */
  readonly id: string;
  readonly result: CallResult;
  /** As told when accepted: the order's id, and of a placed order the trades it was told of. */
  readonly orderId?: number;
  readonly marketId?: number;
  readonly tradeIds?: readonly number[];
  /** When it was sent and answered, on the client's clock. */
  readonly sentMs?: number;
  readonly answeredMs?: number;
  /** What the venue said when it was asked later what became of an unknown call; absent when it was not asked. */
  readonly resolved?: "executed" | "not executed";
}

export interface CallCounts {
  readonly calls: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unknown: number;
  readonly unknownExecuted: number;
  readonly unknownNotExecuted: number;
  /** Unknown, and the venue never said what became of it. */
  readonly unresolved: number;
}

/** Judges all calls of a run. */
export function checkCalls(fold: EventFold, calls: Iterable<Call>, findings: Findings): CallCounts {
  const counts = { calls: 0, acknowledged: 0, refused: 0, unknown: 0, unknownExecuted: 0, unknownNotExecuted: 0, unresolved: 0 };
  const byId = new Map<string, Call[]>();
  for (const call of calls) {
    counts.calls++;
    if (call.result === "accepted") counts.acknowledged++;
    else if (call.result === "unknown") counts.unknown++;
    else counts.refused++;
    const key = `${call.kind}/${call.accountId}/${call.id}`;
    const known = byId.get(key);
    if (known === undefined) byId.set(key, [call]);
    else known.push(call);
  }
  for (const group of byId.values()) {
    const [first] = group as [Call, ...Call[]];
    const times = timesExecuted(fold, first);
    judge(group, first, times, findings);
    for (const call of group) {
      if (call.result === "accepted") checkAnswer(fold, call, findings);
      if (call.result !== "unknown") continue;
      if (times > 0) counts.unknownExecuted++;
      else counts.unknownNotExecuted++;
      if (call.resolved === undefined) counts.unresolved++;
      else if ((call.resolved === "executed") !== times > 0) {
        findings.add("acknowledged otherwise", `${named(call)} was told "${call.resolved}" later; it was executed ${times} times`);
      }
    }
  }
  return counts;
}

const named = ({ kind, accountId, id }: Call): string => `${kind} "${id}" of account ${accountId}`;

/** How often the history did what the call asked for. */
function timesExecuted(fold: EventFold, { kind, accountId, id }: Call): number {
  switch (kind) {
    case "place":
      return fold.ordersNamed(accountId, id).length;
    case "place list":
      return fold.lists.get(`${accountId}/${id}`) ?? 0;
    case "cancel":
      return fold.ordersNamed(accountId, id).filter(({ canceled }) => canceled).length;
    case "deposit":
    case "withdraw":
      return fold.transfers.get(`${accountId}/${id}`)?.count ?? 0;
  }
}

function judge(group: readonly Call[], call: Call, times: number, findings: Findings): void {
  const accepted = group.filter(({ result }) => result === "accepted").length;
  if (times > 1) findings.add("duplicated", `${named(call)} was executed ${times} times`);
  if (accepted > 1) findings.add("duplicated", `${named(call)} was acknowledged ${accepted} times`);
  if (accepted > 0 && times === 0) findings.add("lost", `${named(call)} was acknowledged, and is not in the history`);
  if (times > 0 && group.every(({ result }) => result === "refused")) findings.add("refused but executed", `${named(call)} was refused, and was executed`);
  if (times === 0 && group.some(({ result }) => result === "duplicate")) findings.add("acknowledged otherwise", `${named(call)} was refused as a duplicate of nothing`);
}

// The answer named an order and its trades: they must be those of the history.
function checkAnswer(fold: EventFold, call: Call, findings: Findings): void {
  if (call.kind !== "place" && call.kind !== "cancel") return;
  const order: FoldedOrder | undefined = fold.ordersNamed(call.accountId, call.id)[0];
  if (order === undefined) return;
  if (call.orderId !== undefined && call.orderId !== order.orderId) findings.add("acknowledged otherwise", `${named(call)} was told order ${call.orderId}; the history has order ${order.orderId}`);
  for (const tradeId of call.tradeIds ?? []) {
    const trade = fold.tradesById.get(`${order.marketId}/${tradeId}`);
    if (trade === undefined) findings.add("lost", `${named(call)} was told of trade ${tradeId}, which is not in the history`);
    else if (trade.takerOrderId !== order.orderId) findings.add("acknowledged otherwise", `${named(call)} was told of trade ${tradeId}, which is another order's`);
  }
}
