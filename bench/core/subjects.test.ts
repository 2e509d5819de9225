// What the bench measures does what the tape says: every subject comes to the same fills, in the same order.
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { describe, expect, it } from "vitest";
import { CommandBatchSchema } from "../../gen/tickwire/v1/command_pb.ts";
import { ProtobufWriter } from "../../services/engine/protobufWriter.ts";
import { BookAlone } from "./bookAlone.ts";
import { NodejsOrderBook } from "./nodejsOrderBook.ts";
import { median, percentiles } from "./percentiles.ts";
import type { Tape } from "./tape.ts";
import { TapeCommands } from "./tapeCommands.ts";
import { generateTape } from "./tapeGenerator.ts";
import { WholeEngine } from "./wholeEngine.ts";

const tapes = {
  simple: generateTape({ flow: "simple", resting: 100, meanTicks: 30, commands: 5_000, seed: 1 }),
  xc: generateTape({ flow: "xc", resting: 100, meanTicks: 300, commands: 5_000, seed: 2 }),
};

describe.each(Object.entries(tapes))("on a %s tape", (_, tape) => {
  const expected = { count: tape.fills, hash: tape.fillHash };

  it.each([
    ["the book alone", (t: Tape) => new BookAlone(t)],
    ["the whole engine, 64 commands per entry", (t: Tape) => new WholeEngine(t, 64)],
    ["the whole engine, one command per entry", (t: Tape) => new WholeEngine(t, 1)],
    ["nodejs-order-book", (t: Tape) => new NodejsOrderBook(t)],
  ])("%s makes the fills that the header counts", (__, open) => {
    expect(tape.fills).toBeGreaterThan(100);
    expect(open(tape).playChecked()).toEqual(expected);
  });

  it("the entries are the bytes that protobuf-es writes for the same commands", () => {
    const commands = new TapeCommands(tape, new ProtobufWriter(1 << 20));
    for (let from = 0; from < 640; from += 64) {
      const start = commands.entry(from, from + 64);
      const bytes = commands.out.bytes.subarray(start, commands.out.at);
      expect(Buffer.compare(toBinary(CommandBatchSchema, fromBinary(CommandBatchSchema, bytes)), bytes)).toBe(0);
    }
  });
});

it("percentiles are by nearest rank, and the median of an even count is the middle of two", () => {
  expect(percentiles(Float64Array.from({ length: 1_000 }, (_, i) => 1_000 - i))).toEqual({ p50: 500, p99: 990, p999: 999, max: 1_000 });
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});
