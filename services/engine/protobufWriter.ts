// Writes protobuf wire format into one growing buffer, without an object per message or field.
//
// Into bytes, one by one, and not through a DataView: after each store through one, V8 knows nothing any more of what it
// had loaded and checked, which costs more than the bytes.
// Never: checks for room inside a field; whoever starts a message calls `reserve` with a bound for all of it.
// Lengths of nested messages are written after the fact into two or four bytes kept free for them (a varint padded
// with zeros, which every decoder accepts), so that nothing is measured twice or moved.

const TWO_28 = 0x1000_0000;
const PER_TWO_28 = 1 / TWO_28;
const TWO_48 = 0x1_0000_0000_0000;
const LENGTH_2_MAX = 1 << 14;
const LENGTH_4_MAX = 1 << 28;

// An integer from 0 to 2^28 - 1 as a varint at `at`; answers where it ends.
function putSmall(bytes: Uint8Array, at: number, value: number): number {
  if (value < 0x80) {
    bytes[at] = value;
    return at + 1;
  }
  // A byte keeps the lowest eight bits of what it is given.
  bytes[at] = value | 0x80;
  if (value < 0x4000) {
    bytes[at + 1] = value >>> 7;
    return at + 2;
  }
  bytes[at + 1] = (value >>> 7) | 0x80;
  if (value < 0x20_0000) {
    bytes[at + 2] = value >>> 14;
    return at + 3;
  }
  bytes[at + 2] = (value >>> 14) | 0x80;
  bytes[at + 3] = value >>> 21;
  return at + 4;
}

// An integer from 0 to 2^53 - 1 as a varint at `at`; answers where it ends.
function putWide(bytes: Uint8Array, at: number, value: number): number {
  if (value < TWO_28) return putSmall(bytes, at, value | 0);
  // Not `%`: on doubles that is a call into the C library.
  const high = Math.floor(value * PER_TWO_28);
  return putSmall(bytes, putFour(bytes, at, (value - high * TWO_28) | 0), high | 0);
}

// The lowest 28 bits of a longer varint: four bytes that all say that more follow.
function putFour(bytes: Uint8Array, at: number, low: number): number {
  bytes[at] = low | 0x80;
  bytes[at + 1] = (low >>> 7) | 0x80;
  bytes[at + 2] = (low >>> 14) | 0x80;
  bytes[at + 3] = (low >>> 21) | 0x80;
  return at + 4;
}

export class ProtobufWriter {
  bytes: Uint8Array;
  /** Where the next byte goes; everything before it is written. */
  at = 0;

  constructor(capacityBytes: number) {
    this.bytes = new Uint8Array(capacityBytes);
  }

  /** Makes room for `count` more bytes. */
  reserve(count: number): void {
    if (this.at + count > this.bytes.length) this.grow(count);
  }

  /** Makes `bytes` longer by at least what `count` more bytes need. */
  protected grow(count: number): void {
    let capacity = this.bytes.length * 2;
    while (capacity < this.at + count) capacity *= 2;
    const grown = new Uint8Array(capacity);
    grown.set(this.bytes);
    this.bytes = grown;
  }

  /** A view of what was written; valid until the next write. */
  written(): Uint8Array {
    return this.bytes.subarray(0, this.at);
  }

  byte(value: number): void {
    this.bytes[this.at++] = value;
  }

  /** An integer from 0 to 2^53 - 1, as a varint. */
  varint(value: number): void {
    this.at = putWide(this.bytes, this.at, value);
  }

  /** high * 2^48 + low below 2^64, as a varint; `low` below 2^48. */
  varintLimbs(high: number, low: number): void {
    if (high < 32) {
      this.varint(high * TWO_48 + low);
      return;
    }
    const upper = Math.floor(low / TWO_28);
    this.at = putWide(this.bytes, putFour(this.bytes, this.at, (low - upper * TWO_28) | 0), upper + high * (TWO_48 / TWO_28));
  }

  /** The field, unless its value is 0. `tag` is (field << 3 | wire type), below 128. */
  uintField(tag: number, value: number): void {
    if (value === 0) return;
    this.bytes[this.at++] = tag;
    this.varint(value);
  }

  /** The same for fields 16 to 2047, whose tags take two bytes. */
  uintField2(tag: number, value: number): void {
    if (value === 0) return;
    this.bytes[this.at++] = (tag & 127) | 128;
    this.bytes[this.at++] = tag >>> 7;
    this.varint(value);
  }

  /** A uint64 field given in limbs, unless it is 0. */
  limbsField(tag: number, high: number, low: number): void {
    if (high === 0 && low === 0) return;
    this.bytes[this.at++] = tag;
    this.varintLimbs(high, low);
  }

  /** A length-delimited field with `length` bytes of `source` from `from`, unless it is empty. */
  bytesField(tag: number, source: Uint8Array, from: number, length: number): void {
    if (length === 0) return;
    this.bytes[this.at++] = tag;
    this.varint(length);
    this.copy(source, from, length);
  }

  /** Bytes as they are. */
  copy(source: Uint8Array, from: number, length: number): void {
    const bytes = this.bytes;
    let at = this.at;
    if (length <= 64) {
      for (let i = 0; i < length; i++) bytes[at++] = source[from + i] as number;
      this.at = at;
      return;
    }
    bytes.set(source.subarray(from, from + length), at);
    this.at = at + length;
  }

  /** Starts a nested message of less than 16 KiB; give the answer to `end2`. */
  begin2(tag: number): number {
    this.bytes[this.at] = tag;
    this.at += 3;
    return this.at;
  }

  end2(start: number): void {
    const length = this.at - start;
    if (length >= LENGTH_2_MAX) throw new RangeError(`nested message of ${length} bytes in a two-byte length`);
    this.bytes[start - 2] = (length & 127) | 128;
    this.bytes[start - 1] = length >>> 7;
  }

  /** Starts a nested message of less than 256 MiB; give the answer to `end4`. */
  begin4(tag: number): number {
    this.bytes[this.at] = tag;
    this.at += 5;
    return this.at;
  }

  end4(start: number): void {
    const length = this.at - start;
    if (length >= LENGTH_4_MAX) throw new RangeError(`nested message of ${length} bytes in a four-byte length`);
    this.bytes[start - 4] = (length & 127) | 128;
    this.bytes[start - 3] = ((length >>> 7) & 127) | 128;
    this.bytes[start - 2] = ((length >>> 14) & 127) | 128;
    this.bytes[start - 1] = length >>> 21;
  }
}
