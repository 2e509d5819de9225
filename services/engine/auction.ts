// The opening auction of one market: the orders it collects, and the one price at which they and the book meet.
//
// Rules. Orders are collected beside the book, which stays as it was and never crosses; orders that rested before take
// part, before later ones at the same price. The price is the one at which the most lots trade; of several, the one that
// leaves the fewest lots unmatched that it allows; of several, the one nearest to the last trade, and without any trade
// the middle, rounded down. Never: touches money or events (trading.ts carries the auction out). Invariants: an order is
// collected exactly while its COLLECTED mark is set; each side is a book of one side, so its sums and links are checked
// as the book's are.
import { Side } from "../../gen/tickwire/v1/types_pb.ts";
import type { Accounts } from "./accounts.ts";
import { EXACT_MAX, PRICE_TICKS_MAX } from "./limits.ts";
import { BUY, NO_ASK, NO_BID, OrderBook, SELL, type ChangeSink } from "./orderBook.ts";
import { ACCOUNT, COLLECTED, EXECUTED_QUOTE_UNITS, NO_SLOT, ORDER_ID, PRICE_TICKS, RECORD_F64, RECORD_I32, recordAt, REMAINING_LOTS, SELF_TRADE_PREVENTION, SIDE, WORKING_US, type OrderStore } from "./orderStore.ts";
import { NO_PREVENTION, preventionOf } from "./selfTrade.ts";

/** What an uncross comes to. */
export interface Clearing {
  readonly priceTicks: number;
  /** What trades; a bigint, as it sums over orders. */
  readonly lots: bigint;
  /** The side that has more at this price, and what it has more; 0 when neither has. */
  readonly surplusSide: Side;
  readonly surplusLots: bigint;
}

// The public is told a price and an amount, not levels.
const NOBODY: ChangeSink = { levelChanged: () => undefined };

export class Auction {
  /** The collected orders, by price and time. */
  readonly bids: OrderBook;
  readonly asks: OrderBook;
  /**
   * No collected buyer bids more than this, so that what a seller receives in all stays exact whatever the price comes
   * to. It only falls while the auction is open: a seller who leaves does not raise it again.
   */
  priceCapTicks = PRICE_TICKS_MAX;
  /** What would trade may be another than was told last. */
  changed = true;
  readonly #orders: OrderStore;

  constructor(orders: OrderStore) {
    this.#orders = orders;
    this.bids = new OrderBook(orders, NOBODY);
    this.asks = new OrderBook(orders, NOBODY);
  }

  /** The collected orders of one side. */
  queue(side: number): OrderBook {
    return side === BUY ? this.bids : this.asks;
  }

  /** Collects an order: the last at its price. What an iceberg hides is counted with it. */
  add(slot: number, hiddenLots: number): void {
    const { i32, u8 } = this.#orders;
    const side = u8[recordAt(slot) + SIDE] as number;
    u8[recordAt(slot) + COLLECTED] = 1;
    const queue = this.queue(side);
    if (hiddenLots !== 0) queue.hide(i32[slot * RECORD_I32 + PRICE_TICKS] as number, hiddenLots);
    queue.add(slot);
    this.changed = true;
  }

  /** The order leaves its queue. Its mark, and what its price hides, are the caller's: the order may be about to end. */
  take(slot: number): void {
    this.queue(this.#orders.u8[recordAt(slot) + SIDE] as number).remove(slot);
    this.changed = true;
  }

  /** A seller takes part: the price must not rise beyond what its order can receive. */
  capFor(sell: number, notionalUnits: number): void {
    this.priceCapTicks = Math.min(this.priceCapTicks, this.sellerCapTicks(sell, notionalUnits));
  }

  /** The highest price at which a seller's order, filled whole, has received an exact amount. */
  sellerCapTicks(sell: number, notionalUnits: number): number {
    const { f64 } = this.#orders;
    const d = sell * RECORD_F64;
    const lots = (f64[d + REMAINING_LOTS] as number) + (this.#orders.termsOf(sell)?.hiddenLots ?? 0);
    return capTicks(lots, f64[d + EXECUTED_QUOTE_UNITS] as number, notionalUnits);
  }
}

/** An auction of this market, in which what rests in its book takes part. */
export function openAuction(orders: OrderStore, { book, notionalUnits }: { readonly book: OrderBook; readonly notionalUnits: number }): Auction {
  const auction = new Auction(orders);
  for (let ticks = book.bestAskTicks; ticks !== NO_ASK; ticks = book.nextAbove(ticks)) {
    for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) auction.capFor(slot, notionalUnits);
  }
  return auction;
}

/** The highest price for which price x lots x notional, on top of what was received before, is exact. */
export const capTicks = (lots: number, receivedUnits: number, notionalUnits: number): number => {
  const units = lots * notionalUnits;
  return Math.max(1, Math.min(PRICE_TICKS_MAX, Math.floor((EXACT_MAX - receivedUnits) / units)));
};

/** The book and what is collected, seen as one crossed book. */
export class AuctionSides {
  readonly #book: OrderBook;
  readonly #auction: Auction;

  constructor(book: OrderBook, auction: Auction) {
    this.#book = book;
    this.#auction = auction;
  }

  bestTicks(side: number): number {
    const queue = this.#auction.queue(side);
    return side === BUY ? Math.max(this.#book.bestBidTicks, queue.bestBidTicks) : Math.min(this.#book.bestAskTicks, queue.bestAskTicks);
  }

  /** The next price behind `ticks` on a side; NO_BID or NO_ASK when there is none. */
  nextTicks(side: number, ticks: number): number {
    const queue = this.#auction.queue(side);
    const a = behind(this.#book, side, ticks);
    const b = behind(queue, side, ticks);
    return side === BUY ? Math.max(a, b) : Math.min(a, b);
  }

  /** All lots at a price, shown or not. */
  lotsAt(side: number, ticks: number): number {
    return this.#book.takeableAt(side, ticks) + this.#auction.queue(side).takeableAt(side, ticks);
  }

  /** The order that comes first on a side: what rested before the auction is older than what it collected. */
  first(side: number): number {
    const ticks = this.bestTicks(side);
    if (ticks === NO_BID || ticks === NO_ASK) return NO_SLOT;
    const inBook = (side === BUY ? this.#book.bestBidTicks : this.#book.bestAskTicks) === ticks;
    return (inBook ? this.#book : this.#auction.queue(side)).front(ticks);
  }

  /** Every order of a side that some order of the other side meets, best price first and oldest first. */
  crossing(side: number): number[] {
    const limit = this.bestTicks(side === BUY ? SELL : BUY);
    const found: number[] = [];
    for (let ticks = this.bestTicks(side); side === BUY ? ticks >= limit : ticks <= limit; ticks = this.nextTicks(side, ticks)) {
      for (const book of [this.#book, this.#auction.queue(side)]) {
        if (book.lotsAt(side, ticks) === 0) continue;
        for (let slot = book.front(ticks); slot !== NO_SLOT; slot = book.after(slot)) found.push(slot);
      }
    }
    return found;
  }

  /** What the orders as they stand come to; undefined when none of them meet. */
  clearing(lastPriceTicks: number): Clearing | undefined {
    let bid = this.bestTicks(BUY);
    let ask = this.bestTicks(SELL);
    let bidLots = bid === NO_BID ? 0 : this.lotsAt(BUY, bid);
    let askLots = ask === NO_ASK ? 0 : this.lotsAt(SELL, ask);
    let lots = 0n;
    let lastBid = 0;
    let lastAsk = 0;
    // Best bids and best asks use each other up until they no longer meet. That is the most that can trade, and it can
    // at every price from the last ask so used to the last bid.
    while (bid >= ask) {
      const both = Math.min(bidLots, askLots);
      lots += BigInt(both);
      lastBid = bid;
      lastAsk = ask;
      bidLots -= both;
      askLots -= both;
      if (bidLots === 0) {
        bid = this.nextTicks(BUY, bid);
        bidLots = bid === NO_BID ? 0 : this.lotsAt(BUY, bid);
      }
      if (askLots === 0) {
        ask = this.nextTicks(SELL, ask);
        askLots = ask === NO_ASK ? 0 : this.lotsAt(SELL, ask);
      }
    }
    if (lots === 0n) return undefined;
    // Of those prices, the ones that leave the fewest lots: between the next bid and the next ask, or on one of them.
    let low = Math.max(lastAsk, bid + 1);
    let high = Math.min(lastBid, ask - 1);
    let surplusSide: Side = Side.UNSPECIFIED;
    let surplusLots = 0;
    if (bid === lastBid) {
      // Part of the last bid is left, whatever the price: lower ones would only leave more bids.
      low = Math.max(lastAsk, this.nextTicks(BUY, bid) + 1);
      high = lastBid;
      surplusSide = Side.BUY;
      surplusLots = bidLots;
    } else if (ask === lastAsk) {
      low = lastAsk;
      high = Math.min(lastBid, this.nextTicks(SELL, ask) - 1);
      surplusSide = Side.SELL;
      surplusLots = askLots;
    } else if (low > high) {
      // The next bid and the next ask are neighbours: down from the bid it is left, up from the ask that one is.
      low = bidLots <= askLots ? Math.max(lastAsk, this.nextTicks(BUY, bid) + 1) : ask;
      high = askLots <= bidLots ? Math.min(lastBid, this.nextTicks(SELL, ask) - 1) : bid;
      surplusLots = Math.min(bidLots, askLots);
    }
    const priceTicks = lastPriceTicks === 0 ? Math.floor((low + high) / 2) : Math.min(Math.max(lastPriceTicks, low), high);
    if (surplusLots !== 0 && surplusSide === Side.UNSPECIFIED) surplusSide = priceTicks <= bid ? Side.BUY : Side.SELL;
    return { priceTicks, lots, surplusSide, surplusLots: BigInt(surplusLots) };
  }
}

// The next level of one side behind `ticks`, which need not have a level there; the other side's are none.
function behind(book: OrderBook, side: number, ticks: number): number {
  if (side === BUY) return ticks > book.bestBidTicks ? book.bestBidTicks : book.nextBelow(ticks);
  return ticks < book.bestAskTicks ? book.bestAskTicks : book.nextAbove(ticks);
}

/** Two orders of one owner that would trade with each other, and what the younger one's mode does about it. */
export interface OwnPair {
  readonly younger: number;
  readonly older: number;
  readonly prevention: number;
}

/**
 * The next pair that self-trade prevention must part before the price is determined; undefined when there is none
 * left. At one price everybody trades with everybody, so an owner's orders meet exactly when their limits cross. They
 * are taken in the order in which they came, as if each had come in as a taker then: its mode decides.
 */
export class OwnOrders {
  readonly #orders: OrderStore;
  /** Of one owner: orders that came already, best price first, older first. */
  readonly #came: Readonly<Record<typeof BUY | typeof SELL, number[]>> = { [BUY]: [], [SELL]: [] };
  readonly #coming: number[];
  #at = 0;

  constructor(orders: OrderStore, slots: readonly number[]) {
    this.#orders = orders;
    this.#coming = [...slots].sort((a, b) => age(orders, a) - age(orders, b) || orderId(orders, a) - orderId(orders, b));
  }

  /** Answers the next pair; `parted` must be told which of the two are over before the next call. */
  next(): OwnPair | undefined {
    for (; this.#at < this.#coming.length; this.#at++) {
      const younger = this.#coming[this.#at] as number;
      const side = this.#orders.u8[recordAt(younger) + SIDE] as typeof BUY | typeof SELL;
      const prevention = preventionOf(this.#orders.u8[recordAt(younger) + SELF_TRADE_PREVENTION] as number);
      const older = this.#came[side === BUY ? SELL : BUY][0];
      if (prevention !== NO_PREVENTION && older !== undefined && this.#meets(side, younger, older)) return { younger, older, prevention };
      this.#insert(side, younger);
    }
    return undefined;
  }

  /** Which of the last pair are over. One of them is, in every mode. */
  parted(pair: OwnPair, youngerEnds: boolean, olderEnds: boolean): void {
    if (youngerEnds) this.#at++;
    if (olderEnds) this.#came[this.#orders.u8[recordAt(pair.older) + SIDE] as typeof BUY | typeof SELL].shift();
  }

  #meets(side: number, slot: number, other: number): boolean {
    return side === BUY ? price(this.#orders, slot) >= price(this.#orders, other) : price(this.#orders, slot) <= price(this.#orders, other);
  }

  #insert(side: typeof BUY | typeof SELL, slot: number): void {
    const came = this.#came[side];
    const ticks = price(this.#orders, slot);
    const better = (other: number): boolean => (side === BUY ? price(this.#orders, other) >= ticks : price(this.#orders, other) <= ticks);
    let low = 0;
    let high = came.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (better(came[middle] as number)) low = middle + 1;
      else high = middle;
    }
    came.splice(low, 0, slot);
  }
}

/** Groups orders by owner; owners with orders on one side only are left out. Owners come in the order of their first order here. */
export function ownersOnBothSides(orders: OrderStore, accounts: Accounts, slots: readonly number[]): number[][] {
  const byOwner = new Map<string, number[]>();
  for (const slot of slots) {
    const account = orders.i32[slot * RECORD_I32 + ACCOUNT] as number;
    const group = accounts.tradeGroup[account] as number;
    const owner = group === 0 ? `a${account}` : `g${group}`;
    const own = byOwner.get(owner);
    if (own === undefined) byOwner.set(owner, [slot]);
    else own.push(slot);
  }
  const side = (slot: number): number => orders.u8[recordAt(slot) + SIDE] as number;
  return [...byOwner.values()].filter((own) => own.some((slot) => side(slot) === BUY) && own.some((slot) => side(slot) === SELL));
}

const age = (orders: OrderStore, slot: number): number => orders.f64[slot * RECORD_F64 + WORKING_US] as number;
const orderId = (orders: OrderStore, slot: number): number => orders.f64[slot * RECORD_F64 + ORDER_ID] as number;
const price = (orders: OrderStore, slot: number): number => orders.i32[slot * RECORD_I32 + PRICE_TICKS] as number;

/** Which of two orders came later: the one that would have been the taker. */
export function isYounger(orders: OrderStore, slot: number, than: number): boolean {
  return age(orders, slot) !== age(orders, than) ? age(orders, slot) > age(orders, than) : orderId(orders, slot) > orderId(orders, than);
}
