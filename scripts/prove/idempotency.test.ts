import { expect, it } from "vitest";
import { Engine } from "../../services/engine/engine.ts";
import { proveIdempotency } from "./idempotency.ts";

it("an order sent three times, to two apis, over connections that are cut, is executed once", async () => {
  const { violations, ...report } = await proveIdempotency({ orders: 250, seed: 1 });
  expect(violations).toEqual([]);
  expect(report).toMatchObject({ orders: 250, acceptedOnce: 250, executed: 250 });
  expect(report.sent).toBeGreaterThanOrEqual(750);
  for (const count of [report.answeredAccepted, report.answeredDuplicate, report.cutByClient, report.logCuts]) expect(count).toBeGreaterThan(0);
}, 60_000);

/** An engine that knows of an id no more than that an open order has it. */
class ForgetfulEngine extends Engine {
  constructor() {
    super();
    this.trading.dedupe.remembers = () => false;
  }
}

it("the proof notices an engine that forgets the ids of orders that are over", async () => {
  const { violations } = await proveIdempotency({ orders: 20, seed: 2, newEngine: () => new ForgetfulEngine() });
  expect(violations.join()).toMatch(/accepted [23] times/);
}, 60_000);
