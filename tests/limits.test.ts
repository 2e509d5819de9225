// Numbers of different services that only make sense together.
import { expect, it } from "vitest";
import { RECV_WINDOW_MAX_MS, TIMESTAMP_AHEAD_MS } from "../services/api/limits.ts";
import { DEDUPE_IDS_MAX, DEDUPE_SECONDS } from "../services/engine/limits.ts";
import { ENGINE_LAG_MS_MAX, FENCE_WAIT_MS, OUTCOME_TIMEOUT_MS } from "../services/shared/limits.ts";

it("a client order id is taken for as long as a copy of its request may be valid", () => {
  expect(DEDUPE_SECONDS * 1_000).toBeGreaterThanOrEqual(RECV_WINDOW_MAX_MS + TIMESTAMP_AHEAD_MS);
});

it("at any rate the log can take, an id is taken for longer than an outcome is waited for", () => {
  const ordersPerSecond = 25_000;
  expect(DEDUPE_IDS_MAX / ordersPerSecond).toBeGreaterThanOrEqual((2 * OUTCOME_TIMEOUT_MS) / 1_000);
});

it("orders are refused long before they would be unknown", () => {
  expect(ENGINE_LAG_MS_MAX * 3).toBeLessThan(OUTCOME_TIMEOUT_MS);
  expect(FENCE_WAIT_MS).toBeLessThan(OUTCOME_TIMEOUT_MS);
});
