// One JSON line per fact on standard error. Secrets are never passed to it; the paths below are a second fence.
import { pino, type Logger } from "pino";
import { LogOutput } from "./logOutput.ts";

export type { Logger };

const STANDARD_ERROR = 2;

/** What TICKWIRE_LOG_LEVEL may be, most first. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** A logger for one service; level from TICKWIRE_LOG_LEVEL (default "info"). */
export function createLogger(service: string): Logger {
  return pino(
    {
      name: service,
      level: process.env["TICKWIRE_LOG_LEVEL"] || "info",
      base: { service, pid: process.pid },
      redact: ["*.password", "*.apiSecret", "*.signature", "*.ticket", "*.cookie", "*.authorization"],
    },
    new LogOutput(STANDARD_ERROR),
  );
}
