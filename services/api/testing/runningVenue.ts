// A real venue for tests: private Redis and PostgreSQL, the engine and the recorder as processes, the api in process.
//
// Nothing is simulated. Whoever starts one stops it; its data directory goes with it.
import { spawn, type ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { readConfig, type Config } from "../../shared/config.ts";
import { operatorToken } from "../../shared/credentials/secretFile.ts";
import { HeartbeatSender } from "../../shared/heartbeat.ts";
import { createLogger } from "../../shared/logger.ts";
import { composeApi, type ComposedApi } from "../compose.ts";

interface StartedServer {
  readonly url: string;
  stop(): Promise<void>;
}
type StartServer = (options: { readonly dataDir: string }) => Promise<StartedServer>;

// Beside the other builds, so that packages resolve from there.
const root = join(import.meta.dirname, "..", "..", "..");
const bundle = (service: string): string => join(root, "dist", `${service}-under-api-test-${process.pid}.mjs`);
const READY_MS = 30_000;

export interface ApiKeyPair {
  readonly accountId: number;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export interface Answer {
  readonly status: number;
  readonly body: never;
  readonly headers: Headers;
}

/** Waits until `holds`; throws after READY_MS. */
export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const deadline = performance.now() + READY_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export class RunningVenue {
  readonly config: Config;
  readonly api: ComposedApi;
  readonly #processes = new Map<string, ChildProcess>();
  readonly #servers: readonly StartedServer[];
  readonly #gateway: HeartbeatSender;

  private constructor(config: Config, api: ComposedApi, servers: readonly StartedServer[]) {
    this.config = config;
    this.api = api;
    this.#servers = servers;
    // The one part that is not there: nothing here needs a socket.
    this.#gateway = new HeartbeatSender(api.redis, "gateway", "no-gateway-in-this-test", () => ({ ready: true }));
  }

  static async start({ startRedisServer, startPostgresServer }: { readonly startRedisServer: StartServer; readonly startPostgresServer: StartServer }): Promise<RunningVenue> {
    const dataDir = mkdtempSync(join(tmpdir(), "tickwire-api-"));
    const servers = await Promise.all([startRedisServer({ dataDir }), startPostgresServer({ dataDir })]);
    const config = readConfig({ TICKWIRE_DATA_DIR: dataDir, REDIS_URL: servers[0].url, DATABASE_URL: servers[1].url });
    const api = await composeApi(config, createLogger("api"));
    const venue = new RunningVenue(config, api, servers);
    await Promise.all(["engine", "recorder"].map((service) => venue.#build(service)));
    venue.startService("engine");
    venue.startService("recorder");
    await until(async () => (await api.app.request("/healthz")).status === 200, "the venue is healthy");
    return venue;
  }

  async #build(service: string): Promise<void> {
    await build({ entryPoints: [join(root, "services", service, "main.ts")], outfile: bundle(service), bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" });
  }

  startService(service: "engine" | "recorder"): void {
    const { dataDir, redisUrl, databaseUrl } = this.config;
    const env = { ...process.env, TICKWIRE_DATA_DIR: dataDir, REDIS_URL: redisUrl, DATABASE_URL: databaseUrl, TICKWIRE_LOG_LEVEL: "error" };
    this.#processes.set(service, spawn(process.execPath, [bundle(service)], { env, stdio: ["ignore", "ignore", "inherit"] }));
  }

  /** Stops the process in its tracks, or lets it go on: a machine that is too slow, or was suspended. */
  pauseService(service: "engine" | "recorder", paused: boolean): void {
    this.#processes.get(service)?.kill(paused ? "SIGSTOP" : "SIGCONT");
  }

  async killService(service: "engine" | "recorder"): Promise<void> {
    const child = this.#processes.get(service);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  async stop(): Promise<void> {
    this.#gateway.stop();
    await this.killService("engine");
    await this.killService("recorder");
    await this.api.close();
    await Promise.all(this.#servers.map((server) => server.stop()));
    for (const service of ["engine", "recorder"]) rmSync(bundle(service), { force: true });
    rmSync(this.config.dataDir, { recursive: true, force: true });
  }

  async request(method: string, path: string, init: { readonly headers?: Record<string, string>; readonly body?: string } = {}): Promise<Answer> {
    const response = await this.api.app.request(path, { method, ...init });
    return { status: response.status, body: (await response.json()) as never, headers: response.headers };
  }

  /** A signed request, its parameters in the query unless `inBody`. */
  async signed(
    { apiKey, apiSecret }: Pick<ApiKeyPair, "apiKey" | "apiSecret">,
    method: string,
    path: string,
    params: Readonly<Record<string, string | number | undefined>> = {},
    { inBody = false, timestamp = Date.now() }: { readonly inBody?: boolean; readonly timestamp?: number } = {},
  ): Promise<Answer> {
    const form = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...params, timestamp })) if (value !== undefined) form.set(name, String(value));
    const text = form.toString();
    const all = `${text}&signature=${createHmac("sha256", apiSecret).update(text).digest("hex")}`;
    const headers = { "x-mbx-apikey": apiKey };
    if (!inBody) return await this.request(method, `${path}?${all}`, { headers });
    return await this.request(method, path, { headers: { ...headers, "content-type": "application/x-www-form-urlencoded" }, body: all });
  }

  async createAccount(name: string, deposits: Readonly<Record<string, string>>, login: { readonly email?: string; readonly password?: string } = {}): Promise<ApiKeyPair> {
    const { status, body } = await this.request("POST", "/api/tickwire/v1/operator/accounts", {
      headers: { authorization: `Bearer ${operatorToken(this.config)}`, "content-type": "application/json" },
      body: JSON.stringify({ name, deposits, ...login }),
    });
    if (status !== 201) throw new Error(`no account: ${status} ${JSON.stringify(body)}`);
    return body;
  }
}
