// For tests: the Redis that keeps a test's own logs, as `npm start` starts it, in a folder that goes with it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { startRedisServer, type RunningServer } from "../../scripts/stack/redisServer.ts";

export class PrivateLog {
  readonly dataDir: string;
  server: RunningServer;
  /** To look at the logs, and to spoil them. */
  readonly redis: Redis;

  private constructor(dataDir: string, server: RunningServer) {
    this.dataDir = dataDir;
    this.server = server;
    this.redis = new Redis(server.url);
    this.redis.on("error", () => undefined);
  }

  static async open(): Promise<PrivateLog> {
    const dataDir = mkdtempSync(join(tmpdir(), "tickwire-log-"));
    return new PrivateLog(dataDir, await startRedisServer({ dataDir }));
  }

  get url(): string {
    return this.server.url;
  }

  /** Kills the server, and starts it again where it was. */
  async restart(): Promise<void> {
    const { dataDir, server } = this;
    process.kill(server.pid, "SIGKILL");
    await server.exited;
    this.server = await startRedisServer({ dataDir, port: server.port });
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.server.stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
