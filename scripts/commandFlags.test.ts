import { describe, expect, it } from "vitest";
import { readFlags, UsageError, wholeNumber } from "./commandFlags.ts";

const read = (...args: string[]) => readFlags("sim", args, { seed: { type: "string", default: "1" }, trace: { type: "boolean" }, json: { type: "boolean" } });

describe("the flags of a command", () => {
  it("have their values, or the ones they stand for", () => {
    expect(read()).toEqual({ seed: "1" });
    expect(read("--seed", "7", "--json")).toEqual({ seed: "7", json: true });
  });

  it.each([
    [["--nonsense"], "sim does not know the flag --nonsense; its flags are --seed, --trace and --json."],
    [["--nonsense=3"], "sim does not know the flag --nonsense; its flags are --seed, --trace and --json."],
    [["extra"], 'sim does not know what to do with "extra"; its flags are --seed, --trace and --json.'],
    [["--seed"], "sim: --seed needs a value; its flags are --seed, --trace and --json."],
    [["--seed", "--json"], "sim: --seed needs a value; its flags are --seed, --trace and --json."],
    [["--json=yes"], "sim: --json takes no value; its flags are --seed, --trace and --json."],
  ])("%j is refused in one sentence that names what is wrong", (args, sentence) => {
    expect(() => read(...args)).toThrow(new UsageError(sentence));
  });

  it.each(["", "x", "0", "-1", "1.5", "1e3", "0x10", " 7", "101"])('"%s" is no whole number from 1 to 100', (text) => {
    expect(() => wholeNumber("--kills", text, { least: 1, most: 100 })).toThrow(new UsageError(`--kills must be a whole number from 1 to 100, not "${text}".`));
  });

  it("take every whole number within their bounds", () => {
    expect([wholeNumber("--n", "1", { least: 1, most: 100 }), wholeNumber("--n", "100", { least: 1, most: 100 }), wholeNumber("--n", "0", { least: 0 })]).toEqual([1, 100, 0]);
  });
});
