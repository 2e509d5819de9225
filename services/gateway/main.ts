// The gateway's process: reads the environment, starts the gateway, stops it in order.
import { readConfig } from "../shared/config.ts";
import { createLogger } from "../shared/logger.ts";
import { runService } from "../shared/serviceProcess.ts";
import { startGateway } from "./gateway.ts";

const logger = createLogger("gateway");

await runService(logger, async () => {
  const gateway = await startGateway(readConfig(), logger);
  return () => gateway.stop();
});
