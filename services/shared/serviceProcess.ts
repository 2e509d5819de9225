// How every service process behaves towards whoever started it: it says in one sentence why it cannot start, stops in
// order on SIGTERM and SIGINT, and does not outlive its supervisor.
import { ConfigError, PortInUse } from "./config.ts";
import type { Logger } from "./logger.ts";

/** What an orderly stop may take: connections end at once, and what is under way answers within seconds or never. */
const STOP_TIMEOUT_MS = 5_000;
// EX_CONFIG of sysexits.h: restarting would not help.
export const EXIT_CONFIG = 78;
// EX_TEMPFAIL: something outside is in the way, and may go.
export const EXIT_PORT_IN_USE = 75;

/**
 * Runs `start`, which returns how to stop. Resolves once started. A stop that takes longer than `stopTimeoutMs` is broken off.
 * A ConfigError, whenever it comes, ends the process with its sentence and EXIT_CONFIG (a PortInUse: EXIT_PORT_IN_USE); any other error with a logged stack.
 */
export async function runService(logger: Logger, start: () => Promise<() => Promise<void>>, stopTimeoutMs = STOP_TIMEOUT_MS): Promise<void> {
  let stop: (() => Promise<void>) | undefined;
  let stopping = false;
  const shutDown = (cause: string) => {
    if (stopping) return;
    stopping = true;
    logger.info({ cause }, "stopping");
    setTimeout(() => {
      logger.error({ stopTimeoutMs }, "the stop took too long, and is broken off");
      process.exit(1);
    }, stopTimeoutMs).unref();
    Promise.resolve(stop?.()).then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, "stopping failed");
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", () => shutDown("SIGTERM"));
  process.once("SIGINT", () => shutDown("SIGINT"));
  // The supervisor holds the other end of an IPC channel: if it dies, even by SIGKILL, the channel closes.
  if (process.channel !== undefined) {
    process.once("disconnect", () => shutDown("the supervisor is gone"));
    process.channel?.unref();
  }
  // A broken invariant must not limp on: log it and let the supervisor start afresh.
  const crash = (error: unknown) => {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.message}\n`);
      process.exit(error instanceof PortInUse ? EXIT_PORT_IN_USE : EXIT_CONFIG);
    }
    logger.fatal({ err: error }, "crashed");
    process.exit(1);
  };
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  try {
    stop = await start();
    logger.info("started");
  } catch (error) {
    crash(error);
  }
}
