// What the engine does at a time of its own clock: ends GTD orders, and fires dead man's switches.
//
// The engine's clock moves only with log entries. A timer fires with the first command at or after its time, at the
// start of that command's group and before the command's own effect, so no command ever sees what should have ended.
// However many are due, all fire: an order never trades after its time. Never: reads a clock.
// Invariant: they fire by time, then switches by account, then orders by id.
import type { FreezeArea } from "./freezeArea.ts";
import { PriorityQueue, type Queued } from "./priorityQueue.ts";

export interface Timer extends Queued {
  readonly dueUs: number;
  /** Row of the account whose switch this is; -1 for an order's expiry. */
  readonly account: number;
  /** The order that expires; 0 for a switch. */
  readonly orderId: number;
}

const NEVER = Number.POSITIVE_INFINITY;

export class Timers {
  /** When the next timer is due; infinite when none is set. */
  firstDueUs = NEVER;
  readonly #queue = new PriorityQueue<Timer>((a, b) => {
    if (a.dueUs !== b.dueUs) return a.dueUs < b.dueUs;
    if (a.orderId !== b.orderId) return a.orderId < b.orderId;
    return a.account < b.account;
  });
  readonly #switches = new Map<number, Timer>();

  /** The order ends at this time; give the timer to `remove` when it ends sooner. */
  expireOrder(orderId: number, dueUs: number): Timer {
    return this.#add({ dueUs, account: -1, orderId, queuedAt: -1 });
  }

  /** Arms an account's dead man's switch, or disarms it with 0. */
  setSwitch(account: number, dueUs: number): void {
    const old = this.#switches.get(account);
    if (old !== undefined) this.remove(old);
    if (dueUs !== 0) this.#switches.set(account, this.#add({ dueUs, account, orderId: 0, queuedAt: -1 }));
  }

  /** When an account's switch fires; 0 while it is not armed. */
  switchUs(account: number): number {
    return this.#switches.get(account)?.dueUs ?? 0;
  }

  /** Row and time of every armed switch, in turns. */
  freezeSwitches(area: FreezeArea): Float64Array {
    const frozen = area.emptyF64(this.#switches.size * 2);
    let at = 0;
    for (const { account, dueUs } of this.#switches.values()) {
      frozen[at++] = account;
      frozen[at++] = dueUs;
    }
    return frozen;
  }

  remove(timer: Timer): void {
    if (timer.account >= 0) this.#switches.delete(timer.account);
    this.#queue.remove(timer);
    this.firstDueUs = this.#queue.first()?.dueUs ?? NEVER;
  }

  /** The next timer that is due at `timeUs`, which is then over; undefined when none is. */
  takeDue(timeUs: number): Timer | undefined {
    const timer = this.#queue.first();
    if (timer === undefined || timer.dueUs > timeUs) return undefined;
    this.remove(timer);
    return timer;
  }

  #add(timer: Timer): Timer {
    this.#queue.add(timer);
    this.firstDueUs = this.#queue.first()?.dueUs ?? NEVER;
    return timer;
  }
}
