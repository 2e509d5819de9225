// Makes a tape from a seed: the same numbers give the same bytes on every machine.
//
// Two flows. "simple": orders around a wandering middle, one in ten aggressive, the rest placed and cancelled so that
// the book keeps its size. "xc": 82 % moves, after the mix exchange-core publishes. A plain book of its own inside
// works out what each command leads to; that is where the expected fills come from.
import { CANCEL, FILL_HASH_START, hashFill, LIMIT_GTC, LIMIT_IOC, MOVE, RECORD_WORDS, tapeBytes, type Tape } from "./tape.ts";

export interface TapeShape {
  readonly flow: "simple" | "xc";
  /** Resting orders the flow keeps. */
  readonly resting: number;
  /** Mean distance of a passive order from the middle. */
  readonly meanTicks: number;
  readonly commands: number;
  readonly seed: number;
}

export const PRESETS = {
  s1k: { flow: "simple", resting: 1_000, meanTicks: 100, commands: 3_000_000, seed: 42 },
  s10k: { flow: "simple", resting: 10_000, meanTicks: 300, commands: 3_000_000, seed: 42 },
  s100k: { flow: "simple", resting: 100_000, meanTicks: 1_000, commands: 3_000_000, seed: 42 },
  s1m: { flow: "simple", resting: 1_000_000, meanTicks: 3_000, commands: 3_000_000, seed: 42 },
  xc1k: { flow: "xc", resting: 1_000, meanTicks: 550, commands: 3_000_000, seed: 42 },
} as const satisfies Record<string, TapeShape>;

const USERS = 1_000;
const PRICES = 1 << 18;
const MIDDLE = 1 << 17;
const NO_BID = 0;
const NO_ASK = PRICES - 1;
const LOWEST = 1;
const HIGHEST = PRICES - 2;
const BUYS = 0;
const SELLS = 1;

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function generateTape(shape: TapeShape): Tape {
  return new Generator(shape).run();
}

/** The file the shared script writes for the same numbers. */
export const generateTapeBytes = (shape: TapeShape): Uint8Array => tapeBytes(generateTape(shape), LOWEST, HIGHEST);

class Generator {
  readonly #shape: TapeShape;
  readonly #random: () => number;
  // The orders by id, and their places in the lists of their prices.
  readonly #price: Int32Array;
  readonly #quantity: Int32Array;
  readonly #side: Uint8Array;
  readonly #user: Int32Array;
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head = new Int32Array(PRICES);
  readonly #tail = new Int32Array(PRICES);
  #bestBid = NO_BID;
  #bestAsk = NO_ASK;
  // The resting orders in no order, to draw one from.
  readonly #live: Int32Array;
  readonly #livePlace: Int32Array;
  #liveCount = 0;
  #bids = 0;
  #asks = 0;
  readonly #words: Int32Array;
  #at = 0;
  #nextId = 1;
  #middle = MIDDLE;
  #lastTrade = MIDDLE;
  #fills = 0;
  #fillHash = FILL_HASH_START;

  constructor(shape: TapeShape) {
    this.#shape = shape;
    this.#random = randomOf(shape.seed);
    const orders = shape.resting + shape.commands + 8;
    this.#price = new Int32Array(orders);
    this.#quantity = new Int32Array(orders);
    this.#side = new Uint8Array(orders);
    this.#user = new Int32Array(orders);
    this.#next = new Int32Array(orders);
    this.#previous = new Int32Array(orders);
    this.#live = new Int32Array(orders);
    this.#livePlace = new Int32Array(orders);
    this.#words = new Int32Array((shape.resting + shape.commands) * RECORD_WORDS);
  }

  run(): Tape {
    const { flow, resting, commands } = this.#shape;
    while (this.#nextId <= resting) {
      if (flow === "xc") this.#restNearLastTrade();
      else this.#restNearMiddle();
    }
    const prefill = this.#at / RECORD_WORDS;
    this.#fills = 0;
    this.#fillHash = FILL_HASH_START;
    for (let i = 0; i < commands; i++) {
      if (flow === "xc") this.#xcCommand();
      else this.#simpleCommand();
    }
    return {
      words: this.#words.subarray(0, this.#at),
      records: this.#at / RECORD_WORDS,
      prefill,
      orderIdEnd: this.#nextId,
      users: USERS,
      fills: this.#fills,
      fillHash: this.#fillHash,
    };
  }

  #simpleCommand(): void {
    const target = this.#shape.resting;
    if (this.#random() < 0.05) {
      const drift = (this.#bestBid + this.#bestAsk) / 2 - this.#middle;
      this.#middle += drift > 5 ? 1 : drift < -5 ? -1 : this.#random() < 0.5 ? 1 : -1;
    }
    const draw = this.#random();
    if (draw < 0.1) this.#aggress();
    else if (draw < 0.5) {
      if (this.#liveCount > target * 1.02) this.#cancelAny();
      else this.#restNearMiddle();
    } else if (this.#liveCount < target * 0.98) this.#restNearMiddle();
    else this.#cancelAny();
  }

  #xcCommand(): void {
    const target = this.#shape.resting;
    const draw = this.#random();
    if (draw < 0.82 && this.#liveCount > 10) {
      this.#moveAny();
      return;
    }
    let type = draw < 0.91 ? LIMIT_GTC : draw < 0.94 ? LIMIT_IOC : CANCEL;
    if (type !== LIMIT_GTC && this.#liveCount < target * 0.97) type = LIMIT_GTC;
    else if (type === LIMIT_GTC && this.#liveCount > target * 1.03) type = CANCEL;
    if (type === LIMIT_GTC) this.#restNearLastTrade();
    else if (type === LIMIT_IOC) {
      const side = this.#bids > this.#asks ? SELLS : BUYS;
      this.#place(LIMIT_IOC, side, side === SELLS ? LOWEST : HIGHEST, this.#size());
    } else this.#cancelAny();
  }

  #below(n: number): number {
    return (this.#random() * n) | 0;
  }

  #geometric(mean: number): number {
    return Math.floor(-Math.log(1 - this.#random()) * mean);
  }

  #size(): number {
    return 1 + this.#below(6) * this.#below(6) * this.#below(6);
  }

  #shorterSide(slack: number): number {
    return this.#bids > this.#asks + slack ? SELLS : this.#asks > this.#bids + slack ? BUYS : this.#below(2);
  }

  #restNearMiddle(): void {
    const side = this.#shorterSide(50);
    const distance = this.#geometric(this.#shape.meanTicks);
    const price = side === SELLS ? Math.max(this.#middle + 1 + distance, this.#bestBid + 1) : Math.min(this.#middle - 1 - distance, this.#bestAsk - 1);
    this.#place(LIMIT_GTC, side, Math.min(HIGHEST, Math.max(LOWEST, price)), this.#size());
  }

  #restNearLastTrade(): void {
    const side = this.#shorterSide(20);
    const distance = 1 + this.#geometric(this.#shape.meanTicks);
    const price = side === SELLS ? this.#lastTrade + distance : this.#lastTrade - distance;
    this.#place(LIMIT_GTC, side, Math.min(HIGHEST, Math.max(LOWEST, price)), this.#size());
  }

  #aggress(): void {
    const bookMiddle = (this.#bestBid + this.#bestAsk) / 2;
    const side = this.#random() < (this.#middle > bookMiddle ? 0.6 : this.#middle < bookMiddle ? 0.4 : 0.5) ? BUYS : SELLS;
    const through = this.#below(4);
    const price = side === SELLS ? Math.max(LOWEST, this.#bestBid - through) : Math.min(HIGHEST, this.#bestAsk + through);
    this.#place(this.#random() < 0.5 ? LIMIT_IOC : LIMIT_GTC, side, price, this.#size());
  }

  #moveAny(): void {
    const id = this.#live[this.#below(this.#liveCount)] as number;
    const price = this.#price[id] as number;
    let step = (this.#lastTrade - price) * 0.01;
    step = price > this.#lastTrade ? Math.floor(step) : price < this.#lastTrade ? Math.ceil(step) : this.#below(2) * 2 - 1;
    if (step === 0) step = this.#below(2) * 2 - 1;
    const moved = Math.min(HIGHEST, Math.max(LOWEST, price + step));
    this.#emit(MOVE, id, moved);
    this.#unlink(id);
    this.#price[id] = moved;
    this.#match(id, moved);
    if (this.#quantity[id] !== 0) this.#link(id);
  }

  #cancelAny(): void {
    const id = this.#live[this.#below(this.#liveCount)] as number;
    this.#emit(CANCEL, id, this.#price[id] as number);
    this.#unlink(id);
  }

  #place(type: number, side: number, price: number, quantity: number): void {
    const id = this.#nextId++;
    this.#user[id] = this.#below(USERS);
    this.#side[id] = side;
    this.#price[id] = price;
    this.#quantity[id] = quantity;
    this.#emit(type, id, price);
    this.#match(id, price);
    if (type === LIMIT_GTC && this.#quantity[id] !== 0) this.#link(id);
  }

  #emit(type: number, id: number, price: number): void {
    const words = this.#words;
    const at = this.#at;
    words[at] = type | ((this.#side[id] as number) << 8);
    words[at + 1] = id;
    words[at + 2] = this.#user[id] as number;
    words[at + 3] = price;
    words[at + 4] = this.#quantity[id] as number;
    this.#at = at + RECORD_WORDS;
  }

  #match(id: number, limit: number): void {
    if (this.#side[id] === BUYS) {
      while (this.#quantity[id] !== 0 && this.#bestAsk <= limit && this.#bestAsk < NO_ASK) this.#trade(id, this.#head[this.#bestAsk] as number, this.#bestAsk);
    } else {
      while (this.#quantity[id] !== 0 && this.#bestBid >= limit && this.#bestBid > NO_BID) this.#trade(id, this.#head[this.#bestBid] as number, this.#bestBid);
    }
  }

  #trade(taker: number, maker: number, price: number): void {
    const quantity = Math.min(this.#quantity[taker] as number, this.#quantity[maker] as number);
    this.#quantity[taker] = (this.#quantity[taker] as number) - quantity;
    this.#quantity[maker] = (this.#quantity[maker] as number) - quantity;
    this.#fills++;
    this.#fillHash = hashFill(this.#fillHash, taker, maker, price, quantity);
    this.#lastTrade = price;
    if (this.#quantity[maker] === 0) this.#unlink(maker);
  }

  #link(id: number): void {
    const price = this.#price[id] as number;
    const tail = this.#tail[price] as number;
    this.#next[id] = 0;
    this.#previous[id] = tail;
    if (tail === 0) this.#head[price] = id;
    else this.#next[tail] = id;
    this.#tail[price] = id;
    this.#livePlace[id] = this.#liveCount;
    this.#live[this.#liveCount++] = id;
    if (this.#side[id] === SELLS) {
      this.#asks++;
      if (price < this.#bestAsk) this.#bestAsk = price;
    } else {
      this.#bids++;
      if (price > this.#bestBid) this.#bestBid = price;
    }
  }

  #unlink(id: number): void {
    const price = this.#price[id] as number;
    const next = this.#next[id] as number;
    const previous = this.#previous[id] as number;
    if (previous === 0) this.#head[price] = next;
    else this.#next[previous] = next;
    if (next === 0) this.#tail[price] = previous;
    else this.#previous[next] = previous;
    const place = this.#livePlace[id] as number;
    const last = this.#live[--this.#liveCount] as number;
    this.#live[place] = last;
    this.#livePlace[last] = place;
    if (this.#side[id] === SELLS) {
      this.#asks--;
      if (price === this.#bestAsk) while (this.#bestAsk < NO_ASK && this.#head[this.#bestAsk] === 0) this.#bestAsk++;
    } else {
      this.#bids--;
      if (price === this.#bestBid) while (this.#bestBid > NO_BID && this.#head[this.#bestBid] === 0) this.#bestBid--;
    }
  }
}
