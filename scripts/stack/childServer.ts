// A server program run as a child: its output as lines, a tail of it for explanations, and an orderly end.
//
// Owns the child's life. Never sends a signal to a pid that is not its own child's.
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { createInterface } from "node:readline";
import { OUTPUT_DRAIN_MS, OUTPUT_TAIL_LINES, SERVER_STOP_TIMEOUT_MS } from "./limits.ts";

export interface ServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const alive = new Set<ChildServer>();

/** Signals every server of this process that still runs, without waiting: for the exit of a process that has no supervisor. */
export function endChildServers(signal: NodeJS.Signals): void {
  for (const server of alive) server.kill(signal);
}

export class ChildServer {
  readonly exited: Promise<ServerExit>;
  readonly #child: ChildProcess;
  readonly #tail: string[] = [];
  #running = true;

  constructor(program: string, args: readonly string[], options: SpawnOptions, onLine?: (line: string) => void) {
    // A group of its own: Ctrl-C in the terminal must reach the supervisor alone, which stops things in order.
    this.#child = spawn(program, args, { ...options, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    alive.add(this);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        this.#tail.push(line);
        if (this.#tail.length > OUTPUT_TAIL_LINES) this.#tail.shift();
        onLine?.(line);
      });
    }
    this.exited = new Promise((resolve) => {
      this.#child.once("error", (error) => {
        this.#running = false;
        alive.delete(this);
        this.#tail.push(error.message);
        resolve({ code: 127, signal: null });
      });
      this.#child.once("exit", (code, signal) => {
        this.#running = false;
        alive.delete(this);
        // A helper it forked (an AOF rewrite) is of no use without it, and would keep the pipes open.
        this.#signalGroup("SIGKILL");
        const end = () => resolve({ code, signal });
        this.#child.once("close", end);
        setTimeout(end, OUTPUT_DRAIN_MS).unref();
      });
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }
  get running(): boolean {
    return this.#running;
  }
  /** What the server said last. */
  get lastLines(): readonly string[] {
    return this.#tail;
  }

  /** Asks with `signal`, waits, and kills what does not end in time. */
  async stop(signal: NodeJS.Signals): Promise<void> {
    if (!this.#running) return;
    this.#child.kill(signal);
    const killer = setTimeout(() => this.#child.kill("SIGKILL"), SERVER_STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(killer);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      if (this.#child.pid !== undefined) process.kill(-this.#child.pid, signal);
    } catch {
      // Nobody is left in it.
    }
  }

  /** For the exit of the parent itself: no waiting. */
  kill(signal: NodeJS.Signals): void {
    if (this.#running) this.#child.kill(signal);
  }
}
