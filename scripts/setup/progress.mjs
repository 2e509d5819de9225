// How set-up speaks: one aligned line per step, and one sentence with a remedy when a step cannot be done.

/** A step that this machine or this call does not allow; `message` is for the person at the terminal. */
export class SetupError extends Error {
  /** @param {string} message @param {number} exitCode */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = "SetupError";
    this.exitCode = exitCode;
  }
}

/** @typedef {{ step(name: string, text: string): void, quiet: boolean }} Progress */

/** Prints to `stream`; a `quiet` one prints only work that takes time, for commands whose output is read by programs. */
export function createProgress(stream = process.stdout, { quiet = false } = {}) {
  return {
    quiet,
    /** A line about what is, or is being done. */
    step(name, text) {
      stream.write(`  ${name.padEnd(16)}${text}\n`);
    },
    /** A line nobody misses when all is well. */
    fine(name, text) {
      if (!quiet) this.step(name, text);
    },
  };
}

export const seconds = (sinceMs) => `${((performance.now() - sinceMs) / 1000).toFixed(1)} s`;

/** Runs a command's body; a SetupError or an operator's error ends the process with its sentence. */
export async function runCommand(main) {
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  try {
    await main();
  } catch (error) {
    const plain = error instanceof Error && ["SetupError", "StackError", "ConfigError", "UsageError"].includes(error.name);
    process.stderr.write(plain ? `${error.message}\n` : `${error?.stack ?? error}\n`);
    process.exit(plain ? (error.exitCode ?? 1) : 1);
  }
}
