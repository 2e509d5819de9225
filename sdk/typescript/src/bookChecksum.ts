// CRC-32 (IEEE) over the best ten bids, then the best ten asks, each level two little-endian uint64: ticks, lots.
// market_data.proto (BookDelta.checksum) is where it is defined.

const LEVELS = 10;
const LEVEL_BYTES = 16;

const TABLE = new Uint32Array(256);
for (let n = 0; n < 256; n++) {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  TABLE[n] = c >>> 0;
}

/** CRC-32 (IEEE) of the first `length` bytes, unsigned. */
export function crc32(bytes: Uint8Array, length: number = bytes.length): number {
  let crc = 0xffffffff;
  for (let i = 0; i < length; i++) crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return (crc ^ 0xffffffff) >>> 0;
}

/** One side as parallel arrays from worst to best. */
interface Side {
  readonly ticks: readonly number[];
  readonly lots: readonly number[];
}

const scratch = new Uint8Array(2 * LEVELS * LEVEL_BYTES);
const view = new DataView(scratch.buffer);

function writeUint64(offset: number, value: number): void {
  view.setUint32(offset, value >>> 0, true);
  view.setUint32(offset + 4, Math.floor(value / 0x1_0000_0000), true);
}

function writeSide({ ticks, lots }: Side, start: number): number {
  let offset = start;
  const last = ticks.length - 1;
  for (let i = last; i >= 0 && i > last - LEVELS; i--) {
    writeUint64(offset, ticks[i] ?? 0);
    writeUint64(offset + 8, lots[i] ?? 0);
    offset += LEVEL_BYTES;
  }
  return offset;
}

/** The checksum a BookDelta or BookSnapshot carries, of a book whose sides run from worst to best. */
export function bookChecksum(bids: Side, asks: Side): number {
  return crc32(scratch, writeSide(asks, writeSide(bids, 0)));
}
