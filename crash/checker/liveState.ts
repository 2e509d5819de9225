// What the running venue shows, held against the fold of its history: balances, open orders, and the books order by order.
import { Side, type Order } from "../../gen/tickwire/v1/types_pb.ts";
import type { EventFold } from "./eventFold.ts";
import type { Findings } from "./findings.ts";
import { visibleLots } from "./foldedOrder.ts";

/** What a venue says of itself at rest, in its own numbers. */
export interface LiveState {
  /** The newest log entry it had applied. */
  readonly entry: number;
  readonly balances: readonly { readonly accountId: number; readonly assetId: number; readonly available: bigint; readonly held: bigint }[];
  readonly openOrders: readonly Pick<Order, "orderId" | "accountId" | "marketId" | "clientOrderId" | "executedLots" | "status">[];
  /** Of each market: ids of visible resting orders in the order in which they would trade. */
  readonly books: readonly { readonly marketId: number; readonly bids: readonly LiveBookOrder[]; readonly asks: readonly LiveBookOrder[] }[];
}

export interface LiveBookOrder {
  readonly orderId: number;
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** Compares a venue at rest with its history; `accounts` are those that `state` tells of. */
export function checkLiveState(fold: EventFold, state: LiveState, accounts: ReadonlySet<number>, findings: Findings): void {
  if (state.entry !== fold.entries) findings.add("live state", `the venue stands at entry ${state.entry}, its history at ${fold.entries}`);
  const told = new Set<string>();
  for (const { accountId, assetId, available, held } of state.balances) {
    const key = `${accountId}/${assetId}`;
    told.add(key);
    const expected = fold.balances.get(key) ?? { available: 0n, held: 0n };
    if (available !== expected.available || held !== expected.held) {
      findings.add("live state", `${key} (account/asset) is ${available} + ${held} held; the history says ${expected.available} + ${expected.held}`);
    }
  }
  for (const [key, { available, held }] of fold.balances) {
    if (accounts.has(Number(key.split("/")[0])) && !told.has(key) && available + held !== 0n) findings.add("live state", `${key} (account/asset) is not told; the history says ${available} + ${held} held`);
  }

  const open = new Map(state.openOrders.map((order) => [Number(order.orderId), order]));
  for (const order of fold.orders.values()) {
    if (!accounts.has(order.accountId)) continue;
    const shown = open.get(order.orderId);
    if (!order.open) {
      if (shown !== undefined) findings.add("live state", `order ${order.orderId} is shown open after its end`);
    } else if (shown === undefined) findings.add("lost", `order ${order.orderId} is open in the history, and the venue does not have it`);
    else if (Number(shown.executedLots) !== order.executedLots || shown.clientOrderId !== order.clientOrderId || Number(shown.accountId) !== order.accountId) {
      findings.add("live state", `order ${order.orderId} is shown otherwise than the history has it`);
    }
    open.delete(order.orderId);
  }
  for (const orderId of open.keys()) findings.add("live state", `order ${orderId} is shown open, and the history does not have it`);

  for (const { marketId, bids, asks } of state.books) {
    checkSide(fold, marketId, Side.BUY, bids, findings);
    checkSide(fold, marketId, Side.SELL, asks, findings);
    const [bid, ask] = [bids[0], asks[0]];
    if (bid !== undefined && ask !== undefined && bid.priceTicks >= ask.priceTicks) findings.add("live state", `the book of market ${marketId} is crossed`);
  }
}

function checkSide(fold: EventFold, marketId: number, side: Side, shown: readonly LiveBookOrder[], findings: Findings): void {
  const expected = fold.queueOf(marketId, side);
  const name = `${side === Side.BUY ? "bids" : "asks"} of market ${marketId}`;
  if (expected.length !== shown.length) findings.add("live state", `the ${name} are ${shown.length} orders; the history has ${expected.length}`);
  for (const [i, { orderId, priceTicks, quantityLots }] of shown.entries()) {
    const order = fold.orders.get(expected[i] ?? 0);
    const lots = order === undefined ? 0 : visibleLots(order);
    if (order?.orderId === orderId && order.priceTicks === priceTicks && lots === quantityLots) continue;
    findings.add("live state", `place ${i + 1} of the ${name} is order ${orderId}, ${quantityLots} lots at ${priceTicks}; the history has order ${order?.orderId ?? "none"}, ${lots} lots at ${order?.priceTicks ?? 0}`);
    return; // after the first wrong place all others are
  }
}
