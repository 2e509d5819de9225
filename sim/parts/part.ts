// What every simulated service offers to whoever supervises it.
import type { Logger } from "../../services/shared/logger.ts";
import type { SimulatedProcess } from "../world/world.ts";

/** Where the simulated Redis listens. */
export const REDIS_URL = "redis://127.0.0.1:6379";

export interface Part {
  /** Rejects when the service gives up by itself. */
  readonly running: Promise<void>;
  /** In order, as SIGTERM does. */
  stop(): Promise<void>;
}

export interface PartEnvironment {
  readonly process: SimulatedProcess;
  readonly logger: Logger;
}
