// Keeps one part of the exchange running: starts it, notices when it ends, starts it again, gives up when that is no use.
//
// Never runs two processes of a part at once; never restarts one that says its configuration is wrong. A part that once
// ran and now finds its port taken is not given up: the rest of the exchange works meanwhile.
import { setTimeout as sleep } from "node:timers/promises";
import type { ServerExit } from "./childServer.ts";
import { FAILURES_IN_A_ROW_MAX, RESTART_DELAY_MAX_MS, RESTART_DELAY_MS, STEADY_AFTER_MS } from "./limits.ts";
import { PortTaken } from "./stackError.ts";

// Of sysexits.h, see services/shared/serviceProcess.ts.
const EXIT_CONFIG = 78;
const EXIT_PORT_IN_USE = 75;

/** A process of a part. */
export interface RunningPart {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  stop(): Promise<void>;
  /** At once, without waiting: for the exit of the supervisor itself. */
  kill(): void;
}

export interface PartPlan {
  readonly name: string;
  /** Resolves when the part runs; rejects with a sentence when it cannot. */
  start(): Promise<RunningPart>;
  /** The last thing it said, for the operator. */
  lastWords(): string;
}

export interface PartEvents {
  /** A process of the part runs now. */
  running(part: SupervisedPart): void;
  /** It ended and is being started again. */
  ended(part: SupervisedPart, cause: string): void;
  /** It will not be started again. */
  gaveUp(part: SupervisedPart, cause: string): void;
}

export class SupervisedPart {
  readonly name: string;
  restarts = 0;
  readonly #plan: PartPlan;
  readonly #events: PartEvents;
  readonly #stopped = new AbortController();
  #starting: Promise<RunningPart> | undefined;
  #running: RunningPart | undefined;
  #keeping: Promise<void> | undefined;

  constructor(plan: PartPlan, events: PartEvents) {
    this.name = plan.name;
    this.#plan = plan;
    this.#events = events;
  }

  get pid(): number | undefined {
    return this.#running?.pid;
  }

  /** Starts it for the first time and keeps it running from then on. @throws what the plan's start throws. */
  async start(): Promise<void> {
    if (this.#stopped.signal.aborted) return;
    const running = await this.#launch();
    this.#keeping = this.#keep(running, performance.now());
  }

  /** Ends it, whatever it is doing; resolves when its process has gone. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    const running = this.#running ?? (await this.#starting?.catch(() => undefined));
    await running?.stop();
    await this.#keeping;
  }

  kill(): void {
    this.#stopped.abort();
    this.#running?.kill();
  }

  async #launch(): Promise<RunningPart> {
    this.#starting = this.#plan.start();
    try {
      this.#running = await this.#starting;
    } finally {
      this.#starting = undefined;
    }
    this.#events.running(this);
    return this.#running;
  }

  async #keep(first: RunningPart, firstStartMs: number): Promise<void> {
    const { signal } = this.#stopped;
    let running: RunningPart | undefined = first;
    let startedMs = firstStartMs;
    let failures = 0;
    let ranWell = false;
    /** Another failure; one that only has to be waited out never is the last, once the part has run. */
    const failed = (waitOut: boolean): void => {
      failures = ranWell && waitOut ? Math.min(failures + 1, FAILURES_IN_A_ROW_MAX - 1) : failures + 1;
    };
    while (!signal.aborted) {
      let cause: string;
      if (running !== undefined) {
        const exit = await running.exited;
        this.#running = undefined;
        if (signal.aborted) return;
        const words = this.#plan.lastWords();
        if (exit.code === EXIT_CONFIG) return this.#events.gaveUp(this, words);
        // A kill from outside says nothing against the part; an end of its own does.
        const killed = exit.signal === "SIGKILL";
        const steady = performance.now() - startedMs > STEADY_AFTER_MS;
        if (steady) failures = 0;
        ranWell ||= steady || killed;
        if (!killed) failed(exit.code === EXIT_PORT_IN_USE);
        cause = killed ? "killed by SIGKILL" : `${exit.signal === null ? `exit code ${exit.code}` : exit.signal}${words === "" ? "" : `: ${words}`}`;
        if (failures < FAILURES_IN_A_ROW_MAX) this.#events.ended(this, cause);
      } else {
        cause = this.#plan.lastWords();
      }
      if (failures >= FAILURES_IN_A_ROW_MAX) return this.#events.gaveUp(this, `it failed ${failures} times in a row; ${cause}`);
      const delayMs = failures === 0 ? RESTART_DELAY_MS : Math.min(RESTART_DELAY_MS * 2 ** failures, RESTART_DELAY_MAX_MS);
      await sleep(delayMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      this.restarts++;
      startedMs = performance.now();
      try {
        running = await this.#launch();
      } catch (error) {
        running = undefined;
        failed(error instanceof PortTaken);
        if (!signal.aborted && failures < FAILURES_IN_A_ROW_MAX) this.#events.ended(this, error instanceof Error ? error.message : String(error));
      }
    }
  }
}
