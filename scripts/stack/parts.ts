// The parts of the exchange, each with how it is started: two servers, five services, the trading screen.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Config } from "../../services/shared/config.ts";
import { ENGINE_STOP_TIMEOUT_MS, SERVICE_STOP_TIMEOUT_MS, WEB_STOP_TIMEOUT_MS } from "./limits.ts";
import { LogFile } from "./logFile.ts";
import { startNodeProcess } from "./nodeProcess.ts";
import { startPostgresServer } from "./postgresServer.ts";
import { lastWordsInPlain, startRedisServer, type RunningServer } from "./redisServer.ts";
import { StackError } from "./stackError.ts";
import type { PartPlan, RunningPart } from "./supervisedPart.ts";

export type ServerName = "redis" | "postgres";
export type ServiceName = "engine" | "standby" | "api" | "gateway" | "recorder" | "simulator";
export type PartName = ServerName | ServiceName | "web";

/** What parts need to know of each other; filled in as the servers come up. */
export interface Addresses {
  redisUrl: string | undefined;
  databaseUrl: string | undefined;
  /** Where a PostgreSQL of our own keeps its data. */
  clusterDir: string | undefined;
  /** Kept over restarts of a server, so that everybody finds it again. */
  readonly ports: Partial<Record<ServerName, number>>;
}

export interface PartContext {
  readonly root: string;
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly addresses: Addresses;
}

// Only what talks to the database gets its address; the page gets neither server's, nor any secret.
const USES_DATABASE: readonly ServiceName[] = ["api", "recorder"];
const NOT_FOR_THE_PAGE = ["REDIS_URL", "DATABASE_URL", "TICKWIRE_OPERATOR_TOKEN", "TICKWIRE_MASTER_KEY"];

export class Parts {
  readonly logs = new Map<PartName, LogFile>();
  readonly #context: PartContext;
  readonly #logDir: string;

  constructor(context: PartContext) {
    this.#context = context;
    this.#logDir = join(context.config.dataDir, "logs");
  }

  redis(): PartPlan {
    return this.#server("redis", startRedisServer, ({ url }) => {
      this.#context.addresses.redisUrl = url;
    });
  }

  postgres(): PartPlan {
    return this.#server("postgres", startPostgresServer, ({ url, clusterDir }) => {
      this.#context.addresses.databaseUrl = url;
      this.#context.addresses.clusterDir = clusterDir;
    });
  }

  service(name: ServiceName): PartPlan {
    const { root, addresses } = this.#context;
    const isEngine = name === "engine" || name === "standby";
    return this.#process(name, isEngine ? ENGINE_STOP_TIMEOUT_MS : SERVICE_STOP_TIMEOUT_MS, () => ({
      // A standby is an engine that was told to let another begin.
      args: name === "standby" ? ["--enable-source-maps", this.#built("dist/engine.js"), "--standby"] : ["--enable-source-maps", this.#built(`dist/${name}.js`)],
      cwd: root,
      env: {
        ...this.#env(),
        REDIS_URL: addresses.redisUrl,
        DATABASE_URL: USES_DATABASE.includes(name) ? addresses.databaseUrl : undefined,
      },
    }));
  }

  web(): PartPlan {
    const { root, config } = this.#context;
    return this.#process("web", WEB_STOP_TIMEOUT_MS, () => {
      const stopWithParent = pathToFileURL(this.#built("dist/stopWithParent.js")).href;
      const next = this.#built("node_modules/next/dist/bin/next");
      const env = this.#env();
      for (const name of NOT_FOR_THE_PAGE) delete env[name];
      return {
        args: ["--import", stopWithParent, next, "start", join(root, "frontend"), "--port", String(config.webPort), "--hostname", config.host],
        cwd: root,
        env: { ...env, NEXT_TELEMETRY_DISABLED: "1" },
      };
    });
  }

  /** Called now and then: keeps every log within its bound. */
  boundLogs(): void {
    for (const log of this.logs.values()) log.bound();
  }

  #env(): NodeJS.ProcessEnv {
    const { config, env } = this.#context;
    return {
      ...env,
      NODE_ENV: "production",
      WEB_PORT: String(config.webPort),
      API_PORT: String(config.apiPort),
      GATEWAY_PORT: String(config.gatewayPort),
      TICKWIRE_HOST: config.host,
      TICKWIRE_DATA_DIR: config.dataDir,
    };
  }

  #built(path: string): string {
    const full = join(this.#context.root, path);
    if (!existsSync(full)) throw new StackError(`${path} is missing; build it with npm run build.`);
    return full;
  }

  #log(name: PartName): LogFile {
    const log = this.logs.get(name) ?? new LogFile(this.#logDir, name);
    this.logs.set(name, log);
    return log;
  }

  #server<S extends RunningServer>(
    name: ServerName,
    start: (options: { dataDir: string; port?: number; onLine: (line: string) => void }) => Promise<S>,
    started: (server: S) => void,
  ): PartPlan {
    const { config, addresses } = this.#context;
    const log = this.#log(name);
    return {
      name,
      lastWords: () => lastWordsInPlain(log.lastWords(), config.dataDir),
      start: async (): Promise<RunningPart> => {
        const port = addresses.ports[name];
        const server = await start({ dataDir: config.dataDir, onLine: (line) => log.write(line), ...(port !== undefined && { port }) });
        addresses.ports[name] = server.port;
        started(server);
        return server;
      },
    };
  }

  #process(name: PartName, stopTimeoutMs: number, command: () => { args: string[]; cwd: string; env: NodeJS.ProcessEnv }): PartPlan {
    const log = this.#log(name);
    return {
      name,
      lastWords: () => log.lastWords(),
      start: () => startNodeProcess({ ...command(), log, stopTimeoutMs }),
    };
  }
}
