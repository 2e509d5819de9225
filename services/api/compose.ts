// Wires the api's parts together; it reads as the way a request takes. main.ts runs it, the tests run it in process.
import type { Hono } from "hono";
import { ConfigError, type Config } from "../shared/config.ts";
import { masterKey, operatorToken } from "../shared/credentials/secretFile.ts";
import { connectDatabase } from "../shared/database/connection.ts";
import { migrate } from "../shared/database/migrate.ts";
import { connectReader, connectSubscriber } from "../shared/redis.ts";
import { Ingress } from "../shared/trading/ingress.ts";
import { TradingService } from "../shared/trading/tradingService.ts";
import { VenueDirectory } from "../shared/trading/venueDirectory.ts";
import { Accounts } from "./accounts/accounts.ts";
import { ApiKeys } from "./accounts/apiKeys.ts";
import { OnRamp } from "./accounts/onRamp.ts";
import { Sessions } from "./accounts/sessions.ts";
import { Users } from "./accounts/users.ts";
import { createApp } from "./app.ts";
import { Authenticator } from "./auth/authenticator.ts";
import { SessionCookie } from "./auth/sessionCookie.ts";
import { Health } from "./health.ts";
import { DATABASE_CONNECTIONS_MAX } from "./limits.ts";
import { RequestMeter } from "./middleware/requestWeight.ts";
import { VenueHistory } from "./venueHistory.ts";
import { HeartbeatBoard, type ServiceState } from "../shared/heartbeat.ts";
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import type { ApiEnv } from "./apiEnv.ts";

export interface ComposedApi {
  readonly app: Hono<ApiEnv>;
  /** Unique to this start. */
  readonly instanceId: string;
  /** For heartbeats and other commands that may be repeated. */
  readonly redis: Redis;
  /** What the heartbeat says. */
  state(): ServiceState;
  close(): Promise<void>;
}

/** @throws ConfigError when the environment lacks something */
export async function composeApi(config: Config, logger: Logger): Promise<ComposedApi> {
  if (config.databaseUrl === undefined) throw new ConfigError("DATABASE_URL is not set: the api needs PostgreSQL.");

  // The way to the engine, and what is heard of the others.
  const ingress = await Ingress.open(config.redisUrl, "api", logger);
  const redis = connectReader(config.redisUrl, "api", logger);
  const subscriber = connectSubscriber(config.redisUrl, "api-heartbeats", logger);
  const board = await HeartbeatBoard.listen(subscriber);
  const { directory, stop: stopDirectory } = VenueDirectory.open(ingress, board, logger);
  const trading = new TradingService(ingress);

  // What is remembered.
  const database = connectDatabase({ url: config.databaseUrl, service: "api", connectionsMax: DATABASE_CONNECTIONS_MAX, logger });
  const applied = await migrate(database);
  if (applied.length > 0) logger.info({ applied }, "the database has a new schema");
  const history = new VenueHistory(database, trading);

  // Who may do what.
  const accounts = new Accounts(database, trading);
  const users = new Users(database, accounts);
  const sessions = new Sessions(database);
  const apiKeys = new ApiKeys(database, masterKey(config));
  const onRamp = new OnRamp(database, trading);
  const cookie = new SessionCookie(config);
  const authenticator = new Authenticator({ apiKeys, sessions, cookie });

  const meter = new RequestMeter({ limit: config.requestWeightPerMinute });
  const health = new Health({ redis, database, board, trading, directory });
  const app = createApp({
    ...{ config, logger, operatorToken: operatorToken(config), redis, trading, directory, history },
    ...{ accounts, users, sessions, apiKeys, onRamp, cookie, authenticator, meter, health },
  });
  return {
    app,
    instanceId: ingress.id,
    redis,
    state: () => ({
      ready: directory.loaded,
      detail: directory.loaded ? "" : "waits for the engine to tell its markets",
      epoch: directory.epoch,
      entry: trading.lastAcknowledged?.entry ?? 0n,
      seq: trading.lastAcknowledged?.seq ?? 0n,
    }),
    close: async () => {
      stopDirectory();
      ingress.close();
      redis.disconnect();
      subscriber.disconnect();
      await database.end({ timeoutMs: 2_000 });
    },
  };
}
