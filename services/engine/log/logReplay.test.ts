// The log carried out again comes to the state of the engine that ran, at any command, from a snapshot or from the beginning.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedisServer, type RunningServer } from "../../../scripts/stack/redisServer.ts";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG } from "../../shared/keys.ts";
import { Ingress } from "../../shared/trading/ingress.ts";
import { startEngine, type RunningEngine } from "../testing/engineProcess.ts";
import { entryBytes } from "../testing/testVenue.ts";
import { LogMismatch } from "./commandLog.ts";
import { replayLog } from "./logReplay.ts";

const silent = pino({ level: "silent" });
const dataDir = mkdtempSync(join(tmpdir(), "tickwire-replay-"));
const snapshotDir = join(dataDir, "snapshots");
/** State hash of the running engine, by seq. */
const hashes = new Map<number, string>();
let server: RunningServer;
let redis: Redis;
let ingress: Ingress;
let engine: RunningEngine;
let snapshotEntry = 0;

async function status(): Promise<{ seq: number; entry: number; hash: string }> {
  const { seq, entry, body } = await ingress.query({ case: "status", value: {} });
  if (body.case !== "status") throw new Error("the engine does not tell its status");
  return { seq: Number(seq), entry: Number(entry), hash: Buffer.from(body.value.stateHash).toString("hex") };
}

beforeAll(async () => {
  server = await startRedisServer({ dataDir });
  redis = new Redis(server.url);
  ingress = await Ingress.open(server.url, "test", silent);
  engine = await startEngine(server.url, snapshotDir);
  const submit = async (n: number): Promise<void> => {
    await Promise.all(["a", "b", "c"].map((name) => ingress.submit({ body: { case: "openAccount", value: { externalId: `${name}${n}`, name } } })));
    const { seq, hash } = await status();
    hashes.set(seq, hash);
  };
  for (let n = 0; n < 8; n++) await submit(n);
  await engine.stop();
  snapshotEntry = engine.engine.entry;
  engine = await startEngine(server.url, snapshotDir);
  for (let n = 8; n < 16; n++) await submit(n);
});
afterAll(async () => {
  engine.crash();
  ingress.close();
  redis.disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a replay", () => {
  it("comes to the state hash that the running engine tells, and does so again", async () => {
    const { seq, hash, entry } = await status();
    for (let round = 0; round < 2; round++) {
      const replayed = await replayLog({ redis, snapshotDir });
      expect(replayed).toMatchObject({ stateHash: hash, fromEntry: snapshotEntry, entries: entry - snapshotEntry, answersCompared: entry - snapshotEntry });
      expect([replayed.engine.seq, replayed.engine.entry]).toEqual([seq, entry]);
    }
    expect(await replayLog({ redis, snapshotDir, fromStart: true })).toMatchObject({ stateHash: hash, fromEntry: 0, answersCompared: entry });
  });

  it("to a command comes to what the engine was then, from whichever snapshot lies before it", async () => {
    for (const [seq, hash] of hashes) {
      const replayed = await replayLog({ redis, snapshotDir, toSeq: seq });
      expect([replayed.engine.seq, replayed.stateHash]).toEqual([seq, hash]);
      // The next command's entry has not been touched.
      expect((await replayLog({ redis, snapshotDir, stopBeforeSeq: seq + 1 }).catch(() => replayed)).stateHash).toBe(hash);
    }
  });

  it("stops before the whole entry that holds a command", async () => {
    const last = Math.max(...hashes.keys());
    const before = await replayLog({ redis, snapshotDir, stopBeforeSeq: last });
    expect(before.engine.seq).toBeLessThan(last);
    const after = await replayLog({ redis, snapshotDir, toSeq: before.engine.seq + 1 });
    expect([after.engine.entry, after.engine.seq]).toEqual([before.engine.entry + 1, last]);
  });

  it("says so when there is no such command, no way back so far, or a stored answer is another one", async () => {
    await expect(replayLog({ redis, snapshotDir, toSeq: 10_000 })).rejects.toThrow(/there is no seq 10000 yet/);
    const first = (await redis.xrange(COMMAND_LOG, "-", "+", "COUNT", 1))[0]?.[0];
    await redis.xdel(COMMAND_LOG, first ?? "");
    await expect(replayLog({ redis, snapshotDir, fromStart: true })).rejects.toThrow(/begins at entry 2: .* leave out --from-start/);
    await expect(replayLog({ redis, snapshotDir, toSeq: 3 })).rejects.toThrow(LogMismatch);
    const last = (await redis.xrevrange(EVENT_LOG, "+", "-", "COUNT", 1))[0]?.[0] ?? "";
    await redis.xdel(EVENT_LOG, last);
    expect((await replayLog({ redis, snapshotDir })).engine.entry).toBe(Number(last.slice(2)));
    await redis.del(EVENT_LOG);
    await redis.xadd(EVENT_LOG, last, ENTRY_FIELD, Buffer.from(entryBytes([])));
    await expect(replayLog({ redis, snapshotDir })).rejects.toThrow(/comes to other events than the event log holds/);
    await redis.del(COMMAND_LOG);
    await expect(replayLog({ redis, snapshotDir })).rejects.toThrow(/There is no command log/);
  });
});
