import { describe, expect, it } from "vitest";
import { TokenBuckets } from "./tokenBuckets.ts";

describe("tries of one subject", () => {
  it("come in a burst, then at a steady rate, each subject on its own", () => {
    let nowMs = 0;
    const buckets = new TokenBuckets({ burst: 2, perSecond: 0.5, subjectsMax: 10, nowMs: () => nowMs });
    expect([buckets.take("a"), buckets.take("a"), buckets.take("a"), buckets.take("b")]).toEqual([0, 0, 2, 0]);
    nowMs = 2_000;
    expect([buckets.take("a"), buckets.take("a")]).toEqual([0, 2]);
    nowMs = 1_000_000;
    expect([buckets.take("a"), buckets.take("a"), buckets.take("a")]).toEqual([0, 0, 2]);
  });
});
