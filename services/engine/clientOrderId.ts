// A client order id as the engine works with it: checked once, then four characters to a word, and a hash.
//
// Never: decides by the hash; ids are compared whole. Invariants: words beyond the id are zero, so equal ids have equal
// words; only what may be echoed is ever an id.
import { CLIENT_ORDER_ID_BYTES_MAX } from "./limits.ts";

/** Words of the longest id. */
export const CLIENT_ID_WORDS = CLIENT_ORDER_ID_BYTES_MAX / 4;

const GOLDEN = 0x9e3779b1 | 0;

// One byte of a word each: tests of four characters in a few steps. A character's highest bit is clear, so with the bit
// set, taking away up to 127 from it borrows from no neighbour, and leaves the bit set exactly when it was no less.
const HIGHS = 0x8080_8080 | 0;
const EACH = 0x0101_0101;
const FROM_MINUS = 0x2d * EACH; // - . / 0 to 9 :
const BEYOND_COLON = 0x3b * EACH;
const LOWER_CASE = 0x2020_2020;
const FROM_A = 0x61 * EACH; // a to z, when a capital has been made small
const BEYOND_Z = 0x7b * EACH;
const UNDERSCORES = 0x5f * EACH;
const ZEROS = 0x30 * EACH;

let secret = 0;

/**
 * Makes the hashes of this process its own, so that nobody can choose client order ids that all fall on one place of an
 * index. To be called before there is an engine. Hashes are in no snapshot and decide nothing.
 */
export function scatterClientIds(processSecret: number): void {
  secret = processSecret | 0;
}

/** Hash of the id whose words stand in `words` from `from`, and the account that uses it. */
export function clientIdHash(account: number, words: Int32Array, from: number): number {
  let hash = Math.imul(account + 1, GOLDEN) ^ secret;
  for (let i = from; i < from + CLIENT_ID_WORDS; i++) {
    const word = words[i] as number;
    if (word === 0) break;
    hash = Math.imul(hash ^ word, GOLDEN);
    hash ^= hash >>> 15;
  }
  return Math.imul(hash, GOLDEN);
}

/** The id of the command in hand; one object is read into again and again. */
export class ClientOrderId {
  readonly words = new Int32Array(CLIENT_ID_WORDS);
  /** Characters, 1 to 36. */
  length = 0;
  hash = 0;
  // Words that are not zero: one client's ids are mostly as long as the next one's.
  #used = 0;

  /** An id of its own; undefined when the bytes may not be one. Not for the hot path. */
  static of(account: number, bytes: Uint8Array): ClientOrderId | undefined {
    const id = new ClientOrderId();
    return id.read(account, bytes, 0, bytes.length) ? id : undefined;
  }

  /** Takes these bytes as an id of the account; false, and nothing to be used, when they may not be one: [.A-Z:/a-z0-9_-]{1,36}. */
  read(account: number, bytes: Uint8Array, from: number, length: number): boolean {
    if (length < 1 || length > CLIENT_ORDER_ID_BYTES_MAX) return false;
    const words = this.words;
    const last = from + length;
    let at = from;
    let count = 0;
    let hash = Math.imul(account + 1, GOLDEN) ^ secret;
    let fit = HIGHS;
    for (; at + 4 <= last; at += 4) {
      const word = (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16) | ((bytes[at + 3] as number) << 24);
      fit &= charactersFit(word);
      hash = Math.imul(hash ^ word, GOLDEN);
      hash ^= hash >>> 15;
      words[count++] = word;
    }
    if (at < last) {
      const bits = (last - at) << 3;
      let word = 0;
      for (let shift = 0; at < last; at++, shift += 8) word |= (bytes[at] as number) << shift;
      fit &= charactersFit(word | (ZEROS << bits));
      hash = Math.imul(hash ^ word, GOLDEN);
      hash ^= hash >>> 15;
      words[count++] = word;
    }
    for (let i = count; i < this.#used; i++) words[i] = 0;
    this.#used = count;
    this.length = length;
    this.hash = Math.imul(hash, GOLDEN);
    return fit === HIGHS;
  }

  /** Whether the words from `at` of `others` say the same. */
  is(others: Int32Array, at: number): boolean {
    const words = this.words;
    for (let i = 0; i < CLIENT_ID_WORDS; i++) {
      const word = words[i] as number;
      if (word !== others[at + i]) return false;
      if (word === 0) break;
    }
    return true;
  }
}

/** Copies an id's words. In one line each: a loop costs three times as much. */
export function copyClientIdWords(from: Int32Array, at: number, to: Int32Array, start: number): void {
  to[start] = from[at] as number;
  to[start + 1] = from[at + 1] as number;
  to[start + 2] = from[at + 2] as number;
  to[start + 3] = from[at + 3] as number;
  to[start + 4] = from[at + 4] as number;
  to[start + 5] = from[at + 5] as number;
  to[start + 6] = from[at + 6] as number;
  to[start + 7] = from[at + 7] as number;
  to[start + 8] = from[at + 8] as number;
}

// The highest bit of each byte is set when all four characters may stand in an id; a wrong one clears its own.
function charactersFit(word: number): number {
  const marked = word | HIGHS;
  const small = marked | LOWER_CASE;
  const other = (word ^ UNDERSCORES) | HIGHS;
  const digit = (marked - FROM_MINUS) & ~(marked - BEYOND_COLON);
  const letter = (small - FROM_A) & ~(small - BEYOND_Z);
  const underscore = ~(other - EACH);
  return (digit | letter | underscore) & ~word & HIGHS;
}
