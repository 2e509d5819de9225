// Texts that are only ever added, as bytes in shared blocks: a snapshot reads, in another thread and without a copy,
// all that had been added at one moment, while more are added.
//
// Never: changes or moves what was added. Each text has an owner, a number; a text lies within one block.
import { TEXT_BYTES_MAX } from "./limits.ts";

/** Bytes of every block but the first, which is small: most engines of tests hold little. */
const BLOCK_BYTES = 1 << 18;
const FIRST_BLOCK_BYTES = 1 << 12;
// A record: the owner (uint32), the length + 1 (uint16; 0 is the unused rest of a block), the bytes; aligned.
const HEAD_BYTES = 6;
const ALIGN = 4;

const recordBytes = (length: number): number => (HEAD_BYTES + length + ALIGN - 1) & ~(ALIGN - 1);

/** The texts added up to one moment: what another thread needs to read them. */
export interface FrozenTexts {
  readonly blocks: readonly SharedArrayBuffer[];
  /** Bytes used of the last block. */
  readonly lastBytes: number;
}

export class TextLog {
  readonly #shared: SharedArrayBuffer[] = [];
  readonly #blocks: Buffer[] = [];
  // Bytes used of the last block.
  #used = 0;

  /** Adds a text; answers its place, a number that stays. @throws RangeError when it is longer than TEXT_BYTES_MAX. */
  add(owner: number, text: Uint8Array): number {
    if (text.length > TEXT_BYTES_MAX) throw new RangeError(`a text of ${text.length} bytes is longer than ${TEXT_BYTES_MAX}`);
    let block = this.#blocks.at(-1);
    if (block === undefined || this.#used + recordBytes(text.length) > block.length) block = this.#addBlock();
    const at = this.#used;
    block.writeUInt32LE(owner, at);
    block.writeUInt16LE(text.length + 1, at + 4);
    block.set(text, at + HEAD_BYTES);
    this.#used += recordBytes(text.length);
    return (this.#blocks.length - 1) * BLOCK_BYTES + at;
  }

  /** Whether the text at a place is this one, of this owner. */
  is(place: number, owner: number, text: Uint8Array): boolean {
    const block = this.#blocks[Math.floor(place / BLOCK_BYTES)];
    const at = place % BLOCK_BYTES;
    if (block === undefined || block.readUInt32LE(at) !== owner || block.readUInt16LE(at + 4) !== text.length + 1) return false;
    for (let i = 0; i < text.length; i++) if (block[at + HEAD_BYTES + i] !== text[i]) return false;
    return true;
  }

  /** All texts added so far; they stay readable however many more are added. */
  freeze(): FrozenTexts {
    return { blocks: [...this.#shared], lastBytes: this.#used };
  }

  #addBlock(): Buffer {
    const shared = new SharedArrayBuffer(this.#blocks.length === 0 ? FIRST_BLOCK_BYTES : BLOCK_BYTES);
    const block = Buffer.from(shared);
    this.#shared.push(shared);
    this.#blocks.push(block);
    this.#used = 0;
    return block;
  }
}

/** Frozen texts by owner. */
export class TextsByOwner {
  readonly #blocks: Buffer[];
  // Texts of owner n: #start[n] to #start[n + 1] of #places.
  readonly #start: Int32Array;
  readonly #places: Float64Array;

  /** Of owners 0 to `owners - 1`. */
  constructor(texts: FrozenTexts, owners: number) {
    this.#blocks = texts.blocks.map((shared) => Buffer.from(shared));
    this.#start = new Int32Array(owners + 1);
    let count = 0;
    this.#forEachRecord(texts.lastBytes, (_, owner) => {
      this.#start[owner + 1] = (this.#start[owner + 1] as number) + 1;
      count++;
    });
    for (let owner = 0; owner < owners; owner++) this.#start[owner + 1] = (this.#start[owner + 1] as number) + (this.#start[owner] as number);
    this.#places = new Float64Array(count);
    const next = this.#start.slice(0, owners);
    this.#forEachRecord(texts.lastBytes, (place, owner) => {
      const at = next[owner] as number;
      this.#places[at] = place;
      next[owner] = at + 1;
    });
  }

  count(owner: number): number {
    return (this.#start[owner + 1] as number) - (this.#start[owner] as number);
  }

  /** Calls `visit` with each text of an owner, in the order they were added. */
  forEach(owner: number, visit: (bytes: Uint8Array, from: number, length: number) => void): void {
    for (let i = this.#start[owner] as number, end = this.#start[owner + 1] as number; i < end; i++) {
      const place = this.#places[i] as number;
      const block = this.#blocks[Math.floor(place / BLOCK_BYTES)] as Buffer;
      const at = place % BLOCK_BYTES;
      visit(block, at + HEAD_BYTES, block.readUInt16LE(at + 4) - 1);
    }
  }

  #forEachRecord(lastBytes: number, visit: (place: number, owner: number) => void): void {
    for (const [i, block] of this.#blocks.entries()) {
      const end = i === this.#blocks.length - 1 ? lastBytes : block.length;
      for (let at = 0; at + HEAD_BYTES <= end; ) {
        const length = block.readUInt16LE(at + 4) - 1;
        if (length < 0) break;
        visit(i * BLOCK_BYTES + at, block.readUInt32LE(at));
        at += recordBytes(length);
      }
    }
  }
}
