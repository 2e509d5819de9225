// A book's best levels merged to coarser price steps: bids down, asks up, so that no merged level shows a better price
// than any order in it. Integers only; at a step of one tick the levels are the book's own.
import type { OrderBook } from "../../../sdk/typescript/src/index.ts";
import type { BookLevels } from "./feedMessages.ts";

type Book = Pick<OrderBook, "bids" | "asks">;
// Merging needs more raw levels than it shows; beyond this a very fine book is cut off.
const RAW_LEVELS_MAX = 2_000;

/** At most `levelsMax` levels per side, best first. */
export function groupedLevels(book: Book, { groupTicks, levelsMax }: { groupTicks: number; levelsMax: number }): BookLevels {
  const rawMax = groupTicks === 1 ? levelsMax : RAW_LEVELS_MAX;
  const [bidTicks, bidLots] = merged(book.bids(rawMax), (ticks) => Math.floor(ticks / groupTicks) * groupTicks, levelsMax);
  const [askTicks, askLots] = merged(book.asks(rawMax), (ticks) => Math.ceil(ticks / groupTicks) * groupTicks, levelsMax);
  return { bidTicks, bidLots, askTicks, askLots, bestBidTicks: book.bids(1)[0]?.priceTicks ?? 0, bestAskTicks: book.asks(1)[0]?.priceTicks ?? 0 };
}

function merged(levels: ReturnType<Book["bids"]>, step: (ticks: number) => number, levelsMax: number): [number[], number[]] {
  const ticks: number[] = [];
  const lots: number[] = [];
  for (const { priceTicks, quantityLots } of levels) {
    const price = step(priceTicks);
    const last = ticks.length - 1;
    if (ticks[last] === price) {
      lots[last] = (lots[last] ?? 0) + quantityLots;
    } else {
      if (ticks.length === levelsMax) break;
      ticks.push(price);
      lots.push(quantityLots);
    }
  }
  return [ticks, lots];
}
