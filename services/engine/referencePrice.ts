// What a market's price rules measure against: the volume-weighted average price of the last five minutes of engine
// time, the running minute included; without trades in them the last price; without any trade nothing.
//
// Never: looks at a clock; trades bring their time. Invariant: the sums are integers, exact up to 2^53 and beyond it
// rounded the same way everywhere, as doubles are.

const MINUTE_US = 60_000_000;
const MINUTES = 5;

const minuteOf = (timeUs: number): number => Math.floor(timeUs / MINUTE_US);

export class ReferencePrice {
  // A ring by minute.
  readonly #minute = new Float64Array(MINUTES).fill(-1);
  readonly #lots = new Float64Array(MINUTES);
  readonly #ticksTimesLots = new Float64Array(MINUTES);

  /** Counts a trade in. */
  trade(priceTicks: number, lots: number, timeUs: number): void {
    const minute = minuteOf(timeUs);
    const at = minute % MINUTES;
    if (this.#minute[at] !== minute) {
      this.#minute[at] = minute;
      this.#lots[at] = 0;
      this.#ticksTimesLots[at] = 0;
    }
    this.#lots[at] = (this.#lots[at] as number) + lots;
    this.#ticksTimesLots[at] = (this.#ticksTimesLots[at] as number) + priceTicks * lots;
  }

  /** The reference price in whole ticks, rounded down; 0 when there is none. */
  ticks(timeUs: number, lastPriceTicks: number): number {
    const oldest = minuteOf(timeUs) - MINUTES + 1;
    let lots = 0;
    let ticksTimesLots = 0;
    for (let at = 0; at < MINUTES; at++) {
      if ((this.#minute[at] as number) < oldest) continue;
      lots += this.#lots[at] as number;
      ticksTimesLots += this.#ticksTimesLots[at] as number;
    }
    return lots === 0 ? lastPriceTicks : Math.floor(ticksTimesLots / lots);
  }

  /** The minutes held, ascending, for a snapshot; those too old to matter are told too, as they are state. */
  minutes(): { minute: number; lots: number; ticksTimesLots: number }[] {
    const held: { minute: number; lots: number; ticksTimesLots: number }[] = [];
    for (let at = 0; at < MINUTES; at++) {
      const minute = this.#minute[at] as number;
      if (minute >= 0) held.push({ minute, lots: this.#lots[at] as number, ticksTimesLots: this.#ticksTimesLots[at] as number });
    }
    return held.sort((a, b) => a.minute - b.minute);
  }

  restore(minute: number, lots: number, ticksTimesLots: number): void {
    const at = minute % MINUTES;
    this.#minute[at] = minute;
    this.#lots[at] = lots;
    this.#ticksTimesLots[at] = ticksTimesLots;
  }
}
