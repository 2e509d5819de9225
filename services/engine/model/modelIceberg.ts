// Orders that show a part of themselves. The part that shows stands in the queue like any order; when it is gone, the
// next part shows at the back of the queue.
import type { Order } from "../../../gen/tickwire/v1/types_pb.ts";
import { remainingLots, smaller } from "./modelState.ts";

export class ModelIcebergs {
  /** What is left of the part that shows, of icebergs in a book. */
  readonly #shown = new Map<Order, bigint>();

  /** What of a resting order others see and meet. */
  visibleLots(order: Order): bigint {
    return this.#shown.get(order) ?? remainingLots(order);
  }

  /** Shows the next part, or all that is left. */
  showPart(order: Order): void {
    if (order.icebergLots !== 0n) this.#shown.set(order, smaller(order.icebergLots, remainingLots(order)));
  }

  /** So much of the part that shows is gone. */
  lessen(order: Order, lots: bigint): void {
    if (order.icebergLots !== 0n) this.#shown.set(order, this.visibleLots(order) - lots);
  }

  leave(order: Order): void {
    this.#shown.delete(order);
  }

  /** The parts of a book's side, best first, in the order in which a taker who takes them all meets them. */
  parts(side: readonly Order[]): { order: Order; lots: bigint }[] {
    const parts: { order: Order; lots: bigint }[] = [];
    for (const priceTicks of new Set(side.map((order) => order.priceTicks))) {
      const queue = side.filter((order) => order.priceTicks === priceTicks).map((order) => ({ order, lots: this.visibleLots(order), left: remainingLots(order) }));
      for (let part = queue.shift(); part !== undefined; part = queue.shift()) {
        const { order, lots } = part;
        parts.push({ order, lots });
        const left = part.left - lots;
        if (left > 0n) queue.push({ order, lots: smaller(order.icebergLots, left), left });
      }
    }
    return parts;
  }
}
