// What the environment may say to a service. Read once, in a composition root; a bad value ends the process with one
// sentence that names the variable.
import { join, resolve } from "node:path";
import { z } from "zod";
import { LOG_LEVELS } from "./logger.ts";

const port = (fallback: number) =>
  z
    .string()
    .regex(/^\d{1,5}$/, "must be a port number")
    .transform(Number)
    .refine((n) => n >= 1 && n <= 65535, "must be a port from 1 to 65535")
    .default(fallback);
const redisUrl = z.string().regex(/^rediss?:\/\//, "must start with redis:// or rediss://");
const databaseUrl = z.string().regex(/^postgres(ql)?:\/\//, "must start with postgres:// or postgresql://");
const address = (schemes: string) => z.string().refine((text) => new RegExp(`^(${schemes}):`).test(text) && URL.canParse(text), `must be an address that starts with ${schemes.replace("|", ":// or ")}://`);
const isOrigin = (text: string): boolean => URL.canParse(text) && new URL(text).origin === text;

const environment = z.object({
  WEB_PORT: port(3000),
  API_PORT: port(3001),
  GATEWAY_PORT: port(3002),
  /** Address the api, the gateway and the page listen on. */
  TICKWIRE_HOST: z.string().min(1).default("127.0.0.1"),
  TICKWIRE_DATA_DIR: z.string().min(1).default("./data"),
  REDIS_URL: redisUrl.optional(),
  /** Replicas of Redis that must hold what was done before anybody is told; 0: none is asked for. */
  REDIS_REPLICAS_MIN: z.string().regex(/^\d$/, "must be a number from 0 to 9").transform(Number).default(0),
  DATABASE_URL: databaseUrl.optional(),
  /** Comma-separated origins that may use cookies and open sockets; default: the web page on localhost and 127.0.0.1. */
  TICKWIRE_WEB_ORIGINS: z
    .string()
    .transform((text) => text.split(",").map((origin) => origin.trim()))
    .refine((origins) => origins.every(isOrigin), "must be origins separated by commas, such as https://exchange.example.com: scheme, host and port, without a path")
    .optional(),
  /** Read by the page when it is asked for; looked at here so that a start refuses what cannot be. */
  PUBLIC_API_URL: address("http|https").optional(),
  PUBLIC_GATEWAY_URL: address("ws|wss").optional(),
  TICKWIRE_INTERNAL_API_URL: address("http|https").optional(),
  /** Read by logger.ts. */
  TICKWIRE_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(", ")}`).optional(),
  /** What the CLI shows the api to prove that it is the operator; default: made once, kept in the data directory. */
  TICKWIRE_OPERATOR_TOKEN: z.string().min(32, "must have at least 32 characters").optional(),
  /** 64 hex digits that encrypt API secrets at rest; default: made once, kept in the data directory. */
  TICKWIRE_MASTER_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, "must be 64 hex digits")
    .optional(),
  /** Request weight one address may use at the api in a minute; 0 switches the limit off. */
  TICKWIRE_REQUEST_WEIGHT_1M: z
    .string()
    .regex(/^\d{1,9}$/, "must be a whole number; 0 means no limit")
    .transform(Number)
    .default(600_000),
  /** 1: run on a Redis whose settings may lose acknowledged commands, and say so. */
  TICKWIRE_ACCEPT_UNSAFE_LOG: z
    .enum(["0", "1"], "must be 0 or 1")
    .transform((value) => value === "1")
    .default(false),
});

export interface Config {
  readonly host: string;
  readonly webPort: number;
  readonly apiPort: number;
  readonly gatewayPort: number;
  readonly dataDir: string;
  readonly snapshotDir: string;
  /** Of the engine that was started with --standby. */
  readonly standbySnapshotDir: string;
  readonly secretsDir: string;
  readonly redisUrl: string;
  readonly redisReplicasMin: number;
  readonly databaseUrl: string | undefined;
  readonly webOrigins: readonly string[];
  readonly operatorToken: string | undefined;
  readonly masterKeyHex: string | undefined;
  /** 0: off. */
  readonly requestWeightPerMinute: number;
  readonly acceptUnsafeLog: boolean;
}

/** The environment names something that cannot be: `message` is one sentence for the operator. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** A port that this service listens on is another's: at the first start a mistake, after a restart a matter of time. */
export class PortInUse extends ConfigError {}

/**
 * Reads and checks the environment.
 * @throws ConfigError naming the first variable that is wrong or missing.
 */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  // An empty variable means the same as none: compose files and shells write both.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const result = environment.safeParse(given);
  if (!result.success) {
    const issue = result.error.issues[0];
    throw new ConfigError(`${String(issue?.path[0] ?? "environment")} ${issue?.message ?? "is invalid"}.`);
  }
  const e = result.data;
  const ports = [e.WEB_PORT, e.API_PORT, e.GATEWAY_PORT];
  if (new Set(ports).size !== ports.length) throw new ConfigError("WEB_PORT, API_PORT and GATEWAY_PORT must be three different ports.");
  const dataDir = resolve(e.TICKWIRE_DATA_DIR);
  const origins = e.TICKWIRE_WEB_ORIGINS ?? [
    `http://localhost:${e.WEB_PORT}`,
    `http://127.0.0.1:${e.WEB_PORT}`,
  ];
  return {
    host: e.TICKWIRE_HOST,
    webPort: e.WEB_PORT,
    apiPort: e.API_PORT,
    gatewayPort: e.GATEWAY_PORT,
    dataDir,
    snapshotDir: join(dataDir, "snapshots"),
    standbySnapshotDir: join(dataDir, "standby", "snapshots"),
    secretsDir: join(dataDir, "secrets"),
    redisUrl: e.REDIS_URL ?? "redis://127.0.0.1:6379",
    redisReplicasMin: e.REDIS_REPLICAS_MIN,
    databaseUrl: e.DATABASE_URL,
    webOrigins: origins,
    operatorToken: e.TICKWIRE_OPERATOR_TOKEN,
    masterKeyHex: e.TICKWIRE_MASTER_KEY,
    requestWeightPerMinute: e.TICKWIRE_REQUEST_WEIGHT_1M,
    acceptUnsafeLog: e.TICKWIRE_ACCEPT_UNSAFE_LOG,
  };
}
