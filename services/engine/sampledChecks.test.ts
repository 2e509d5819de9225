import { describe, expect, it } from "vitest";
import { InvariantViolation } from "./invariants.ts";
import { CHECK_EVERY_COMMANDS } from "./limits.ts";
import { RECORD_F64, REMAINING_LOTS } from "./orderStore.ts";
import { SampledChecks } from "./sampledChecks.ts";
import { TestVenue } from "./testing/testVenue.ts";

function busyVenue(): TestVenue {
  const venue = new TestVenue();
  for (let i = 0; i < 20; i++) venue.say(`${["alice", "bob"][i % 2] ?? ""} ${i % 2 === 0 ? "buys" : "sells"} 3 @ ${i % 2 === 0 ? 90 - i : 110 + i}`);
  return venue;
}

/** Time passes for the checks as if so many commands had been applied. */
function turns(venue: TestVenue, checks: SampledChecks, count: number): void {
  for (let i = 0; i < count; i++) {
    venue.engine.seq += CHECK_EVERY_COMMANDS;
    checks.run();
  }
}

describe("a running engine checks itself piece by piece", () => {
  it("finds nothing wrong with a sound book, and costs little", () => {
    const venue = busyVenue();
    const checks = new SampledChecks(venue.engine);
    const startedMs = performance.now();
    turns(venue, checks, 2_000);
    // Half a millisecond each on a busy machine; some 50 µs measured.
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it("stops over a level that has other lots than its orders, wherever it is", () => {
    const venue = busyVenue();
    const slot = venue.engine.markets.markets[0]?.book.front(110 + 19) ?? 0;
    venue.engine.orders.f64[slot * RECORD_F64 + REMAINING_LOTS] = 2;
    expect(() => turns(venue, new SampledChecks(venue.engine), 100)).toThrow(InvariantViolation);
  });

  it("stops over units that came from nowhere", () => {
    const venue = busyVenue();
    venue.engine.ledger.receive(1, 0, 1);
    expect(() => turns(venue, new SampledChecks(venue.engine), 200)).toThrow("units of asset 1 were made or lost");
  });

  it("stops over an account that has something held for nobody", () => {
    const venue = busyVenue();
    venue.engine.ledger.hold(1, 0, 1);
    expect(() => turns(venue, new SampledChecks(venue.engine), 10)).toThrow("account 2 holds something else than its orders need");
  });
});
