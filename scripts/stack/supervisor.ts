// `npm start` after set-up: looks at the environment, then starts the exchange, keeps it running and takes it down.
//
// Owns the order of things: servers before engine before the rest, and back. Prints progress and trouble, nothing else.
// Invariant: when it ends, in whatever way short of SIGKILL, no process that it started is left.
import { mkdirSync } from "node:fs";
import { join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readConfig, type Config } from "../../services/shared/config.ts";
import { masterKey, operatorToken } from "../../services/shared/credentials/secretFile.ts";
import { readFlowSettings } from "../../services/simulator/settings.ts";
import { lockDataDir } from "./dataDirLock.ts";
import { ensureDemoLogin, type DemoLogin } from "./demoLogin.ts";
import type { StartFlags } from "./flags.ts";
import { emptyDataDir } from "./freshData.ts";
import { isPortFree } from "./freePort.ts";
import { HEALTH_POLL_MS, HEALTH_TIMEOUT_MS, LOG_BOUND_INTERVAL_MS, SLOW_START_MS, SLOW_STOP_MS, START_PROGRESS_MS } from "./limits.ts";
import { watchNpm } from "./parentWatch.ts";
import { Parts, type Addresses, type PartName } from "./parts.ts";
import { processRecord } from "./processIdentity.ts";
import { readRunFile, removeRunFile, stopLeftovers, writeRunFile, type RunFile } from "./runFile.ts";
import { StackError } from "./stackError.ts";
import { SupervisedPart, type PartEvents } from "./supervisedPart.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Prints a line about a part or a step. */
export type Say = (name: string, text: string) => void;

export interface StartOptions {
  readonly root: string;
  readonly flags: StartFlags;
  readonly env: NodeJS.ProcessEnv;
  readonly say: Say;
}

/**
 * Everything that can be refused before something is started: variables, the data directory, ports.
 * @throws ConfigError or StackError with one sentence.
 */
export async function prepare(options: StartOptions): Promise<Supervisor> {
  const { flags, env, say } = options;
  const config = readConfig(env);
  if (flags.flow) readFlowSettings({ config, args: [], env });
  const lock = lockDataDir(config.dataDir);
  const last = readRunFile(config.dataDir);
  if ("holder" in lock) {
    const where = last === undefined ? "" : `, ${last.urls.api}`;
    throw new StackError(
      `Tickwire already runs on ${shown(config.dataDir)} (process ${lock.holder.pid}${where}); stop it first, or set TICKWIRE_DATA_DIR to another folder.`,
    );
  }
  try {
    if (last !== undefined) {
      const left = await uninterrupted(() => stopLeftovers(last));
      removeRunFile(config.dataDir);
      if (left.length > 0) say("leftovers", `stopped ${left.join(", ")} of a start that was killed`);
    }
    await refuseBusyPorts(config, flags);
    if (flags.fresh) {
      const external = [["REDIS_URL", env["REDIS_URL"]], ["DATABASE_URL", env["DATABASE_URL"]]].filter(([, value]) => value).map(([name]) => name);
      if (external.length > 0) throw new StackError(`--fresh empties only servers of its own; empty what ${external.join(" and ")} ${external.length > 1 ? "name" : "names"} yourself, and start without it.`);
      emptyDataDir(config.dataDir);
      say("data", `${shown(config.dataDir)} emptied`);
    }
    // Made before the services start, so that each finds the same.
    operatorToken(config);
    masterKey(config);
  } catch (error) {
    lock.release();
    throw error;
  }
  return new Supervisor(options, config, lock.release);
}

/** Ctrl-C meanwhile takes effect afterwards: half a clean-up would leave processes behind. */
async function uninterrupted<T>(work: () => Promise<T>): Promise<T> {
  let interrupted = false;
  const note = () => {
    interrupted = true;
  };
  for (const signal of SIGNALS) process.on(signal, note);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, note);
    if (interrupted) process.exit(130);
  }
}

async function refuseBusyPorts({ host, apiPort, gatewayPort, webPort }: Config, flags: StartFlags): Promise<void> {
  const ports: [string, number][] = [["API_PORT", apiPort], ["GATEWAY_PORT", gatewayPort]];
  if (flags.web) ports.push(["WEB_PORT", webPort]);
  for (const [name, port] of ports) {
    let free: boolean;
    try {
      free = await isPortFree(port, host);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EACCES") throw new StackError(`Port ${port} (${name}) needs more rights than this user has; set ${name} to a port above 1023.`);
      throw new StackError(`TICKWIRE_HOST ${host} is not an address of this machine that can be listened on (${code ?? String(error)}).`);
    }
    if (!free) throw new StackError(`Port ${port} (${name}) is in use; stop what uses it or set ${name} to a free port.`);
  }
}

const shown = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : `./${short}`;
};

export class Supervisor {
  readonly #options: StartOptions;
  readonly #config: Config;
  readonly #release: () => void;
  readonly #addresses: Addresses;
  readonly #parts: Parts;
  readonly #supervised = new Map<PartName, SupervisedPart>();
  readonly #startedAt = new Date().toISOString();
  #state: RunFile["state"] = "starting";
  #end: ((exitCode: number) => void) | undefined;

  constructor(options: StartOptions, config: Config, release: () => void) {
    this.#options = options;
    this.#config = config;
    this.#release = release;
    const given = (name: string) => options.env[name] || undefined;
    this.#addresses = { redisUrl: given("REDIS_URL"), databaseUrl: given("DATABASE_URL"), clusterDir: undefined, ports: {} };
    this.#parts = new Parts({ root: options.root, config, env: options.env, addresses: this.#addresses });
  }

  /** Runs the exchange until a signal or a part that cannot be kept running; then ends this process. */
  async run(): Promise<never> {
    const ended = new Promise<number>((resolve) => (this.#end = resolve));
    this.#listenToSignals();
    mkdirSync(this.#config.snapshotDir, { recursive: true, mode: 0o700 });
    this.#writeRunFile();
    const bounding = setInterval(() => this.#parts.boundLogs(), LOG_BOUND_INTERVAL_MS);
    const starting = this.#startAll().then(
      () => this.#announce(),
      (error: unknown) => this.#trouble(error instanceof Error ? error.message : String(error)),
    );
    const exitCode = await ended;
    clearInterval(bounding);
    this.#state = "stopping";
    this.#writeRunFile();
    await this.#stopAll();
    await Promise.race([starting, sleep(1_000)]);
    removeRunFile(this.#config.dataDir);
    this.#release();
    this.#say("stopped", `state is kept in ${shown(this.#config.dataDir)}`);
    process.exit(exitCode);
  }

  #say(name: string, text: string): void {
    this.#options.say(name, text);
  }

  #trouble(sentence: string): void {
    process.stderr.write(`${sentence}\n`);
    this.#end?.(1);
  }

  #listenToSignals(): void {
    let firstMs: number | undefined;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        // One Ctrl-C may arrive twice: from the terminal and passed on by npm.
        if (firstMs !== undefined && performance.now() - firstMs < 2_000) return;
        if (firstMs !== undefined) {
          this.#say("stopping", "killing what is left");
          process.exit(1);
        }
        firstMs = performance.now();
        this.#say("stopping", "in order; a second Ctrl-C kills");
        this.#end?.(0);
      });
    }
    watchNpm(this.#options.env, () => {
      this.#say("stopping", "npm, which started this, has gone");
      this.#end?.(0);
    });
    // Whatever ends this process: nothing that it started may stay.
    process.on("exit", () => {
      for (const part of this.#supervised.values()) part.kill();
    });
  }

  async #startAll(): Promise<void> {
    const { flags } = this.#options;
    const parts = this.#parts;
    const servers = [...(this.#addresses.redisUrl ? [] : [parts.redis()]), ...(this.#addresses.databaseUrl ? [] : [parts.postgres()])];
    if (servers.length > 0) this.#say("starting", servers.map(({ name }) => name).join(", "));
    await Promise.all(servers.map((plan) => this.#supervise(plan)));
    this.#say("starting", ["engine, api, gateway, recorder", ...(flags.standby ? ["standby"] : []), ...(flags.flow ? ["simulator"] : []), ...(flags.web ? ["web"] : [])].join(", "));
    await this.#supervise(parts.service("engine"));
    const services = [parts.service("api"), parts.service("gateway"), parts.service("recorder")];
    if (flags.standby) services.push(parts.service("standby"));
    if (flags.flow) services.push(parts.service("simulator"));
    if (flags.web) services.push(parts.web());
    await Promise.all(services.map((plan) => this.#supervise(plan)));
  }

  async #supervise(plan: ReturnType<Parts["redis"]>): Promise<void> {
    if (this.#state === "stopping") return;
    const part = new SupervisedPart(plan, this.#events);
    this.#supervised.set(plan.name as PartName, part);
    await part.start();
  }

  readonly #events: PartEvents = {
    running: (part) => {
      this.#writeRunFile();
      if (part.restarts > 0) this.#say(part.name, `runs again (process ${part.pid})`);
    },
    ended: (part, cause) => this.#say(part.name, `ended (${cause}); starting it again`),
    gaveUp: (part, cause) => {
      const log = shown(join(this.#config.dataDir, "logs", `${part.name}.log`));
      // The exchange is one without demo traders, its screen and a second engine; without any other part it is none.
      if (["simulator", "web", "standby"].includes(part.name)) this.#say(part.name, `is given up: ${cause} (log: ${log}); the exchange runs on without it`);
      else this.#trouble(`${part.name} cannot run: ${cause} (log: ${log})`);
    },
  };

  async #stopAll(): Promise<void> {
    // Ways in first, then what they feed, then what the state is written to. The recorder drains what the engine wrote last.
    const order: PartName[][] = [["web", "api", "gateway", "simulator", "standby"], ["engine"], ["recorder"], ["postgres", "redis"]];
    for (const together of order) await Promise.all(together.map((name) => this.#stop(name)));
  }

  async #stop(name: PartName): Promise<void> {
    const slow = setTimeout(() => {
      const isEngine = name === "engine" || name === "standby";
      this.#say(name, isEngine ? "is still stopping: it writes its last snapshot; killed now, it would lose nothing, but take longer to start" : "is still stopping");
    }, SLOW_STOP_MS);
    await this.#supervised.get(name)?.stop();
    clearTimeout(slow);
  }

  #writeRunFile(): void {
    const { dataDir, webPort, apiPort, gatewayPort } = this.#config;
    const supervisor = processRecord(process.pid);
    if (supervisor === undefined) return;
    const parts = [...this.#supervised].flatMap(([name, part]) => {
      const record = part.pid === undefined ? undefined : processRecord(part.pid);
      return record === undefined ? [] : [[name, { ...record, restarts: part.restarts }] as const];
    });
    const run: RunFile = {
      version: 1,
      state: this.#state,
      startedAt: this.#startedAt,
      supervisor,
      ports: { web: webPort, api: apiPort, gateway: gatewayPort, ...this.#addresses.ports },
      urls: { ...(this.#options.flags.web && { web: this.#url("http", webPort) }), api: this.#url("http", apiPort), gateway: this.#url("ws", gatewayPort) },
      parts: Object.fromEntries(parts),
    };
    try {
      writeRunFile(dataDir, run);
    } catch (error) {
      // It is for others to read; the exchange runs without.
      this.#say("run.json", `cannot be written (${error instanceof Error ? error.message : String(error)}); until it can, commands may not find what runs`);
    }
  }

  /** An address on which this machine reaches a port of the exchange, whatever it listens on. */
  #url(scheme: "http" | "ws", port: number): string {
    const { host } = this.#config;
    const near = ["0.0.0.0", "::", "localhost"].includes(host) ? "127.0.0.1" : host;
    return `${scheme}://${near.includes(":") ? `[${near}]` : near}:${port}`;
  }

  async #announce(): Promise<void> {
    const { webPort, apiPort, gatewayPort, dataDir } = this.#config;
    const { web } = this.#options.flags;
    const apiUrl = this.#url("http", apiPort);
    await this.#untilHealthy(apiUrl);
    if (web) await this.#untilPageAnswers(this.#url("http", webPort));
    if (this.#state !== "starting") return;
    const login = await this.#demoLogin(apiUrl);
    const { clusterDir } = this.#addresses;
    this.#state = "up";
    this.#writeRunFile();
    const line = (name: string, text: string) => `  ${name.padEnd(16)}${text}\n`;
    process.stdout.write(
      `\nTickwire is up (${(performance.now() / 1000).toFixed(1)} s).\n\n${[
        web ? line("Trading screen", this.#url("http", webPort).replace("127.0.0.1", "localhost")) : "",
        line("REST API", `${apiUrl}/api/v3`),
        line("WebSocket", this.#url("ws", gatewayPort)),
        login === undefined ? "" : line("Demo login", `${login.email}   password ${login.password}`),
        line("Data", `${dataDir}   logs in ${shown(join(dataDir, "logs"))}`),
        clusterDir === undefined || clusterDir.startsWith(dataDir) ? "" : line("History", `${clusterDir}   PostgreSQL's system user cannot enter the data directory`),
      ].join("")}\nCtrl-C stops everything; the state is kept.\n`,
    );
  }

  async #demoLogin(apiUrl: string): Promise<DemoLogin | undefined> {
    const config = this.#config;
    try {
      return await ensureDemoLogin({
        apiUrl,
        webOrigin: config.webOrigins[0] ?? this.#url("http", config.webPort),
        secretsDir: config.secretsDir,
        operatorToken: operatorToken(config),
      });
    } catch (error) {
      this.#say("demo login", `could not be made: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  async #untilHealthy(apiUrl: string): Promise<void> {
    let tellAtMs = performance.now() + SLOW_START_MS;
    let progressAtMs = performance.now() + START_PROGRESS_MS;
    let progress = "";
    while (this.#state === "starting") {
      const answer = await ask(`${apiUrl}/healthz`);
      if (answer.status === 200) return;
      const engine = engineProgress(answer.text);
      if (engine !== "" && engine !== progress && performance.now() > progressAtMs) {
        this.#say("engine", engine);
        progress = engine;
        progressAtMs = performance.now() + START_PROGRESS_MS;
      }
      if (performance.now() > tellAtMs) {
        this.#say("waiting", `/healthz says: ${answer.text.slice(0, 500)}`);
        tellAtMs = performance.now() + SLOW_START_MS;
      }
      await sleep(HEALTH_POLL_MS);
    }
  }

  async #untilPageAnswers(webUrl: string): Promise<void> {
    const deadlineMs = performance.now() + SLOW_START_MS;
    while (this.#state === "starting") {
      const { status } = await ask(webUrl);
      if (status > 0 && status < 500) return;
      if (performance.now() > deadlineMs) {
        this.#say("web", `does not answer well yet (log: ${shown(join(this.#config.dataDir, "logs", "web.log"))})`);
        return;
      }
      await sleep(HEALTH_POLL_MS);
    }
  }
}

/** What the engine says it is doing, in the answer of /healthz; empty when that does not tell. */
function engineProgress(health: string): string {
  try {
    const { parts } = JSON.parse(health) as { parts?: { engine?: { up?: boolean; detail?: string } } };
    return parts?.engine?.up === false ? (parts.engine.detail ?? "") : "";
  } catch {
    return "";
  }
}

/** Status 0 when nobody answers in time. */
async function ask(url: string): Promise<{ status: number; text: string }> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return { status: 0, text: cause };
  }
}
