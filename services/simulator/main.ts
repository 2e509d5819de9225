// The simulator: makes the demo market move, as any trader would, through the public API and the public feed.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { readConfig } from "../shared/config.ts";
import { operatorToken } from "../shared/credentials/secretFile.ts";
import { HeartbeatSender } from "../shared/heartbeat.ts";
import { createLogger } from "../shared/logger.ts";
import { connectWriter } from "../shared/redis.ts";
import { runService } from "../shared/serviceProcess.ts";
import { AccountBook } from "./accountBook.ts";
import { OperatorApi } from "./operatorApi.ts";
import { OrderFlow } from "./orderFlow.ts";
import { readFlowSettings } from "./settings.ts";

const logger = createLogger("simulator");

await runService(logger, async () => {
  const config = readConfig();
  const { apiUrl, feedUrl, rate, seed, markets } = readFlowSettings({ config, args: process.argv.slice(2), env: process.env });
  const operator = new OperatorApi({ apiUrl, token: operatorToken(config) });
  const accounts = new AccountBook({ file: join(config.secretsDir, "simulator.json"), apiUrl, operator, logger });
  const redis = connectWriter(config.redisUrl, "simulator", logger);
  const flow = new OrderFlow({ apiUrl, feedUrl, rate, seed, markets, accounts, logger });
  const heartbeat = new HeartbeatSender(redis, "simulator", randomUUID(), () => flow.state);
  return async () => {
    await flow.stop();
    heartbeat.stop();
    redis.disconnect();
  };
});
