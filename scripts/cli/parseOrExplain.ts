import { parseOrExplain as explain } from "../commandFlags.ts";

/** Runs a strict parseArgs; its error becomes one sentence that names the flag. */
export const parseOrExplain = <T>(command: string, parse: () => T): T => explain(command, "npm run tickwire -- --help lists what it takes", parse);
