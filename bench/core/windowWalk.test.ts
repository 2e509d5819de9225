import { expect, it } from "vitest";
import { WINDOW_TICKS } from "../../services/engine/limits.ts";
import { walk } from "./windowWalk.ts";

it.each([false, true])("the tick window follows a market that walks further than it is wide, and back (orders at 1 tick and at 10^9: %s)", (farOrders) => {
  // Walking ends with a check of every level, link and index.
  expect(walk(WINDOW_TICKS + 10_000, farOrders)).toHaveLength((WINDOW_TICKS + 10_000) * 8);
});
