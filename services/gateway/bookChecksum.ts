// CRC-32 (IEEE) over the best ten bids, then the best ten asks, each level two little-endian uint64: ticks, lots.
// market_data.proto (BookDelta.checksum) is where it is defined.
import { crc32 } from "node:zlib";
import type { BookSide } from "./bookSide.ts";

const LEVELS = 10;
const LEVEL_BYTES = 16;
const scratch = Buffer.alloc(2 * LEVELS * LEVEL_BYTES);

function writeSide({ ticks, lots }: BookSide, start: number): number {
  let offset = start;
  const last = ticks.length - 1;
  for (let i = last; i >= 0 && i > last - LEVELS; i--) {
    for (const value of [ticks[i] ?? 0, lots[i] ?? 0]) {
      scratch.writeUInt32LE(value % 0x1_0000_0000, offset);
      scratch.writeUInt32LE(Math.floor(value / 0x1_0000_0000), offset + 4);
      offset += 8;
    }
  }
  return offset;
}

export const bookChecksum = (bids: BookSide, asks: BookSide): number => crc32(scratch.subarray(0, writeSide(asks, writeSide(bids, 0))));
