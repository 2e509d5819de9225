// Commands about the log that are called wrongly, or where there is nothing for them: one sentence each, and nothing changes.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lockDataDir } from "../stack/dataDirLock.ts";
import { findAppendOnlyFiles, findTear, entriesNamedFrom } from "../stack/appendOnlyFiles.ts";
import { StackError } from "../stack/stackError.ts";
import { main } from "./tickwire.ts";
import { UsageError } from "../commandFlags.ts";
import { CommandError } from "./usage.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tickwire-cli-"));
  vi.stubEnv("TICKWIRE_DATA_DIR", join(dir, "data"));
  vi.stubEnv("REDIS_URL", "");
  vi.stubEnv("DATABASE_URL", "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(dir, { recursive: true, force: true });
});

async function refusal(...args: string[]): Promise<Error> {
  const error = await main(args).then(
    () => new Error("it was done"),
    (thrown: unknown) => thrown as Error,
  );
  expect(error.message.split("\n")).toHaveLength(1);
  return error;
}

test.each([
  [["log", "verify", "--jsno"], "--jsno"],
  [["log", "verify", "now"], "now"],
  [["log", "repair", "--force"], "--force"],
  [["log", "mend"], 'Unknown command "log mend"'],
  [["replay", "--to", "0"], "--to 0"],
  [["replay", "--to", "1e3"], "1e3"],
  [["replay", "--to", "1", "--stop-before", "2"], "give one"],
  [["backup"], "one new folder"],
  [["backup", "a", "b"], "one new folder"],
  [["restore"], "one backup"],
])("%j is refused and names what is wrong", async (args, named) => {
  const error = await refusal(...args);
  expect(error).toBeInstanceOf(UsageError);
  expect(error.message).toContain(named);
  expect(readdirSync(dir)).toEqual([]);
});

describe("where there is no log", () => {
  test.each([[["log", "verify"]], [["log", "repair"]], [["replay"]], [["backup", "there"]]])("%j says so and leaves nothing behind", async (args) => {
    const error = await refusal(...args.map((word) => (word === "there" ? join(dir, "backup") : word)));
    expect(error).toBeInstanceOf(CommandError);
    expect(error.message).toContain("holds no command log");
    expect(readdirSync(dir)).toEqual([]);
  });

  test("a folder that is no backup is not restored", async () => {
    const error = await refusal("restore", dir);
    expect(error.message).toContain("is not a backup: it has no manifest.json");
    writeFileSync(join(dir, "manifest.json"), "{");
    expect((await refusal("restore", dir)).message).toContain("is damaged");
    writeFileSync(join(dir, "manifest.json"), '{ "format": "tickwire-backup", "version": 2 }');
    expect((await refusal("restore", dir)).message).toContain("is not a backup this version can read: version");
    expect(readdirSync(dir)).toEqual(["manifest.json"]);
  });
});

test("a Redis that does not answer is named", async () => {
  vi.stubEnv("REDIS_URL", "redis://127.0.0.1:1");
  expect((await refusal("log", "verify")).message).toMatch(/^The Redis that REDIS_URL names does not answer: .*\.$/);
  expect((await refusal("log", "repair")).message).toContain("works on the files of a data directory's own Redis");
});

test("an exchange that runs is not repaired under its feet, nor is one restored into its data", async () => {
  const dataDir = join(dir, "data");
  mkdirSync(join(dataDir, "redis"), { recursive: true });
  const lock = lockDataDir(dataDir);
  if ("holder" in lock) throw new Error("the lock is taken");
  try {
    expect((await refusal("log", "repair")).message).toContain("stop it first");
    expect((await refusal("restore", dir)).message).toContain("is not empty");
    expect((await refusal("log", "verify")).message).toContain("is starting or stopping");
  } finally {
    lock.release();
  }
});

describe("the torn end of a file of commands", () => {
  const command = (...words: string[]): string => `*${words.length}\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;
  const add = (log: "cmd" | "out", entry: number, bytes = "x"): string => command("XADD", `tickwire:{log}:${log}`, `0-${entry}`, "b", bytes);
  const path = (): string => join(dir, "incr.aof");
  const tear = (text: string): { wholeBytes: number; cause: string } => {
    writeFileSync(path(), text, "latin1");
    const { bytes, wholeBytes, cause } = findTear(path());
    expect(bytes).toBe(text.length);
    return { wholeBytes, cause };
  };

  test("is found at every byte: only whole commands count", () => {
    const first = command("SELECT", "0") + add("cmd", 1, "\r\n*3\r\n$-1\0ÿ");
    const second = add("out", 1, "y".repeat(100));
    for (let cut = 0; cut < second.length; cut++) expect(tear(first + second.slice(0, cut)).wholeBytes, `cut at ${cut}`).toBe(first.length);
    expect(tear(first + second)).toEqual({ wholeBytes: first.length + second.length, cause: "" });
    expect(tear("")).toEqual({ wholeBytes: 0, cause: "" });
  });

  test("takes a transaction that was not completed along, from its beginning", () => {
    const whole = add("cmd", 1) + command("MULTI") + add("out", 1) + command("EXEC");
    const open = command("MULTI") + add("out", 2) + add("out", 3);
    expect(tear(whole)).toEqual({ wholeBytes: whole.length, cause: "" });
    expect(tear(whole + open)).toEqual({ wholeBytes: whole.length, cause: "the end comes within a transaction" });
    expect(tear(whole + open + command("EXEC").slice(0, 9)).wholeBytes).toBe(whole.length);
  });

  test("begins where zeros or garbage begin, and what follows is still named", () => {
    const whole = add("cmd", 7);
    const lost = add("cmd", 8) + add("out", 8);
    for (const garbage of ["\0".repeat(200), "*x\r\n", "$3\r\nfoo\r\n", "*2\r\n$3\r\nfooo\r\n", "*0\r\n", "z".repeat(99)]) {
      expect(tear(whole + garbage + lost), JSON.stringify(garbage)).toMatchObject({ wholeBytes: whole.length });
      expect(entriesNamedFrom(path(), whole.length)).toEqual({ commands: [8], events: [8] });
    }
    // The beginning of a torn command tells its number.
    tear(whole + lost.slice(0, -4));
    expect(entriesNamedFrom(path(), whole.length + add("cmd", 8).length)).toEqual({ commands: [], events: [8] });
  });

  test("is looked for only in files laid out as Redis 7 does it", () => {
    expect(findAppendOnlyFiles(dir)).toBeUndefined();
    writeFileSync(join(dir, "appendonly.aof"), "");
    expect(() => findAppendOnlyFiles(dir)).toThrow(StackError);
    mkdirSync(join(dir, "appendonlydir"));
    const manifest = join(dir, "appendonlydir", "appendonly.aof.manifest");
    writeFileSync(manifest, "file appendonly.aof.2.incr.aof seq 2 type i\nfile appendonly.aof.1.base.rdb seq 1 type b\nfile old seq 1 type h\nfile appendonly.aof.1.incr.aof seq 1 type i\n");
    expect(() => findAppendOnlyFiles(dir)).toThrow(/appendonly\.aof\.1\.base\.rdb is missing, though the manifest beside it names it/);
    for (const name of ["1.base.rdb", "1.incr.aof", "2.incr.aof"]) writeFileSync(join(dir, "appendonlydir", `appendonly.aof.${name}`), "");
    const files = findAppendOnlyFiles(dir);
    expect(files?.files.map((file) => file.split("aof.").at(-1) ?? file)).toHaveLength(3);
    expect(files?.growing).toMatch(/appendonly\.aof\.2\.incr\.aof$/);
    writeFileSync(manifest, "");
    expect(() => findAppendOnlyFiles(dir)).toThrow(/damaged/);
  });
});
