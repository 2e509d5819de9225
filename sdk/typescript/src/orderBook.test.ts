import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bookChecksum, crc32 } from "./bookChecksum.ts";
import { OrderBook, type BookDeltaFrame, type BookSnapshotFrame, type DeltaResult } from "./orderBook.ts";

/** The exchange's side of a book, as naive as can be: a map per side. */
class TrueBook {
  readonly bids = new Map<number, number>();
  readonly asks = new Map<number, number>();
  seq = 0;

  change({ side, ticks, lots }: { side: "BUY" | "SELL"; ticks: number; lots: number }): void {
    const levels = side === "BUY" ? this.bids : this.asks;
    if (lots === 0) levels.delete(ticks);
    else levels.set(ticks, lots);
  }

  side(side: "BUY" | "SELL"): { priceTicks: number; quantityLots: number }[] {
    const sign = side === "BUY" ? -1 : 1;
    return [...(side === "BUY" ? this.bids : this.asks)]
      .sort(([a], [b]) => (a - b) * sign)
      .map(([priceTicks, quantityLots]) => ({ priceTicks, quantityLots }));
  }

  checksum(): number {
    const worstFirst = (side: "BUY" | "SELL") => {
      const levels = this.side(side).reverse();
      return { ticks: levels.map((l) => l.priceTicks), lots: levels.map((l) => l.quantityLots) };
    };
    return bookChecksum(worstFirst("BUY"), worstFirst("SELL"));
  }

  snapshot(): BookSnapshotFrame {
    const bids = this.side("BUY");
    const asks = this.side("SELL");
    return {
      epoch: 1,
      seq: this.seq,
      timeUs: 0,
      bidTicks: bids.map((l) => l.priceTicks),
      bidLots: bids.map((l) => l.quantityLots),
      askTicks: asks.map((l) => l.priceTicks),
      askLots: asks.map((l) => l.quantityLots),
      checksum: 0,
    };
  }
}

const delta = (given: Partial<BookDeltaFrame>): BookDeltaFrame => ({
  epoch: 1,
  prevSeq: 10,
  seq: 11,
  timeUs: 0,
  bidTicks: [],
  bidLots: [],
  askTicks: [],
  askLots: [],
  checksum: 0,
  ...given,
});
const snapshot = (given: Partial<BookSnapshotFrame> = {}): BookSnapshotFrame => ({
  epoch: 1,
  seq: 10,
  timeUs: 0,
  bidTicks: [99, 98],
  bidLots: [5, 6],
  askTicks: [101, 102],
  askLots: [7, 8],
  checksum: 0,
  ...given,
});
function synced(): OrderBook {
  const book = new OrderBook("BTCUSDT");
  book.applySnapshot(snapshot());
  return book;
}

describe("a book", () => {
  it("is not in sync before its first snapshot, and takes no delta before it", () => {
    const book = new OrderBook("BTCUSDT");
    expect(book.synced).toBe(false);
    expect(book.applyDelta(delta({}))).toBe("waiting");
    expect(book.bids(5)).toEqual([]);
  });

  it("shows bids from the highest, asks from the lowest, no deeper than asked", () => {
    const book = synced();
    expect(book.bids(1)).toEqual([{ priceTicks: 99, quantityLots: 5 }]);
    expect(book.asks(9)).toEqual([
      { priceTicks: 101, quantityLots: 7 },
      { priceTicks: 102, quantityLots: 8 },
    ]);
    expect(book.bestBid?.priceTicks).toBe(99);
    expect(book.bestAsk?.priceTicks).toBe(101);
  });

  it("adds, changes and removes levels by absolute quantity", () => {
    const book = synced();
    expect(book.applyDelta(delta({ bidTicks: [100, 98], bidLots: [1, 0], askTicks: [101], askLots: [9] }))).toBe("applied");
    expect(book.bids(9)).toEqual([
      { priceTicks: 100, quantityLots: 1 },
      { priceTicks: 99, quantityLots: 5 },
    ]);
    expect(book.quantityAt("SELL", 101)).toBe(9);
    expect(book.quantityAt("SELL", 103)).toBe(0);
    expect(book.seq).toBe(11);
  });

  it("drops a delta it already contains", () => {
    const book = synced();
    expect(book.applyDelta(delta({ prevSeq: 9, seq: 10, bidTicks: [99], bidLots: [1] }))).toBe("old");
    expect(book.bestBid?.quantityLots).toBe(5);
    expect(book.synced).toBe(true);
  });

  it.each<[string, Partial<BookDeltaFrame>]>([
    ["that skips a change", { prevSeq: 11, seq: 12 }],
    ["that starts before the book and ends after it", { prevSeq: 9, seq: 12 }],
    ["of another epoch", { epoch: 2 }],
    ["whose arrays differ in length", { bidTicks: [1], bidLots: [] }],
    ["whose checksum disagrees", { checksum: 1 }],
  ])("falls out of sync at a delta %s, and stays so until a snapshot", (_, given) => {
    const book = synced();
    expect(book.applyDelta(delta(given))).toBe("hole");
    expect(book.synced).toBe(false);
    expect(book.applyDelta(delta({}))).toBe("waiting");
    expect(book.applySnapshot(snapshot({ seq: 20 }))).toBe(true);
    expect(book.applyDelta(delta({ prevSeq: 20, seq: 21 }))).toBe("applied");
  });

  it("refuses a snapshot that is out of order or holds an empty level", () => {
    for (const bad of [{ bidTicks: [98, 99] }, { bidTicks: [99, 99] }, { askTicks: [102, 101] }, { askLots: [0, 1] }, { askLots: [1] }, { checksum: 5 }]) {
      const book = new OrderBook("BTCUSDT");
      expect(book.applySnapshot(snapshot(bad))).toBe(false);
      expect(book.synced).toBe(false);
    }
  });

  it("checks CRC-32 as IEEE defines it", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
  });
});

type Fate = "arrives" | "lost" | "twice" | "corrupt";
const change = fc.record({
  side: fc.constantFrom<"BUY" | "SELL">("BUY", "SELL"),
  ticks: fc.integer({ min: 1, max: 40 }),
  lots: fc.integer({ min: 0, max: 3 }),
});
const step = fc.record({
  changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  seqStep: fc.integer({ min: 1, max: 3 }),
  fate: fc.oneof(
    { weight: 6, arbitrary: fc.constant<Fate>("arrives") },
    { weight: 1, arbitrary: fc.constantFrom<Fate>("lost", "twice", "corrupt") },
  ),
  replayOld: fc.boolean(),
});

describe("over any history of losses, repeats and corruption", () => {
  it("a book that says it is in sync is exactly the exchange's book at its seq", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const truth = new TrueBook();
        const book = new OrderBook("BTCUSDT");
        book.applySnapshot(truth.snapshot());
        const past: BookDeltaFrame[] = [];
        const check = (result: DeltaResult) => {
          if (result === "hole") {
            expect(book.synced).toBe(false);
            book.applySnapshot(truth.snapshot());
          }
          if (book.synced && book.seq === truth.seq) {
            expect(book.bids(100)).toEqual(truth.side("BUY"));
            expect(book.asks(100)).toEqual(truth.side("SELL"));
          }
        };
        for (const { changes, seqStep, fate, replayOld } of steps) {
          const prevSeq = truth.seq;
          for (const c of changes) truth.change(c);
          truth.seq += seqStep;
          const of = (side: "BUY" | "SELL") => changes.filter((c) => c.side === side);
          const frame = delta({
            prevSeq,
            seq: truth.seq,
            bidTicks: of("BUY").map((c) => c.ticks),
            bidLots: of("BUY").map((c) => c.lots),
            askTicks: of("SELL").map((c) => c.ticks),
            askLots: of("SELL").map((c) => c.lots),
            checksum: truth.checksum(),
          });
          past.push(frame);
          if (fate === "lost") continue;
          // An empty book's checksum is 0, which also means "not computed": there, corruption cannot be seen.
          const corrupt = fate === "corrupt" && frame.checksum !== 0;
          check(book.applyDelta(corrupt ? { ...frame, bidTicks: [...frame.bidTicks, 77], bidLots: [...frame.bidLots, 1] } : frame));
          expect(book.seq).toBe(truth.seq); // a hole was mended from the truth; nothing may lag silently
          if (fate === "twice") expect(book.applyDelta(frame)).toBe("old");
          if (replayOld) {
            const old = past[Math.floor(past.length / 2)];
            if (old !== undefined) expect(book.applyDelta(old)).toBe("old");
          }
          expect(book.bids(100)).toEqual(truth.side("BUY"));
          expect(book.asks(100)).toEqual(truth.side("SELL"));
        }
      }),
      { numRuns: 300 },
    );
  });
});
