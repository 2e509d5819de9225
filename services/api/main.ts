// The api: REST/JSON in, commands and queries out. This file only wires; it reads as the way a request takes.
import { readConfig, ConfigError } from "../shared/config.ts";
import { masterKey, operatorToken } from "../shared/credentials/secretFile.ts";
import { connectDatabase } from "../shared/database/connection.ts";
import { migrate } from "../shared/database/migrate.ts";
import { HeartbeatBoard, HeartbeatSender } from "../shared/heartbeat.ts";
import { createLogger } from "../shared/logger.ts";
import { connectReader, connectSubscriber } from "../shared/redis.ts";
import { runService } from "../shared/serviceProcess.ts";
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
import { listen } from "./listen.ts";
import { RequestMeter } from "./middleware/requestWeight.ts";
import { VenueHistory } from "./venueHistory.ts";

const logger = createLogger("api");

await runService(logger, async () => {
  const config = readConfig();
  if (config.databaseUrl === undefined) throw new ConfigError("DATABASE_URL is not set: the api needs PostgreSQL.");

  // The way to the engine, and what is heard of the others.
  const ingress = await Ingress.open(config.redisUrl, "api", logger);
  const redis = connectReader(config.redisUrl, "api", logger);
  const subscriber = connectSubscriber(config.redisUrl, "api-heartbeats", logger);
  const board = await HeartbeatBoard.listen(subscriber);
  const { directory, stop: stopDirectory } = VenueDirectory.open(ingress, board, logger);
  const trading = new TradingService(ingress);

  // What is remembered.
  const sql = connectDatabase({ url: config.databaseUrl, service: "api", connectionsMax: DATABASE_CONNECTIONS_MAX, logger });
  const applied = await migrate(sql);
  if (applied.length > 0) logger.info({ applied }, "the database has a new schema");
  const history = new VenueHistory(sql, trading);

  // Who may do what.
  const accounts = new Accounts(sql, trading);
  const users = new Users(sql, accounts);
  const sessions = new Sessions(sql);
  const apiKeys = new ApiKeys(sql, masterKey(config));
  const onRamp = new OnRamp(sql, trading);
  const cookie = new SessionCookie(config);
  const authenticator = new Authenticator({ apiKeys, sessions, cookie });

  const meter = new RequestMeter({ limit: config.requestWeightPerMinute });
  const health = new Health({ redis, sql, board, trading, directory });
  const app = createApp({
    ...{ config, logger, operatorToken: operatorToken(config), sql, redis, trading, directory, history },
    ...{ accounts, users, sessions, apiKeys, onRamp, cookie, authenticator, meter, health },
  });
  const listener = await listen(app, { host: config.host, port: config.apiPort });
  const heartbeat = new HeartbeatSender(redis, "api", ingress.id, () => ({
    ready: directory.loaded,
    detail: directory.loaded ? "" : "waits for the engine to tell its markets",
    epoch: directory.epoch,
    entry: trading.lastAcknowledged?.entry ?? 0n,
    seq: trading.lastAcknowledged?.seq ?? 0n,
  }));

  return async () => {
    heartbeat.stop();
    await listener.close();
    stopDirectory();
    ingress.close();
    redis.disconnect();
    subscriber.disconnect();
    await sql.end({ timeout: 2 });
  };
});
