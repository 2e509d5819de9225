// One market's book, kept from a snapshot and the deltas that chain to it.
// Never guesses: a delta that does not chain, or whose checksum disagrees, leaves the book unsynced until a new snapshot.
// Invariant: while `synced`, bids and asks are exactly the exchange's as of `seq`, in price order, no level empty. A
// best bid at or above the best ask is no error: in an auction orders rest without matching.
import { bookChecksum } from "./bookChecksum.ts";
import type { Side } from "./words.ts";

export interface Level {
  readonly priceTicks: number;
  readonly quantityLots: number;
}

/** A snapshot as decoded: parallel arrays, best first. */
export interface BookSnapshotFrame {
  readonly epoch: number;
  readonly seq: number;
  readonly timeUs: number;
  readonly bidTicks: readonly number[];
  readonly bidLots: readonly number[];
  readonly askTicks: readonly number[];
  readonly askLots: readonly number[];
  /** 0: not computed. */
  readonly checksum: number;
}

/** A delta as decoded: absolute quantities, 0 removes the level. */
export interface BookDeltaFrame extends BookSnapshotFrame {
  readonly prevSeq: number;
}

/**
 * What a delta did: `applied`; `old` (already contained, dropped); `waiting` (no snapshot yet, dropped); or `hole`:
 * the book is no longer synced and only a new snapshot helps.
 */
export type DeltaResult = "applied" | "old" | "waiting" | "hole";

/**
 * One side. Prices run from worst to best, so that changes near the top of the book, by far the most, move few
 * elements.
 */
class BookSide {
  readonly ticks: number[] = [];
  readonly lots: number[] = [];
  // +1 for bids (best is highest), -1 for asks: prices times sign ascend.
  readonly #sign: 1 | -1;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  /** Takes levels given best first; false when they are not in strict order or a quantity is not positive. */
  replace(ticks: readonly number[], lots: readonly number[]): boolean {
    this.ticks.length = 0;
    this.lots.length = 0;
    if (ticks.length !== lots.length) return false;
    for (let i = ticks.length - 1; i >= 0; i--) {
      const price = ticks[i] ?? 0;
      const quantity = lots[i] ?? 0;
      const worse = this.ticks.at(-1);
      if (quantity <= 0 || (worse !== undefined && (price - worse) * this.#sign <= 0)) return false;
      this.ticks.push(price);
      this.lots.push(quantity);
    }
    return true;
  }

  /** First index whose price is not worse than `price`. */
  #find(price: number): number {
    const { ticks } = this;
    let low = 0;
    let high = ticks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((ticks[middle] ?? 0) - price) * this.#sign < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  set(price: number, quantity: number): void {
    const i = this.#find(price);
    if (this.ticks[i] === price) {
      if (quantity > 0) {
        this.lots[i] = quantity;
      } else {
        this.ticks.splice(i, 1);
        this.lots.splice(i, 1);
      }
    } else if (quantity > 0) {
      this.ticks.splice(i, 0, price);
      this.lots.splice(i, 0, quantity);
    }
  }

  quantityAt(price: number): number {
    const i = this.#find(price);
    return this.ticks[i] === price ? (this.lots[i] ?? 0) : 0;
  }

  best(depth: number): Level[] {
    const levels: Level[] = [];
    for (let i = this.ticks.length - 1; i >= 0 && levels.length < depth; i--) {
      levels.push({ priceTicks: this.ticks[i] ?? 0, quantityLots: this.lots[i] ?? 0 });
    }
    return levels;
  }
}

export class OrderBook {
  readonly symbol: string;
  readonly #bids = new BookSide(1);
  readonly #asks = new BookSide(-1);
  #epoch = 0;
  #seq = 0;
  #timeUs = 0;
  #synced = false;
  #version = 0;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  get epoch(): number {
    return this.#epoch;
  }
  /** The engine's command sequence number this book stands at. */
  get seq(): number {
    return this.#seq;
  }
  /** Engine time of the last change. */
  get timeUs(): number {
    return this.#timeUs;
  }
  /** False from the start to the first snapshot, and from a hole or a lost connection to the next one; levels are stale then. */
  get synced(): boolean {
    return this.#synced;
  }
  /** Counts the changes seen here; cheap to compare in a renderer. */
  get version(): number {
    return this.#version;
  }
  get bidDepth(): number {
    return this.#bids.ticks.length;
  }
  get askDepth(): number {
    return this.#asks.ticks.length;
  }
  get bestBid(): Level | undefined {
    return this.#bids.best(1)[0];
  }
  get bestAsk(): Level | undefined {
    return this.#asks.best(1)[0];
  }

  /** At most `depth` bids, best (highest) first. */
  bids(depth: number): Level[] {
    return this.#bids.best(depth);
  }
  /** At most `depth` asks, best (lowest) first. */
  asks(depth: number): Level[] {
    return this.#asks.best(depth);
  }
  /** Lots resting on one side at a price; 0 when there is no such level. */
  quantityAt(side: Side, priceTicks: number): number {
    return (side === "BUY" ? this.#bids : this.#asks).quantityAt(priceTicks);
  }

  /** Replaces the book. False, and unsynced, when the snapshot contradicts itself. */
  applySnapshot(frame: BookSnapshotFrame): boolean {
    this.#version++;
    const bidsInOrder = this.#bids.replace(frame.bidTicks, frame.bidLots);
    const asksInOrder = this.#asks.replace(frame.askTicks, frame.askLots);
    this.#epoch = frame.epoch;
    this.#seq = frame.seq;
    this.#timeUs = frame.timeUs;
    this.#synced = bidsInOrder && asksInOrder && this.#agrees(frame.checksum);
    return this.#synced;
  }

  /** Applies a delta if it chains to the book; see DeltaResult. */
  applyDelta(frame: BookDeltaFrame): DeltaResult {
    if (!this.#synced) return "waiting";
    if (frame.epoch === this.#epoch && frame.seq <= this.#seq) return "old";
    this.#version++;
    const chains =
      frame.epoch === this.#epoch &&
      frame.prevSeq === this.#seq &&
      frame.bidTicks.length === frame.bidLots.length &&
      frame.askTicks.length === frame.askLots.length;
    if (!chains) {
      this.#synced = false;
      return "hole";
    }
    for (let i = 0; i < frame.bidTicks.length; i++) this.#bids.set(frame.bidTicks[i] ?? 0, frame.bidLots[i] ?? 0);
    for (let i = 0; i < frame.askTicks.length; i++) this.#asks.set(frame.askTicks[i] ?? 0, frame.askLots[i] ?? 0);
    this.#seq = frame.seq;
    this.#timeUs = frame.timeUs;
    this.#synced = this.#agrees(frame.checksum);
    return this.#synced ? "applied" : "hole";
  }

  /** The feed was interrupted: what is here may be stale. */
  markUnsynced(): void {
    this.#synced = false;
    this.#version++;
  }

  #agrees(checksum: number): boolean {
    return checksum === 0 || checksum === bookChecksum(this.#bids, this.#asks);
  }
}
