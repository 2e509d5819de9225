// Redis that answers is not yet Redis that takes orders: a real one, filled up.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { redisHealth } from "./redisHealth.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tickwire-redis-health-"));
let stop: () => Promise<void> = async () => undefined;
let redis: Redis;
let port = 0;
beforeAll(async () => {
  const server = await startRedisServer({ dataDir });
  redis = new Redis(server.url);
  port = server.port;
  stop = async () => {
    redis.disconnect();
    await server.stop();
  };
});
afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const append = (): Promise<string | null> => redis.xadd("log", "0-*", "b", "order");

test("a Redis that takes an order is up; one whose memory is full refuses it, and is down by name", async () => {
  await append();
  expect(await redisHealth(redis)).toEqual({ up: true });
  await redis.config("SET", "maxmemory", "1mb");
  await expect(append()).rejects.toThrow("OOM");
  const full = await redisHealth(redis);
  expect([full.up, full.detail]).toEqual([false, expect.stringMatching(/^full: it uses \d+ bytes of the 1048576 that its maxmemory allows, and refuses every write; raise maxmemory$/)]);
  await redis.config("SET", "maxmemory", "0");
  await append();
  expect(await redisHealth(redis)).toEqual({ up: true });
});

test("a Redis whose user may not ask INFO is up when it answers, and no answer is an error", async () => {
  await redis.acl("SETUSER", "asker", "on", ">pass", "+ping", "+select");
  const stranger = new Redis({ host: "127.0.0.1", port, username: "asker", password: "pass", enableReadyCheck: false, retryStrategy: () => null });
  expect(await redisHealth(stranger)).toEqual({ up: true });
  stranger.disconnect();
  await expect(redisHealth(stranger)).rejects.toThrow();
});
