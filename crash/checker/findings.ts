// What a checker found wrong: every finding counted by its kind, the first few kept in words.
//
// Never throws: a run's report must tell all that is wrong with it, not the first thing only.

/** What can be wrong. `lost` and `duplicated` are the two that no exchange survives. */
export type FindingKind =
  | "lost" // acknowledged, and not in the history
  | "duplicated" // in the history more than once
  | "refused but executed" // the caller was told that it certainly did not happen
  | "acknowledged otherwise" // the history tells something else than the caller was told
  | "log" // holes, chain, numbering of the two logs
  | "order" // an order's story contradicts itself
  | "matching" // a trade out of turn
  | "balance" // a balance is not the sum of what happened
  | "conservation" // units made or lost
  | "live state" // the running engine shows something else than its history
  | "model" // the plainly written engine has another opinion
  | "recorded"; // PostgreSQL holds something else than the event log

const SAMPLES_MAX = 20;

export class Findings {
  readonly #counts = new Map<FindingKind, number>();
  readonly samples: string[] = [];

  add(kind: FindingKind, text: string): void {
    this.#counts.set(kind, this.count(kind) + 1);
    // A kind that comes in thousands must leave room for the others.
    if (this.samples.length < SAMPLES_MAX || this.count(kind) <= 3) this.samples.push(`${kind}: ${text}`);
  }

  count(kind: FindingKind): number {
    return this.#counts.get(kind) ?? 0;
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, n) => sum + n, 0);
  }

  byKind(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
