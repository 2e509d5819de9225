// (c) The npm package nodejs-order-book, used as its own documentation does: strings for ids, an object per order,
// `modify` for a move.
import { OrderBook, type Side } from "nodejs-order-book";
import { nanoseconds, type Fills, type Subject } from "./subject.ts";
import { CANCEL, FILL_HASH_START, hashFill, LIMIT_IOC, MOVE, RECORD_WORDS, type Tape } from "./tape.ts";

type Answer = ReturnType<OrderBook["limit"]>;

export class NodejsOrderBook implements Subject {
  readonly #tape: Tape;
  readonly #ids: string[] = [];
  #book = new OrderBook();
  #done = 0;

  constructor(tape: Tape) {
    this.#tape = tape;
    for (let id = 0; id < tape.orderIdEnd; id++) this.#ids.push(String(id));
  }

  prepare(): void {
    this.#book = new OrderBook();
    for (let record = 0; record < this.#tape.prefill; record++) this.#command(record);
    this.#done = 0;
  }

  play(): void {
    const { prefill, records } = this.#tape;
    for (let record = prefill; record < records; record++) this.#done += this.#command(record)?.done.length ?? 0;
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
    const { prefill, records, words } = this.#tape;
    let count = 0;
    let hash = FILL_HASH_START;
    for (let record = prefill; record < records; record++) {
      const answer = this.#command(record);
      if (answer === undefined) continue;
      const taker = words[record * RECORD_WORDS + 1] as number;
      const fill = (makerId: string, price: number, quantity: number): void => {
        if (Number(makerId) === taker) return;
        count++;
        hash = hashFill(hash, taker, Number(makerId), price, quantity);
      };
      for (const order of answer.done) if ("price" in order) fill(order.id, order.price, order.size);
      if (answer.partial !== null) fill(answer.partial.id, answer.partial.price, answer.partialQuantityProcessed);
    }
    return { count, hash };
  }

  outcome(): number {
    return this.#done;
  }

  #command(record: number): Answer | undefined {
    const { words } = this.#tape;
    const at = record * RECORD_WORDS;
    const head = words[at] as number;
    const type = head & 255;
    const id = this.#ids[words[at + 1] as number] as string;
    if (type === CANCEL) {
      this.#book.cancel(id);
      return undefined;
    }
    const price = words[at + 3] as number;
    const size = words[at + 4] as number;
    if (type === MOVE) return this.#book.modify(id, { price, size });
    return this.#book.limit({ id, side: (head >>> 8 === 0 ? "buy" : "sell") as Side, size, price, timeInForce: (type === LIMIT_IOC ? "IOC" : "GTC") as never });
  }
}
