// The chain of SHA-256 over the command log: each link is the hash of the link before and the bytes of its entry, so two
// logs that agree on one link agree on everything before it.
import { hash } from "node:crypto";

/** Length of a link. */
export const CHAIN_BYTES = 32;

const SCRATCH_BYTES_START = 1 << 14;

export class LogChain {
  // The last link and the entry side by side: the hash takes them as one piece.
  #scratch = Buffer.alloc(SCRATCH_BYTES_START);

  /** The link after `link`: that of the entry with these bytes. */
  next(link: Uint8Array, entry: Uint8Array): Uint8Array {
    const length = CHAIN_BYTES + entry.length;
    if (length > this.#scratch.length) this.#scratch = Buffer.alloc(length * 2);
    const scratch = this.#scratch;
    scratch.set(link, 0);
    scratch.set(entry, CHAIN_BYTES);
    // By way of text, one byte a character: a digest as a Buffer is memory outside the heap, which costs more than the hash.
    return Buffer.from(hash("sha256", scratch.subarray(0, length), "binary"), "latin1");
  }
}
