// When candles open: the calendar of every CandleInterval, in UTC, in microseconds since the Unix epoch.
//
// Pure. Invariant: intervals of one kind neither overlap nor leave a gap, and every one begins on a whole second, so a
// candle of any interval is made of whole one-second candles. Weeks begin on Monday; 3-day intervals count from the
// epoch; months are calendar months.
import { CandleInterval } from "../../../gen/tickwire/v1/types_pb.ts";

const SECOND_US = 1_000_000n;
const MINUTE_US = 60n * SECOND_US;
const HOUR_US = 60n * MINUTE_US;
const DAY_US = 24n * HOUR_US;
// 1970-01-01 was a Thursday: the first Monday came four days later.
const FIRST_MONDAY_US = 4n * DAY_US;

interface Calendar {
  readonly lengthUs: bigint;
  readonly originUs: bigint;
}

const every = (lengthUs: bigint, originUs = 0n): Calendar => ({ lengthUs, originUs });

// Every interval of fixed length; MONTH_1 has none.
const CALENDARS: ReadonlyMap<CandleInterval, Calendar> = new Map([
  [CandleInterval.SECOND_1, every(SECOND_US)],
  [CandleInterval.MINUTE_1, every(MINUTE_US)],
  [CandleInterval.MINUTE_3, every(3n * MINUTE_US)],
  [CandleInterval.MINUTE_5, every(5n * MINUTE_US)],
  [CandleInterval.MINUTE_15, every(15n * MINUTE_US)],
  [CandleInterval.MINUTE_30, every(30n * MINUTE_US)],
  [CandleInterval.HOUR_1, every(HOUR_US)],
  [CandleInterval.HOUR_2, every(2n * HOUR_US)],
  [CandleInterval.HOUR_4, every(4n * HOUR_US)],
  [CandleInterval.HOUR_6, every(6n * HOUR_US)],
  [CandleInterval.HOUR_8, every(8n * HOUR_US)],
  [CandleInterval.HOUR_12, every(12n * HOUR_US)],
  [CandleInterval.DAY_1, every(DAY_US)],
  [CandleInterval.DAY_3, every(3n * DAY_US)],
  [CandleInterval.WEEK_1, every(7n * DAY_US, FIRST_MONDAY_US)],
]);

/** Every interval candles are kept for, shortest first. */
export const CANDLE_INTERVALS: readonly CandleInterval[] = [...CALENDARS.keys(), CandleInterval.MONTH_1];

/**
 * When the interval that contains `timeUs` opened.
 * @throws Error for an interval that is not in CANDLE_INTERVALS.
 */
export function openTimeUs(interval: CandleInterval, timeUs: bigint): bigint {
  if (interval === CandleInterval.MONTH_1) return monthUs(timeUs, 0);
  const { lengthUs, originUs } = calendar(interval);
  const sinceUs = (timeUs - originUs) % lengthUs;
  return timeUs - (sinceUs < 0n ? sinceUs + lengthUs : sinceUs);
}

/** When the interval that opened at `openUs` (from openTimeUs) is over and the next one opens. */
export function nextOpenTimeUs(interval: CandleInterval, openUs: bigint): bigint {
  return interval === CandleInterval.MONTH_1 ? monthUs(openUs, 1) : openUs + calendar(interval).lengthUs;
}

/** The last microsecond of the interval that opened at `openUs`: what a Candle carries as close_time_us. */
export const closeTimeUs = (interval: CandleInterval, openUs: bigint): bigint => nextOpenTimeUs(interval, openUs) - 1n;

/** The opening `count` intervals before the one that opened at `openUs`. */
export function earlierOpenTimeUs(interval: CandleInterval, openUs: bigint, count: number): bigint {
  return interval === CandleInterval.MONTH_1 ? monthUs(openUs, -count) : openUs - BigInt(count) * calendar(interval).lengthUs;
}

function calendar(interval: CandleInterval): Calendar {
  const found = CALENDARS.get(interval);
  if (found === undefined) throw new Error(`there are no candles of interval ${interval}`);
  return found;
}

function monthUs(timeUs: bigint, monthsLater: number): bigint {
  const date = new Date(Number(timeUs / 1_000n));
  return BigInt(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + monthsLater)) * 1_000n;
}
