// A look at a whole log tells every way in which one can be wrong, and says nothing of one that is whole.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startRedisServer, type RunningServer } from "../../../scripts/stack/redisServer.ts";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG } from "../../shared/keys.ts";
import { Ingress } from "../../shared/trading/ingress.ts";
import { stateHash } from "../snapshot.ts";
import { startEngine } from "../testing/engineProcess.ts";
import { entryBytes } from "../testing/testVenue.ts";
import { verifyLog, type LogReport } from "./logVerify.ts";
import { readSeenMark, type Seen } from "./seenMark.ts";

const silent = pino({ level: "silent" });
const RUNS = 4;
const dataDir = mkdtempSync(join(tmpdir(), "tickwire-verify-"));
const snapshotDir = join(dataDir, "snapshots");
const kept = new Map<string, Map<number, Buffer>>();
const files = new Map<string, Buffer>();
/** Entries at which the three snapshots were taken. */
const taken: number[] = [];
let server: RunningServer;
let redis: Redis;
let seen: Seen;
let hashAtEnd = "";

beforeAll(async () => {
  server = await startRedisServer({ dataDir });
  redis = new Redis(server.url);
  const ingress = await Ingress.open(server.url, "test", silent);
  for (let run = 1; run <= RUNS; run++) {
    const engine = await startEngine(server.url, snapshotDir);
    for (let n = 0; n < 5; n++) await ingress.submit({ body: { case: "openAccount", value: { externalId: `${run}-${n}`, name: "x" } } });
    await ingress.submit({ accountId: 2n, body: { case: "deposit", value: { assetId: 1, amountUnits: 7n, transferId: `t${run}` } } });
    if (run === 3) await ingress.submit({ body: { case: "startEpoch", value: { epoch: 4_000_000_000, reason: "test" } } });
    hashAtEnd = Buffer.from(stateHash(engine.engine)).toString("hex");
    if (run < RUNS) {
      await engine.stop();
      taken.push(engine.engine.entry);
    } else engine.crash();
  }
  ingress.close();
  const mark = readSeenMark(snapshotDir);
  if (mark === undefined || mark === "damaged") throw new Error("the engine has left no mark");
  seen = mark;
  for (const log of [COMMAND_LOG, EVENT_LOG]) {
    const rows = await redis.xrangeBuffer(log, "-", "+");
    kept.set(log, new Map(rows.map(([id, fields]) => [Number(id.toString().slice(2)), fields[1] ?? Buffer.alloc(0)])));
  }
  for (const file of readdirSync(snapshotDir)) files.set(file, readFileSync(join(snapshotDir, file)));
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

beforeEach(async () => {
  rmSync(snapshotDir, { recursive: true, force: true });
  mkdirSync(snapshotDir);
  for (const [file, bytes] of files) writeFileSync(join(snapshotDir, file), bytes);
  for (const log of kept.keys()) await write(log, () => true);
});

/** The log as it was made, but for the entries that `change` drops (false) or replaces. */
async function write(log: string, change: (entry: number) => boolean | Uint8Array): Promise<void> {
  await redis.del(log);
  for (const [entry, bytes] of kept.get(log) ?? []) {
    const changed = change(entry);
    if (changed !== false) await redis.xadd(log, `0-${entry}`, ENTRY_FIELD, changed === true ? bytes : Buffer.from(changed));
  }
}

const look = (mark: Seen | undefined = seen): Promise<LogReport> => verifyLog({ redis, snapshotDir, seen: mark });
const problems = async (): Promise<string> => (await look()).problems.join("\n");
const at = (entry: number, bytes: Uint8Array) => (n: number): boolean | Uint8Array => (n === entry ? bytes : true);
const bytesOf = (log: string, entry: number): Buffer => kept.get(log)?.get(entry) ?? Buffer.alloc(0);

describe("a whole log", () => {
  it("is proven from its beginning: chain, answers, snapshots, state and money", async () => {
    const report = await look();
    expect(report.problems).toEqual([]);
    expect(report).toMatchObject({ commands: { first: 1, last: seen.entry }, linksProven: seen.entry, replayed: { from: 0, to: seen.entry, epoch: 4_000_000_000, stateHash: hashAtEnd, answersCompared: seen.entry } });
    expect(report.snapshots.map(({ verdict }) => verdict)).toEqual(["proven", "proven", "proven"]);
    expect(report.money?.find(({ asset }) => asset === "BTC")?.units).toBe(String(7 * RUNS));
    expect(report.epochs).toMatchObject([{ from: 1 }, { epoch: 4_000_000_000, from: taken[2] }]);
  });

  it("that was trimmed is proven from the oldest snapshot it reaches back to, and comes to the same state", async () => {
    const [, second = 0] = taken;
    await write(COMMAND_LOG, (entry) => entry >= second);
    await write(EVENT_LOG, (entry) => entry >= second - 2);
    const report = await look();
    expect(report.problems).toEqual([]);
    expect(report.replayed).toMatchObject({ from: second, to: seen.entry, stateHash: hashAtEnd });
    expect(report.snapshots.map(({ verdict }) => verdict)).toEqual(["proven", "whole", "whole"]);
  });

  it("may have commands that nobody has answered yet", async () => {
    await write(EVENT_LOG, (entry) => entry < seen.entry);
    expect((await look()).problems).toEqual([]);
  });
});

describe("a log is not whole when", () => {
  it("an entry is missing", async () => {
    await write(COMMAND_LOG, (entry) => entry !== 4);
    expect(await problems()).toContain("The command log has a hole: entry 4 is missing.");
    await write(COMMAND_LOG, () => true);
    await write(EVENT_LOG, (entry) => entry !== 4 && entry !== 5);
    expect(await problems()).toContain("The event log has a hole: entries 4 to 5 are missing.");
  });

  it("a command was altered, in whatever bit", async () => {
    const whole = bytesOf(COMMAND_LOG, 6);
    for (let bit = 0; bit < whole.length * 8; bit += 37) {
      const altered = Buffer.from(whole);
      altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      await redis.del(COMMAND_LOG);
      await write(COMMAND_LOG, at(6, altered));
      expect(await problems()).toContain("Entry 6 is not the one that was answered");
    }
  });

  it("an answer was altered", async () => {
    const altered = Buffer.from(bytesOf(EVENT_LOG, 6));
    altered[altered.length - 1] = (altered[altered.length - 1] ?? 0) ^ 1;
    await write(EVENT_LOG, at(6, altered));
    expect(await problems()).toContain("Entry 6 was answered with other events than it comes to");
    await write(EVENT_LOG, at(6, bytesOf(EVENT_LOG, 5)));
    expect(await problems()).toContain("Entry 6 of the event log calls itself entry 5");
    await write(EVENT_LOG, at(6, Uint8Array.of(1, 2, 3)));
    expect(await problems()).toContain("Entry 6 of the event log was not written by an engine");
  });

  it("its end is gone, with or without the answers", async () => {
    await write(COMMAND_LOG, (entry) => entry < seen.entry);
    expect(await problems()).toMatch(/event log ends at entry \d+, the command log at \d+: commands that were answered are gone.*\n.*the log was cut short/);
    await write(EVENT_LOG, (entry) => entry < seen.entry);
    expect(await problems()).toBe(`The command log ends at entry ${seen.entry - 1}, but this data directory's engine has gone as far as entry ${seen.entry}: the log was cut short.`);
    const [, , third = 0] = taken;
    for (const log of kept.keys()) await write(log, (entry) => entry < third);
    expect((await look(undefined)).problems.join("\n")).toMatch(/snapshot .* is ahead of the command log/);
  });

  it("its last numbers were given out again", async () => {
    const other = entryBytes([{ body: { case: "advanceTime", value: {} } }]);
    await write(COMMAND_LOG, at(seen.entry, other));
    await write(EVENT_LOG, (entry) => entry < seen.entry);
    expect(await problems()).toContain("the log was cut short and its numbers were given out again");
  });

  it("a snapshot is torn, or of another history, or not what the log comes to", async () => {
    const [first = ""] = [...files.keys()].sort();
    writeFileSync(join(snapshotDir, first), files.get(first)?.subarray(0, 100) ?? "");
    expect(await problems()).toMatch(new RegExp(`The snapshot ${first} cannot be used: .*`));
    // A faithful snapshot, but of another log.
    const foreign = join(dataDir, "foreign");
    await redis.flushall();
    const engine = await startEngine(server.url, foreign);
    const ingress = await Ingress.open(server.url, "test", silent);
    for (let n = 1; n < (taken[0] ?? 0); n++) await ingress.submit({ body: { case: "openAccount", value: { externalId: `f${n}`, name: "x" } } });
    await engine.stop();
    ingress.close();
    const [file = ""] = readdirSync(foreign);
    // Under the name of one of this log it is refused at once.
    writeFileSync(join(snapshotDir, first), readFileSync(join(foreign, file)));
    expect(await problems()).toContain(`The snapshot ${first} cannot be used: it is ${file} under another name.`);
    rmSync(join(snapshotDir, first));
    writeFileSync(join(snapshotDir, file), readFileSync(join(foreign, file)));
    for (const log of kept.keys()) await write(log, () => true);
    expect(await problems()).toContain(`The snapshot ${file} (entry ${taken[0]}) is not the state that the log comes to.`);
    // And where the log does not begin early enough to replay to it.
    for (const log of kept.keys()) await write(log, (entry) => entry >= (taken[0] ?? 0));
    expect(await problems()).toContain("is of another history than the log");
  });

  it("no snapshot reaches its beginning", async () => {
    const [, , third = 0] = taken;
    for (const log of kept.keys()) await write(log, (entry) => entry > third + 1);
    expect(await problems()).toContain("The log begins after every usable snapshot");
  });

  it("it does not exist, although something tells of one", async () => {
    await redis.del(COMMAND_LOG);
    expect(await problems()).toContain("The command log does not exist.");
  });
});
