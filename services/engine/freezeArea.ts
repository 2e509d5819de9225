// Memory into which a moment of the engine's state is copied: handed over to another thread afterwards, at no cost.
//
// Copying into memory the system has already given takes a tenth of the time of copying into new memory; so the area is
// made, and touched, by the thread that will read it. Never: fails for want of room; what does not fit gets new memory.
const ALIGN = 8;

export class FreezeArea {
  /** The memory used, to be transferred. The first is the area itself. */
  readonly buffers: ArrayBuffer[];
  #at = 0;

  constructor(area: ArrayBuffer = new ArrayBuffer(0)) {
    this.buffers = [area];
  }

  /** Memory that is touched. */
  static prepare(bytes: number): ArrayBuffer {
    const area = new ArrayBuffer(bytes);
    new Uint8Array(area).fill(1);
    return area;
  }

  /** A copy of the first `length` elements. */
  f64(source: Float64Array, length = source.length): Float64Array<ArrayBuffer> {
    const copy = this.emptyF64(length);
    copy.set(source.subarray(0, length));
    return copy;
  }

  i32(source: Int32Array, length = source.length): Int32Array<ArrayBuffer> {
    const { buffer, at } = this.#room(length * 4);
    const copy = new Int32Array(buffer, at, length);
    copy.set(source.subarray(0, length));
    return copy;
  }

  u8(source: Uint8Array, length = source.length): Uint8Array<ArrayBuffer> {
    const { buffer, at } = this.#room(length);
    const copy = new Uint8Array(buffer, at, length);
    copy.set(source.subarray(0, length));
    return copy;
  }

  /** Room for bytes, all of which the caller must write. */
  emptyU8(length: number): Uint8Array<ArrayBuffer> {
    const { buffer, at } = this.#room(length);
    return new Uint8Array(buffer, at, length);
  }

  /** Room for doubles, all of which the caller must write: what is in it is of no meaning. */
  emptyF64(length: number): Float64Array<ArrayBuffer> {
    const { buffer, at } = this.#room(length * 8);
    return new Float64Array(buffer, at, length);
  }

  #room(bytes: number): { buffer: ArrayBuffer; at: number } {
    const [area] = this.buffers;
    const at = this.#at;
    if (area !== undefined && at + bytes <= area.byteLength) {
      this.#at = Math.ceil((at + bytes) / ALIGN) * ALIGN;
      return { buffer: area, at };
    }
    const buffer = new ArrayBuffer(bytes);
    this.buffers.push(buffer);
    return { buffer, at: 0 };
  }
}
