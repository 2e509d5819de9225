// Reads the few protobuf shapes of the fan-out path into plain numbers, without building messages.
// Invariant: never reads past `end`; a value of 2^53 or more, or a cut-off one, is a WireError.

export class WireError extends Error {
  override readonly name = "WireError";
}

/** A place in a protobuf message. */
export class WireCursor {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  /** An unsigned integer below 2^53. */
  varint(): number {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 8; i++) {
      if (this.at >= this.end) throw new WireError("a number is cut off");
      const byte = this.bytes[this.at++] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) {
        if (value > Number.MAX_SAFE_INTEGER) break;
        return value;
      }
      factor *= 128;
    }
    throw new WireError("a number exceeds 2^53");
  }

  fixed32(): number {
    const at = this.#advance(4);
    const { bytes } = this;
    return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)) >>> 0;
  }

  /** The bytes of a length-delimited field, as a cursor over the same memory. */
  nested(): WireCursor {
    const length = this.varint();
    const at = this.#advance(length);
    return new WireCursor(this.bytes, at, at + length);
  }

  skip(wireType: number): void {
    if (wireType === 0) {
      while (this.at < this.end && (this.bytes[this.at] ?? 0) >= 0x80) this.at++;
      this.#advance(1);
    } else if (wireType === 1) this.#advance(8);
    else if (wireType === 2) this.#advance(this.varint());
    else if (wireType === 5) this.#advance(4);
    else throw new WireError(`wire type ${wireType} is not used here`);
  }

  #advance(length: number): number {
    const at = this.at;
    if (at + length > this.end) throw new WireError("a field is cut off");
    this.at = at + length;
    return at;
  }
}
