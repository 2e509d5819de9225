// Remembers, on disk, at which command the engine broke, so that one which breaks there again and again stops and says so.
//
// Never: skips a command. Invariant: the count is durable before the process ends, and is forgotten once the engine has
// got beyond the entry.
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { ConfigError } from "../shared/config.ts";
import type { Logger } from "../shared/logger.ts";
import { InvariantViolation } from "./invariants.ts";
import { CRASHES_AT_ONE_COMMAND_MAX } from "./limits.ts";

export interface Crash {
  readonly entry: number;
  readonly seq: number;
  readonly count: number;
  readonly message: string;
}

/** The engine broke too often at one command: starting it again does not help. */
export class StoppedAtCommand extends ConfigError {}

export class CrashRecord {
  readonly #path: string;
  readonly #logger: Logger;
  #last: Crash | undefined;

  /** `path` is a file of this engine's own. */
  constructor(path: string, logger: Logger) {
    this.#path = path;
    this.#logger = logger;
    this.#last = read(path);
  }

  /** To be called when applying `entry` threw at command `seq`. Answers what to end the process with. */
  broke(entry: number, seq: number, error: unknown): InvariantViolation | StoppedAtCommand {
    const message = error instanceof Error ? error.message : String(error);
    const count = this.#last?.entry === entry && this.#last.seq === seq ? this.#last.count + 1 : 1;
    this.#last = { entry, seq, count, message };
    try {
      this.#write(this.#last);
    } catch (failure) {
      this.#logger.error({ err: failure }, "the place where the engine broke could not be written down");
    }
    if (count < CRASHES_AT_ONE_COMMAND_MAX) return error instanceof InvariantViolation ? error : new InvariantViolation(message, { cause: error });
    this.#logger.fatal({ err: error, entry, seq, count }, "stopped: the engine breaks at the same command again and again");
    return new StoppedAtCommand(
      `The engine broke ${count} times at command ${seq} (entry ${entry} of the log): ${message}. Nothing was skipped, and nothing after it is done; look at the state before it with npm run tickwire -- replay --stop-before ${seq}, and start again with a program that can take it.`,
    );
  }

  /** To be called when `entry` has been applied. */
  passed(entry: number): void {
    if (this.#last === undefined || entry < this.#last.entry) return;
    this.#last = undefined;
    rmSync(this.#path, { force: true });
  }

  #write(crash: Crash): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const file = openSync(`${this.#path}.tmp`, "w", 0o600);
    try {
      writeSync(file, JSON.stringify(crash));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(`${this.#path}.tmp`, this.#path);
    const folder = openSync(dirname(this.#path), "r");
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  }
}

// A file that cannot be read counts as none: the worst that follows are three more tries.
function read(path: string): Crash | undefined {
  try {
    const { entry, seq, count, message } = JSON.parse(readFileSync(path, "utf8")) as Partial<Crash>;
    return typeof entry === "number" && typeof seq === "number" && typeof count === "number" ? { entry, seq, count, message: String(message) } : undefined;
  } catch {
    return undefined;
  }
}
