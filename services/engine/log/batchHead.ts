// The first fields of a stored EventBatch, read without decoding its events: what tells which entry of which history it is.
import { BinaryReader } from "@bufbuild/protobuf/wire";

/** Of an EventBatch: its epoch, its entry and the chain up to and including that entry. */
export interface BatchHead {
  readonly epoch: number;
  readonly entry: number;
  readonly chain: Uint8Array;
}

/**
 * Reads the head of an EventBatch.
 * @throws Error when the bytes are not one, or it lacks its chain.
 */
export function readBatchHead(bytes: Uint8Array): BatchHead {
  const reader = new BinaryReader(bytes);
  let epoch = 0;
  let entry = 0;
  while (reader.pos < reader.len) {
    const [field, wire] = reader.tag();
    if (field === 1) epoch = reader.uint32();
    else if (field === 2) entry = Number(reader.uint64());
    // The chain is written before everything that is long.
    else if (field === 3) return { epoch, entry, chain: Uint8Array.from(reader.bytes()) };
    else reader.skip(wire, field);
  }
  throw new Error("an event batch has no chain");
}
