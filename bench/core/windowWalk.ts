// A market that walks far: every level of a deep book follows it, so the tick window moves all the time, up and down
// again; once alone, and once with orders resting at 1 tick and at 10^9, which must cost only themselves.
import { BUY, OrderBook, SELL } from "../../services/engine/orderBook.ts";
import { OrderStore, PRICE_TICKS, RECORD_F64, RECORD_I32, recordAt, REMAINING_LOTS, SIDE } from "../../services/engine/orderStore.ts";
import { percentiles, type Percentiles } from "./percentiles.ts";
import { nanoseconds } from "./subject.ts";

const START_TICKS = 5_000_000;
/** Levels on each side of the market. */
const DEPTH = 2_000;
const WALKS = 5;
const FAR_PRICES = [1, 1_000_000_000] as const;

export interface WindowWalk {
  /** Of single adds and removes, each the fastest of several walks, nanoseconds. */
  readonly plain: Percentiles;
  readonly withFarOrders: Percentiles;
  readonly commands: number;
  readonly walkedTicks: number;
}

export function measureWindowWalk(steps: number): WindowWalk {
  // The first walk is for the compiler.
  walk(steps, true);
  const plain = fastest(steps, false);
  const withFarOrders = fastest(steps, true);
  return { plain: percentiles(plain), withFarOrders: percentiles(withFarOrders), commands: plain.length, walkedTicks: steps * 2 };
}

// Each command's fastest of several walks: what the book does comes back at the same command in every walk, what the
// machine does in between does not.
function fastest(steps: number, farOrders: boolean): Float64Array {
  const least = walk(steps, farOrders);
  for (let again = 1; again < WALKS; again++) {
    const took = walk(steps, farOrders);
    for (let i = 0; i < took.length; i++) least[i] = Math.min(least[i] as number, took[i] as number);
  }
  return least;
}

/** Moves the market `steps` ticks up and down again; answers what each add and remove took. Checks the book at the end. */
export function walk(steps: number, farOrders: boolean): Float64Array {
  const orders = new OrderStore(1 << 14);
  const book = new OrderBook(orders, { levelChanged: () => undefined });
  const took = new Float64Array(steps * 2 * 4);
  let timed = 0;
  let nextId = 1;
  const add = (side: number, ticks: number): void => {
    const slot = orders.add(nextId++);
    orders.u8[recordAt(slot) + SIDE] = side;
    orders.i32[slot * RECORD_I32 + PRICE_TICKS] = ticks;
    orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = 1;
    book.add(slot);
  };
  const remove = (ticks: number): void => {
    const slot = book.front(ticks);
    book.remove(slot);
    orders.remove(slot);
  };
  const timeOf = (command: () => void): void => {
    const start = performance.now();
    command();
    took[timed++] = nanoseconds(performance.now() - start);
  };
  for (let level = 1; level <= DEPTH; level++) {
    add(BUY, START_TICKS - level);
    add(SELL, START_TICKS + level);
  }
  if (farOrders) {
    add(BUY, FAR_PRICES[0]);
    add(SELL, FAR_PRICES[1]);
  }
  // The market stands at a tick without a level; one step moves both sides of the book by one level.
  let market = START_TICKS;
  for (let step = 0; step < steps; step++, market++) {
    timeOf(() => remove(market + 1));
    timeOf(() => add(BUY, market));
    timeOf(() => remove(market - DEPTH));
    timeOf(() => add(SELL, market + DEPTH + 1));
  }
  for (let step = 0; step < steps; step++, market--) {
    timeOf(() => remove(market - 1));
    timeOf(() => add(SELL, market));
    timeOf(() => remove(market + DEPTH));
    timeOf(() => add(BUY, market - DEPTH - 1));
  }
  book.validate();
  if (book.bestBidTicks !== START_TICKS - 1 || book.bestAskTicks !== START_TICKS + 1 || (farOrders && (book.front(FAR_PRICES[0]) === 0 || book.front(FAR_PRICES[1]) === 0))) {
    throw new Error("the market did not come back to where it was");
  }
  return took;
}
