// How many requests a socket may send: a burst, refilled at a steady rate. Time comes as an argument.
import { REQUEST_BURST_MAX, REQUESTS_PER_SECOND_MAX } from "./limits.ts";

export class RequestAllowance {
  #left = REQUEST_BURST_MAX;
  #filledAtMs: number;

  constructor(nowMs: number) {
    this.#filledAtMs = nowMs;
  }

  /** Takes one request's worth; false when there is none left. */
  take(nowMs: number): boolean {
    this.#left = Math.min(REQUEST_BURST_MAX, this.#left + ((nowMs - this.#filledAtMs) / 1000) * REQUESTS_PER_SECOND_MAX);
    this.#filledAtMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
