// How far the engine is behind with what this process has written to the log, as far as this process can hear.
//
// Never: guesses from silence; an engine that has nothing of ours to answer is not behind. Invariant: a bounded number
// of marks, whatever is appended; the oldest unanswered one is always among them.
import { ENGINE_LAG_ENTRIES_MAX, ENGINE_LAG_MS_MAX, HEARD_LATELY_MS, LAG_MARKS_MAX } from "../limits.ts";

/** One append of this process, from the moment it was sent. */
export interface Append {
  readonly sentMs: number;
  /** Its log entry; undefined until Redis has said so. */
  entry: number | undefined;
}

export class EngineLag {
  // Oldest first.
  readonly #marks: Append[] = [];
  #epoch = 0;
  #lastAppended = 0;
  #lastHeard = 0;
  #heardMs = Number.NEGATIVE_INFINITY;

  /** An entry is on its way to the log. */
  sent(nowMs: number): Append {
    const append = { sentMs: nowMs, entry: undefined };
    // What is past the bound is younger than all that are remembered.
    if (this.#marks.length < LAG_MARKS_MAX) this.#marks.push(append);
    return append;
  }

  /** It stands in the log. */
  appended(append: Append, entry: number): void {
    append.entry = entry;
    if (entry > this.#lastAppended) this.#lastAppended = entry;
    // The engine's word may be here before that of Redis.
    if (entry <= this.#lastHeard) this.#drop();
  }

  /** It never came to stand there, or nobody knows. */
  lost(append: Append): void {
    const at = this.#marks.indexOf(append);
    if (at >= 0) this.#marks.splice(at, 1);
  }

  /** The engine has said something as of this entry. */
  heard(epoch: number, entry: number, nowMs: number): void {
    if (epoch !== this.#epoch) {
      // Entries of another epoch may count from an earlier one; what was appended before it is not coming.
      if (this.#epoch !== 0) this.#lastAppended = entry;
      this.#epoch = epoch;
      this.#lastHeard = 0;
    }
    this.#heardMs = nowMs;
    if (entry <= this.#lastHeard) return;
    this.#lastHeard = entry;
    this.#drop();
  }

  /** Whether the engine is too far behind to be given more orders. */
  isTooLong(nowMs: number): boolean {
    const [oldest] = this.#marks;
    if (oldest === undefined) return false;
    if (nowMs - oldest.sentMs > ENGINE_LAG_MS_MAX) return true;
    // What was heard long ago says nothing of where the engine is: others append too.
    return nowMs - this.#heardMs <= HEARD_LATELY_MS && this.#lastAppended - this.#lastHeard > ENGINE_LAG_ENTRIES_MAX;
  }

  #drop(): void {
    const isOpen = ({ entry }: Append): boolean => entry === undefined || entry > this.#lastHeard;
    const open = this.#marks.findIndex(isOpen);
    this.#marks.splice(0, open < 0 ? this.#marks.length : open);
  }
}
