// R8 in short; `npm run prove -- --snapshot-mutations 1000` is the same with more.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startRedisServer } from "../../../scripts/stack/redisServer.ts";
import { mutateSnapshots } from "./snapshotMutations.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tickwire-mutations-"));
let server: Awaited<ReturnType<typeof startRedisServer>>;
let redis: Redis;
let trimmedRedis: Redis;

beforeAll(async () => {
  server = await startRedisServer({ dataDir });
  redis = new Redis(server.url);
  trimmedRedis = new Redis(server.url, { db: 1 });
});
afterAll(async () => {
  redis.disconnect();
  trimmedRedis.disconnect();
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a snapshot that is torn, altered, swapped or stale", () => {
  it("never becomes a state: the next older one does, or the engine does not start", async () => {
    const report = await mutateSnapshots({ dir: join(dataDir, "snapshots"), redis, trimmedRedis, count: 64, seed: 1 });
    expect(report.accepted).toEqual([]);
    expect(report.wrong).toEqual([]);
    expect(Object.keys(report.kinds)).toHaveLength(16);
  });
});
