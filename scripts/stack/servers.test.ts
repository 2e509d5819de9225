import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startPostgresServer } from "./postgresServer.ts";
import { LOG_SETTINGS, startRedisServer } from "./redisServer.ts";
import { connectDatabase } from "../../services/shared/database/connection.ts";
import { sql } from "../../services/shared/database/sql.ts";
import { createLogger } from "../../services/shared/logger.ts";

let dataDir = "";
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tickwire-servers-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe("the private redis-server", () => {
  test("runs with the settings of the command log and answers only to its password", async () => {
    const server = await startRedisServer({ dataDir });
    const redis = new Redis(server.url);
    const stranger = new Redis(server.port, "127.0.0.1", { retryStrategy: () => null });
    const refusal = new Promise<string>((resolve) => stranger.once("error", (error: Error) => resolve(error.message)));
    try {
      for (const [name, value] of LOG_SETTINGS) {
        const answer = (await redis.call("CONFIG", "GET", name)) as string[];
        expect(`${name} ${answer[1]}`).toBe(`${name} ${value === '""' ? "" : value}`);
      }
      expect(await refusal).toContain("NOAUTH");
    } finally {
      redis.disconnect();
      stranger.disconnect();
      await server.stop();
    }
    expect(() => process.kill(server.pid, 0)).toThrow();
  });

  test("keeps what it acknowledged across a stop and a kill", async () => {
    const first = await startRedisServer({ dataDir });
    const writer = new Redis(first.url);
    await writer.xadd("log", "0-1", "b", "one");
    process.kill(first.pid, "SIGKILL");
    await first.exited;
    writer.disconnect();
    const second = await startRedisServer({ dataDir, port: first.port });
    const reader = new Redis(second.url);
    try {
      expect(await reader.xlen("log")).toBe(1);
    } finally {
      reader.disconnect();
      await second.stop();
    }
  });
});

describe("the private PostgreSQL", () => {
  test("is not left running when its database cannot be made", async () => {
    const first = await startPostgresServer({ dataDir });
    await first.stop();
    writeFileSync(join(dataDir, "secrets", "postgres-password"), "another cluster's password");
    await expect(startPostgresServer({ dataDir })).rejects.toThrow(/password authentication failed/);
    expect(existsSync(join(first.clusterDir, "postmaster.pid"))).toBe(false);
  });

  const open = (url: string) => connectDatabase({ url, service: "test", connectionsMax: 1, logger: createLogger("test") });

  test("is initialised once, keeps its rows, and runs even when the data directory is closed to others", async () => {
    const first = await startPostgresServer({ dataDir });
    const database = open(first.url);
    await database.execute(sql`CREATE TABLE kept (n int)`);
    await database.execute(sql`INSERT INTO kept VALUES (7)`);
    await database.end();
    await first.stop();
    const second = await startPostgresServer({ dataDir });
    const again = open(second.url);
    try {
      expect(await again.query(sql`SELECT n FROM kept`)).toEqual([{ n: 7 }]);
      expect(statSync(second.clusterDir).mode & 0o777).toBe(0o700);
    } finally {
      await again.end();
      await second.stop();
    }
  });
});
