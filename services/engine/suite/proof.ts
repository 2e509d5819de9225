// One seeded run of the proof: random entries to both engines until something differs or enough commands were applied.
import { Comparison, EVERYTHING, WHAT_IS_SEEN, type ComparisonOptions, type FastEngine } from "./comparison.ts";
import { entryBytes, firstFailure, type Entry } from "./commandList.ts";
import { FastUnderTest } from "./engineUnderTest.ts";
import { RandomCommands } from "./randomCommands.ts";
import { shrink } from "./shrink.ts";
import { stateHash } from "../snapshot.ts";

export interface Run {
  readonly commands: number;
  /** Bytes of every entry, in order. */
  readonly log: readonly Uint8Array[];
  /** Bytes of the events that answered each. */
  readonly events: readonly Uint8Array[];
  /** The fast engine's own hash of its state at the end. */
  readonly finalHash: string;
}

/** Something differed. */
export interface Failure {
  readonly seed: number;
  readonly message: string;
  readonly opening: readonly Entry[];
  /** Everything from the opening to the failure. */
  readonly entries: readonly Entry[];
}

export const isFailure = (result: Run | Failure): result is Failure => "message" in result;

/** Runs one seed on a fresh venue. */
export function run(seed: number, commands: number, options: ComparisonOptions, openFast?: () => FastEngine): Run | Failure {
  const random = new RandomCommands(seed);
  const fast = openFast?.() ?? new FastUnderTest();
  const comparison = new Comparison(options, fast);
  const opening = random.opening();
  const entries: Entry[] = [];
  const log: Uint8Array[] = [];
  const events: Uint8Array[] = [];
  const apply = (entry: Entry): void => {
    const bytes = entryBytes(entry);
    comparison.apply(bytes);
    log.push(bytes);
    events.push(Uint8Array.from(fast.events));
  };
  let applied = 0;
  try {
    for (const entry of opening) apply(entry);
    while (applied < commands) {
      const entry = random.next(comparison.model.engine);
      entries.push(entry);
      apply(entry);
      applied += entry.commands.length;
    }
  } catch (error) {
    return { seed, message: error instanceof Error ? `${error.name}: ${error.message}` : String(error), opening, entries };
  }
  return { commands: applied, log, events, finalHash: Buffer.from(stateHash(fast.engine)).toString("hex") };
}

/** The fewest and simplest entries after the opening that still go wrong, and how. */
export function minimal(failure: Failure, openFast?: () => FastEngine): { entries: readonly Entry[]; message: string } {
  // What is seen at once costs least to try again.
  for (const options of [WHAT_IS_SEEN, EVERYTHING]) {
    const wrong = (entries: readonly Entry[]): string | undefined => firstFailure(failure.opening, entries, options, openFast);
    if (wrong(failure.entries) === undefined) continue;
    const entries = shrink(failure.entries, (list) => wrong(list) !== undefined);
    return { entries, message: wrong(entries) ?? failure.message };
  }
  return { entries: failure.entries, message: failure.message };
}
