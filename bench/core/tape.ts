// A tape: a recorded order flow as flat integers, with the fills it must lead to. The format is shared with other
// engines' benchmarks, so its numbers are not ours to change.
//
// Header, 16 x int32 LE: magic, version, records, prefill records, lowest tick, highest tick, highest order id + 1,
// users, fills, hash of the fills, zeros. Record, 6 x int32: type | side << 8 (0 buys, 1 sells), order id, user, price,
// quantity, 0. The prefill builds the resting book and is not timed; fills and hash count only what follows it.
import { BenchError } from "../benchError.ts";

const MAGIC = 0x45504154;
const VERSION = 1;
const HEADER_WORDS = 16;
export const RECORD_WORDS = 6;

// Record types.
export const LIMIT_GTC = 0;
export const LIMIT_IOC = 1;
export const CANCEL = 2;
/** To a new price; the quantity is what remains. Loses its place, may match. */
export const MOVE = 3;

export interface Tape {
  /** RECORD_WORDS words per record. */
  readonly words: Int32Array;
  readonly records: number;
  /** The first records, which only build the book. */
  readonly prefill: number;
  /** Above every order id. */
  readonly orderIdEnd: number;
  readonly users: number;
  readonly fills: number;
  readonly fillHash: number;
}

/** @throws BenchError when the bytes are not a tape. */
export function readTape(bytes: Uint8Array, name: string): Tape {
  const broken = (what: string): BenchError => new BenchError(`${name} is not a tape: ${what}.`, 2);
  if (bytes.length < HEADER_WORDS * 4 || bytes.length % 4 !== 0) throw broken("its length is not that of a header and records");
  const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const [magic, version, records = 0, prefill = 0, , , orderIdEnd = 0, users = 0, fills = 0, fillHash = 0] = words;
  if (magic !== MAGIC || version !== VERSION) throw broken("it does not begin with the mark of version 1");
  if (words.length !== HEADER_WORDS + records * RECORD_WORDS || prefill < 0 || prefill > records) throw broken("its header counts other records than it holds");
  const body = words.subarray(HEADER_WORDS);
  for (let at = 0; at < body.length; at += RECORD_WORDS) {
    const id = body[at + 1] as number;
    const user = body[at + 2] as number;
    if (((body[at] as number) & 255) > MOVE || id < 1 || id >= orderIdEnd || user < 0 || user >= users) throw broken(`record ${at / RECORD_WORDS} names an unknown type, order or user`);
  }
  return { words: body, records, prefill, orderIdEnd, users, fills, fillHash };
}

/** The bytes of a tape file. */
export function tapeBytes(tape: Tape, lowestTick: number, highestTick: number): Uint8Array {
  const words = new Int32Array(HEADER_WORDS + tape.records * RECORD_WORDS);
  words.set([MAGIC, VERSION, tape.records, tape.prefill, lowestTick, highestTick, tape.orderIdEnd, tape.users, tape.fills, tape.fillHash]);
  words.set(tape.words, HEADER_WORDS);
  return new Uint8Array(words.buffer);
}

export const FILL_HASH_START = 0x811c9dc5 | 0;

/** The hash after one more fill. */
export function hashFill(hash: number, taker: number, maker: number, price: number, quantity: number): number {
  let h = Math.imul(hash ^ taker, 16777619);
  h = Math.imul(h ^ maker, 16777619);
  h = Math.imul(h ^ price, 16777619);
  return Math.imul(h ^ quantity, 16777619);
}
