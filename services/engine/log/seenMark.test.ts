// A log that lost its end and looks whole: told by the mark the engine keeps of how far it has gone.
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Redis } from "ioredis";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PrivateLog } from "../../../tests/support/privateLog.ts";
import { COMMAND_LOG, EVENT_LOG } from "../../shared/keys.ts";
import { Ingress } from "../../shared/trading/ingress.ts";
import { startEngine, type RunningEngine } from "../testing/engineProcess.ts";
import { readSeenMark, SeenMark, seenMarkPath } from "./seenMark.ts";

const silent = pino({ level: "silent" });
let snapshotDir: string;
let logs: PrivateLog;
let redis: Redis;
let ingress: Ingress;
let engine: RunningEngine | undefined;

beforeEach(async () => {
  logs = await PrivateLog.open();
  ({ redis } = logs);
  snapshotDir = join(logs.dataDir, "snapshots");
  ingress = await Ingress.open(logs.url, "test", silent);
});
afterEach(async () => {
  engine?.crash();
  ingress.close();
  await logs.close();
});

const open = (name: string): Promise<unknown> => ingress.submit({ body: { case: "openAccount", value: { externalId: name, name } } });
const last = async (): Promise<number> => Number((await redis.xrevrange(COMMAND_LOG, "+", "-", "COUNT", 1))[0]?.[0].slice(2) ?? 0);

/** Makes both streams end at `entry` as if nothing had ever come after it: the ids are given out again. */
async function cutTo(entry: number): Promise<void> {
  for (const log of [COMMAND_LOG, EVENT_LOG]) {
    const kept = await redis.xrangeBuffer(log, "-", `0-${entry}`);
    await redis.del(log);
    for (const [id, fields] of kept) await redis.xadd(log, id.toString(), ...fields);
  }
}

async function answered(): Promise<void> {
  engine = await startEngine(logs.url, snapshotDir);
  for (const name of ["a", "b", "c", "d"]) await open(name);
  engine.crash();
}

describe("an engine whose log was cut behind its back", () => {
  it("does not start when the log is shorter than it has gone, although no snapshot tells", async () => {
    await answered();
    expect(readSeenMark(snapshotDir)).toMatchObject({ entry: await last() });
    await cutTo((await last()) - 1);
    await expect(startEngine(logs.url, snapshotDir)).rejects.toThrow(/ends at entry 4, but this engine has gone as far as entry 5/);
    await redis.del(COMMAND_LOG, EVENT_LOG);
    await expect(startEngine(logs.url, snapshotDir)).rejects.toThrow(/ends at entry 0/);
  });

  it("does not start when the lost numbers were given out again, answered or not", async () => {
    await answered();
    await cutTo(3);
    const other = await startEngine(logs.url, join(logs.dataDir, "other"));
    for (const name of ["x", "y", "z"]) await open(name);
    other.crash();
    await expect(startEngine(logs.url, snapshotDir)).rejects.toThrow(/numbers were given out again/);
    const rows = await redis.xrange(EVENT_LOG, "-", "+");
    for (const [id] of rows.slice(2)) await redis.xdel(EVENT_LOG, id);
    await expect(startEngine(logs.url, snapshotDir)).rejects.toThrow(/numbers were given out again/);
  });

  it("starts as ever when the log has all it has gone through, and more", async () => {
    await answered();
    const waiting = open("while it was away");
    await new Promise((resolve) => setTimeout(resolve, 50));
    engine = await startEngine(logs.url, snapshotDir);
    await waiting;
    expect(readSeenMark(snapshotDir)).toMatchObject({ entry: await last(), epoch: engine.engine.epoch });
  });

  it("takes a torn or altered mark for none", async () => {
    await answered();
    const path = seenMarkPath(snapshotDir);
    const whole = readFileSync(path);
    for (let at = 0; at < whole.length; at++) {
      const altered = Buffer.from(whole);
      altered[at] = (altered[at] ?? 0) ^ (1 << at % 8);
      writeFileSync(path, altered);
      expect(readSeenMark(snapshotDir)).toBe("damaged");
    }
    truncateSync(path, whole.length - 1);
    expect(readSeenMark(snapshotDir)).toBe("damaged");
  });

  it("goes on without a mark where none can be written", () => {
    const mark = new SeenMark(join(logs.dataDir, "redis", "redis.conf", "snapshots"), silent);
    mark.note({ epoch: 1, entry: 1, chain: new Uint8Array(32) });
    mark.close();
  });
});
