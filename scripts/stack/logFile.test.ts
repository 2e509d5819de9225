// A log on a full disk must not take down whoever writes to it. /dev/full is such a disk.
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFile } from "./logFile.ts";
import { lastWordsInPlain } from "./redisServer.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tickwire-log-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test.runIf(existsSync("/dev/full"))("a line that the disk does not take ends nobody, and is what was said last", () => {
  symlinkSync("/dev/full", join(folder, "redis.log"));
  const log = new LogFile(folder, "redis");
  try {
    log.write("Can't recover from AOF write error when the AOF fsync policy is 'always'. Exiting...");
    expect(log.lastWords()).toContain("AOF write error");
    expect(lastWordsInPlain(log.lastWords(), "/srv/venue")).toMatch(/^redis-server cannot write the command log in \/srv\/venue\/redis: the disk is full or fails;.*Free some room/);
  } finally {
    log.close();
  }
});

test("why a service cannot run is what it said at the very end, not an earlier crash", () => {
  const log = new LogFile(folder, "engine");
  try {
    log.write(JSON.stringify({ level: 60, msg: "crashed", err: { message: "a lost connection" } }));
    log.write(JSON.stringify({ level: 30, msg: "following" }));
    expect(log.lastWords()).toBe("crashed: a lost connection");
    log.write("This command log was given up.");
    expect(log.lastWords()).toBe("This command log was given up.");
    log.write(JSON.stringify({ level: 60, msg: "crashed", err: { message: "a bug" } }));
    log.write("Node.js v20.20.2");
    expect(log.lastWords()).toBe("crashed: a bug");
  } finally {
    log.close();
  }
});

test("what a server said last is told as it is where it has no plainer words", () => {
  expect(lastWordsInPlain("Bad directive", "/srv/venue")).toBe("Bad directive");
});
