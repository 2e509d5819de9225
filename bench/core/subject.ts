// What is measured: something that plays a tape.

export interface Fills {
  readonly count: number;
  readonly hash: number;
}

export interface Subject {
  /** A fresh state with the tape's resting book; not timed. */
  prepare(): void;
  /** Plays every record after the prefill; this is what is timed. */
  play(): void;
  /** The same, each command timed alone: nanoseconds into `into`. */
  playTimed(into: Float64Array): void;
  /** The same once more on a fresh state, telling each fill: for the check against the tape's header. */
  playChecked(): Fills;
  /** A cheap sum over the last `play`, equal for equal outcomes. */
  outcome(): number;
}

/** Milliseconds of the clock to whole nanoseconds. */
export const nanoseconds = (ms: number): number => Math.round(ms * 1e6);
