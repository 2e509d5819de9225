import { expect, it } from "vitest";
import { proveLogCuts } from "./logCuts.ts";

it("a log whose end was cut off is refused, repaired without losing what was seen, or fenced by a new epoch", async () => {
  const { violations, ...report } = await proveLogCuts({ cuts: 12, seed: 7 });
  expect(violations).toEqual([]);
  expect(report.refusedByRedis + report.refusedByEngine + report.harmless).toBe(12);
  expect(report.refusedByRedis).toBeGreaterThan(5);
  expect(report.fenced).toBeGreaterThan(0);
  expect(report.dropped).toBeGreaterThan(0);
}, 60_000);

it("the proof notices an engine that forgets how far it has gone", async () => {
  const { violations } = await proveLogCuts({ cuts: 2, seed: 3, betweenCommands: true, forgetMark: true });
  expect(violations.join()).toMatch(/told to mean something else before|answered entries are gone/);
}, 60_000);
