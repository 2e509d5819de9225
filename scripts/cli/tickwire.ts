// The operator's command line: which command is meant. Prints results on standard output, anything else on standard error.
import { backup } from "./backup/backup.ts";
import { restore } from "./backup/restore.ts";
import { createAccount } from "./createAccount.ts";
import { promote } from "./log/promote.ts";
import { repair } from "./log/repair.ts";
import { replay } from "./log/replay.ts";
import { verify } from "./log/verify.ts";
import { showStatus } from "./showStatus.ts";
import { UsageError } from "../commandFlags.ts";
import { CommandError, HELP } from "./usage.ts";

export { watchInterruption } from "./interruption.ts";

/**
 * @returns the exit code.
 * @throws UsageError, CommandError or ConfigError: one sentence for the operator.
 */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await carryOut(args);
  } catch (error) {
    throw inOneSentence(error);
  }
}

// What the system refuses whatever the command: a full disk, a folder that may not be written.
function inOneSentence(error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  const where = "path" in error && typeof error.path === "string" ? ` (${error.path})` : "";
  if (error.code === "ENOSPC") return new CommandError(`The disk is full${where}; free some room and try again.`);
  if (error.code === "EACCES" || error.code === "EPERM" || error.code === "EROFS") return new CommandError(`This user may not write there${where}: ${error.code}.`);
  return error;
}

async function carryOut(args: readonly string[]): Promise<number> {
  const [first, second] = args;
  if (first === undefined || first === "--help" || first === "-h" || first === "help" || args.includes("--help")) {
    process.stdout.write(HELP);
    return 0;
  }
  if (first === "status") return await showStatus(args.slice(1));
  if (first === "account" && second === "create") {
    await createAccount(args.slice(2));
    return 0;
  }
  if (first === "log" && second === "verify") return await verify(args.slice(2));
  if (first === "log" && second === "promote") return await promote(args.slice(2));
  if (first === "log" && second === "repair") return await repair(args.slice(2));
  if (first === "replay") {
    await replay(args.slice(1));
    return 0;
  }
  if (first === "backup" || first === "restore") {
    await (first === "backup" ? backup : restore)(args.slice(1));
    return 0;
  }
  const said = ["account", "log"].includes(first) && second !== undefined ? `${first} ${second}` : first;
  throw new UsageError(`Unknown command "${said}"; npm run tickwire -- --help lists the commands.`);
}
