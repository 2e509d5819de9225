import { describe, expect, it } from "vitest";
import { CandleInterval } from "../../../gen/tickwire/v1/types_pb.ts";
import { CANDLE_INTERVALS, closeTimeUs, earlierOpenTimeUs, nextOpenTimeUs, openTimeUs } from "./intervals.ts";

const us = (iso: string) => BigInt(Date.parse(iso)) * 1_000n;
const iso = (timeUs: bigint) => new Date(Number(timeUs / 1_000n)).toISOString();

describe("the calendar of candles", () => {
  it.each([
    [CandleInterval.SECOND_1, "2026-03-05T13:47:12.000Z"],
    [CandleInterval.MINUTE_1, "2026-03-05T13:47:00.000Z"],
    [CandleInterval.MINUTE_15, "2026-03-05T13:45:00.000Z"],
    [CandleInterval.HOUR_4, "2026-03-05T12:00:00.000Z"],
    [CandleInterval.DAY_1, "2026-03-05T00:00:00.000Z"],
    // A Monday.
    [CandleInterval.WEEK_1, "2026-03-02T00:00:00.000Z"],
    [CandleInterval.MONTH_1, "2026-03-01T00:00:00.000Z"],
  ])("interval %i of Thursday 2026-03-05 13:47:12.5 opens at %s", (interval, open) => {
    expect(iso(openTimeUs(interval, us("2026-03-05T13:47:12.500Z")))).toBe(open);
  });

  it("has months of their own length, across the year's end too", () => {
    const february = us("2028-02-01T00:00:00Z");
    expect(iso(nextOpenTimeUs(CandleInterval.MONTH_1, february))).toBe("2028-03-01T00:00:00.000Z");
    expect(closeTimeUs(CandleInterval.MONTH_1, february) - february).toBe(29n * 86_400_000_000n - 1n);
    expect(iso(earlierOpenTimeUs(CandleInterval.MONTH_1, february, 2))).toBe("2027-12-01T00:00:00.000Z");
  });

  it("neither overlaps nor leaves a gap", () => {
    for (const interval of CANDLE_INTERVALS) {
      let openUs = openTimeUs(interval, us("2027-11-30T23:59:59Z"));
      for (let n = 0; n < 40; n += 1) {
        const nextUs = nextOpenTimeUs(interval, openUs);
        expect(openTimeUs(interval, openUs)).toBe(openUs);
        expect(openTimeUs(interval, nextUs - 1n)).toBe(openUs);
        expect(openTimeUs(interval, nextUs)).toBe(nextUs);
        expect(earlierOpenTimeUs(interval, nextUs, 1)).toBe(openUs);
        expect(openUs % 1_000_000n).toBe(0n);
        openUs = nextUs;
      }
    }
  });

  it("refuses an interval it does not know", () => {
    expect(() => openTimeUs(CandleInterval.UNSPECIFIED, 0n)).toThrow("no candles of interval 0");
  });
});
