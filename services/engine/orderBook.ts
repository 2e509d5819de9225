// One market's resting orders by price and time: levels, each a first-in first-out list of orders.
//
// Layout: levels are records of a pool. Near the market a window of ticks maps price -> level through a circular
// array, with a three-level bitmap above it that finds the next price in a few steps; levels outside the window stand
// in two sorted arrays beside it, nearest price last. The window follows the market by one block per change, so no
// move costs more than one block; an empty window jumps.
// Never: knows accounts, money or events. Invariants: best bid < best ask; a level's lots are the sum of its orders'
// remaining lots; a level exists exactly while it has an order.
import { invariant, InvariantViolation } from "./invariants.ts";
import { EXACT_MAX, PRICE_TICKS_MAX, WINDOW_STEP_TICKS, WINDOW_TICKS } from "./limits.ts";
import {
  LEVEL,
  NEXT,
  NO_SLOT,
  PREVIOUS,
  PRICE_TICKS,
  RECORD_F64,
  RECORD_I32,
  recordAt,
  REMAINING_LOTS,
  SIDE,
  type OrderStore,
} from "./orderStore.ts";

export const BUY = 1;
export const SELL = 2;

/** What bestBidTicks is without bids: below every price. */
export const NO_BID = 0;
/** What bestAskTicks is without asks: above every price. */
export const NO_ASK = PRICE_TICKS_MAX + 1;

// A level record: lots as a double, then words.
const LEVEL_I32 = 8;
const LEVEL_F64 = 4;
const HEAD = 2;
const TAIL = 3;
const COUNT = 4;
const TICKS = 5;
const LEVEL_SIDE = 6;
const CHANGED_IN = 7;
const NO_LEVEL = 0;

const MASK = WINDOW_TICKS - 1;
const HALF_WINDOW = WINDOW_TICKS / 2;
const STEP_MASK = ~(WINDOW_STEP_TICKS - 1);
/** How far the market may stray from the window's centre before the window follows. */
const SLACK = WINDOW_TICKS / 8;

const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
const highestBit = (word: number): number => 31 - Math.clz32(word);

/** Levels outside the window on one side of it, sorted so that the nearest price is last. */
class FarLevels {
  prices = new Int32Array(16);
  levels = new Int32Array(16);
  size = 0;
  readonly #ascending: boolean;

  constructor(ascending: boolean) {
    this.#ascending = ascending;
  }

  /** Index of the first entry at or beyond `ticks` towards the window. */
  position(ticks: number): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const price = this.prices[middle] as number;
      if (this.#ascending ? price < ticks : price > ticks) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  find(ticks: number): number {
    const at = this.position(ticks);
    return at < this.size && this.prices[at] === ticks ? (this.levels[at] as number) : NO_LEVEL;
  }

  insert(ticks: number, level: number): void {
    if (this.size === this.prices.length) {
      const prices = new Int32Array(this.size * 2);
      prices.set(this.prices);
      this.prices = prices;
      const levels = new Int32Array(this.size * 2);
      levels.set(this.levels);
      this.levels = levels;
    }
    const at = this.position(ticks);
    this.prices.copyWithin(at + 1, at, this.size);
    this.levels.copyWithin(at + 1, at, this.size);
    this.prices[at] = ticks;
    this.levels[at] = level;
    this.size++;
  }

  remove(ticks: number): void {
    const at = this.position(ticks);
    invariant(at < this.size && this.prices[at] === ticks, "a level outside the window is not in its list");
    this.prices.copyWithin(at, at + 1, this.size);
    this.levels.copyWithin(at, at + 1, this.size);
    this.size--;
  }

  /** Price of the entry nearest to the window; `none` when empty. */
  nearest(none: number): number {
    return this.size === 0 ? none : (this.prices[this.size - 1] as number);
  }
}

/** Prices whose levels changed since `takeChanges`; the book's share of a BookDelta. */
export interface ChangeSink {
  levelChanged(side: number, ticks: number): void;
}

export class OrderBook {
  /** Best prices; NO_BID and NO_ASK when that side is empty. Read-only for others. */
  bestBidTicks = NO_BID;
  bestAskTicks = NO_ASK;

  readonly #orders: OrderStore;
  readonly #changes: ChangeSink;
  /** Levels carry the number of the round in which they were last reported as changed. */
  #round = 1;

  #levelI32: Int32Array;
  #levelF64: Float64Array;
  #levelsUnusedFrom = 1;
  #levelFree = NO_LEVEL;
  #levelCount = 0;

  /** Hidden lots by price; nearly always empty. */
  readonly #hidden = new Map<number, number>();

  // The window: prices in [#low, #high), both multiples of a step, no wider than the circular array.
  #low = 0;
  #high = 0;
  #windowLevels = 0;
  readonly #levelAt: Int32Array;
  readonly #bits0 = new Int32Array(WINDOW_TICKS / 32);
  readonly #bits1 = new Int32Array(WINDOW_TICKS / 1024);
  readonly #bits2 = new Int32Array(Math.max(1, WINDOW_TICKS / 32768));
  readonly #below = new FarLevels(true);
  readonly #above = new FarLevels(false);

  constructor(orders: OrderStore, changes: ChangeSink) {
    this.#orders = orders;
    this.#changes = changes;
    this.#levelAt = new Int32Array(WINDOW_TICKS);
    const buffer = new ArrayBuffer(1024 * LEVEL_I32 * 4);
    this.#levelI32 = new Int32Array(buffer);
    this.#levelF64 = new Float64Array(buffer);
  }

  /** Levels on both sides together. */
  get levelCount(): number {
    return this.#levelCount;
  }

  /** From now on every level counts as unchanged. */
  startRound(): void {
    this.#round = this.#round === 0x7fff_ffff ? 1 : this.#round + 1;
  }

  /** Puts an order at the end of its level. SIDE, PRICE_TICKS and REMAINING_LOTS must be set; it must not cross. */
  add(slot: number): void {
    const i32 = this.#orders.i32;
    const at = slot * RECORD_I32;
    const ticks = i32[at + PRICE_TICKS] as number;
    const side = this.#orders.u8[recordAt(slot) + SIDE] as number;
    let level = this.#find(ticks);
    if (level === NO_LEVEL) {
      if (side === BUY ? ticks >= this.bestAskTicks : ticks <= this.bestBidTicks) throw new InvariantViolation("an order would rest across the spread");
      level = this.#open(ticks, side);
      if (side === BUY) {
        if (ticks > this.bestBidTicks) this.bestBidTicks = ticks;
      } else if (ticks < this.bestAskTicks) this.bestAskTicks = ticks;
      this.#follow();
    }
    const levels = this.#levelI32;
    const base = level * LEVEL_I32;
    if (levels[base + LEVEL_SIDE] !== side) throw new InvariantViolation("an order would rest on the other side's level");
    const tail = levels[base + TAIL] as number;
    i32[at + NEXT] = NO_SLOT;
    i32[at + PREVIOUS] = tail;
    i32[at + LEVEL] = level;
    if (tail === NO_SLOT) levels[base + HEAD] = slot;
    else i32[tail * RECORD_I32 + NEXT] = slot;
    levels[base + TAIL] = slot;
    levels[base + COUNT] = (levels[base + COUNT] as number) + 1;
    const lots = (this.#levelF64[level * LEVEL_F64] as number) + (this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number);
    this.#levelF64[level * LEVEL_F64] = lots;
    if (levels[base + CHANGED_IN] !== this.#round) this.#changed(base, side, ticks);
  }

  /** Takes an order out, whatever its place. */
  remove(slot: number): void {
    const i32 = this.#orders.i32;
    const level = i32[slot * RECORD_I32 + LEVEL] as number;
    this.#levelF64[level * LEVEL_F64] = (this.#levelF64[level * LEVEL_F64] as number) - (this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number);
    this.#unlink(slot, level);
  }

  /** Reduces an order by a fill; it leaves the book when nothing remains. */
  fill(slot: number, lots: number): void {
    const f64 = this.#orders.f64;
    const level = this.#orders.i32[slot * RECORD_I32 + LEVEL] as number;
    const remaining = (f64[slot * RECORD_F64 + REMAINING_LOTS] as number) - lots;
    if (remaining < 0) throw new InvariantViolation("a fill is larger than its order");
    f64[slot * RECORD_F64 + REMAINING_LOTS] = remaining;
    this.#levelF64[level * LEVEL_F64] = (this.#levelF64[level * LEVEL_F64] as number) - lots;
    if (remaining === 0) {
      this.#unlink(slot, level);
      return;
    }
    const base = level * LEVEL_I32;
    const levels = this.#levelI32;
    if (levels[base + CHANGED_IN] !== this.#round) this.#changed(base, levels[base + LEVEL_SIDE] as number, levels[base + TICKS] as number);
  }

  /** The oldest order at a price that has a level. */
  front(ticks: number): number {
    return this.#levelI32[this.#find(ticks) * LEVEL_I32 + HEAD] as number;
  }

  /** Lots resting at a price on one side; 0 without a level. */
  lotsAt(side: number, ticks: number): number {
    const level = this.#find(ticks);
    if (level === NO_LEVEL || this.#levelI32[level * LEVEL_I32 + LEVEL_SIDE] !== side) return 0;
    return this.#levelF64[level * LEVEL_F64] as number;
  }

  /** Orders resting at a price on one side; 0 without a level. */
  ordersAt(side: number, ticks: number): number {
    const level = this.#find(ticks);
    if (level === NO_LEVEL || this.#levelI32[level * LEVEL_I32 + LEVEL_SIDE] !== side) return 0;
    return this.#levelI32[level * LEVEL_I32 + COUNT] as number;
  }

  /** Lots of icebergs at a price that do not show: they are met after all that do. */
  hiddenAt(ticks: number): number {
    return this.#hidden.size === 0 ? 0 : (this.#hidden.get(ticks) ?? 0);
  }

  /** Lots that may be taken at a price on one side, shown or not. */
  takeableAt(side: number, ticks: number): number {
    const shown = this.lotsAt(side, ticks);
    return shown === 0 ? 0 : shown + this.hiddenAt(ticks);
  }

  /** An iceberg at this price hides more, or less. */
  hide(ticks: number, lots: number): void {
    const hidden = (this.#hidden.get(ticks) ?? 0) + lots;
    if (hidden === 0) this.#hidden.delete(ticks);
    else this.#hidden.set(ticks, hidden);
  }

  /** The next price with a level above `ticks`; NO_ASK when there is none. */
  nextAbove(ticks: number): number {
    if (ticks < this.#low) {
      const below = this.#below;
      let at = below.position(ticks);
      if (at < below.size && below.prices[at] === ticks) at++;
      if (at < below.size) return below.prices[at] as number;
      if (this.#windowLevels !== 0) {
        const found = this.#windowAbove(this.#low - 1);
        if (found !== NO_ASK) return found;
      }
      return this.#above.nearest(NO_ASK);
    }
    if (ticks < this.#high) {
      if (this.#windowLevels !== 0) {
        const found = this.#windowAbove(ticks);
        if (found !== NO_ASK) return found;
      }
      return this.#above.nearest(NO_ASK);
    }
    const above = this.#above;
    // Descending: entries before the position are higher.
    const at = above.position(ticks) - 1;
    return at >= 0 ? (above.prices[at] as number) : NO_ASK;
  }

  /** The next price with a level below `ticks`; NO_BID when there is none. */
  nextBelow(ticks: number): number {
    if (ticks >= this.#high) {
      const above = this.#above;
      let at = above.position(ticks);
      if (at < above.size && above.prices[at] === ticks) at++;
      if (at < above.size) return above.prices[at] as number;
      if (this.#windowLevels !== 0) {
        const found = this.#windowBelow(this.#high);
        if (found !== NO_BID) return found;
      }
      return this.#below.nearest(NO_BID);
    }
    if (ticks >= this.#low) {
      if (this.#windowLevels !== 0) {
        const found = this.#windowBelow(ticks);
        if (found !== NO_BID) return found;
      }
      return this.#below.nearest(NO_BID);
    }
    const below = this.#below;
    const at = below.position(ticks) - 1;
    return at >= 0 ? (below.prices[at] as number) : NO_BID;
  }

  /** The next level behind `ticks` on a side: lower bids, higher asks. */
  nextBehind(side: number, ticks: number): number {
    return side === BUY ? this.nextBelow(ticks) : this.nextAbove(ticks);
  }

  /** Lots an incoming order of the other side could take from `side`, up to its limit; stops counting at `enough`. */
  lotsWithin(side: number, limitTicks: number, enough: number): number {
    let lots = 0;
    if (side === SELL) {
      for (let ticks = this.bestAskTicks; ticks <= limitTicks && ticks !== NO_ASK && lots < enough; ticks = this.nextAbove(ticks)) {
        lots += this.takeableAt(SELL, ticks);
      }
    } else {
      for (let ticks = this.bestBidTicks; ticks >= limitTicks && ticks !== NO_BID && lots < enough; ticks = this.nextBelow(ticks)) {
        lots += this.takeableAt(BUY, ticks);
      }
    }
    return lots;
  }

  /** The order behind this one at its level, or NO_SLOT. */
  after(slot: number): number {
    return this.#orders.i32[slot * RECORD_I32 + NEXT] as number;
  }

  /** Walks every level, link and index. @throws InvariantViolation */
  validate(): void {
    invariant(this.bestBidTicks < this.bestAskTicks, "the book is crossed");
    let levelsSeen = 0;
    let hiddenPrices = 0;
    let previous: number = NO_BID;
    let lastBid: number = NO_BID;
    let firstAsk: number = NO_ASK;
    for (let ticks = this.nextAbove(NO_BID); ticks !== NO_ASK; ticks = this.nextAbove(ticks)) {
      levelsSeen++;
      invariant(this.nextBelow(ticks) === previous, `prices ${previous} and ${ticks} are not neighbours both ways`);
      previous = ticks;
      const level = this.#find(ticks);
      invariant(level !== NO_LEVEL, `price ${ticks} has no level`);
      const base = level * LEVEL_I32;
      invariant(this.#levelI32[base + TICKS] === ticks, "a level stands at another price");
      const side = this.#levelI32[base + LEVEL_SIDE] as number;
      if (side === BUY) {
        invariant(firstAsk === NO_ASK, "a bid stands above an ask");
        lastBid = ticks;
      } else if (firstAsk === NO_ASK) firstAsk = ticks;
      let lots = 0;
      let hidden = 0;
      let count = 0;
      let before: number = NO_SLOT;
      for (let slot = this.#levelI32[base + HEAD] as number; slot !== NO_SLOT; slot = this.after(slot)) {
        const at = slot * RECORD_I32;
        invariant(this.#orders.i32[at + PREVIOUS] === before, "a level's list is broken backwards");
        invariant(this.#orders.i32[at + LEVEL] === level, "an order points to another level");
        invariant(this.#orders.i32[at + PRICE_TICKS] === ticks, "an order stands at another price");
        invariant(this.#orders.u8[recordAt(slot) + SIDE] === side, "an order stands on the other side");
        const remaining = this.#orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number;
        invariant(remaining > 0, "an order without lots rests");
        lots += remaining;
        hidden += this.#orders.termsOf(slot)?.hiddenLots ?? 0;
        count++;
        before = slot;
      }
      invariant(this.#levelI32[base + TAIL] === before, "a level's tail is not its last order");
      invariant(hidden === this.hiddenAt(ticks), "what a price hides is not the sum of its icebergs");
      hiddenPrices += hidden === 0 ? 0 : 1;
      invariant(count > 0 && this.#levelI32[base + COUNT] === count, "a level counts its orders wrongly");
      invariant(lots <= EXACT_MAX && this.#levelF64[level * LEVEL_F64] === lots, "a level's lots are not the sum of its orders");
    }
    invariant(hiddenPrices === this.#hidden.size, "lots are hidden at a price without a level");
    invariant(levelsSeen === this.#levelCount, "levels are lost");
    invariant(lastBid === this.bestBidTicks, "the best bid is not the highest");
    invariant(firstAsk === this.bestAskTicks, "the best ask is not the lowest");
  }

  #unlink(slot: number, level: number): void {
    const i32 = this.#orders.i32;
    const levels = this.#levelI32;
    const base = level * LEVEL_I32;
    const at = slot * RECORD_I32;
    const next = i32[at + NEXT] as number;
    const previous = i32[at + PREVIOUS] as number;
    if (previous === NO_SLOT) levels[base + HEAD] = next;
    else i32[previous * RECORD_I32 + NEXT] = next;
    if (next === NO_SLOT) levels[base + TAIL] = previous;
    else i32[next * RECORD_I32 + PREVIOUS] = previous;
    const side = levels[base + LEVEL_SIDE] as number;
    const ticks = levels[base + TICKS] as number;
    if (levels[base + CHANGED_IN] !== this.#round) this.#changed(base, side, ticks);
    const count = (levels[base + COUNT] as number) - 1;
    levels[base + COUNT] = count;
    if (count !== 0) return;
    if (this.#levelF64[level * LEVEL_F64] !== 0) throw new InvariantViolation("an empty level has lots");
    this.#close(level, ticks);
    if (side === BUY) {
      if (ticks === this.bestBidTicks) {
        this.bestBidTicks = this.nextBelow(ticks);
        this.#follow();
      }
    } else if (ticks === this.bestAskTicks) {
      this.bestAskTicks = this.nextAbove(ticks);
      this.#follow();
    }
  }

  #changed(base: number, side: number, ticks: number): void {
    this.#levelI32[base + CHANGED_IN] = this.#round;
    this.#changes.levelChanged(side, ticks);
  }

  #find(ticks: number): number {
    if (ticks >= this.#low) {
      if (ticks < this.#high) return this.#levelAt[ticks & MASK] as number;
      return this.#above.find(ticks);
    }
    return this.#below.find(ticks);
  }

  #open(ticks: number, side: number): number {
    let level = this.#levelFree;
    if (level !== NO_LEVEL) this.#levelFree = this.#levelI32[level * LEVEL_I32 + HEAD] as number;
    else {
      if (this.#levelsUnusedFrom * LEVEL_I32 === this.#levelI32.length) this.#growLevels();
      level = this.#levelsUnusedFrom++;
    }
    const levels = this.#levelI32;
    const base = level * LEVEL_I32;
    levels[base + HEAD] = NO_SLOT;
    levels[base + TAIL] = NO_SLOT;
    levels[base + COUNT] = 0;
    levels[base + TICKS] = ticks;
    levels[base + LEVEL_SIDE] = side;
    levels[base + CHANGED_IN] = 0;
    this.#levelF64[level * LEVEL_F64] = 0;
    this.#levelCount++;
    if (this.#windowLevels === 0 && this.#below.size === 0 && this.#above.size === 0) {
      // The first level of an empty book: the window opens around it, all at once, as nothing needs to move.
      this.#low = (ticks - HALF_WINDOW) & STEP_MASK;
      this.#high = this.#low + WINDOW_TICKS;
    }
    this.#attach(ticks, level);
    return level;
  }

  #close(level: number, ticks: number): void {
    if (ticks >= this.#low && ticks < this.#high) this.#clearBit(ticks);
    else if (ticks < this.#low) this.#below.remove(ticks);
    else this.#above.remove(ticks);
    this.#levelI32[level * LEVEL_I32 + HEAD] = this.#levelFree;
    this.#levelFree = level;
    this.#levelCount--;
  }

  #attach(ticks: number, level: number): void {
    if (ticks >= this.#low && ticks < this.#high) this.#setBit(ticks, level);
    else if (ticks < this.#low) this.#below.insert(ticks, level);
    else this.#above.insert(ticks, level);
  }

  #setBit(ticks: number, level: number): void {
    const index = ticks & MASK;
    this.#levelAt[index] = level;
    this.#bits0[index >>> 5] = (this.#bits0[index >>> 5] as number) | (1 << (index & 31));
    this.#bits1[index >>> 10] = (this.#bits1[index >>> 10] as number) | (1 << ((index >>> 5) & 31));
    this.#bits2[index >>> 15] = (this.#bits2[index >>> 15] as number) | (1 << ((index >>> 10) & 31));
    this.#windowLevels++;
  }

  #clearBit(ticks: number): void {
    const index = ticks & MASK;
    this.#levelAt[index] = NO_LEVEL;
    this.#windowLevels--;
    const word0 = (this.#bits0[index >>> 5] as number) & ~(1 << (index & 31));
    this.#bits0[index >>> 5] = word0;
    if (word0 !== 0) return;
    const word1 = (this.#bits1[index >>> 10] as number) & ~(1 << ((index >>> 5) & 31));
    this.#bits1[index >>> 10] = word1;
    if (word1 !== 0) return;
    this.#bits2[index >>> 15] = (this.#bits2[index >>> 15] as number) & ~(1 << ((index >>> 10) & 31));
  }

  // First occupied price of the window above `ticks` (which may be #low - 1); NO_ASK when there is none.
  #windowAbove(ticks: number): number {
    const from = ticks + 1;
    if (from >= this.#high) return NO_ASK;
    const start = from & MASK;
    // The window's prices are circular in the array: search to its end, then from its beginning.
    let index = this.#scanUp(start);
    if (index < 0) {
      index = this.#scanUp(0);
      if (index < 0) return NO_ASK;
    }
    const found = this.#low + ((index - this.#low) & MASK);
    return found >= from ? found : NO_ASK;
  }

  #windowBelow(ticks: number): number {
    const from = ticks - 1;
    if (from < this.#low) return NO_BID;
    let index = this.#scanDown(from & MASK);
    if (index < 0) {
      index = this.#scanDown(MASK);
      if (index < 0) return NO_BID;
    }
    const found = this.#low + ((index - this.#low) & MASK);
    return found <= from ? found : NO_BID;
  }

  // Smallest set index >= start, or -1.
  #scanUp(start: number): number {
    let at = start >>> 5;
    const word0 = (this.#bits0[at] as number) & (-1 << (start & 31));
    if (word0 !== 0) return (at << 5) + lowestBit(word0);
    let bit = (at & 31) + 1;
    at >>>= 5;
    const word1 = bit > 31 ? 0 : (this.#bits1[at] as number) & (-1 << bit);
    if (word1 !== 0) {
      const child = (at << 5) + lowestBit(word1);
      return (child << 5) + lowestBit(this.#bits0[child] as number);
    }
    bit = (at & 31) + 1;
    at >>>= 5;
    let word2 = bit > 31 ? 0 : (this.#bits2[at] as number) & (-1 << bit);
    while (word2 === 0) {
      if (++at >= this.#bits2.length) return -1;
      word2 = this.#bits2[at] as number;
    }
    const middle = (at << 5) + lowestBit(word2);
    const child = (middle << 5) + lowestBit(this.#bits1[middle] as number);
    return (child << 5) + lowestBit(this.#bits0[child] as number);
  }

  // Largest set index <= start, or -1.
  #scanDown(start: number): number {
    let at = start >>> 5;
    const word0 = (this.#bits0[at] as number) & (-1 >>> (31 - (start & 31)));
    if (word0 !== 0) return (at << 5) + highestBit(word0);
    let bit = at & 31;
    at >>>= 5;
    const word1 = bit === 0 ? 0 : (this.#bits1[at] as number) & (-1 >>> (32 - bit));
    if (word1 !== 0) {
      const child = (at << 5) + highestBit(word1);
      return (child << 5) + highestBit(this.#bits0[child] as number);
    }
    bit = at & 31;
    at >>>= 5;
    let word2 = bit === 0 ? 0 : (this.#bits2[at] as number) & (-1 >>> (32 - bit));
    while (word2 === 0) {
      if (--at < 0) return -1;
      word2 = this.#bits2[at] as number;
    }
    const middle = (at << 5) + highestBit(word2);
    const child = (middle << 5) + highestBit(this.#bits1[middle] as number);
    return (child << 5) + highestBit(this.#bits0[child] as number);
  }

  // Moves the window one block towards the market, if the market has strayed from its centre.
  #follow(): void {
    const bid = this.bestBidTicks;
    const ask = this.bestAskTicks;
    const centre = (this.#low + this.#high) / 2;
    let market: number;
    if (bid === NO_BID) {
      if (ask === NO_ASK) return;
      market = ask;
    } else if (ask === NO_ASK) market = bid;
    else if (ask - bid < HALF_WINDOW) market = (bid + ask) / 2;
    else market = Math.abs(bid - centre) < Math.abs(ask - centre) ? bid : ask;
    const complete = this.#high - this.#low === WINDOW_TICKS;
    if (complete && Math.abs(market - centre) <= SLACK) return;
    this.#step(market);
  }

  #step(market: number): void {
    const wantLow = (market - HALF_WINDOW) & STEP_MASK;
    const wantHigh = wantLow + WINDOW_TICKS;
    if (this.#windowLevels === 0) {
      // Nothing to carry along: stand where the market is and grow from there, block by block.
      if (market < this.#low || market >= this.#high) {
        this.#low = market & STEP_MASK;
        this.#high = this.#low;
        this.#partFarLevels();
        this.#growUp();
        return;
      }
    }
    if (wantHigh > this.#high) {
      if (this.#high - this.#low === WINDOW_TICKS || wantLow >= this.#high) this.#shrinkLow();
      if (wantLow < this.#high || this.#low === this.#high) this.#growUp();
    } else if (wantLow < this.#low) {
      if (this.#high - this.#low === WINDOW_TICKS || wantHigh <= this.#low) this.#shrinkHigh();
      if (wantHigh > this.#low || this.#low === this.#high) this.#growDown();
    } else if (this.#low < wantLow) this.#shrinkLow();
    else if (this.#high > wantHigh) this.#shrinkHigh();
  }

  // After a jump: levels that lay between the old place and the new one change sides.
  #partFarLevels(): void {
    const { size: belowSize } = this.#below;
    for (let at = belowSize - 1; at >= 0 && (this.#below.prices[at] as number) >= this.#high; at--) {
      this.#above.insert(this.#below.prices[at] as number, this.#below.levels[at] as number);
      this.#below.size--;
    }
    const { size: aboveSize } = this.#above;
    for (let at = aboveSize - 1; at >= 0 && (this.#above.prices[at] as number) < this.#low; at--) {
      this.#below.insert(this.#above.prices[at] as number, this.#above.levels[at] as number);
      this.#above.size--;
    }
  }

  #growUp(): void {
    this.#high += WINDOW_STEP_TICKS;
    const above = this.#above;
    while (above.size > 0 && (above.prices[above.size - 1] as number) < this.#high) {
      above.size--;
      this.#setBit(above.prices[above.size] as number, above.levels[above.size] as number);
    }
  }

  #growDown(): void {
    this.#low -= WINDOW_STEP_TICKS;
    const below = this.#below;
    while (below.size > 0 && (below.prices[below.size - 1] as number) >= this.#low) {
      below.size--;
      this.#setBit(below.prices[below.size] as number, below.levels[below.size] as number);
    }
  }

  #shrinkLow(): void {
    const end = this.#low + WINDOW_STEP_TICKS;
    let ticks = this.#windowLevels === 0 ? NO_ASK : this.#windowAbove(this.#low - 1);
    while (ticks < end) {
      this.#below.insert(ticks, this.#levelAt[ticks & MASK] as number);
      this.#clearBit(ticks);
      ticks = this.#windowLevels === 0 ? NO_ASK : this.#windowAbove(ticks);
    }
    this.#low = end;
  }

  #shrinkHigh(): void {
    const start = this.#high - WINDOW_STEP_TICKS;
    let ticks = this.#windowLevels === 0 ? NO_BID : this.#windowBelow(this.#high);
    while (ticks >= start && ticks !== NO_BID) {
      this.#above.insert(ticks, this.#levelAt[ticks & MASK] as number);
      this.#clearBit(ticks);
      ticks = this.#windowLevels === 0 ? NO_BID : this.#windowBelow(ticks);
    }
    this.#high = start;
  }

  #growLevels(): void {
    const buffer = new ArrayBuffer(this.#levelI32.byteLength * 2);
    const grown = new Int32Array(buffer);
    grown.set(this.#levelI32);
    this.#levelI32 = grown;
    this.#levelF64 = new Float64Array(buffer);
  }
}
