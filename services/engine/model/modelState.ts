// The naive engine's state: arrays and maps of wire messages, in BigInt, nothing derived is ever stored.
//
// Never: shares code with the fast engine. Whatever can be summed up from the orders (what is held, the levels, the
// best prices) is summed up each time it is asked for, so it cannot be wrong in between.
import type { Market, Order } from "../../../gen/tickwire/v1/types_pb.ts";
import { Side } from "../../../gen/tickwire/v1/types_pb.ts";

/** The largest integer that the venue takes for a price, a quantity or a product of them. */
export const EXACT_MAX = 2n ** 53n - 1n;

/** The first account opened receives the fees. */
export const HOUSE = 1n;

export interface ModelAccount {
  readonly accountId: bigint;
  readonly externalId: string;
  readonly name: string;
  frozen: boolean;
  executionSeq: bigint;
  balanceSeq: bigint;
  /** When the dead man's switch fires; 0 while it is not armed. */
  switchUs: bigint;
  /** By asset id: everything the account owns, held or not. */
  readonly owned: Map<number, bigint>;
  /** In the order in which they were posted. */
  readonly transferIds: string[];
}

export interface ModelMarket {
  rules: Market;
  nextTradeId: bigint;
  bookSeq: bigint;
  lastPriceTicks: bigint;
}

export const isBuy = (order: { readonly side: Side }): boolean => order.side === Side.BUY;

/** What of an order neither traded nor ended. */
export const remainingLots = (order: Order): bigint => order.quantityLots - order.executedLots;

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The fee on an amount, rounded up, toward the house. */
export const fee = (amountUnits: bigint, ratePpm: number): bigint => (amountUnits * BigInt(ratePpm) + 999_999n) / 1_000_000n;
