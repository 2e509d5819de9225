// The same commands given to the engine that is written as plainly as the rules are told: its events, books and balances
// against those of the history.
//
// The plain engine walks every open order at every command, so it is given as much as it can do in the time allowed;
// how far it came is told.
import { fromBinary } from "@bufbuild/protobuf";
import { EventBatchSchema, type Event } from "../../gen/tickwire/v1/event_pb.ts";
import { Side, type Order } from "../../gen/tickwire/v1/types_pb.ts";
import { ModelEngine } from "../../services/engine/model/modelEngine.ts";
import { compare } from "../../services/engine/suite/comparison.ts";
import type { EventFold, LoggedEntry } from "./eventFold.ts";
import type { Findings } from "./findings.ts";

// Timers fire in commands of their own; the rest of a group is compared as a whole. Balance events are left to the fold,
// because their order among each other is nobody's promise.
const withoutBalances = (events: readonly Event[]): Event[] => events.filter(({ body }) => body.case !== "balanceChanged");

const idsOf = (orders: readonly Order[]): string => orders.map(({ orderId }) => orderId).join();

export interface ModelReplay {
  readonly commands: number;
  /** Whether the model came to the end of the history, so that books and balances could be compared too. */
  readonly complete: boolean;
}

/** Gives the model every entry until `timeMs` has passed; then, when it came to the end, compares what stands in its books. */
export function checkAgainstModel(entries: Iterable<LoggedEntry>, fold: EventFold, timeMs: number, findings: Findings): ModelReplay {
  const model = new ModelEngine();
  const deadlineMs = performance.now() + timeMs;
  let commands = 0;
  for (const { entry, command, events } of entries) {
    if (performance.now() > deadlineMs) return { commands, complete: false };
    try {
      const groups = model.applyEntry(command);
      const told = fromBinary(EventBatchSchema, events).groups;
      compare("groups", told.length, groups.length);
      for (const [i, group] of groups.entries()) compare(`seq ${group.seq}`, withoutBalances(told[i]?.events ?? []), withoutBalances(group.events));
      commands += groups.length;
    } catch (error) {
      findings.add("model", `entry ${entry}: ${error instanceof Error ? error.message : String(error)}`);
      return { commands, complete: false };
    }
  }
  const balances = model.balances();
  for (const [key, { available, held }] of fold.balances) {
    const [modelAvailable, modelHeld] = balances.get(key) ?? [0n, 0n];
    if (available !== modelAvailable || held !== modelHeld) findings.add("model", `${key} (account/asset): the history has ${available} + ${held} held, the model ${modelAvailable} + ${modelHeld}`);
  }
  for (const marketId of fold.markets.keys()) {
    for (const side of [Side.BUY, Side.SELL]) {
      const name = `the ${side === Side.BUY ? "bids" : "asks"} of market ${marketId}`;
      if (fold.queueOf(marketId, side).join() !== idsOf(model.side(marketId, side))) findings.add("model", `${name} differ`);
      if (fold.collectedOf(marketId, side).join() !== idsOf(model.auctions.queue(marketId, side))) findings.add("model", `${name} that an auction has collected differ`);
    }
  }
  return { commands, complete: true };
}
