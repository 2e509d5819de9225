// The recorder: events to PostgreSQL; candles and 24 h tickers. This is its composition root: configuration and
// connections; compose.ts puts the rest together.
import { nowUs } from "../shared/clock.ts";
import { ConfigError, readConfig } from "../shared/config.ts";
import { connectDatabase } from "../shared/database/connection.ts";
import { migrate, SchemaMismatchError } from "../shared/database/migrate.ts";
import { createLogger } from "../shared/logger.ts";
import { connectReader, connectWriter } from "../shared/redis.ts";
import { EXIT_CONFIG, runService } from "../shared/serviceProcess.ts";
import { startRecorder } from "./compose.ts";
import { DATABASE_CONNECTIONS_MAX } from "./limits.ts";
import { LogMismatchError } from "./position.ts";
import { readStartState } from "./startState.ts";

const logger = createLogger("recorder");

await runService(logger, async () => {
  const config = readConfig();
  if (config.databaseUrl === undefined) throw new ConfigError("DATABASE_URL must name a PostgreSQL database.");
  const database = connectDatabase({ url: config.databaseUrl, service: "recorder", connectionsMax: DATABASE_CONNECTIONS_MAX, logger });
  const connections = {
    publishing: connectWriter(config.redisUrl, "recorder-publisher", logger),
    reading: connectReader(config.redisUrl, "recorder-follower", logger),
    database,
  };
  const readStart = async () => {
    await migrate(database);
    return await readStartState(database, BigInt(nowUs()));
  };
  const { running, stop } = await startRecorder(connections, { readStart, logger }).catch((error: unknown) => {
    throw error instanceof SchemaMismatchError ? new ConfigError(`${error.message}.`) : error;
  });
  running.catch((error: unknown) => {
    if (!(error instanceof LogMismatchError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(EXIT_CONFIG);
  });
  return async () => {
    await stop();
    await database.end();
  };
});
