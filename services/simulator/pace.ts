// When the next order is due: at random, at a rate, in even flow or in bursts. Orders that are late by more than
// LAG_MAX_MS are left out, never piled up.
import { LAG_MAX_MS } from "./limits.ts";
import type { Random } from "./random.ts";

// Calm stretches at half the rate, and outbursts at six times the rate; together they keep the rate.
const CALM_MEAN_MS = 8_000;
const BURST_MEAN_MS = 800;
const CALM_FACTOR = 0.5;
const BURST_FACTOR = 6;

export class Pace {
  readonly #meanGapMs: number;
  readonly #bursts: boolean;
  readonly #random: Random;
  readonly #step: () => void;
  #timer: NodeJS.Timeout | undefined;
  #dueMs = 0;
  #bursting = false;
  #moodEndsMs = 0;

  /** Calls `step` for each order that is due, until stopped. A rate of 0 never does. */
  constructor(options: { perSecond: number; bursts: boolean; random: Random; step: () => void }) {
    this.#meanGapMs = 1_000 / options.perSecond;
    this.#bursts = options.bursts;
    this.#random = options.random;
    this.#step = options.step;
    if (options.perSecond <= 0) return;
    this.#dueMs = performance.now();
    this.#moodEndsMs = this.#dueMs + this.#random.exponential(CALM_MEAN_MS);
    this.#dueMs += this.#gapMs();
    this.#wait();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  // A waiting time at the plain rate, spent faster in a burst and slower in a calm: so the mean rate is kept.
  #gapMs(): number {
    let work = this.#random.exponential(this.#meanGapMs);
    if (!this.#bursts) return work;
    let atMs = this.#dueMs;
    for (;;) {
      const factor = this.#bursting ? BURST_FACTOR : CALM_FACTOR;
      const workUntilMoodEnds = Math.max(0, this.#moodEndsMs - atMs) * factor;
      if (work <= workUntilMoodEnds) return atMs + work / factor - this.#dueMs;
      work -= workUntilMoodEnds;
      atMs = Math.max(atMs, this.#moodEndsMs);
      this.#bursting = !this.#bursting;
      this.#moodEndsMs = atMs + this.#random.exponential(this.#bursting ? BURST_MEAN_MS : CALM_MEAN_MS);
    }
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#run(), this.#dueMs - performance.now());
  }

  #run(): void {
    const now = performance.now();
    if (now - this.#dueMs > LAG_MAX_MS) this.#dueMs = now;
    while (this.#dueMs <= now) {
      this.#step();
      this.#dueMs += this.#gapMs();
    }
    this.#wait();
  }
}
