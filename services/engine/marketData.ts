// What one market shows the public: the levels and trades that one log entry changed, as ServerBatch bytes.
//
// Never: publishes anything itself. Invariants: at most one BookDelta per entry, never an empty one; each delta names
// the seq of the market's previous delta, so a reader can prove that it missed none.
import { NO_ASK, NO_BID, BUY, SELL, type ChangeSink, type OrderBook } from "./orderBook.ts";
import { ProtobufWriter } from "./protobufWriter.ts";

// ServerBatch.frames; ServerFrame.book_delta and .trades.
const FRAMES = 0x0a;
const BOOK_DELTA = 0x0a;
const TRADES = 0x12;
const LEVEL_BYTES_MAX = 5 + 8;
const TRADE_BYTES_MAX = 64;
const FRAME_BYTES_MAX = 128;
/** Prices that lie within this many words' bits are put in order without comparing them. */
const SPAN_WORDS = 256;

class ChangedPrices {
  ticks = new Int32Array(64);
  count = 0;
  // A bit for each price from the lowest on; clear but for the time of `settle`.
  readonly #marks = new Int32Array(SPAN_WORDS);

  push(ticks: number): void {
    if (this.count === this.ticks.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.ticks);
      this.ticks = grown;
    }
    this.ticks[this.count++] = ticks;
  }

  /** Ascending, each once. A level that went and came back within an entry was pushed twice. */
  settle(): void {
    const { ticks, count } = this;
    if (count < 2) return;
    let lowest = ticks[0] as number;
    let highest = lowest;
    for (let i = 1; i < count; i++) {
      const price = ticks[i] as number;
      if (price < lowest) lowest = price;
      else if (price > highest) highest = price;
    }
    if (highest - lowest >= SPAN_WORDS * 32) this.#sort();
    else this.#mark(lowest, (highest - lowest) >> 5);
  }

  #mark(lowest: number, lastWord: number): void {
    const { ticks, count } = this;
    const marks = this.#marks;
    for (let i = 0; i < count; i++) {
      const offset = (ticks[i] as number) - lowest;
      const word = offset >> 5;
      marks[word] = (marks[word] as number) | (1 << (offset & 31));
    }
    let kept = 0;
    for (let word = 0; word <= lastWord; word++) {
      let bits = marks[word] as number;
      if (bits === 0) continue;
      marks[word] = 0;
      const from = lowest + (word << 5);
      for (; bits !== 0; bits &= bits - 1) ticks[kept++] = from + 31 - Math.clz32(bits & -bits);
    }
    this.count = kept;
  }

  #sort(): void {
    const { ticks, count } = this;
    ticks.subarray(0, count).sort();
    let kept = 1;
    for (let i = 1; i < count; i++) if (ticks[i] !== ticks[i - 1]) ticks[kept++] = ticks[i] as number;
    this.count = kept;
  }
}

export class MarketFeed implements ChangeSink {
  /** Seq of the last command that changed the book: what a snapshot carries and the next delta chains to. */
  bookSeq = 0;
  readonly #marketId: number;
  readonly #bids = new ChangedPrices();
  readonly #asks = new ChangedPrices();
  readonly #trades = new ProtobufWriter(1024);
  readonly #out = new ProtobufWriter(4096);
  #tradeCount = 0;
  #told: Uint8Array | undefined;
  #changeSeq = 0;
  #currentSeq = 0;

  constructor(marketId: number) {
    this.#marketId = marketId;
  }

  /** Whether anything was collected since the last `take`. */
  get pending(): boolean {
    return this.#changeSeq !== 0 || this.#tradeCount !== 0 || this.#told !== undefined;
  }

  /** Adds a whole ServerBatch to the entry's frames; undefined adds nothing. */
  tell(frames: Uint8Array | undefined): void {
    this.#told = frames;
  }

  /** The seq of the command whose changes come next. */
  startCommand(seq: number): void {
    this.#currentSeq = seq;
  }

  /** The book says that the level at this price is not what it was. */
  levelChanged(side: number, ticks: number): void {
    (side === BUY ? this.#bids : this.#asks).push(ticks);
  }

  /** The running command changed the book: the entry's delta carries at least its seq. */
  bookChanged(): void {
    this.#changeSeq = this.#currentSeq;
  }

  trade(tradeId: number, priceTicks: number, quantityLots: number, takerSide: number, timeUs: number): void {
    const out = this.#trades;
    out.reserve(TRADE_BYTES_MAX);
    const start = out.begin2(0x1a);
    out.uintField(0x08, tradeId);
    out.uintField(0x10, priceTicks);
    out.uintField(0x18, quantityLots);
    out.uintField(0x20, takerSide);
    out.uintField(0x28, this.#currentSeq);
    out.uintField(0x30, timeUs);
    out.end2(start);
    this.#tradeCount++;
  }

  /** The entry's frames as ServerBatch bytes, valid until the next call; and a clean sheet for the next entry. */
  take(book: OrderBook, epoch: number, timeUs: number): Uint8Array {
    const out = this.#out;
    out.at = 0;
    if (this.#changeSeq !== 0) this.#writeDelta(book, epoch, timeUs);
    if (this.#tradeCount !== 0) {
      out.reserve(FRAME_BYTES_MAX + this.#trades.at);
      const frame = out.begin4(FRAMES);
      const trades = out.begin4(TRADES);
      out.uintField(0x08, this.#marketId);
      out.uintField(0x10, epoch);
      out.copy(this.#trades.bytes, 0, this.#trades.at);
      out.end4(trades);
      out.end4(frame);
      this.#trades.at = 0;
      this.#tradeCount = 0;
    }
    if (this.#told !== undefined) {
      out.reserve(this.#told.length);
      out.copy(this.#told, 0, this.#told.length);
      this.#told = undefined;
    }
    book.startRound();
    return out.written();
  }

  /** Drops what a restore reported as changed. */
  forget(book: OrderBook): void {
    this.#bids.count = 0;
    this.#asks.count = 0;
    this.#changeSeq = 0;
    book.startRound();
  }

  #writeDelta(book: OrderBook, epoch: number, timeUs: number): void {
    const out = this.#out;
    if (this.#bids.count === 0 && this.#asks.count === 0) {
      // An auction's trades among orders it had collected: the book itself is as it was.
      this.#changeSeq = 0;
      return;
    }
    this.#bids.settle();
    this.#asks.settle();
    out.reserve(FRAME_BYTES_MAX + (this.#bids.count + this.#asks.count) * LEVEL_BYTES_MAX);
    const frame = out.begin4(FRAMES);
    const delta = out.begin4(BOOK_DELTA);
    out.uintField(0x08, this.#marketId);
    out.uintField(0x10, epoch);
    out.uintField(0x18, this.bookSeq);
    out.uintField(0x20, this.#changeSeq);
    out.uintField(0x28, timeUs);
    const { ticks: bids, count: bidCount } = this.#bids;
    if (bidCount > 0) {
      const prices = out.begin4(0x32);
      for (let i = bidCount - 1; i >= 0; i--) out.varint(bids[i] as number);
      out.end4(prices);
      const lots = out.begin4(0x3a);
      for (let i = bidCount - 1; i >= 0; i--) out.varint(book.lotsAt(BUY, bids[i] as number));
      out.end4(lots);
    }
    const { ticks: asks, count: askCount } = this.#asks;
    if (askCount > 0) {
      const prices = out.begin4(0x42);
      for (let i = 0; i < askCount; i++) out.varint(asks[i] as number);
      out.end4(prices);
      const lots = out.begin4(0x4a);
      for (let i = 0; i < askCount; i++) out.varint(book.lotsAt(SELL, asks[i] as number));
      out.end4(lots);
    }
    out.end4(delta);
    out.end4(frame);
    this.bookSeq = this.#changeSeq;
    this.#changeSeq = 0;
    this.#bids.count = 0;
    this.#asks.count = 0;
  }
}

/** The levels of a book, best first, as a snapshot carries them; `depth` 0 means all. */
export function bookLevels(book: OrderBook, depth: number): { bidTicks: bigint[]; bidLots: bigint[]; askTicks: bigint[]; askLots: bigint[] } {
  const most = depth === 0 ? Number.POSITIVE_INFINITY : depth;
  const bidTicks: bigint[] = [];
  const bidLots: bigint[] = [];
  for (let ticks = book.bestBidTicks; ticks !== NO_BID && bidTicks.length < most; ticks = book.nextBelow(ticks)) {
    bidTicks.push(BigInt(ticks));
    bidLots.push(BigInt(book.lotsAt(BUY, ticks)));
  }
  const askTicks: bigint[] = [];
  const askLots: bigint[] = [];
  for (let ticks = book.bestAskTicks; ticks !== NO_ASK && askTicks.length < most; ticks = book.nextAbove(ticks)) {
    askTicks.push(BigInt(ticks));
    askLots.push(BigInt(book.lotsAt(SELL, ticks)));
  }
  return { bidTicks, bidLots, askTicks, askLots };
}
