import fc from "fast-check";
import { expect, it } from "vitest";
import { SlotIndex, slotsOf } from "./slotIndex.ts";

const SLOTS = 64;

it("finds each slot by its key through any insertions, removals and growth, however the keys fall together", () => {
  // Few keys: runs of entries that stand where others belong, and keys that several slots have.
  const key = fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: -5, max: -1 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }));
  const step = fc.tuple(fc.integer({ min: 1, max: SLOTS }), key);
  fc.assert(
    fc.property(fc.boolean(), fc.array(step, { maxLength: 300 }), fc.nat(300), (scattered, steps, growAfter) => {
      const index = new SlotIndex(SLOTS, scattered);
      const kept = new Map<number, number>();
      for (const [i, [slot, given]] of steps.entries()) {
        if (i === growAfter) index.grow();
        const had = kept.get(slot);
        if (had === undefined) {
          index.insert(slot, given);
          kept.set(slot, given);
        } else {
          expect(index.remove(slot, had)).toBe(true);
          expect(index.remove(slot, had)).toBe(false);
          kept.delete(slot);
        }
        for (const [each, by] of kept) {
          const met: number[] = [];
          for (let at = index.start(by); index.entries[at] !== 0; at = index.after(at)) if (index.entries[at + 1] === by) met.push(index.entries[at] as number);
          expect(met).toContain(each);
        }
      }
      expect(slotsOf(index.entries).sort((a, b) => a - b)).toEqual([...kept.keys()].sort((a, b) => a - b));
    }),
    { numRuns: 60 },
  );
});
