// Whether the Redis that holds the command log keeps it as the engine believes: what the log's settings must be, and a
// look at what they are, at every start and after every reconnect.
//
// Never: changes a setting. Invariant: a Redis whose settings could lose or drop an acknowledged command is refused by
// name, or accepted by the operator's explicit word, and then said at every occasion.
import { ConfigError } from "../../shared/config.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Redis } from "../../shared/redis.ts";

interface LogSetting {
  readonly name: string;
  readonly wanted: string;
  /** What the setting would cost otherwise, for the operator. */
  readonly otherwise: string;
}

/** The settings of the command log's Redis; npm start and docker-compose.yml set the same. */
export const LOG_SETTINGS: readonly LogSetting[] = [
  { name: "appendonly", wanted: "yes", otherwise: "a restart loses the log" },
  { name: "appendfsync", wanted: "always", otherwise: "a power cut loses acknowledged orders" },
  { name: "no-appendfsync-on-rewrite", wanted: "no", otherwise: "a power cut during a rewrite loses acknowledged orders" },
  { name: "aof-load-truncated", wanted: "no", otherwise: "a log that was cut short hands its ids out again" },
  { name: "save", wanted: "", otherwise: "snapshots of Redis cost pauses and disk for nothing" },
  { name: "maxmemory-policy", wanted: "noeviction", otherwise: "the log itself may be evicted" },
];

/** What INFO tells where CONFIG is forbidden: the setting, the field, and the value that stands for the wanted one. */
const TOLD_BY_INFO: readonly (readonly [setting: string, field: string, wanted: string])[] = [
  ["appendonly", "aof_enabled", "1"],
  ["maxmemory-policy", "maxmemory_policy", "noeviction"],
];

/** Redis does not keep the log as it must; `message` is one sentence that names each setting. */
export class UnsafeLogError extends ConfigError {}

/** Each setting that is not as it must be, in words; empty when all are. */
export async function unsafeSettings(redis: Redis): Promise<string[]> {
  const told = await toldByConfig(redis);
  return told === undefined ? await unsafeByInfo(redis) : LOG_SETTINGS.flatMap(({ name, wanted, otherwise }) => {
    const value = told.get(name);
    if (value === wanted) return [];
    return [`${name} is ${value === undefined ? "unknown to this server" : shown(value)} and must be ${shown(wanted)} (${otherwise})`];
  });
}

const shown = (value: string): string => (value === "" ? '""' : value);

// Undefined where CONFIG is not to be had: managed servers forbid or rename it.
async function toldByConfig(redis: Redis): Promise<Map<string, string> | undefined> {
  const told = new Map<string, string>();
  for (const { name } of LOG_SETTINGS) {
    let reply: unknown;
    try {
      reply = await redis.call("CONFIG", "GET", name);
    } catch (error) {
      if (error instanceof Error && error.name === "ReplyError" && /^(NOPERM|ERR)/.test(error.message)) return undefined;
      throw error;
    }
    if (Array.isArray(reply) && typeof reply[1] === "string") told.set(name, reply[1]);
  }
  return told;
}

async function unsafeByInfo(redis: Redis): Promise<string[]> {
  const info = new Map<string, string>();
  for (const section of ["persistence", "memory"]) {
    for (const line of (await redis.info(section)).split("\r\n")) {
      const colon = line.indexOf(":");
      if (colon > 0) info.set(line.slice(0, colon), line.slice(colon + 1));
    }
  }
  return LOG_SETTINGS.flatMap(({ name, wanted }) => {
    const [, field = "", good] = TOLD_BY_INFO.find(([setting]) => setting === name) ?? [];
    const value = info.get(field);
    if (value === undefined) return [`${name} cannot be read (the server forbids CONFIG) and must be ${shown(wanted)}`];
    return value === good ? [] : [`${name} must be ${shown(wanted)} (INFO says ${field}:${value})`];
  });
}

/** The look that a service takes, with the operator's word. */
export class LogSettingsCheck {
  readonly #redis: Redis;
  readonly #acceptUnsafe: boolean;
  readonly #logger: Logger;
  #warning = "";

  /** `acceptUnsafe`: go on with a warning instead of refusing. */
  constructor(redis: Redis, acceptUnsafe: boolean, logger: Logger) {
    this.#redis = redis;
    this.#acceptUnsafe = acceptUnsafe;
    this.#logger = logger;
  }

  /** What was accepted although it is not safe; empty when nothing was. For health and status. */
  get warning(): string {
    return this.#warning;
  }

  /** @throws UnsafeLogError unless the log is kept as it must be, or the operator accepts that it is not. */
  async run(): Promise<void> {
    const unsafe = await unsafeSettings(this.#redis);
    const wrong = unsafe.join("; ");
    if (unsafe.length > 0 && !this.#acceptUnsafe) {
      throw new UnsafeLogError(
        `The Redis of the command log would not keep what is acknowledged: ${wrong}. Give it the settings in docker-compose.yml, or set TICKWIRE_ACCEPT_UNSAFE_LOG=1 to accept the loss.`,
      );
    }
    const warning = unsafe.length === 0 ? "" : `unsafe log accepted: ${wrong}`;
    if (warning !== this.#warning && warning !== "") this.#logger.warn({ settings: unsafe }, "TICKWIRE_ACCEPT_UNSAFE_LOG: the log may lose what is acknowledged");
    this.#warning = warning;
  }
}
