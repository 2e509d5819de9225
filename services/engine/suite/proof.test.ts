// R1 and R2: the fast engine against the naive one, command by command. `npm run prove` is the same with more commands.
import { describe, expect, it } from "vitest";
import { Engine } from "../engine.ts";
import { stateHash } from "../snapshot.ts";
import { parseEntries, printEntries } from "./commandList.ts";
import { EVERYTHING, type ComparisonOptions } from "./comparison.ts";
import { FastUnderTest } from "./engineUnderTest.ts";
import { isFailure, minimal, run } from "./proof.ts";
import { BrokenEngine } from "./testing/brokenEngine.ts";

/** Of every seed; 30 seeds make 105,000. */
const COMMANDS = 3_500;
const SEEDS = Array.from({ length: 30 }, (_, i) => i + 1);
const SAMPLED: ComparisonOptions = { hashEvery: 5, checkEvery: 1, snapshotEvery: 200 };

describe("the fast engine and the naive one tell the same story", () => {
  it.each(SEEDS)("seed %i: every event, book, balance and open order; states by hash; a replay and a restored engine byte by byte", (seed) => {
    const result = run(seed, COMMANDS, SAMPLED);
    if (isFailure(result)) {
      const { entries, message } = minimal(result);
      expect.fail(`seed ${seed}: ${result.message}\nminimal, ${message}:\n${printEntries(entries)}`);
    }
    expect(result.commands).toBeGreaterThanOrEqual(COMMANDS);
    const replayed = new Engine();
    for (const [i, bytes] of result.log.entries()) expect(Buffer.compare(replayed.applyEntry(bytes, i + 1).events, result.events[i] as Uint8Array)).toBe(0);
    expect(Buffer.from(stateHash(replayed)).toString("hex")).toBe(result.finalHash);
  });

  it("compares everything after every single command, too", () => {
    for (const seed of [1_001, 1_002, 1_003]) {
      const result = run(seed, 500, EVERYTHING);
      expect(isFailure(result) ? result.message : "equal").toBe("equal");
    }
  });
});

describe("a planted fault", () => {
  it("is caught, and shrinks to the few commands that show it", () => {
    const openFast = (): FastUnderTest => new BrokenEngine();
    const result = run(13, 5_000, SAMPLED, openFast);
    if (!isFailure(result)) return expect.fail("nobody noticed");
    expect(result.entries.length).toBeGreaterThan(8);
    const { entries, message } = minimal(result, openFast);
    expect(message).toContain("taker.feeUnits: the engine has");
    // Three orders, or an iceberg of three parts, and the one that meets them.
    const commands = entries.flatMap((entry) => entry.commands.map((command) => command.body?.case));
    expect(new Set(commands)).toEqual(new Set(["placeOrder"]));
    expect(commands.length).toBeLessThanOrEqual(4);
    expect(parseEntries(printEntries(entries)).flatMap((entry) => entry.commands.map((command) => command.body?.case))).toEqual(commands);
  });
});
