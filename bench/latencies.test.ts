import { expect, test } from "vitest";
import { summarize } from "./latencies.ts";

test("percentiles are measured values, by nearest rank, whatever the order of arrival", () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  expect(summarize(hundred)).toEqual({ count: 100, p50: 50, p90: 90, p99: 99, p999: 100, max: 100 });
  expect(summarize([7])).toEqual({ count: 1, p50: 7, p90: 7, p99: 7, p999: 7, max: 7 });
});

test("no measurements are no numbers", () => {
  expect(summarize([])).toEqual({ count: 0, p50: 0, p90: 0, p99: 0, p999: 0, max: 0 });
});
