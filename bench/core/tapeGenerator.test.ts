// Our generator makes the bytes that the shared script makes, so figures can be set beside those of other engines.
import { createHash } from "node:crypto";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { readTape } from "./tape.ts";
import { generateTape, generateTapeBytes, type TapeShape } from "./tapeGenerator.ts";

const script = resolve(import.meta.dirname, "../../../shared/bench/tape.mjs");
const SMALL: TapeShape[] = [
  { flow: "simple", resting: 200, meanTicks: 50, commands: 20_000, seed: 42 },
  { flow: "xc", resting: 200, meanTicks: 550, commands: 20_000, seed: 7 },
];
// Of what the shared script wrote for the two.
const DIGESTS = ["c4fb0a4e32cdee8a13909fd125dc4043b16ea718a712ea626d2bc1647ec1bfd7", "87941af59b1177e5c5bd42ad0f53033750953911af7e10e1e0883182a2b752fa"];

describe("a generated tape", () => {
  it("is the same bytes for the same numbers, on every machine", () => {
    expect(SMALL.map((shape) => createHash("sha256").update(generateTapeBytes(shape)).digest("hex"))).toEqual(DIGESTS);
  });

  it.skipIf(!existsSync(script))("is byte for byte what the shared script writes", () => {
    const folder = mkdtempSync(join(tmpdir(), "tape-"));
    try {
      for (const shape of SMALL) {
        const out = join(folder, `${shape.flow}.bin`);
        execFileSync(process.execPath, [script, shape.flow, ...[shape.resting, shape.meanTicks, shape.commands, shape.seed].map(String), out]);
        expect(Buffer.compare(readFileSync(out), generateTapeBytes(shape))).toBe(0);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("is read back as it was made, and anything else is refused", () => {
    const shape = { ...(SMALL[0] as TapeShape), commands: 500 };
    const bytes = generateTapeBytes(shape);
    expect(readTape(bytes, "x")).toEqual(generateTape(shape));
    expect(() => readTape(bytes.subarray(0, bytes.length - 4), "x")).toThrow("x is not a tape");
    expect(() => readTape(Buffer.from("hello, this is no tape at all, but it is long enough to be a header....."), "x")).toThrow("x is not a tape");
  });
});
