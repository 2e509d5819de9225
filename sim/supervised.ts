// A service under its supervisor: started, killed, paused, stopped in order, and started again.
//
// Never: restarts what gave up for a reason that starting again does not mend; that is a finding, because no fault that the
// simulator makes may have such an end.
import { FellBehind } from "../services/engine/log/commandLog.ts";
import { ConfigError } from "../services/shared/config.ts";
import { LogMismatchError } from "../services/recorder/position.ts";
import { PositionMovedError } from "../services/recorder/sink.ts";
import { RESTART_MS, STOP_WITHIN_MS } from "./limits.ts";
import type { Part } from "./parts/part.ts";
import { SimulatedProcess, type World } from "./world/world.ts";

export class Supervised<P extends Part> {
  readonly name: string;
  readonly #world: World;
  readonly #start: (process: SimulatedProcess) => Promise<P>;
  readonly #problem: (text: string) => void;
  process: SimulatedProcess;
  /** Undefined while it starts. */
  part: P | undefined;
  starts = 0;

  constructor(options: { world: World; name: string; start: (process: SimulatedProcess) => Promise<P>; problem: (text: string) => void }) {
    this.name = options.name;
    this.#world = options.world;
    this.#start = options.start;
    this.#problem = options.problem;
    this.process = this.#launch();
  }

  #launch(): SimulatedProcess {
    const process = new SimulatedProcess(this.name);
    this.process = process;
    this.part = undefined;
    this.starts++;
    this.#world.after(0, process, () => {
      this.#start(process).then(
        (part) => {
          if (!process.alive) return;
          this.part = part;
          part.running.catch((error: unknown) => this.#gaveUp(process, error));
        },
        (error: unknown) => this.#gaveUp(process, error),
      );
    });
    return process;
  }

  // By itself: at the start, because somebody was away; or later, because something was wrong.
  #gaveUp(process: SimulatedProcess, error: unknown): void {
    if (!process.alive || this.process !== process) return;
    const running = this.part !== undefined;
    this.#world.note(`${this.name} gave up: ${String(error)}`);
    process.kill();
    const hopeless = error instanceof ConfigError || error instanceof LogMismatchError;
    // A database that lost a commit, a log that was trimmed meanwhile: the next start reads where things really stand.
    const excused = error instanceof PositionMovedError || error instanceof FellBehind;
    if (hopeless || (running && !excused)) {
      this.#problem(`${this.name} gave up: ${error instanceof Error && error.stack !== undefined && !hopeless ? error.stack : String(error)}`);
      return;
    }
    this.#again(RESTART_MS);
  }

  #again(afterMs: number): void {
    this.#world.after(afterMs, undefined, () => {
      if (!this.process.alive) this.#launch();
    });
  }

  /** Does not wait any longer before it starts what is gone. */
  startNow(): void {
    this.#again(0);
  }

  /** As kill -9 does; started again after `awayMs`. */
  kill(awayMs: number): void {
    if (!this.process.alive) return;
    this.#world.note(`kill ${this.name}`);
    this.process.kill();
    this.part = undefined;
    this.#again(awayMs);
  }

  /** As SIGTERM does. */
  stopInOrder(awayMs: number): void {
    const { process, part } = this;
    if (!process.alive || process.paused || part === undefined) return;
    this.#world.note(`stop ${this.name}`);
    const gone = (): void => {
      if (!process.alive) return;
      process.kill();
      this.part = undefined;
      this.#again(awayMs);
    };
    this.#world.after(0, process, () => part.stop().then(gone, gone));
    this.#world.after(STOP_WITHIN_MS, undefined, gone);
  }

  /** As SIGSTOP and, later, SIGCONT do. */
  pause(forMs: number): void {
    const { process } = this;
    if (!process.alive || process.paused) return;
    this.#world.note(`pause ${this.name}`);
    process.paused = true;
    this.#world.after(forMs, undefined, () => {
      if (!process.alive) return;
      this.#world.note(`resume ${this.name}`);
      this.#world.resume(process);
    });
  }
}
