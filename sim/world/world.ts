// One simulated world: its clock, its queue of things to come, its chance, and the processes that live in it.
//
// Everything happens in the order of the queue, one event at a time, and an event ends when all promises it set off have
// come to rest. Invariant: the same seed gives the same events in the same order; nothing here asks the real world.
import { createHash } from "node:crypto";
import { seededRoll, type Roll } from "../../services/engine/suite/random.ts";

/** Time is counted in 1024ths of a millisecond: sums of such numbers are exact in a double. */
export const TICKS_PER_MS = 1_024;

/** When every world begins, in milliseconds since 1970. */
export const WORLD_BEGINS_MS = 1_700_000_000_000;

export interface WorldEvent {
  readonly atTicks: number;
  readonly order: number;
  readonly process: SimulatedProcess | undefined;
  readonly run: () => void;
  cancelled: boolean;
}

/** A process of the exchange. Killed, it never runs again; paused, what should have happened waits for it. */
export class SimulatedProcess {
  readonly name: string;
  alive = true;
  paused = false;
  /** How far its wall clock is from the world's. */
  skewMs = 0;
  /** What came due while it was paused. */
  readonly held: WorldEvent[] = [];
  readonly #onKill: (() => void)[] = [];

  constructor(name: string) {
    this.name = name;
  }

  /** What the world does when the process is gone: its sockets close. */
  onKill(run: () => void): void {
    this.#onKill.push(run);
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    this.held.length = 0;
    for (const run of this.#onKill) run();
  }
}

// Node's own, before anything is put in its place.
const realSetImmediate = setImmediate;
/** Resolves when all promises and next ticks have come to rest. */
const atRest = (): Promise<void> => new Promise((resolve) => realSetImmediate(resolve));

export class World {
  readonly seed: number;
  #nowTicks = 0;
  #order = 0;
  #queue: WorldEvent[] = [];
  #current: SimulatedProcess | undefined;
  readonly #trace = createHash("sha256");
  /** Lines of the trace, when somebody wants to read them. */
  readonly onTrace: ((line: string) => void) | undefined;
  events = 0;

  constructor(seed: number, onTrace?: (line: string) => void) {
    this.seed = seed;
    this.onTrace = onTrace;
  }

  get nowMs(): number {
    return this.#nowTicks / TICKS_PER_MS;
  }

  /** The process whose code is running at this moment. */
  get current(): SimulatedProcess | undefined {
    return this.#current;
  }

  /** A source of chance of its own: what one part draws does not change what another one gets. */
  chance(name: string): Roll {
    return seededRoll(createHash("sha256").update(`${this.seed} ${name}`).digest().readUInt32LE());
  }

  /** Notes a fact: worlds with the same facts in the same order have the same `traceHash`. */
  note(fact: string, bytes?: Uint8Array): void {
    this.#trace.update(`${this.#nowTicks} ${fact}\n`);
    if (bytes !== undefined) this.#trace.update(bytes);
    this.onTrace?.(`${this.nowMs.toFixed(3).padStart(12)}  ${fact}`);
  }

  /** Of everything noted so far. */
  traceHash(): string {
    return this.#trace.copy().digest("hex");
  }

  /** Lets something happen later; in a process's own name it does not happen when that is dead by then. */
  after(delayMs: number, process: SimulatedProcess | undefined, run: () => void): WorldEvent {
    const atTicks = this.#nowTicks + Math.max(0, Math.ceil(delayMs * TICKS_PER_MS));
    const event: WorldEvent = { atTicks, order: this.#order++, process, run, cancelled: false };
    this.#push(event);
    return event;
  }

  /** Lets a paused process go on: whatever it missed happens to it now. */
  resume(process: SimulatedProcess): void {
    process.paused = false;
    for (const { run, cancelled } of process.held.splice(0)) if (!cancelled) this.after(0, process, run);
  }

  /** Until `untilMs`, or until `done` says so after an event. */
  async run(untilMs: number, done: () => boolean = () => false): Promise<void> {
    const untilTicks = Math.round(untilMs * TICKS_PER_MS);
    while (!done()) {
      const event = this.#queue[0];
      if (event === undefined || event.atTicks > untilTicks) {
        this.#nowTicks = Math.max(this.#nowTicks, untilTicks);
        return;
      }
      this.#pop();
      const { process } = event;
      if (event.cancelled || process?.alive === false) continue;
      if (process?.paused === true) {
        process.held.push(event);
        continue;
      }
      this.#nowTicks = event.atTicks;
      this.events++;
      if (process === undefined) {
        event.run();
        continue;
      }
      this.#current = process;
      try {
        event.run();
        await atRest();
      } finally {
        this.#current = undefined;
      }
    }
  }

  #before(a: WorldEvent, b: WorldEvent): boolean {
    return a.atTicks !== b.atTicks ? a.atTicks < b.atTicks : a.order < b.order;
  }

  #push(event: WorldEvent): void {
    const queue = this.#queue;
    let at = queue.length;
    queue.push(event);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = queue[parent] as WorldEvent;
      if (!this.#before(event, above)) break;
      queue[at] = above;
      at = parent;
    }
    queue[at] = event;
  }

  #pop(): void {
    const queue = this.#queue;
    const last = queue.pop() as WorldEvent;
    if (queue.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= queue.length) break;
      if (child + 1 < queue.length && this.#before(queue[child + 1] as WorldEvent, queue[child] as WorldEvent)) child++;
      if (!this.#before(queue[child] as WorldEvent, last)) break;
      queue[at] = queue[child] as WorldEvent;
      at = child;
    }
    queue[at] = last;
  }
}
