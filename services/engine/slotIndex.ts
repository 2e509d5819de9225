// Finds slots by a key of 32 bits: open addressing with linear probing, at most half full.
//
// Never: decides that a slot is the right one; several may have the same key, so whoever asks compares what he looks for.
// Invariant: an entry carries its key, so that passing one by, or moving it, looks at nobody's record.

const GOLDEN = 0x9e3779b1 | 0;
const EMPTY = 0;

export class SlotIndex {
  /** Two words an entry: the slot, 0 when there is none, and its key. Replaced when the index grows. */
  entries: Int32Array;
  #shift: number;
  readonly #scattered: boolean;

  /**
   * For up to `slots` slots, a power of two. `scattered`: the keys are hashes. Otherwise they are numbers that are given
   * out in a row: sixteen of those share two cache lines, as they come one after the other, and the lines are scattered.
   */
  constructor(slots: number, scattered: boolean) {
    this.#scattered = scattered;
    this.entries = new Int32Array(slots * 4);
    this.#shift = 31 - Math.log2(slots);
  }

  /** Where in `entries` looking for a key starts; it goes on with `after` until an entry is empty. */
  start(key: number): number {
    const home = this.#scattered ? key >>> this.#shift : ((Math.imul(key >>> 4, GOLDEN) >>> this.#shift) & ~15) | (key & 15);
    return home << 1;
  }

  /** The place of the next entry. */
  after(at: number): number {
    return (at + 2) & (this.entries.length - 1);
  }

  insert(slot: number, key: number): void {
    const { entries } = this;
    let at = this.start(key);
    while (entries[at] !== EMPTY) at = this.after(at);
    entries[at] = slot;
    entries[at + 1] = key;
  }

  /** Takes an entry out; false when it is not there. */
  remove(slot: number, key: number): boolean {
    const { entries } = this;
    const mask = entries.length - 1;
    let hole = this.start(key);
    while (entries[hole] !== slot) {
      if (entries[hole] === EMPTY) return false;
      hole = (hole + 2) & mask;
    }
    // Close the hole: move back every later entry of the run that may stand there.
    for (let at = (hole + 2) & mask; ; at = (at + 2) & mask) {
      const other = entries[at] as number;
      if (other === EMPTY) break;
      const otherKey = entries[at + 1] as number;
      if (((at - this.start(otherKey)) & mask) >= ((at - hole) & mask)) {
        entries[hole] = other;
        entries[hole + 1] = otherKey;
        hole = at;
      }
    }
    entries[hole] = EMPTY;
    return true;
  }

  /** Doubles the room. */
  grow(): void {
    const old = this.entries;
    this.entries = new Int32Array(old.length * 2);
    this.#shift--;
    for (let at = 0; at < old.length; at += 2) if (old[at] !== EMPTY) this.insert(old[at] as number, old[at + 1] as number);
  }
}

/** The slots of an index's entries. */
export const slotsOf = (entries: Int32Array): number[] => Array.from(entries.filter((word, at) => at % 2 === 0 && word !== EMPTY));
