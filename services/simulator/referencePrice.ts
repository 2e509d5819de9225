// What a market is thought to be worth: a random walk whose size of steps itself wanders, drawn back to an anchor over
// days. Floats: it is an opinion, not money; orders turn it into ticks.
import type { Random } from "./random.ts";

/** Relative move per square root of a second: about 60 % a year, as large coins have. */
const STEP_PER_SQRT_S = 1.1e-4;
/** Long-run deviation from the anchor: a day's range of a few percent, for ever. */
const DEVIATION = 0.03;
const PULL_PER_S = STEP_PER_SQRT_S ** 2 / (2 * DEVIATION ** 2);
/** Calm and stormy stretches: the logarithm of the step size wanders by this much, over some minutes. */
const STORM_DEVIATION = 0.45;
const STORM_PULL_PER_S = 1 / 300;
const STORM_MAX = 1.2;

export class ReferencePrice {
  readonly #random: Random;
  readonly #anchor: number;
  #logDeviation: number;
  #storm = 0;

  /** Starts at `start`, so that a restarted simulator takes the market up where it stands. */
  constructor(options: { anchor: number; start: number; random: Random }) {
    this.#anchor = options.anchor;
    this.#logDeviation = Math.log(options.start / options.anchor);
    this.#random = options.random;
  }

  /** In whole quote assets. */
  get price(): number {
    return this.#anchor * Math.exp(this.#logDeviation);
  }

  advance(seconds: number): void {
    const stormStep = STORM_DEVIATION * Math.sqrt(2 * STORM_PULL_PER_S * seconds) * this.#random.normal();
    const storm = this.#storm * (1 - STORM_PULL_PER_S * seconds) + stormStep;
    this.#storm = Math.max(-STORM_MAX, Math.min(STORM_MAX, storm));
    const step = STEP_PER_SQRT_S * Math.exp(this.#storm) * Math.sqrt(seconds) * this.#random.normal();
    this.#logDeviation += step - PULL_PER_S * seconds * this.#logDeviation;
  }
}
