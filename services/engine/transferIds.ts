// Every transfer ever asked for, by account and id, so that asking again moves nothing: kept for ever, so kept small.
//
// An open-addressing index over a log of texts, in many parts, so that one growing is never felt. Never: forgets.
import { TextLog, type FrozenTexts } from "./textLog.ts";

const PARTS = 256;
const PART_CAPACITY_START = 16;
const GOLDEN = 0x9e3779b1 | 0;

// Upper bits choose the part, lower bits the place in it.
function hashOf(row: number, id: Uint8Array): number {
  let hash = Math.imul(row + 1, GOLDEN);
  for (let i = 0; i < id.length; i++) {
    hash = Math.imul(hash ^ (id[i] as number), GOLDEN);
    hash ^= hash >>> 15;
  }
  return hash;
}

// Two words per entry: the hash, so that growing reads no text, and where the text is (see `wordOf`).
class Part {
  words = new Int32Array(PART_CAPACITY_START * 2);
  used = 0;
}

export class TransferIds {
  readonly #texts = new TextLog();
  readonly #parts: (Part | undefined)[] = Array.from({ length: PARTS });

  has(row: number, id: string): boolean {
    const bytes = Buffer.from(id);
    const hash = hashOf(row, bytes);
    const part = this.#parts[hash >>> 24];
    if (part === undefined) return false;
    const mask = part.words.length / 2 - 1;
    for (let at = hash & mask; ; at = (at + 1) & mask) {
      const word = part.words[at * 2 + 1] as number;
      if (word === 0) return false;
      if (part.words[at * 2] === hash && this.#texts.is(placeOf(word), row, bytes)) return true;
    }
  }

  /** Adds an id the account has not used yet. */
  add(row: number, id: string): void {
    this.addBytes(row, Buffer.from(id));
  }

  /** The same, given as UTF-8. */
  addBytes(row: number, id: Uint8Array): void {
    const word = wordOf(this.#texts.add(row, id));
    const hash = hashOf(row, id);
    const part = (this.#parts[hash >>> 24] ??= new Part());
    if ((part.used + 1) * 4 > part.words.length) grow(part);
    insert(part, hash, word);
  }

  freeze(): FrozenTexts {
    return this.#texts.freeze();
  }
}

// Places are multiples of four; 0 is an empty entry.
const wordOf = (place: number): number => (place / 4 + 1) | 0;
const placeOf = (word: number): number => ((word >>> 0) - 1) * 4;

function insert(part: Part, hash: number, word: number): void {
  const { words } = part;
  const mask = words.length / 2 - 1;
  let at = hash & mask;
  while (words[at * 2 + 1] !== 0) at = (at + 1) & mask;
  words[at * 2] = hash;
  words[at * 2 + 1] = word;
  part.used++;
}

function grow(part: Part): void {
  const old = part.words;
  part.words = new Int32Array(old.length * 2);
  part.used = 0;
  for (let at = 0; at < old.length; at += 2) if (old[at + 1] !== 0) insert(part, old[at] as number, old[at + 1] as number);
}
