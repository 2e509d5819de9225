// What an order says beyond side, price, quantity and time in force: when it ends, what wakes it, how much it shows.
//
// Few orders have any, so they are objects beside the flat records (the word TERMS of a record leads here), and the
// plain order pays for them with one comparison. Never: decides anything about an order.
import { OrderType, PegType } from "../../gen/tickwire/v1/types_pb.ts";
import type { OrderList } from "./orderLists.ts";
import type { Timer } from "./timers.ts";

/** Where an order with terms stands: in the book (or matching), waiting for a price, or for its list's working order. */
export const WORKING = 0;
export const UNTRIGGERED = 1;
export const PENDING = 2;

/** Whether orders of this type wait for a price before they meet the book. */
export const isAlgo = (type: number): boolean => type > OrderType.MARKET;

/** Doubles that freezeTerms writes. */
export const TERMS_F64 = 13;

/** Of the terms, what is told and kept: the rest follows from it. */
export interface ToldTerms {
  readonly orderId: number;
  readonly phase: number;
  readonly expireTimeUs: number;
  readonly stopPriceTicks: number;
  readonly trailingDeltaBips: number;
  readonly trailingExtremeTicks: number;
  readonly triggeredUs: number;
  readonly icebergLots: number;
  readonly hiddenLots: number;
  readonly pegType: PegType;
  readonly pegOffsetLevels: number;
  readonly heldUnits: number;
  readonly list: { readonly id: number } | undefined;
}

/** Writes them as TERMS_F64 doubles from `at`. */
export function freezeTerms(terms: ToldTerms, into: Float64Array, at: number): void {
  into[at] = terms.orderId;
  into[at + 1] = terms.phase;
  into[at + 2] = terms.expireTimeUs;
  into[at + 3] = terms.stopPriceTicks;
  into[at + 4] = terms.trailingDeltaBips;
  into[at + 5] = terms.trailingExtremeTicks;
  into[at + 6] = terms.triggeredUs;
  into[at + 7] = terms.icebergLots;
  into[at + 8] = terms.hiddenLots;
  into[at + 9] = terms.pegType;
  into[at + 10] = terms.pegOffsetLevels;
  into[at + 11] = terms.heldUnits;
  into[at + 12] = terms.list === undefined ? 0 : terms.list.id;
}

/** What freezeTerms wrote from `at`. */
export function thawTerms(from: Float64Array, at: number): ToldTerms {
  const word = (i: number): number => from[at + i] as number;
  return {
    orderId: word(0),
    phase: word(1),
    expireTimeUs: word(2),
    stopPriceTicks: word(3),
    trailingDeltaBips: word(4),
    trailingExtremeTicks: word(5),
    triggeredUs: word(6),
    icebergLots: word(7),
    hiddenLots: word(8),
    pegType: word(9) as PegType,
    pegOffsetLevels: word(10),
    heldUnits: word(11),
    list: word(12) === 0 ? undefined : { id: word(12) },
  };
}

export class OrderTerms implements ToldTerms {
  readonly slot: number;
  readonly orderId: number;
  readonly account: number;
  readonly type: number;
  readonly side: number;
  phase = WORKING;
  expireTimeUs = 0;
  timer: Timer | undefined;
  stopPriceTicks = 0;
  trailingDeltaBips = 0;
  trailingExtremeTicks = 0;
  triggeredUs = 0;
  icebergLots = 0;
  /** Iceberg: the part of the rest that does not show. REMAINING_LOTS of the record is the part that does. */
  hiddenLots = 0;
  pegType: PegType = PegType.UNSPECIFIED;
  pegOffsetLevels = 0;
  /** While the order waits (UNTRIGGERED or PENDING): what it holds. */
  heldUnits = 0;
  list: OrderList | undefined;
  /** Price at which a waiting order triggers, as its queue sorts it. */
  triggerTicks = 0;
  /** Place in the queue of triggers; -1 while in none. */
  queuedAt = -1;

  /** The order is in its account's list though it does not rest: it was woken, and is matching. */
  listed = false;
  /** The order is over, and forgotten; it ended with this status, for this CancelReason or ExpiryReason. */
  ended = false;
  endStatus = 0;
  endReason = 0;

  constructor(order: { readonly slot: number; readonly orderId: number; readonly account: number; readonly type: number; readonly side: number }) {
    this.slot = order.slot;
    this.orderId = order.orderId;
    this.account = order.account;
    this.type = order.type;
    this.side = order.side;
  }
}
