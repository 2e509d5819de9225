// The client order ids that may not be used again yet: every id, of an order or of a list, for a while after the
// command that brought it was accepted, whatever became of the order. It is what makes sending an order again safe.
//
// Never: decides by an index or a hash; an id is compared whole. Invariants: remembered are exactly the ids
// accepted at most DEDUPE_SECONDS whole seconds of engine time ago, of those the newest DEDUPE_IDS_MAX; each is found
// through the index. Nothing is allocated per id.
import { CLIENT_ID_WORDS, clientIdHash, copyClientIdWords, type ClientOrderId } from "./clientOrderId.ts";
import { invariant } from "./invariants.ts";
import { CLIENT_ORDER_ID_BYTES_MAX, DEDUPE_IDS_MAX, DEDUPE_SECONDS } from "./limits.ts";

// A record in int32 words: account row, second of acceptance, length (with LIST set for a list's id), the id's words.
const ACCOUNT = 0;
const SECOND = 1;
const LENGTH = 2;
const ID = 3;
const WORDS = ID + CLIENT_ID_WORDS;
/** Bytes of one record, as `copy` hands them out. */
export const DEDUPE_RECORD_BYTES = WORDS * 4;

/** Set in a record's length when the id is a list's: orders and lists have names of their own. */
const LIST = 0x100;
const LIST_HASH = 0x5bd1e995;

// Records are numbered, modulo this, and stand in a ring in the order of their numbers, which is that of acceptance.
const NUMBERS = (1 << 22) - 1;

// The index is made of buckets of 16 words, one cache line: looking up an id and remembering it touches one line of it.
// Word 0: place of the bucket's oldest entry (low 4 bits), and the number of the newest record that found the bucket
// full and went to the next one. Words 1 to 3: for each entry 8 bits of its hash, four of them looked at in one step.
// Words 4 to 15: numbers of records, and USED. Nothing is ever removed: a number that is no longer remembered tells so
// by itself, and as ids are forgotten in the order in which they came, the bucket's oldest entry is the first to make
// room.
const BUCKET_WORDS = 16;
const TAGS = 1;
const TAG_BYTES = 0x01010101;
const TAG_HIGHS = 0x80808080 | 0;
const NUMBERED = 4;
const ENTRIES = 12;
const PLACE = 0xf;
const OVERFLOWED = 0x10;
const OVERFLOW_SHIFT = 8;
const USED = 1 << 31;

// The ring grows by these steps, with a bucket for every eight records. A quiet venue's fits a processor's cache, and a
// step moves few enough records to take no more than milliseconds.
const CAPACITIES = [1 << 12, 1 << 15, 1 << 18] as const;
const RECORDS_PER_BUCKET = 8;

export class Dedupe {
  #capacity: number = CAPACITIES[0];
  #records = new Int32Array(this.#capacity * WORDS);
  #bytes = new Uint8Array(this.#records.buffer);
  #index = new Int32Array((this.#capacity / RECORDS_PER_BUCKET) * BUCKET_WORDS);
  #shift = 32 - Math.log2(this.#capacity / RECORDS_PER_BUCKET);
  /** Number of the oldest remembered id, and how many there are from it on. */
  #oldest = 0;
  #size = 0;
  #second = 0;
  readonly #idsMax: number;

  /** `idsMax` below DEDUPE_IDS_MAX is for tests. */
  constructor(idsMax: number = DEDUPE_IDS_MAX) {
    invariant(idsMax <= (CAPACITIES.at(-1) ?? 0), "the ring is too small for the ids it is to remember");
    this.#idsMax = idsMax;
  }

  /** How many ids are remembered. */
  get size(): number {
    return this.#size;
  }

  /** To be called when the engine's time has moved: forgets what is past its time. */
  setTime(timeUs: number): void {
    const second = Math.floor(timeUs / 1_000_000) | 0;
    if (second === this.#second) return;
    this.#second = second;
    // What is past its time stands together, at the old end: its border is found by halving.
    let from = 0;
    let to = this.#size;
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#age(this.#oldest + middle) > DEDUPE_SECONDS) from = middle + 1;
      else to = middle;
    }
    this.#oldest = (this.#oldest + from) & NUMBERS;
    this.#size -= from;
  }

  /** Whether the account may not use this id. */
  remembers(account: number, id: ClientOrderId): boolean {
    return this.#find(account, id.hash, id.words, 0, id.length);
  }

  /** Remembers an id of the account from now on. */
  remember(account: number, id: ClientOrderId): void {
    this.#add(account, id.hash, id.words, 0, id.length);
  }

  /** Whether the account may not use this id for a list of orders. */
  remembersList(account: number, id: ClientOrderId): boolean {
    return this.#find(account, id.hash ^ LIST_HASH, id.words, 0, id.length | LIST);
  }

  /** Remembers a list's id of the account from now on. */
  rememberList(account: number, id: ClientOrderId): void {
    this.#add(account, id.hash ^ LIST_HASH, id.words, 0, id.length | LIST);
  }

  /** The remembered ids as records, oldest first, for a snapshot; `out` has room for `size` of them. */
  copy(out: Uint8Array = new Uint8Array(this.#size * DEDUPE_RECORD_BYTES)): Uint8Array {
    const size = this.#size;
    const first = this.#oldest & (this.#capacity - 1);
    const untilEnd = Math.min(size, this.#capacity - first);
    out.set(this.#bytes.subarray(first * DEDUPE_RECORD_BYTES, (first + untilEnd) * DEDUPE_RECORD_BYTES));
    out.set(this.#bytes.subarray(0, (size - untilEnd) * DEDUPE_RECORD_BYTES), untilEnd * DEDUPE_RECORD_BYTES);
    return out;
  }

  /** Takes what `copy` handed out; this must be new, and its time set. */
  restore(records: Uint8Array): void {
    const now = this.#second;
    invariant(this.#size === 0 && records.length % DEDUPE_RECORD_BYTES === 0, "a snapshot's remembered ids are not records");
    // Aligned, wherever in a file the records stood.
    const words = new Int32Array(new Uint8Array(records).buffer);
    for (let w = 0; w < words.length; w += WORDS) {
      const length = (words[w + LENGTH] as number) & ~LIST;
      invariant(length >= 1 && length <= CLIENT_ORDER_ID_BYTES_MAX, "a snapshot remembers an id that is none");
      this.#second = words[w + SECOND] as number;
      this.#add(words[w + ACCOUNT] as number, hashOf(words, w), words, w + ID, words[w + LENGTH] as number);
    }
    this.#second = now;
  }

  /** Walks every record: all in order, none past its time, each found. @throws InvariantViolation */
  validate(): void {
    invariant(this.#size <= this.#idsMax, "more client order ids are remembered than may be");
    let before = DEDUPE_SECONDS;
    for (let i = 0; i < this.#size; i++) {
      const number = this.#oldest + i;
      const age = this.#age(number);
      invariant(age <= before, "remembered ids are not in the order in which they were accepted, or one is past its time");
      before = age;
      const w = (number & (this.#capacity - 1)) * WORDS;
      const found = this.#find(this.#records[w + ACCOUNT] as number, hashOf(this.#records, w), this.#records, w + ID, this.#records[w + LENGTH] as number);
      invariant(found, "a remembered client order id is not found");
    }
  }

  // `tagged` is the length, with LIST set for a list's id.
  #find(account: number, hash: number, words: Int32Array, from: number, tagged: number): boolean {
    const index = this.#index;
    const oldest = this.#oldest;
    const size = this.#size;
    const wanted = Math.imul(hash & 0xff, TAG_BYTES);
    for (let bucket = hash >>> this.#shift; ; bucket = (bucket + 1) & (index.length / BUCKET_WORDS - 1)) {
      const at = bucket * BUCKET_WORDS;
      // A byte that is equal is zero now, and only below a zero byte does the subtraction borrow from a high bit.
      const a = (index[at + TAGS] as number) ^ wanted;
      const b = (index[at + TAGS + 1] as number) ^ wanted;
      const c = (index[at + TAGS + 2] as number) ^ wanted;
      if (((((a - TAG_BYTES) & ~a) | ((b - TAG_BYTES) & ~b) | ((c - TAG_BYTES) & ~c)) & TAG_HIGHS) !== 0) {
        for (let i = at + NUMBERED; i < at + BUCKET_WORDS; i++) {
          const entry = index[i] as number;
          if (((entry - oldest) & NUMBERS) < size && this.#is(entry & (this.#capacity - 1), account, words, from, tagged)) return true;
        }
      }
      const head = index[at] as number;
      if ((head & OVERFLOWED) === 0 || (((head >>> OVERFLOW_SHIFT) - oldest) & NUMBERS) >= size) return false;
    }
  }

  // The number of a new record, which is then to be written.
  #next(): number {
    if (this.#size === this.#idsMax) {
      this.#oldest = (this.#oldest + 1) & NUMBERS;
      this.#size--;
    } else if (this.#size === this.#capacity) this.#grow();
    return (this.#oldest + this.#size++) & NUMBERS;
  }

  #add(account: number, hash: number, words: Int32Array, from: number, tagged: number): void {
    const number = this.#next();
    const records = this.#records;
    const record = (number & (this.#capacity - 1)) * WORDS;
    records[record] = account;
    records[record + SECOND] = this.#second;
    records[record + LENGTH] = tagged;
    copyClientIdWords(words, from, records, record + ID);
    this.#enter(number, hash);
  }

  #enter(number: number, hash: number): void {
    const index = this.#index;
    for (let bucket = hash >>> this.#shift; ; bucket = (bucket + 1) & (index.length / BUCKET_WORDS - 1)) {
      const at = bucket * BUCKET_WORDS;
      const head = index[at] as number;
      const place = head & PLACE;
      const before = index[at + NUMBERED + place] as number;
      // The new record itself is counted already, and is nobody's predecessor.
      if ((before & USED) === 0 || ((before - this.#oldest) & NUMBERS) >= this.#size - 1) {
        const tags = at + TAGS + (place >>> 2);
        const bits = (place & 3) << 3;
        index[tags] = ((index[tags] as number) & ~(0xff << bits)) | ((hash & 0xff) << bits);
        index[at + NUMBERED + place] = USED | number;
        index[at] = (head & ~PLACE) | (place === ENTRIES - 1 ? 0 : place + 1);
        return;
      }
      index[at] = (number << OVERFLOW_SHIFT) | OVERFLOWED | place;
    }
  }

  #is(place: number, account: number, words: Int32Array, from: number, tagged: number): boolean {
    const records = this.#records;
    const w = place * WORDS;
    if (records[w + ACCOUNT] !== account || records[w + LENGTH] !== tagged) return false;
    for (let i = 0; i < CLIENT_ID_WORDS; i++) if (records[w + ID + i] !== words[from + i]) return false;
    return true;
  }

  // Whole seconds since the id was accepted.
  #age(number: number): number {
    return (this.#second - (this.#records[(number & (this.#capacity - 1)) * WORDS + SECOND] as number)) >>> 0;
  }

  #grow(): void {
    const capacity = CAPACITIES.find((step) => step > this.#capacity);
    invariant(capacity !== undefined, "more client order ids are remembered than may be");
    const bytes = new Uint8Array(capacity * DEDUPE_RECORD_BYTES);
    bytes.set(this.copy());
    this.#capacity = capacity;
    this.#bytes = bytes;
    this.#records = new Int32Array(bytes.buffer);
    this.#index = new Int32Array((capacity / RECORDS_PER_BUCKET) * BUCKET_WORDS);
    this.#shift = 32 - Math.log2(capacity / RECORDS_PER_BUCKET);
    this.#oldest = 0;
    const size = this.#size;
    for (this.#size = 1; this.#size <= size; this.#size++) this.#enter(this.#size - 1, hashOf(this.#records, (this.#size - 1) * WORDS));
    this.#size = size;
  }
}

// The hash of a record's id.
function hashOf(records: Int32Array, w: number): number {
  const hash = clientIdHash(records[w + ACCOUNT] as number, records, w + ID);
  return (records[w + LENGTH] as number) < LIST ? hash : hash ^ LIST_HASH;
}
