// The recorder: events to PostgreSQL; candles and 24 h tickers. This is its composition root.
//
//   event log ─▶ follower ─▶ recording + candles ─▶ sink ─▶ PostgreSQL
//                                             └───▶ publisher ─▶ stats channels
import { randomBytes } from "node:crypto";
import { nowUs } from "../shared/clock.ts";
import { ConfigError, readConfig } from "../shared/config.ts";
import { connectDatabase } from "../shared/database/connection.ts";
import { migrate, SchemaMismatchError } from "../shared/database/migrate.ts";
import { HeartbeatSender } from "../shared/heartbeat.ts";
import { marketStatsChannel } from "../shared/keys.ts";
import { createLogger } from "../shared/logger.ts";
import { connectReader, connectWriter, whenReady } from "../shared/redis.ts";
import { EXIT_CONFIG, runService } from "../shared/serviceProcess.ts";
import { DATABASE_CONNECTIONS_MAX } from "./limits.ts";
import { untilReachable } from "./outage.ts";
import { LogMismatchError } from "./position.ts";
import { Recorder } from "./recorder.ts";
import { readStartState } from "./startState.ts";

const logger = createLogger("recorder");

await runService(logger, async () => {
  const config = readConfig();
  if (config.databaseUrl === undefined) throw new ConfigError("DATABASE_URL must name a PostgreSQL database.");
  const publishing = connectWriter(config.redisUrl, "recorder-publisher", logger);
  const reading = connectReader(config.redisUrl, "recorder-follower", logger);
  const database = connectDatabase({ url: config.databaseUrl, service: "recorder", connectionsMax: DATABASE_CONNECTIONS_MAX, logger });
  await whenReady(publishing);

  let recorder: Recorder | undefined;
  const heartbeat = new HeartbeatSender(publishing, "recorder", `recorder-${randomBytes(6).toString("hex")}`, () =>
    recorder === undefined ? { ready: false, detail: "waiting for PostgreSQL" } : recorder.state(),
  );
  const start = await untilReachable({ logger, signal: new AbortController().signal, onReachable: () => undefined }, async () => {
    await migrate(database);
    return await readStartState(database, BigInt(nowUs()));
  }).catch((error: unknown) => {
    throw error instanceof SchemaMismatchError ? new ConfigError(`${error.message}.`) : error;
  });
  recorder = new Recorder({
    redis: reading,
    database,
    start,
    logger,
    beat: () => heartbeat.beat(),
    // Live frames are newest-wins: one that cannot be sent now is worth nothing later.
    send: (symbol, bytes) => {
      if (publishing.status === "ready") publishing.publish(marketStatsChannel(symbol), Buffer.from(bytes)).catch(() => undefined);
    },
  });
  const running = recorder.run();
  running.catch((error: unknown) => {
    if (!(error instanceof LogMismatchError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  });

  return async () => {
    heartbeat.stop();
    recorder.stop();
    reading.disconnect();
    await running;
    publishing.disconnect();
    await database.end();
  };
});
