import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { connectReader, whenReady } from "./redis.ts";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tickwire-redis-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

// The engine once stood still for good after Redis was killed: its blocked read had neither answer nor error.
test("a read that waits when Redis is killed fails, and the next one is answered by the Redis that comes back", async () => {
  const first = await startRedisServer({ dataDir });
  const reader = connectReader(first.url, "test", pino({ level: "silent" }));
  await whenReady(reader);
  const waiting = expect(reader.xread("BLOCK", 10_000, "STREAMS", "log", "0-0")).rejects.toThrow();
  process.kill(first.pid, "SIGKILL");
  await first.exited;
  await waiting;
  const second = await startRedisServer({ dataDir, port: first.port });
  try {
    await whenReady(reader);
    expect(await reader.ping()).toBe("PONG");
  } finally {
    reader.disconnect();
    await second.stop();
  }
});
