// Frames as bytes: split from a ServerBatch without decoding, encoded so that they can be joined again.
//
// A frame here is always one element of ServerBatch.frames with its tag and length, so any sequence of frames, put end
// to end, is a ServerBatch.
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { ClientFrameSchema, type ClientFrame } from "../../gen/tickwire/v1/client_pb.ts";
import { ServerBatchSchema, ServerFrameSchema } from "../../gen/tickwire/v1/server_pb.ts";
import { WireCursor, WireError } from "./wireCursor.ts";

export type FrameBody = NonNullable<MessageInitShape<typeof ServerFrameSchema>["body"]>;

/** Encodes one frame, ready to be joined. */
export const encodeFrame = (body: FrameBody): Uint8Array => toBinary(ServerBatchSchema, create(ServerBatchSchema, { frames: [{ body }] }));

/** Numbers of ServerFrame's oneof, of the frames that come over Redis. */
export const FRAME_BOOK_DELTA = 1;
export const FRAME_TRADES = 2;
export const FRAME_CANDLE = 4;
export const FRAME_TICKER = 5;
export const FRAME_MARKET_STATUS = 10;

const FRAMES_TAG = 0x0a; // field 1, length-delimited

/** One frame of a batch, as views into the batch's memory. */
export interface RawFrame {
  /** Number of the oneof: FRAME_BOOK_DELTA and so on. */
  readonly kind: number;
  /** The whole frame, ready to be joined. */
  readonly bytes: Uint8Array;
  /** The message inside the frame. */
  readonly body: WireCursor;
}

/**
 * The frames of an encoded ServerBatch, in order, decoding nothing inside them.
 * @throws WireError when the bytes are not a ServerBatch.
 */
export function splitFrames(batch: Uint8Array): RawFrame[] {
  const frames: RawFrame[] = [];
  const outer = new WireCursor(batch);
  while (!outer.done) {
    const start = outer.at;
    if (outer.varint() !== FRAMES_TAG) throw new WireError("this is not a ServerBatch");
    const frame = outer.nested();
    const tag = frame.varint();
    if ((tag & 7) !== 2) throw new WireError("a frame's body is not a message");
    const body = frame.nested();
    if (!frame.done) throw new WireError("a frame has more than one body");
    frames.push({ kind: tag >>> 3, bytes: batch.subarray(start, outer.at), body });
  }
  return frames;
}

/** A BookDelta in plain numbers; levels as parallel arrays, 0 lots removes. */
export interface BookDeltaNumbers {
  readonly marketId: number;
  readonly epoch: number;
  readonly prevSeq: number;
  readonly seq: number;
  readonly timeUs: number;
  readonly bidTicks: readonly number[];
  readonly bidLots: readonly number[];
  readonly askTicks: readonly number[];
  readonly askLots: readonly number[];
  readonly checksum: number;
}

/** @throws WireError when the message is cut off, or its arrays do not pair up. */
export function readBookDelta(cursor: WireCursor): BookDeltaNumbers {
  // Indexed by field number; 6 to 9 are the arrays.
  const scalars = [0, 0, 0, 0, 0, 0];
  const arrays: [number[], number[], number[], number[]] = [[], [], [], []];
  let checksum = 0;
  while (!cursor.done) {
    const tag = cursor.varint();
    const field = tag >>> 3;
    const wireType = tag & 7;
    const array = arrays[field - 6];
    if (array !== undefined && wireType === 2) {
      const packed = cursor.nested();
      while (!packed.done) array.push(packed.varint());
    } else if (array !== undefined && wireType === 0) array.push(cursor.varint());
    else if (field <= 5 && wireType === 0) scalars[field] = cursor.varint();
    else if (field === 10 && wireType === 5) checksum = cursor.fixed32();
    else cursor.skip(wireType);
  }
  const [bidTicks, bidLots, askTicks, askLots] = arrays;
  if (bidTicks.length !== bidLots.length || askTicks.length !== askLots.length) throw new WireError("prices and quantities do not pair up");
  return {
    marketId: scalars[1] ?? 0,
    epoch: scalars[2] ?? 0,
    prevSeq: scalars[3] ?? 0,
    seq: scalars[4] ?? 0,
    timeUs: scalars[5] ?? 0,
    bidTicks,
    bidLots,
    askTicks,
    askLots,
    checksum,
  };
}

/** Epoch and last trade id of a Trades message. @throws WireError */
export function readTradesPosition(cursor: WireCursor): { readonly epoch: number; readonly tradeId: number } {
  let epoch = 0;
  let tradeId = 0;
  while (!cursor.done) {
    const tag = cursor.varint();
    if (tag === 0x10) epoch = cursor.varint();
    else if (tag === 0x1a) tradeId = readIntegerField(cursor.nested(), 1);
    else cursor.skip(tag & 7);
  }
  return { epoch, tradeId };
}

/** The value of an integer field; 0 when it is absent. @throws WireError */
export function readIntegerField(cursor: WireCursor, field: number): number {
  let value = 0;
  while (!cursor.done) {
    const tag = cursor.varint();
    if (tag === field << 3) value = cursor.varint();
    else cursor.skip(tag & 7);
  }
  return value;
}

/** A client's request, or undefined when the bytes are not a ClientFrame. */
export function decodeRequest(bytes: Uint8Array): ClientFrame | undefined {
  try {
    return fromBinary(ClientFrameSchema, bytes);
  } catch {
    return undefined;
  }
}
