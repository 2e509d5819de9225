// Reads the flags of the project's commands: what is wrong with a call becomes one sentence that names the flag.
//
// Never: guesses. An unknown flag, a word too many, a missing value or a number out of its bounds ends the call with exit code 2.
import { parseArgs, type ParseArgsConfig } from "node:util";

type FlagTypes = NonNullable<ParseArgsConfig["options"]>;

/** The call itself is wrong; `message` is one sentence. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly exitCode = 2;
}

/** Runs a strict parseArgs. `advice` ends the sentence about what `command` does not know: where its flags are told. @throws UsageError */
export function parseOrExplain<T>(command: string, advice: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const what = /'([^']+)'/.exec(message)?.[1]?.split(/[ ,=]/).find((word) => word !== "") ?? "";
    if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") throw new UsageError(`${command} does not know the flag ${what}; ${advice}.`);
    if (code === "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL") throw new UsageError(`${command} does not know what to do with "${what}"; ${advice}.`);
    if (code !== "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") throw error;
    throw new UsageError(`${command}: ${what} ${message.includes("does not take") ? "takes no value" : "needs a value"}; ${advice}.`);
  }
}

/** The values of `flags`, which are all that `command` understands. @throws UsageError */
export const readFlags = <const T extends FlagTypes>(command: string, args: readonly string[], flags: T) =>
  parseOrExplain(command, `its flags are ${listed(Object.keys(flags))}`, () => parseArgs({ args: [...args], options: flags, strict: true, allowPositionals: false }).values);

/** The number that `text`, the value of `flag`, writes in decimal digits. @throws UsageError */
export function wholeNumber(flag: string, text: string, { least, most = Number.MAX_SAFE_INTEGER }: { readonly least: number; readonly most?: number }): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  const bounds = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
  throw new UsageError(`${flag} must be a whole number ${bounds}, not "${text}".`);
}

function listed(names: readonly string[]): string {
  const flags = names.map((name) => `--${name}`);
  return flags.length < 2 ? flags.join("") : `${flags.slice(0, -1).join(", ")} and ${flags.at(-1)}`;
}
