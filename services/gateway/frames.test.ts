import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ServerBatchSchema } from "../../gen/tickwire/v1/server_pb.ts";
import { CandleInterval } from "../../gen/tickwire/v1/types_pb.ts";
import { encodeFrame, FRAME_BOOK_DELTA, FRAME_CANDLE, FRAME_TRADES, readBookDelta, readIntegerField, readTradesPosition, splitFrames, type FrameBody } from "./frames.ts";
import { WireCursor, WireError } from "./wireCursor.ts";

const trades: FrameBody = { case: "trades", value: { marketId: 3, epoch: 7, trades: [{ tradeId: 41n, priceTicks: 5n }, { tradeId: 42n }] } };
const candle: FrameBody = { case: "candle", value: { marketId: 3, interval: CandleInterval.HOUR_4, openTimeUs: 1_700_000_000_000_000n } };
const level = fc.tuple(fc.integer({ min: 1, max: 2 ** 40 }), fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }));

describe("frames on their way through the gateway", () => {
  it("joined end to end are one batch, and come apart again as they were", () => {
    const frames = [encodeFrame(trades), encodeFrame(candle), encodeFrame({ case: "pong", value: {} })];
    const joined = Buffer.concat(frames);
    expect(fromBinary(ServerBatchSchema, joined).frames.map(({ body }) => body.case)).toEqual(["trades", "candle", "pong"]);
    const split = splitFrames(joined);
    expect(split.map(({ kind }) => kind)).toEqual([FRAME_TRADES, FRAME_CANDLE, 20]);
    expect(split.map(({ bytes }) => Buffer.from(bytes))).toEqual(frames.map((frame) => Buffer.from(frame)));
  });

  it("tell a delta's numbers exactly, up to the largest quantity", () => {
    fc.assert(
      fc.property(fc.array(level, { maxLength: 40 }), fc.array(level, { maxLength: 40 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }), (bids, asks, checksum) => {
        const column = (levels: [number, number][], i: 0 | 1) => levels.map((l) => BigInt(l[i]));
        const value = { marketId: 2, epoch: 4_000_000_000, prevSeq: 2n ** 52n, seq: 2n ** 53n - 1n, timeUs: 1_763_000_000_000_000n, checksum };
        const frame = encodeFrame({ case: "bookDelta", value: { ...value, bidTicks: column(bids, 0), bidLots: column(bids, 1), askTicks: column(asks, 0), askLots: column(asks, 1) } });
        const [only] = splitFrames(frame);
        expect(only?.kind).toBe(FRAME_BOOK_DELTA);
        expect(only && readBookDelta(only.body)).toEqual({
          marketId: 2,
          epoch: 4_000_000_000,
          prevSeq: 2 ** 52,
          seq: Number.MAX_SAFE_INTEGER,
          timeUs: 1_763_000_000_000_000,
          bidTicks: bids.map(([ticks]) => ticks),
          bidLots: bids.map(([, lots]) => lots),
          askTicks: asks.map(([ticks]) => ticks),
          askLots: asks.map(([, lots]) => lots),
          checksum,
        });
      }),
    );
  });

  it("tell a candle's interval and the last trade without being decoded", () => {
    const [first, second] = splitFrames(Buffer.concat([encodeFrame(candle), encodeFrame(trades)]));
    expect(first && readIntegerField(first.body, 2)).toBe(CandleInterval.HOUR_4);
    expect(second && readTradesPosition(second.body)).toEqual({ epoch: 7, tradeId: 42 });
  });

  it("that are cut off or are something else are refused, never read past their end", () => {
    const whole = Buffer.concat([encodeFrame(trades), encodeFrame({ case: "bookDelta", value: { marketId: 1, bidTicks: [1n, 2n], bidLots: [3n, 400n] } })]);
    const read = (bytes: Uint8Array) => {
      for (const { kind, body } of splitFrames(bytes)) if (kind === FRAME_BOOK_DELTA) readBookDelta(body);
    };
    read(whole);
    const boundary = encodeFrame(trades).length;
    for (let length = 1; length < whole.length; length++) {
      if (length !== boundary) expect(() => read(whole.subarray(0, length)), `cut at ${length}`).toThrow(WireError);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          read(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(WireError);
        }
      }),
    );
  });

  it("with prices that have no quantity are refused", () => {
    const frame = toBinary(ServerBatchSchema, create(ServerBatchSchema, { frames: [{ body: { case: "bookDelta", value: { bidTicks: [1n, 2n], bidLots: [3n] } } }] }));
    const [only] = splitFrames(frame);
    expect(() => only && readBookDelta(only.body)).toThrow("pair up");
  });

  it("with a number beyond 2^53 are refused rather than rounded", () => {
    expect(() => new WireCursor(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])).varint()).toThrow(WireError);
    expect(new WireCursor(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f])).varint()).toBe(Number.MAX_SAFE_INTEGER);
  });
});
