import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LAG_MAX_MS } from "./limits.ts";
import { Pace } from "./pace.ts";
import { Random } from "./random.ts";

describe("the pace of orders", () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it.each([
    [1, false],
    [13, false],
    [4, true],
    [1, true],
    [2_000, false],
  ])("keeps %d orders a second (bursts: %s)", (perSecond, bursts) => {
    let steps = 0;
    const pace = new Pace({ perSecond, bursts, random: new Random("pace"), step: () => steps++ });
    const seconds = Math.min(3_600, 40_000 / perSecond);
    vi.advanceTimersByTime(seconds * 1_000);
    pace.stop();
    expect(steps / seconds / perSecond).toBeGreaterThan(0.9);
    expect(steps / seconds / perSecond).toBeLessThan(1.1);
  });

  it("comes in bursts when asked to", () => {
    const perSecond: number[] = [];
    let steps = 0;
    const pace = new Pace({ perSecond: 5, bursts: true, random: new Random("bursts"), step: () => steps++ });
    for (let second = 0; second < 600; second++) {
      steps = 0;
      vi.advanceTimersByTime(1_000);
      perSecond.push(steps);
    }
    pace.stop();
    const mean = perSecond.reduce((sum, n) => sum + n, 0) / perSecond.length;
    const variance = perSecond.reduce((sum, n) => sum + (n - mean) ** 2, 0) / perSecond.length;
    expect(variance / mean).toBeGreaterThan(2); // an even flow has 1
  });

  it("leaves out what it could not send in time instead of sending it all at once", async () => {
    vi.useRealTimers();
    let steps = 0;
    const pace = new Pace({ perSecond: 2_000, bursts: false, random: new Random("late"), step: () => steps++ });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LAG_MAX_MS + 300); // the process was held up
    await new Promise((resolve) => setTimeout(resolve, 5));
    pace.stop();
    expect(steps).toBeGreaterThan(0);
    expect(steps).toBeLessThan(200);
  });

  it("never sends at a rate of 0", () => {
    let steps = 0;
    const pace = new Pace({ perSecond: 0, bursts: false, random: new Random("0"), step: () => steps++ });
    vi.advanceTimersByTime(60_000);
    pace.stop();
    expect(steps).toBe(0);
  });
});
