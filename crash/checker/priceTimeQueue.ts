// Whose turn it is in one market: plain resting orders by price, then by age, and nothing else about them.
//
// Invariant: `keys` holds each price of a side that has an order, best first.
import { Side } from "../../gen/tickwire/v1/types_pb.ts";

interface SideQueue {
  /** Ascending keys: the best price has the least. */
  readonly keys: number[];
  /** By key: ids in the order in which they came. A Set gives its oldest first. */
  readonly levels: Map<number, Set<number>>;
}

// A buyer's best price is the highest: its key is the negative price.
const keyOf = (side: Side, priceTicks: number): number => (side === Side.BUY ? -priceTicks : priceTicks);

export class PriceTimeQueue {
  readonly #bids: SideQueue = { keys: [], levels: new Map() };
  readonly #asks: SideQueue = { keys: [], levels: new Map() };

  #side(side: Side): SideQueue {
    return side === Side.BUY ? this.#bids : this.#asks;
  }

  join(orderId: number, side: Side, priceTicks: number): void {
    const { keys, levels } = this.#side(side);
    const key = keyOf(side, priceTicks);
    const level = levels.get(key);
    if (level !== undefined) {
      level.add(orderId);
      return;
    }
    levels.set(key, new Set([orderId]));
    keys.splice(placeOf(keys, key), 0, key);
  }

  leave(orderId: number, side: Side, priceTicks: number): void {
    const { keys, levels } = this.#side(side);
    const key = keyOf(side, priceTicks);
    const level = levels.get(key);
    if (level?.delete(orderId) !== true || level.size > 0) return;
    levels.delete(key);
    keys.splice(placeOf(keys, key), 1);
  }

  /** Why it is not this maker's turn to trade; undefined when it is. */
  outOfTurn(orderId: number, side: Side, priceTicks: number): string | undefined {
    const { keys, levels } = this.#side(side);
    const best = keys[0];
    if (best === undefined) return `order ${orderId} traded from an empty side`;
    if (best !== keyOf(side, priceTicks)) return `order ${orderId} traded at ${priceTicks} past a better price, ${Math.abs(best)}`;
    const [first] = levels.get(best) ?? [];
    return first === orderId ? undefined : `order ${orderId} traded before order ${first}, which came first`;
  }

  inOrder(side: Side): number[] {
    const { keys, levels } = this.#side(side);
    return keys.flatMap((key) => [...(levels.get(key) ?? [])]);
  }
}

/** The place of `key` in ascending `keys`. */
function placeOf(keys: readonly number[], key: number): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] as number) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
