// What must always hold. A broken invariant is an error in the engine, never in its input: it throws, the process
// ends, and a restart rebuilds the state from the log.
import { EXACT_MAX } from "./limits.ts";

/** The engine contradicts itself. Nobody catches this but the process's last handler. */
export class InvariantViolation extends Error {
  override readonly name = "InvariantViolation";
}

/** Throws InvariantViolation with `message` unless `condition` holds. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new InvariantViolation(message);
}

/** Throws unless `value` is an integer from 0 to 2^53 - 1. */
export function exact(value: number, name: string): void {
  if (!(value >= 0 && value <= EXACT_MAX && Number.isInteger(value))) throw new InvariantViolation(`${name} is ${value}: not an exact amount`);
}
