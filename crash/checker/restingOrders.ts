// The orders of one market that rest, in the book or collected beside it for an auction, and whose turn it is to trade.
//
// Written from what the events mean: who works joins the back of the queue at his price; what is amended keeps its place if
// it says so; of an iceberg only the part that shows stands in the queue, and each next part joins the back; what an auction
// collects comes behind what rested before at the same price. Invariant: an order is in the book, collected, or neither.
import { MarketStatus, type Side } from "../../gen/tickwire/v1/types_pb.ts";
import { hasLimit, remainingLots, type FoldedOrder } from "./foldedOrder.ts";
import { PriceTimeQueue } from "./priceTimeQueue.ts";

export class RestingOrders {
  readonly #book = new PriceTimeQueue();
  /** In the order in which they came. */
  readonly #collected = new Set<FoldedOrder>();
  #status: MarketStatus;
  /** From the status AUCTION on until the auction is uncrossed, whatever stands between. */
  #auctionOpen = false;

  constructor(status: MarketStatus) {
    this.#status = status;
  }

  /** Whether an auction is being ended: owners' own orders are parted then, which all rest, before it is uncrossed. */
  get auctionEnds(): boolean {
    return this.#auctionOpen && this.#status === MarketStatus.TRADING;
  }

  statusChanged(status: MarketStatus): void {
    this.#status = status;
    if (status === MarketStatus.AUCTION) this.#auctionOpen = true;
  }

  /** The auction is over: from here on there is one queue. */
  uncrossed(): void {
    this.#auctionOpen = false;
    for (const { orderId, side, priceTicks } of this.#collected) this.#book.join(orderId, side, priceTicks);
    this.#collected.clear();
  }

  /** An order begins to work, the youngest at its price; one that does not stay passes by. */
  join(order: FoldedOrder): void {
    if (!order.stays || !hasLimit(order)) return;
    this.#showPart(order);
    if (this.#status === MarketStatus.AUCTION) this.#collected.add(order);
    else this.#book.join(order.orderId, order.side, order.priceTicks);
  }

  /** At the price at which it joined. */
  leave(order: FoldedOrder): void {
    if (!this.#collected.delete(order)) this.#book.leave(order.orderId, order.side, order.priceTicks);
  }

  /** Why it is not this order's turn; undefined when it is. */
  outOfTurn({ orderId, side, priceTicks }: FoldedOrder): string | undefined {
    return this.#book.outOfTurn(orderId, side, priceTicks);
  }

  /** An order that rested has traded so many lots, which are counted already. */
  restingTraded(order: FoldedOrder, lots: number): void {
    const { terms } = order;
    if (terms === undefined || terms.icebergLots === 0) return;
    terms.visibleLots -= lots;
    if (terms.visibleLots > 0 || remainingLots(order) === 0) return;
    this.#book.leave(order.orderId, order.side, order.priceTicks);
    this.#book.join(order.orderId, order.side, order.priceTicks);
    this.#showPart(order);
  }

  /** An order that comes has traded, or was prevented from it: nothing of it showed yet. */
  comingLessened(order: FoldedOrder): void {
    this.#showPart(order);
  }

  /** An order that rested lost lots to self-trade prevention, which are counted already: in an auction first those that do not show. */
  restingPrevented(order: FoldedOrder, lots: number): void {
    if (this.auctionEnds) this.amended(order);
    else this.restingTraded(order, lots);
  }

  /** An order has less than before and kept its place: first what does not show is gone. */
  amended(order: FoldedOrder): void {
    const { terms } = order;
    if (terms !== undefined) terms.visibleLots = Math.min(terms.visibleLots, remainingLots(order));
  }

  #showPart(order: FoldedOrder): void {
    const { terms } = order;
    if (terms !== undefined) terms.visibleLots = Math.min(terms.icebergLots, remainingLots(order));
  }

  /** Ids of the book's orders of one side, in the order in which they would trade. */
  book(side: Side): number[] {
    return this.#book.inOrder(side);
  }

  /** Ids of the orders of one side that stand beside the book, likewise. */
  collected(side: Side): number[] {
    const queue = new PriceTimeQueue();
    for (const order of this.#collected) queue.join(order.orderId, order.side, order.priceTicks);
    return queue.inOrder(side);
  }
}
