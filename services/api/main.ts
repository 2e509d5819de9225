// The api service: REST/JSON in, commands and queries out.
import { readConfig } from "../shared/config.ts";
import { HeartbeatSender } from "../shared/heartbeat.ts";
import { createLogger } from "../shared/logger.ts";
import { runService } from "../shared/serviceProcess.ts";
import { composeApi } from "./compose.ts";
import { listen } from "./listen.ts";

const logger = createLogger("api");

await runService(logger, async () => {
  const config = readConfig();
  const api = await composeApi(config, logger);
  const listener = await listen(api.app, { host: config.host, port: config.apiPort });
  const heartbeat = new HeartbeatSender(api.redis, "api", api.instanceId, () => api.state());
  return async () => {
    heartbeat.stop();
    await listener.close();
    await api.close();
  };
});
