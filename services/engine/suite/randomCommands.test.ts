// What is rare must still happen, or equal engines prove nothing about it.
import { expect, it } from "vitest";
import { ExpiryReason, OrderStatus, PegType, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import { ModelEngine } from "../model/modelEngine.ts";
import { entryBytes } from "./commandList.ts";
import { RandomCommands } from "./randomCommands.ts";

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const COMMANDS = 3_500;

// What became of the pegged orders of lists, in the words of `fateOf`.
function fates(seed: number, found: Set<string>): void {
  const random = new RandomCommands(seed);
  const model = new ModelEngine();
  for (const entry of random.opening()) model.applyEntry(entryBytes(entry));
  const pending = new Set<bigint>();
  for (let n = 0; n < COMMANDS; n++) {
    for (const { body } of model.applyEntry(entryBytes(random.next(model))).flatMap((group) => group.events)) {
      if (body.case !== "orderAccepted" && body.case !== "orderTriggered" && body.case !== "orderExpired") continue;
      const { order } = body.value;
      if (order === undefined || order.orderListId === 0n || order.pegType === PegType.UNSPECIFIED) continue;
      if (order.status === OrderStatus.PENDING_NEW) pending.add(order.orderId);
      const fate = fateOf(body.case, order, pending.has(order.orderId));
      if (fate !== undefined) found.add(fate);
    }
  }
}

function fateOf(told: "orderAccepted" | "orderTriggered" | "orderExpired", order: Order, wasPending: boolean): string | undefined {
  if (told === "orderTriggered") return order.priceTicks === 0n ? "woken without a price" : "woken to a price";
  if (told === "orderAccepted") {
    if (order.status === OrderStatus.PENDING_NEW) return "pending";
    if (order.priceTicks === 0n) return wasPending ? "placed to wait" : "waits at once";
    return wasPending ? "placed at a price" : "enters at once";
  }
  if (!wasPending || order.workingUs !== 0n) return undefined;
  if (order.expiryReason === ExpiryReason.INSUFFICIENT_LIQUIDITY) return "not placed for want of a price";
  return order.expiryReason === ExpiryReason.EXCHANGE ? "not placed for a rule or money" : undefined;
}

it("pegged orders of lists come to every end that they can", () => {
  const found = new Set<string>();
  for (const seed of SEEDS) fates(seed, found);
  const every = ["enters at once", "not placed for a rule or money", "not placed for want of a price", "pending", "placed at a price", "placed to wait", "waits at once", "woken to a price", "woken without a price"];
  expect([...found].sort()).toEqual(every);
});
