// One market's orders that wait for a price: stop-loss, take-profit and trailing orders, and which of them a trade
// wakes. They are outside the book; trading.ts turns each one that is woken into an ordinary order.
//
// Rules. The price is that of the last trade. STOP_LOSS BUY and TAKE_PROFIT SELL wake when it rises to their stop
// price, the other two when it falls to it. A trailing sell follows the highest trade since it became active and wakes
// on a fall of its delta from there, a trailing buy the reverse; with a stop price it becomes active when that is met.
// Each price of a command's trades is looked at in the order they happened; those that one price wakes go by order id.
// Never: touches money, events or the book. Bounded: an order wakes at most once.
import { OrderType } from "../../gen/tickwire/v1/types_pb.ts";
import { BUY } from "./orderBook.ts";
import type { OrderTerms } from "./orderTerms.ts";
import { PriorityQueue, type Queued } from "./priorityQueue.ts";

const BIPS = 10_000;

/** Whether the stop price of such an order is met by a rise; otherwise it is met by a fall. */
export function wakesOnRise(type: number, side: number): boolean {
  const takesProfit = type === OrderType.TAKE_PROFIT || type === OrderType.TAKE_PROFIT_LIMIT;
  return takesProfit ? side !== BUY : side === BUY;
}

/** The price at which a trailing order wakes that has seen `extremeTicks`; exact, rounded to the first tick that is far enough. */
export function trailingTriggerTicks(side: number, extremeTicks: number, deltaBips: number): number {
  return side === BUY ? Math.ceil((extremeTicks * (BIPS + deltaBips)) / BIPS) : Math.floor((extremeTicks * (BIPS - deltaBips)) / BIPS);
}

interface Follower extends Queued {
  readonly terms: OrderTerms;
  extremeTicks: number;
}

export class Triggers {
  /** Orders that wait; while 0, trades need not be told. */
  waiting = 0;
  readonly #rises = new PriorityQueue<OrderTerms>((a, b) => (a.triggerTicks !== b.triggerTicks ? a.triggerTicks < b.triggerTicks : a.orderId < b.orderId));
  readonly #falls = new PriorityQueue<OrderTerms>((a, b) => (a.triggerTicks !== b.triggerTicks ? a.triggerTicks > b.triggerTicks : a.orderId < b.orderId));
  // Trailing orders that follow the market: by the best price they have seen, so that a price which is better for none of
  // them looks at one of each side. Those that have seen none yet are apart.
  readonly #highs = new PriorityQueue<Follower>((a, b) => (a.extremeTicks !== b.extremeTicks ? a.extremeTicks < b.extremeTicks : a.terms.orderId < b.terms.orderId));
  readonly #lows = new PriorityQueue<Follower>((a, b) => (a.extremeTicks !== b.extremeTicks ? a.extremeTicks > b.extremeTicks : a.terms.orderId < b.terms.orderId));
  readonly #followers = new Map<OrderTerms, Follower>();
  readonly #unpriced = new Set<OrderTerms>();
  readonly #ofAccount = new Map<number, number>();

  /** Orders of an account that wait, or will when their list places them. */
  count(account: number): number {
    return this.#ofAccount.get(account) ?? 0;
  }

  /** A pending order counts, though it does not wait yet. */
  announce(account: number): void {
    this.#ofAccount.set(account, this.count(account) + 1);
  }

  /** A pending order is placed, or over. */
  withdraw(account: number): void {
    const left = this.count(account) - 1;
    if (left === 0) this.#ofAccount.delete(account);
    else this.#ofAccount.set(account, left);
  }

  /** An order begins to wait. A trailing order without stop price follows the market from `lastPriceTicks` (0: from the first trade) unless it does already. */
  add(terms: OrderTerms, lastPriceTicks: number): void {
    this.waiting++;
    this.announce(terms.account);
    if (terms.trailingDeltaBips === 0 || (terms.stopPriceTicks !== 0 && terms.trailingExtremeTicks === 0)) {
      terms.triggerTicks = terms.stopPriceTicks;
      (wakesOnRise(terms.type, terms.side) ? this.#rises : this.#falls).add(terms);
      return;
    }
    const from = terms.trailingExtremeTicks === 0 ? lastPriceTicks : terms.trailingExtremeTicks;
    if (from !== 0) this.#follow(terms, from);
    else this.#unpriced.add(terms);
  }

  /** The order waits no longer. */
  remove(terms: OrderTerms): void {
    this.waiting--;
    this.withdraw(terms.account);
    this.#unqueue(terms);
    this.#unpriced.delete(terms);
    const follower = this.#followers.get(terms);
    if (follower === undefined) return;
    (terms.side === BUY ? this.#lows : this.#highs).remove(follower);
    this.#followers.delete(terms);
  }

  /** The orders that a trade at this price wakes, by id. They stay here until `remove`. */
  wokenBy(ticks: number): OrderTerms[] {
    for (const terms of this.#unpriced) this.#follow(terms, ticks);
    this.#unpriced.clear();
    for (let first = this.#highs.first(); first !== undefined && first.extremeTicks < ticks; first = this.#highs.first()) this.#follow(first.terms, ticks);
    for (let first = this.#lows.first(); first !== undefined && first.extremeTicks > ticks; first = this.#lows.first()) this.#follow(first.terms, ticks);
    const woken: OrderTerms[] = [];
    this.#take(this.#rises, (triggerTicks) => triggerTicks <= ticks, ticks, woken);
    this.#take(this.#falls, (triggerTicks) => triggerTicks >= ticks, ticks, woken);
    return woken.sort((a, b) => a.orderId - b.orderId);
  }

  #take(queue: PriorityQueue<OrderTerms>, met: (triggerTicks: number) => boolean, ticks: number, woken: OrderTerms[]): void {
    for (let terms = queue.first(); terms !== undefined && met(terms.triggerTicks); terms = queue.first()) {
      queue.remove(terms);
      if (terms.trailingDeltaBips !== 0 && terms.trailingExtremeTicks === 0) this.#follow(terms, ticks);
      else woken.push(terms);
    }
  }

  #follow(terms: OrderTerms, extremeTicks: number): void {
    this.#unqueue(terms);
    const seen = terms.side === BUY ? this.#lows : this.#highs;
    let follower = this.#followers.get(terms);
    if (follower === undefined) this.#followers.set(terms, (follower = { terms, extremeTicks, queuedAt: -1 }));
    seen.remove(follower);
    follower.extremeTicks = extremeTicks;
    seen.add(follower);
    terms.trailingExtremeTicks = extremeTicks;
    terms.triggerTicks = trailingTriggerTicks(terms.side, extremeTicks, terms.trailingDeltaBips);
    (terms.side === BUY ? this.#rises : this.#falls).add(terms);
  }

  // A waiting order is in one queue at most, and knows its place there: which queue follows from what it waits for.
  #unqueue(terms: OrderTerms): void {
    const follows = terms.trailingDeltaBips !== 0 && terms.trailingExtremeTicks !== 0;
    const rises = follows ? terms.side === BUY : wakesOnRise(terms.type, terms.side);
    (rises ? this.#rises : this.#falls).remove(terms);
  }
}
