// For tests and simulations: books as a client of the feed has them, kept by the rules of market_data.proto alone.
//
// Believes nothing: a delta that does not chain is written down, and not applied.
import type { BookDelta, BookSnapshot } from "../../../gen/tickwire/v1/market_data_pb.ts";
import type { ServerFrame } from "../../../gen/tickwire/v1/server_pb.ts";

/** Lots by price. */
export interface FollowedBook {
  epoch: number;
  seq: bigint;
  readonly bids: Map<bigint, bigint>;
  readonly asks: Map<bigint, bigint>;
}

export class FollowedBooks {
  /** By market id. */
  readonly books = new Map<number, FollowedBook>();
  /** What did not follow the rules, in words. */
  readonly breaches: string[];

  /** `breaches` may be a list that is kept elsewhere, too. */
  constructor(breaches: string[] = []) {
    this.breaches = breaches;
  }

  /** Takes a frame of the feed; those that are of no book pass. */
  take(body: ServerFrame["body"]): void {
    if (body.case === "bookSnapshot") this.#snapshot(body.value);
    else if (body.case === "bookDelta") this.#delta(body.value);
  }

  #snapshot({ marketId, epoch, seq, bidTicks, bidLots, askTicks, askLots }: BookSnapshot): void {
    const side = (ticks: readonly bigint[], lots: readonly bigint[]) => new Map(ticks.map((price, i) => [price, lots[i] ?? 0n]));
    this.books.set(marketId, { epoch, seq, bids: side(bidTicks, bidLots), asks: side(askTicks, askLots) });
  }

  #delta({ marketId, epoch, prevSeq, seq, bidTicks, bidLots, askTicks, askLots }: BookDelta): void {
    const book = this.books.get(marketId);
    if (book === undefined || book.epoch !== epoch || book.seq !== prevSeq) {
      this.breaches.push(`delta ${prevSeq} to ${seq} of market ${marketId} on a book at ${book?.seq ?? "nothing"}`);
      return;
    }
    const apply = (side: Map<bigint, bigint>, ticks: readonly bigint[], lots: readonly bigint[]) => {
      for (const [i, price] of ticks.entries()) {
        const quantity = lots[i] ?? 0n;
        if (quantity === 0n) side.delete(price);
        else side.set(price, quantity);
      }
    };
    apply(book.bids, bidTicks, bidLots);
    apply(book.asks, askTicks, askLots);
    book.seq = seq;
  }
}
