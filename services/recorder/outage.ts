// The difference between a database that is away, which is waited for, and a statement that is wrong, which is not.
import { setTimeout as delay } from "node:timers/promises";
import { isDatabaseUnavailable, sqlStateOf } from "../shared/database/connection.ts";
import type { Logger } from "../shared/logger.ts";
import { OUTAGE_REMINDER_MS, RETRY_DELAY_MS } from "./limits.ts";

// Classes of SQLSTATE that say "not now": connection, transaction rollback, insufficient resources, operator intervention.
const TRANSIENT_CLASSES = new Set(["08", "40", "53", "57"]);

/** True for an error that another attempt may not meet. */
export function isOutage(error: unknown): boolean {
  if (isDatabaseUnavailable(error)) return true;
  const sqlState = sqlStateOf(error);
  if (sqlState !== undefined) return TRANSIENT_CLASSES.has(sqlState.slice(0, 2));
  // The socket in the file system that is made when the server starts.
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

export interface Waiting {
  readonly logger: Logger;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Told false when the database turns out to be away, true when it is back. */
  readonly onReachable: (reachable: boolean) => void;
}

/**
 * Runs `work` (told how often it was tried before) until it does not fail for an outage.
 * @throws what `work` throws otherwise; an AbortError when the signal ends the wait.
 */
export async function untilReachable<T>({ logger, signal, onReachable }: Waiting, work: (attempt: number) => Promise<T>): Promise<T> {
  const sinceMs = performance.now();
  let toldMs = -Infinity;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const result = await work(attempt);
      if (attempt > 0) {
        onReachable(true);
        logger.info({ outageMs: Math.round(performance.now() - sinceMs) }, "PostgreSQL is back; catching up");
      }
      return result;
    } catch (error) {
      if (!isOutage(error) || signal.aborted) throw error;
      onReachable(false);
      if (performance.now() - toldMs >= OUTAGE_REMINDER_MS) {
        toldMs = performance.now();
        logger.warn({ err: String(error) }, "PostgreSQL does not answer; the event log keeps what it misses; trying again");
      }
      await delay(RETRY_DELAY_MS, undefined, { signal });
    }
  }
}
