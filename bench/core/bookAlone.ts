// (a) The order book and the order store alone: no accounts, no money, no events. Fills are hashed as they happen.
import { BUY, NO_BID, OrderBook, SELL, type ChangeSink } from "../../services/engine/orderBook.ts";
import { OrderStore, PRICE_TICKS, RECORD_F64, RECORD_I32, recordAt, REMAINING_LOTS, SIDE, ORDER_ID } from "../../services/engine/orderStore.ts";
import { nanoseconds, type Fills, type Subject } from "./subject.ts";
import { CANCEL, FILL_HASH_START, hashFill, LIMIT_GTC, MOVE, RECORD_WORDS, type Tape } from "./tape.ts";

const SLOTS_START = 1 << 17;

const nobody: ChangeSink = { levelChanged: () => undefined };

export class BookAlone implements Subject {
  readonly #tape: Tape;
  #orders = new OrderStore(SLOTS_START);
  #book = new OrderBook(this.#orders, nobody);
  #fills = 0;
  #hash = FILL_HASH_START;

  constructor(tape: Tape) {
    this.#tape = tape;
  }

  prepare(): void {
    this.#orders = new OrderStore(SLOTS_START);
    this.#book = new OrderBook(this.#orders, nobody);
    for (let record = 0; record < this.#tape.prefill; record++) this.#command(record);
    this.#fills = 0;
    this.#hash = FILL_HASH_START;
  }

  play(): void {
    const { prefill, records } = this.#tape;
    for (let record = prefill; record < records; record++) this.#command(record);
  }

  playTimed(into: Float64Array): void {
    const { prefill, records } = this.#tape;
    for (let record = prefill; record < records; record++) {
      const start = performance.now();
      this.#command(record);
      into[record - prefill] = nanoseconds(performance.now() - start);
    }
  }

  playChecked(): Fills {
    this.prepare();
    this.play();
    this.#book.validate();
    return { count: this.#fills, hash: this.#hash };
  }

  outcome(): number {
    return this.#hash;
  }

  #command(record: number): void {
    const { words } = this.#tape;
    const at = record * RECORD_WORDS;
    const head = words[at] as number;
    const type = head & 255;
    const id = words[at + 1] as number;
    const orders = this.#orders;
    if (type === CANCEL) {
      const slot = orders.find(id);
      this.#book.remove(slot);
      orders.remove(slot);
      return;
    }
    const price = words[at + 3] as number;
    let slot: number;
    if (type === MOVE) {
      slot = orders.find(id);
      this.#book.remove(slot);
    } else {
      slot = orders.add(id);
      orders.u8[recordAt(slot) + SIDE] = head >>> 8 === 0 ? BUY : SELL;
      orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = words[at + 4] as number;
    }
    orders.i32[slot * RECORD_I32 + PRICE_TICKS] = price;
    const rest = this.#match(id, head >>> 8, price, orders.f64[slot * RECORD_F64 + REMAINING_LOTS] as number);
    if (rest === 0 || (type !== LIMIT_GTC && type !== MOVE)) {
      orders.remove(slot);
      return;
    }
    orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = rest;
    this.#book.add(slot);
  }

  #match(taker: number, sells: number, limit: number, quantity: number): number {
    const book = this.#book;
    const orders = this.#orders;
    let rest = quantity;
    while (rest > 0) {
      const price = sells === 0 ? book.bestAskTicks : book.bestBidTicks;
      if (sells === 0 ? price > limit : price < limit || price === NO_BID) break;
      const maker = book.front(price);
      const there = orders.f64[maker * RECORD_F64 + REMAINING_LOTS] as number;
      const lots = rest < there ? rest : there;
      rest -= lots;
      this.#fills++;
      this.#hash = hashFill(this.#hash, taker, orders.f64[maker * RECORD_F64 + ORDER_ID] as number, price, lots);
      book.fill(maker, lots);
      if (lots === there) orders.remove(maker);
    }
    return rest;
  }
}
