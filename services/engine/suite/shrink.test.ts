// A failure is worth what it takes to read it.
import { expect, it } from "vitest";
import type { Entry } from "./commandList.ts";
import { shrink } from "./shrink.ts";

const entry = (n: number): Entry => ({
  timeUs: BigInt(n),
  commands: [
    { accountId: 2n, deadlineUs: 9n, body: { case: "deposit", value: { assetId: 1, amountUnits: BigInt(n), transferId: `t${n}` } } },
    { accountId: 3n, body: { case: "advanceTime", value: {} } },
  ],
});

it("a long list of which every third entry matters comes down to those, each with the one command that matters", () => {
  const list = Array.from({ length: 150 }, (_, n) => entry(n));
  const matters = list.map(({ timeUs }) => timeUs).filter((time) => time % 3n === 0n);
  const smallest = shrink(list, (entries) => matters.every((time) => entries.some(({ timeUs, commands }) => timeUs === time && commands.some(({ body }) => body?.case === "deposit"))));
  expect(smallest.map(({ timeUs }) => timeUs)).toEqual(matters);
  expect(smallest.flatMap(({ commands }) => commands.map(({ deadlineUs, body }) => [deadlineUs, body?.case]))).toEqual(matters.map(() => [0n, "deposit"]));
});

it("entries of which each needs the other go only together, and what stands is as small as it can be", () => {
  const list = Array.from({ length: 64 }, (_, n) => entry(n));
  // An even one is worth nothing without the odd one after it.
  const whole = (entries: readonly Entry[]): boolean => entries.every(({ timeUs }) => timeUs % 2n === 0n ? entries.some((o) => o.timeUs === timeUs + 1n) : entries.some((o) => o.timeUs === timeUs - 1n));
  const smallest = shrink(list, (entries) => whole(entries) && entries.some(({ timeUs }) => timeUs === 20n));
  expect(smallest.map(({ timeUs }) => timeUs)).toEqual([20n, 21n]);
});
