// Both logs as pages of entries, in order, the next page read while the one before it is worked on: for whoever walks
// through a whole log, which is the operator's tools.
//
// Never: writes, or judges; what is missing is missing from the page.
import { COMMAND_LOG, EVENT_LOG } from "../../shared/keys.ts";
import { ENTRIES_PER_PAGE } from "../limits.ts";
import { storedRange, type LogEntry } from "./commandLog.ts";
import type { LogReader } from "./logConnection.ts";

export interface LogPage {
  /** The entry numbers this page is about. */
  readonly from: number;
  readonly to: number;
  readonly commands: readonly LogEntry[];
  readonly events: readonly LogEntry[];
}

/** The pages of entries `from` to `to`. */
export async function* logPages(redis: LogReader, from: number, to: number): AsyncGenerator<LogPage> {
  const read = async (first: number): Promise<LogPage> => {
    const last = Math.min(first + ENTRIES_PER_PAGE - 1, to);
    const [commands, events] = await Promise.all([storedRange(redis, COMMAND_LOG, first, last), storedRange(redis, EVENT_LOG, first, last)]);
    return { from: first, to: last, commands, events };
  };
  if (from > to) return;
  let next = read(from);
  for (let first = from; first <= to; first += ENTRIES_PER_PAGE) {
    const page = await next;
    if (page.to < to) {
      next = read(page.to + 1);
      // Whoever stops early does not wait for it.
      next.catch(() => undefined);
    }
    yield page;
  }
}
