// The naive engine's state: arrays and maps of wire messages, in BigInt, nothing derived is ever stored.
//
// Never: shares code with the fast engine. Whatever can be summed up from the orders (what is held, the levels, the
// best prices) is summed up each time it is asked for, so it cannot be wrong in between.
import type { Market, Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { PendingTransfer } from "../../../gen/tickwire/v1/snapshot_pb.ts";
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
  feeTier: number;
  /** 0: none. */
  tradeGroupId: bigint;
  /** When the dead man's switch fires; 0 while it is not armed. */
  switchUs: bigint;
  /** By asset id: everything the account owns, held or not. */
  readonly owned: Map<number, bigint>;
  /** In the order in which they were asked for. */
  readonly transferIds: string[];
  /** Announced, and neither posted nor voided; a withdrawal holds its units meanwhile. */
  pendingTransfers: PendingTransfer[];
}

export interface ModelMarket {
  rules: Market;
  nextTradeId: bigint;
  bookSeq: bigint;
  lastPriceTicks: bigint;
  /** While an auction is open: no buyer may bid more; 0: none is. */
  auctionCapTicks: bigint;
  /** What traded in the last minutes, in five drawers that are used in turn. Doubles, as the rule says. */
  readonly minutes: Map<number, { minute: bigint; lots: number; ticksTimesLots: number }>;
}

export const isBuy = (order: { readonly side: Side }): boolean => order.side === Side.BUY;

/** What of an order neither traded nor ended. */
export const remainingLots = (order: Order): bigint => order.quantityLots - order.executedLots - order.preventedLots;

export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The fee on an amount, rounded up, toward the house. */
export const fee = (amountUnits: bigint, ratePpm: number): bigint => (amountUnits * BigInt(ratePpm) + 999_999n) / 1_000_000n;

const MINUTE_US = 60_000_000n;
const MINUTES = 5;

/** Counts a trade into the reference price. */
export function countTrade(market: ModelMarket, priceTicks: bigint, lots: bigint, timeUs: bigint): void {
  const minute = timeUs / MINUTE_US;
  const drawer = Number(minute % BigInt(MINUTES));
  const known = market.minutes.get(drawer);
  const before = known?.minute === minute ? known : { lots: 0, ticksTimesLots: 0 };
  market.minutes.set(drawer, { minute, lots: before.lots + Number(lots), ticksTimesLots: before.ticksTimesLots + Number(priceTicks) * Number(lots) });
}

/** The average price of what traded in the last five minutes; else the last price; 0 while there is none. */
export function referenceTicks(market: ModelMarket, timeUs: bigint): bigint {
  const oldest = timeUs / MINUTE_US - BigInt(MINUTES) + 1n;
  let lots = 0;
  let ticksTimesLots = 0;
  for (let drawer = 0; drawer < MINUTES; drawer++) {
    const traded = market.minutes.get(drawer);
    if (traded === undefined || traded.minute < oldest) continue;
    lots += traded.lots;
    ticksTimesLots += traded.ticksTimesLots;
  }
  return lots === 0 ? market.lastPriceTicks : BigInt(Math.floor(ticksTimesLots / lots));
}
