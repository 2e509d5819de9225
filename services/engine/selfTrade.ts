// Self-trade prevention: what happens when an incoming order meets one of the same owner. The taker's mode decides; an
// owner is an account, or all accounts of one trade group.
//
// Never: changes anything. Trading asks which side ends; rules ask what the book offers an order that may not take
// everything in it.
import { SelfTradePreventionMode } from "../../gen/tickwire/v1/types_pb.ts";
import type { Accounts } from "./accounts.ts";
import type { OrderBook } from "./orderBook.ts";
import { ACCOUNT, NO_SLOT, RECORD_F64, RECORD_I32, REMAINING_LOTS, type OrderStore } from "./orderStore.ts";

/** No prevention: the account trades with itself. */
export const NO_PREVENTION = 0;

/** The mode as a number that is 0 whenever nothing can be prevented. */
export function preventionOf(mode: number): number {
  return mode === SelfTradePreventionMode.NONE ? NO_PREVENTION : mode;
}

export const expiresTaker = (prevention: number): boolean => prevention === SelfTradePreventionMode.EXPIRE_TAKER || prevention === SelfTradePreventionMode.EXPIRE_BOTH;
export const expiresMaker = (prevention: number): boolean => prevention === SelfTradePreventionMode.EXPIRE_MAKER || prevention === SelfTradePreventionMode.EXPIRE_BOTH;

/** What is left of a resting order, whether it shows or not. */
const restOf = (orders: OrderStore, slot: number): number => (orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number) + (orders.termsOf(slot)?.hiddenLots ?? 0);

/** Lots at a level that belong to others. */
export function othersLotsAt(book: OrderBook, orders: OrderStore, accounts: Accounts, ticks: number, account: number): number {
  let lots = 0;
  for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) {
    if (!accounts.sameOwner(orders.i32[slot * RECORD_I32 + ACCOUNT] as number, account)) lots += restOf(orders, slot);
  }
  return lots;
}

/** Lots at a level before its first order of the same owner; all of them when it has none. `met` tells which. */
export function lotsBeforeOwn(book: OrderBook, orders: OrderStore, accounts: Accounts, ticks: number, account: number): { lots: number; met: boolean } {
  let lots = 0;
  let hidden = 0;
  for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) {
    if (accounts.sameOwner(orders.i32[slot * RECORD_I32 + ACCOUNT] as number, account)) return { lots, met: true };
    lots += orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number;
    hidden += orders.termsOf(slot)?.hiddenLots ?? 0;
  }
  // What does not show comes after all that does.
  return { lots: lots + hidden, met: false };
}
