// Snapshots on a real disk, written by a real thread beside an engine that goes on.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { stateHash, takeSnapshot } from "./snapshot.ts";
import { openSealed } from "./snapshotFile.ts";
import { SnapshotFiles } from "./snapshotFiles.ts";
import { SNAPSHOT_AFTER_REPLAY_MS, SNAPSHOT_BEFORE_LIVE_MS, SNAPSHOT_LATE_MS } from "./limits.ts";
import { SnapshotSchedule, type ReplayEffort } from "./snapshotSchedule.ts";
import { buildThread, type BuiltThread } from "./testing/builtThread.ts";
import { TestVenue } from "./testing/testVenue.ts";

const silent = pino({ level: "silent" });
let thread: BuiltThread;
let dir: string;

beforeAll(async () => {
  thread = await buildThread();
});
afterAll(() => thread.remove());
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "tickwire-snapshots-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const threaded = (): SnapshotFiles => new SnapshotFiles(dir, silent, thread.file);
const names = (): string[] => readdirSync(dir).sort();

let ids = 0;
/** A venue where orders of several kinds rest and wait. */
function venue(): TestVenue {
  const opened = new TestVenue();
  for (const name of ["a", "b"]) opened.account(name, 1_000_000n, 1_000_000n);
  trade(opened);
  opened.say("a sells 20 @ 150 show 5 as iceberg");
  opened.say("b sells 5 stop 80 as stop");
  opened.say("a lists oco as pair: sells 5 @ 120 maker | sells 5 stop 85");
  return opened;
}
function trade(opened: TestVenue): void {
  for (let n = 0; n < 20; n++) opened.say(`${n % 2 === 0 ? "a sells" : "b buys"} ${1 + (n % 7)} @ ${100 + (n % 5)} as t${ids++}`);
}

describe("a snapshot", () => {
  it("is the state of the moment it was asked for, though the engine goes on while it is written", async () => {
    for (const prepared of [false, true]) {
      const running = venue();
      const files = threaded();
      if (prepared) await files.prepare(running.engine);
      const then = Buffer.from(takeSnapshot(running.engine));
      const { entry } = running.engine;
      const writing = files.write(running.engine);
      trade(running);
      const written = await writing;
      trade(running);
      expect(written.entry).toBe(entry);
      expect(running.engine.entry).toBeGreaterThan(entry);
      const { body, identity } = openSealed(written.name, readFileSync(join(dir, written.name)));
      expect(Buffer.from(body).equals(then)).toBe(true);
      expect(identity).toMatchObject({ epoch: 7, entry });
      rmSync(join(dir, written.name));
    }
  });

  it("is what an engine then starts from", async () => {
    const running = venue();
    await threaded().write(running.engine);
    const started = await threaded().loadNewest();
    expect(started === undefined ? undefined : stateHash(started)).toEqual(stateHash(running.engine));
  });

  it("of another engine of the data directory is started from when it is newer than the own ones, and is left alone", async () => {
    const other = join(dir, "other");
    const running = venue();
    await threaded().write(running.engine);
    trade(running);
    const written = await new SnapshotFiles(other, silent).write(running.engine);
    const files = new SnapshotFiles(dir, silent, undefined, [other]);
    const started = await files.loadNewest();
    expect(started?.entry).toBe(written.entry);
    trade(running);
    // It covers nothing: what is not in the own folder may go at any time.
    expect((await files.write(running.engine)).covered).toBeUndefined();
    expect(readdirSync(other)).toEqual([written.name]);
  });

  it("leaves three behind, and covers the log up to the one before it that is still whole", async () => {
    const running = venue();
    const files = threaded();
    const entries: number[] = [];
    const covered: (number | undefined)[] = [];
    for (let round = 0; round < 5; round++) {
      trade(running);
      entries.push(running.engine.entry);
      covered.push((await files.write(running.engine)).covered);
    }
    expect(covered).toEqual([undefined, ...entries.slice(0, 4)]);
    expect(names().map((name) => Number(name.slice(20, 36)))).toEqual(entries.slice(2));
    // The one before rots on the disk: then the one before that is what the log must still reach back to.
    const [, middle, newest] = names();
    const rotten = readFileSync(join(dir, newest ?? ""));
    rotten[rotten.length - 1] = (rotten[rotten.length - 1] ?? 0) ^ 1;
    writeFileSync(join(dir, newest ?? ""), rotten);
    trade(running);
    const { covered: next } = await files.write(running.engine);
    expect(next).toBe(Number((middle ?? "").slice(20, 36)));
  });

  it("of a start that knows nothing of older files covers nothing", async () => {
    const running = venue();
    await threaded().write(running.engine);
    trade(running);
    expect((await threaded().write(running.engine)).covered).toBeUndefined();
    const files = threaded();
    await files.loadNewest();
    trade(running);
    expect((await files.write(running.engine)).covered).toBeDefined();
  });

  it("takes no other's name, and nothing unfinished is left behind", async () => {
    const running = venue();
    const files = threaded();
    const { name } = await files.write(running.engine);
    // A crash while the next one was written.
    writeFileSync(join(dir, `${name.slice(0, -5)}9.bin.tmp`), "half of it");
    copyFileSync(join(dir, name), join(dir, `${name.slice(0, -5)}9.bin`));
    expect((await threaded().loadNewest())?.entry).toBe(running.engine.entry);
    trade(running);
    await files.write(running.engine);
    expect(names().filter((other) => other.endsWith(".tmp"))).toEqual([]);
  });
});

describe("an engine that died", () => {
  const due = (replayed: ReplayEffort): boolean => {
    const running = venue();
    return new SnapshotSchedule(running.engine, threaded(), () => Promise.resolve(), silent, replayed).due;
  };

  it("and took long to start again writes a snapshot at once: one that dies every half minute would replay ever more", () => {
    expect(due({ entries: 3, ms: SNAPSHOT_AFTER_REPLAY_MS })).toBe(true);
  });

  it("and took very long to start again goes on only when its snapshot is verified, or could not be written", async () => {
    const before = async (replayed: ReplayEffort, files: SnapshotFiles): Promise<number[]> => {
      const running = venue();
      const schedule = new SnapshotSchedule(running.engine, files, () => Promise.resolve(), silent, replayed);
      const waiting = schedule.beforeLive();
      expect(schedule.awaited).toBe(replayed.ms >= SNAPSHOT_BEFORE_LIVE_MS);
      await waiting;
      expect([schedule.awaited, schedule.due]).toEqual([false, replayed.ms >= SNAPSHOT_AFTER_REPLAY_MS && replayed.ms < SNAPSHOT_BEFORE_LIVE_MS]);
      return names().flatMap((name) => (name.endsWith(".bin") ? [Number(/-0*(\d+)\.bin$/.exec(name)?.[1])] : []));
    };
    expect(await before({ entries: 9, ms: SNAPSHOT_BEFORE_LIVE_MS - 1 }, threaded())).toEqual([]);
    expect(await before({ entries: 9, ms: SNAPSHOT_BEFORE_LIVE_MS }, new SnapshotFiles(dir, silent, join(dir, "nowhere.mjs")))).toEqual([]);
    expect(await before({ entries: 9, ms: SNAPSHOT_BEFORE_LIVE_MS }, threaded())).toEqual([venue().engine.entry]);
  });

  it("and was back at once waits for its usual time, and one that replayed nothing has nothing to write", () => {
    expect(due({ entries: 3, ms: 10 })).toBe(false);
    expect(due({ entries: 0, ms: 1_000 })).toBe(false);
  });
});

describe("a disk that does not take a snapshot", () => {
  const attempt = async (at: string): Promise<{ problem: string; trimmed: boolean; running: TestVenue }> => {
    const running = venue();
    let trimmed = false;
    const schedule = new SnapshotSchedule(running.engine, new SnapshotFiles(at, silent, thread.file), async () => void (trimmed = true), silent);
    trade(running);
    await schedule.finish(true);
    trade(running);
    return { problem: schedule.standing().problem, trimmed, running };
  };

  it("costs the engine nothing: it goes on, says why, and its log is not trimmed", async () => {
    writeFileSync(join(dir, "a-file"), "");
    const { problem, trimmed } = await attempt(join(dir, "a-file"));
    expect(problem).toMatch(/no snapshot could be written: EEXIST/);
    expect(trimmed).toBe(false);
  });

  const mounted = (): boolean => {
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", dir], { stdio: "ignore" });
      return true;
    } catch {
      return false;
    }
  };

  it("because it is full: the older snapshots stay whole, and nothing half-written is left", async (test) => {
    if (!mounted()) return test.skip();
    try {
      const first = venue();
      await threaded().write(first.engine);
      const [kept] = names();
      let filler = 0;
      // To the last page.
      for (const size of [16_384, 4_096]) {
        try {
          for (;;) writeFileSync(join(dir, `filler-${filler++}`), Buffer.alloc(size));
        } catch {
          continue;
        }
      }
      const { problem, trimmed } = await attempt(dir);
      expect(problem).toMatch(/the disk is full/);
      expect(trimmed).toBe(false);
      expect(names().filter((name) => name.startsWith("snapshot"))).toEqual([kept]);
      expect((await threaded().loadNewest())?.entry).toBe(first.engine.entry);
    } finally {
      execFileSync("umount", [dir]);
    }
  });

  it("because its thread cannot be started is told, too", async () => {
    const running = venue();
    const schedule = new SnapshotSchedule(running.engine, new SnapshotFiles(dir, silent, join(dir, "nowhere.mjs")), () => Promise.resolve(), silent);
    trade(running);
    await schedule.finish(true);
    expect(schedule.standing().problem).toMatch(/no snapshot could be written/);
    expect(existsSync(join(dir, "snapshot"))).toBe(false);
  });
});

describe("snapshots that stop", () => {
  afterEach(() => vi.restoreAllMocks());

  it("are told of with their time while commands keep coming, and not of a venue at rest", async () => {
    const files = threaded();
    const running = venue();
    const schedule = new SnapshotSchedule(running.engine, files, () => Promise.resolve(), silent);
    expect(schedule.standing()).toEqual({ entry: 0, ageMs: 0, problem: "" });
    trade(running);
    await schedule.finish(true);
    const { entry } = running.engine;
    const later = (ms: number): void => {
      const [monotonic, wall] = [performance.now() + ms, Date.now() + ms];
      vi.spyOn(performance, "now").mockReturnValue(monotonic);
      vi.spyOn(Date, "now").mockReturnValue(wall);
    };
    // Nothing new: however old it is, it is all there is to write.
    later(SNAPSHOT_LATE_MS + 60_000);
    expect(schedule.standing()).toMatchObject({ entry, problem: "" });
    expect(schedule.standing().ageMs).toBeGreaterThanOrEqual(SNAPSHOT_LATE_MS);
    trade(running);
    expect(schedule.standing().problem).toBe("");
    later(SNAPSHOT_LATE_MS - 1_000);
    expect(schedule.standing().problem).toBe("");
    later(2_000);
    expect(schedule.standing().problem).toBe("no snapshot was verified for 181 s though commands keep coming: the log is not trimmed, and a start would carry out 20 entries again");
    vi.restoreAllMocks();
    await schedule.finish(true);
    expect(schedule.standing()).toMatchObject({ entry: running.engine.entry, problem: "" });
  });

  it("for a reason are told of with it", async () => {
    writeFileSync(join(dir, "a-file"), "");
    const running = venue();
    const schedule = new SnapshotSchedule(running.engine, new SnapshotFiles(join(dir, "a-file"), silent, thread.file), () => Promise.resolve(), silent);
    trade(running);
    await schedule.finish(true);
    schedule.standing();
    vi.spyOn(performance, "now").mockReturnValue(performance.now() + SNAPSHOT_LATE_MS);
    expect(schedule.standing().problem).toMatch(/^no snapshot was verified for 180 s .*; no snapshot could be written: EEXIST/);
  });

  it("a start from one counts its age from when it was written", async () => {
    const running = venue();
    const { name, entry } = await threaded().write(running.engine);
    utimesSync(join(dir, name), new Date(), new Date(Date.now() - 3_600_000));
    const files = threaded();
    const started = await files.loadNewest();
    if (started === undefined) throw new Error("it was not used");
    const { ageMs, ...standing } = new SnapshotSchedule(started, files, () => Promise.resolve(), silent).standing();
    expect(standing).toEqual({ entry, problem: "" });
    expect(Math.round(ageMs / 60_000)).toBe(60);
  });
});

describe("a folder of snapshots", () => {
  it("that is not there has none", async () => {
    expect(await new SnapshotFiles(join(dir, "none"), silent).loadNewest()).toBeUndefined();
  });

  it("with a subfolder under a snapshot's name passes it over", async () => {
    const running = venue();
    const { name } = await threaded().write(running.engine);
    mkdirSync(join(dir, name.replace(/\d{16}/, "9".repeat(15).padStart(16, "0"))));
    expect((await threaded().loadNewest())?.entry).toBe(running.engine.entry);
    renameSync(join(dir, name), join(dir, "elsewhere"));
    expect(await threaded().loadNewest()).toBeUndefined();
  });
});
