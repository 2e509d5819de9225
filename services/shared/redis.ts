// Connections to Redis, one kind per use, because what is right after a lost connection differs:
// a write to the log must never be sent twice by the driver, a subscription must always come back.
import { Redis, type RedisOptions } from "ioredis";
import type { Logger } from "./logger.ts";

export type { Redis };

const CONNECT_TIMEOUT_MS = 5_000;
const RETRY_DELAY_MAX_MS = 500;
/** A link that was cut without a word never answers again: after so long without any answer to a command, another is opened. */
const SOCKET_TIMEOUT_MS = 10_000;
/** The same for connections that only listen: after so long without a word the operating system asks whether the other end is there. */
const KEEP_ALIVE_MS = 5_000;
/** While Redis loads its log, it is asked again so often. The driver's own pause is a second, though most logs load in less. */
const LOADING_RETRY_MS = 50;

type Options = Omit<RedisOptions, "replyMapping">;

const base = (name: string): Options => ({
  connectionName: `tickwire-${name}`,
  connectTimeout: CONNECT_TIMEOUT_MS,
  socketTimeout: SOCKET_TIMEOUT_MS,
  keepAlive: KEEP_ALIVE_MS,
  retryStrategy: (attempt) => Math.min(20 * attempt, RETRY_DELAY_MAX_MS),
  enableReadyCheck: true,
  maxLoadingRetryTime: LOADING_RETRY_MS,
});

function open(url: string, name: string, logger: Logger, options: Options): Redis {
  const redis = new Redis(url, { ...base(name), ...options });
  let lastError = "";
  redis.on("error", (error: Error) => {
    if (error.message === lastError) return; // one line per kind of failure, not one per attempt
    lastError = error.message;
    logger.warn({ connection: name, err: error.message }, "redis connection failed; retrying");
  });
  redis.on("ready", () => {
    if (lastError !== "") logger.info({ connection: name }, "redis connection is back");
    lastError = "";
  });
  return redis;
}

/**
 * For writes to the log. A command whose answer was lost fails with an error instead of being sent again, and while
 * the connection is down a command fails at once instead of waiting in a queue: its outcome is the caller's to resolve.
 */
export const connectWriter = (url: string, name: string, logger: Logger): Redis =>
  open(url, name, logger, { autoResendUnfulfilledCommands: false, enableOfflineQueue: false, maxRetriesPerRequest: 0 });

/**
 * For blocking reads and other idempotent commands, which the caller repeats: a command whose answer was lost fails when
 * the connection does. (With retries unlimited and resending off, the driver would leave it without any answer, for ever.)
 */
export const connectReader = (url: string, name: string, logger: Logger): Redis =>
  open(url, name, logger, { autoResendUnfulfilledCommands: false, maxRetriesPerRequest: 0 });

/** For Pub/Sub: subscriptions are renewed after every reconnect; messages sent meanwhile are lost, by nature. */
export const connectSubscriber = (url: string, name: string, logger: Logger): Redis =>
  open(url, name, logger, { autoResubscribe: true, maxRetriesPerRequest: null });

/** Resolves when the connection is usable. */
export async function whenReady(redis: Pick<Redis, "status" | "once">): Promise<void> {
  if (redis.status === "ready") return;
  await new Promise<void>((resolve) => redis.once("ready", () => resolve()));
}
