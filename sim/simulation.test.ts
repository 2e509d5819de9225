// The simulator's short form: some seeds with nothing wrong, the same seed twice with the same trace, and every planted
// fault caught. `npm run sim` runs as many more as one likes.
import { describe, expect, it } from "vitest";
import { plantedFault, PLANTS, type Plant } from "./plants.ts";
import { simulate } from "./simulation.ts";

const STEPS = 120;
/** A planted fault has so many runs to be caught in. */
const SEEDS_FOR_A_PLANT = 8;

describe("the whole exchange in one process, with faults drawn from a seed", () => {
  it.each([1, 2, 3, 4])("keeps its word through whatever goes wrong (seed %i)", async (seed) => {
    const { findings, verdict, faults } = await simulate({ seed, steps: STEPS });
    expect(findings).toEqual([]);
    // Nothing wrong is nothing shown, unless much was done and much went wrong.
    expect(verdict?.counts.acknowledged).toBeGreaterThan(STEPS / 4);
    expect(Object.keys(faults).length).toBeGreaterThan(3);
  });

  it("is the same run twice for the same seed, and another one for another", async () => {
    const [first, again, other] = [await simulate({ seed: 11, steps: 60 }), await simulate({ seed: 11, steps: 60 }), await simulate({ seed: 12, steps: 60 })];
    expect(again.traceHash).toBe(first.traceHash);
    expect(again.verdict?.stateHash).toBe(first.verdict?.stateHash);
    expect(other.traceHash).not.toBe(first.traceHash);
  });

  it.each(Object.keys(PLANTS) as Plant[])("notices %s", async (plant) => {
    for (let seed = 1; seed <= SEEDS_FOR_A_PLANT; seed++) {
      const { findings } = await simulate({ seed, steps: plantedFault(plant).steps ?? STEPS, plant });
      if (findings.length > 0) return;
    }
    throw new Error(`${SEEDS_FOR_A_PLANT} runs with ${plant} in them looked as if nothing were wrong`);
  });
});
