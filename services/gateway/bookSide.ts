// One side of a book, as parallel arrays of plain numbers from worst to best, so that changes near the top of the book,
// by far the most, move few elements. Invariant: prices strictly ordered, every quantity positive.

export class BookSide {
  readonly ticks: number[] = [];
  readonly lots: number[] = [];
  // +1 for bids (best is highest), -1 for asks: prices times sign ascend.
  readonly #sign: 1 | -1;

  constructor(sign: 1 | -1) {
    this.#sign = sign;
  }

  get bestTicks(): number {
    return this.ticks.at(-1) ?? 0;
  }
  /** 0 when the side is empty. */
  get bestLots(): number {
    return this.lots.at(-1) ?? 0;
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

  /** Sets the absolute quantity at a price; 0 removes the level. */
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

  /** 0 when there is no such level. */
  quantityAt(price: number): number {
    const i = this.#find(price);
    return this.ticks[i] === price ? (this.lots[i] ?? 0) : 0;
  }

  /** First index whose price is not worse than `price`. */
  #find(price: number): number {
    let low = 0;
    let high = this.ticks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (((this.ticks[middle] ?? 0) - price) * this.#sign < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
