// What a recorder needs around it, for tests: a real Redis, a real PostgreSQL with the schema, and ways to feed and run.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toBinary } from "@bufbuild/protobuf";
import type { EventBatch } from "../../../gen/tickwire/v1/event_pb.ts";
import { EventBatchSchema } from "../../../gen/tickwire/v1/event_pb.ts";
import { connectDatabase, type Database } from "../../shared/database/connection.ts";
import { migrate } from "../../shared/database/migrate.ts";
import { sql } from "../../shared/database/sql.ts";
import { ENTRY_FIELD, EVENT_LOG, entryId } from "../../shared/keys.ts";
import { createLogger } from "../../shared/logger.ts";
import { connectReader, connectWriter, whenReady, type Redis } from "../../shared/redis.ts";
import { Recorder, type RecorderOptions } from "../recorder.ts";
import { readStartState } from "../startState.ts";

process.env["TICKWIRE_LOG_LEVEL"] ??= "silent";
export const logger = createLogger("recorder-test");

interface RunningServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

type StartServer = (options: { readonly dataDir: string; readonly port?: number }) => Promise<RunningServer>;

/** How to start the two servers: scripts/stack, which only a test may import. */
export interface Servers {
  readonly startRedisServer: StartServer;
  readonly startPostgresServer: StartServer;
}

export interface Sent {
  readonly symbol: string;
  readonly bytes: Uint8Array;
}

export interface RunningRecorder {
  readonly recorder: Recorder;
  readonly sent: Sent[];
  /** Rejects with what ended the recorder. */
  readonly running: Promise<void>;
  stop(): Promise<void>;
}

export class RecorderStack {
  readonly redisUrl: string;
  readonly databaseUrl: string;
  readonly database: Database;
  readonly redis: Redis;
  readonly #dataDir: string;
  readonly #servers: Servers;
  #postgres: RunningServer;
  #redisServer: RunningServer;
  readonly #end: () => Promise<void>;

  private constructor(parts: { dataDir: string; redisServer: RunningServer; postgres: RunningServer; servers: Servers; database: Database; redis: Redis; end: () => Promise<void> }) {
    this.redisUrl = parts.redisServer.url;
    this.#redisServer = parts.redisServer;
    this.databaseUrl = parts.postgres.url;
    this.#postgres = parts.postgres;
    this.#servers = parts.servers;
    this.#dataDir = parts.dataDir;
    this.database = parts.database;
    this.redis = parts.redis;
    this.#end = parts.end;
  }

  static async start(servers: Servers): Promise<RecorderStack> {
    const dataDir = mkdtempSync(join(tmpdir(), "tickwire-recorder-"));
    const [redisServer, postgres] = await Promise.all([servers.startRedisServer({ dataDir }), servers.startPostgresServer({ dataDir })]);
    const database = connectDatabase({ url: postgres.url, service: "recorder-test", connectionsMax: 4, logger });
    const redis = connectWriter(redisServer.url, "recorder-test", logger);
    await Promise.all([whenReady(redis), migrate(database)]);
    const end = async () => {
      redis.disconnect();
      await database.end({ timeoutMs: 1_000 });
    };
    return new RecorderStack({ servers, dataDir, redisServer, postgres, database, redis, end });
  }

  async stop(): Promise<void> {
    await this.#end();
    await Promise.all([this.#redisServer.stop(), this.#postgres.stop()]);
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  async stopPostgres(): Promise<void> {
    await this.#postgres.stop();
  }

  /** With the rows it had. */
  async restartPostgres(): Promise<void> {
    this.#postgres = await this.#servers.startPostgresServer({ dataDir: this.#dataDir, port: this.#postgres.port });
  }

  async stopRedis(): Promise<void> {
    await this.#redisServer.stop();
  }

  /** With the log it had. */
  async restartRedis(): Promise<void> {
    this.#redisServer = await this.#servers.startRedisServer({ dataDir: this.#dataDir, port: this.#redisServer.port });
    await whenReady(this.redis);
  }

  /** An empty log and an empty history. */
  async empty(): Promise<void> {
    await this.redis.del(EVENT_LOG);
    await this.database.execute(sql`
      TRUNCATE history.recorder_position, history.assets, history.markets, history.accounts, history.transfers,
        history.orders, history.trades, history.balance_changes, history.candles`);
  }

  /** Appends batches to the event log as the engine does. */
  async append(batches: readonly EventBatch[]): Promise<void> {
    await Promise.all(
      batches.map((batch) => this.redis.xadd(EVENT_LOG, entryId(batch.entry), ENTRY_FIELD, Buffer.from(toBinary(EventBatchSchema, batch)))),
    );
  }

  /** Runs a recorder in this process. */
  async record(options: Partial<RecorderOptions> = {}): Promise<RunningRecorder> {
    const reading = connectReader(this.redisUrl, "recorder-test-follower", logger);
    const database = connectDatabase({ url: this.databaseUrl, service: "recorder-test-sink", connectionsMax: 2, logger });
    const sent: Sent[] = [];
    const recorder = new Recorder({
      redis: reading,
      database,
      start: await readStartState(database, BigInt(Date.now()) * 1_000n),
      send: (symbol, bytes) => sent.push({ symbol, bytes }),
      beat: () => undefined,
      logger,
      ...options,
    });
    const running = recorder.run();
    running.catch(() => undefined);
    const stop = async () => {
      recorder.stop();
      reading.disconnect();
      await running.catch(() => undefined);
      await database.end({ timeoutMs: 1_000 });
    };
    return { recorder, sent, running, stop };
  }
}

/** Polls until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, timeoutMs = 20_000): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
