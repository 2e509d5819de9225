import { UsageError } from "./usage.ts";

/** Runs a strict parseArgs; its error becomes one sentence that names the flag. */
export function parseOrExplain<T>(command: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = /'([^']+)'/.exec(message)?.[1]?.split(/[ ,=]/).find((word) => word !== "") ?? "";
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw new UsageError(`${command} does not know the flag ${what}; npm run tickwire -- --help lists them.`);
    if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL") throw new UsageError(`${command} does not know what to do with "${what}"; npm run tickwire -- --help says what it takes.`);
    if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") throw new UsageError(`${command}: ${message.split("\n")[0]?.replace(/\.$/, "") ?? message}.`);
    throw error;
  }
}
