// A whole exchange for a test, started the way a user starts it: `npm start` as its own process, with free ports and a
// data directory of its own. Nothing is replaced.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";

const root = resolve(import.meta.dirname, "../..");
const START_TIMEOUT_MS = 240_000;
const STOP_TIMEOUT_MS = 30_000;

export type Part = "redis" | "postgres" | "engine" | "standby" | "api" | "gateway" | "recorder" | "simulator" | "web";

export interface Credentials {
  readonly accountId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

/** Where an exchange is: everything a test in another process needs to use it. */
export interface ExchangeAddress {
  readonly dataDir: string;
  readonly apiPort: number;
  readonly gatewayPort: number;
  readonly webPort: number;
}

export class Exchange {
  readonly address: ExchangeAddress;
  constructor(address: ExchangeAddress) {
    this.address = address;
  }
  get apiUrl(): string {
    return `http://127.0.0.1:${this.address.apiPort}`;
  }
  get feedUrl(): string {
    return `ws://127.0.0.1:${this.address.gatewayPort}/feed/v1`;
  }
  get webUrl(): string {
    return `http://127.0.0.1:${this.address.webPort}`;
  }

  /** The environment that points a command at this exchange. */
  get env(): NodeJS.ProcessEnv {
    const { dataDir, apiPort, gatewayPort, webPort } = this.address;
    return {
      ...withoutExchangeVariables(process.env),
      TICKWIRE_DATA_DIR: dataDir,
      API_PORT: String(apiPort),
      GATEWAY_PORT: String(gatewayPort),
      WEB_PORT: String(webPort),
    };
  }

  /** Process id of a running part, from the supervisor's own record. */
  pid(part: Part): number {
    const run = JSON.parse(readFileSync(join(this.address.dataDir, "run.json"), "utf8")) as { parts: Record<string, { pid: number } | undefined> };
    const pid = run.parts[part]?.pid;
    if (pid === undefined) throw new Error(`${part} is not running`);
    return pid;
  }

  async healthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.apiUrl}/healthz`, { signal: AbortSignal.timeout(2_000) })).status === 200;
    } catch {
      return false;
    }
  }

  /** Runs the CLI with the given arguments; resolves with its exit code and output. */
  async cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    return runCommand("npm", ["run", "--silent", "tickwire", "--", ...args], this.env);
  }

  /** A funded account with an API key, made by the operator's CLI. */
  async createAccount(name: string, deposits: Record<string, string> = {}): Promise<Credentials> {
    const flags = Object.entries(deposits).flatMap(([asset, amount]) => ["--deposit", `${asset}=${amount}`]);
    const { code, stdout, stderr } = await this.cli("account", "create", "--name", name, ...flags, "--json");
    if (code !== 0) throw new Error(`account create failed (${code}): ${stderr}`);
    return JSON.parse(stdout) as Credentials;
  }
}

/** An exchange this process started and must stop. */
export class OwnExchange extends Exchange {
  readonly #process: ChildProcess;
  readonly output: string[];
  constructor(address: ExchangeAddress, child: ChildProcess, output: string[]) {
    super(address);
    this.#process = child;
    this.output = output;
  }

  get supervisorPid(): number {
    const pid = this.#process.pid;
    if (pid === undefined) throw new Error("the exchange did not start");
    return pid;
  }

  /** Ctrl-C; resolves with the exit code when the supervisor has gone. */
  async interrupt(): Promise<number | null> {
    if (this.#process.exitCode !== null) return this.#process.exitCode;
    const exited = new Promise<number | null>((resolveExit) => this.#process.once("exit", (code) => resolveExit(code)));
    this.#process.kill("SIGINT");
    const timeout = AbortSignal.timeout(STOP_TIMEOUT_MS);
    timeout.addEventListener("abort", () => this.#process.kill("SIGKILL"));
    return exited;
  }

  /** Stops the exchange and removes its data. */
  async dispose(): Promise<void> {
    await this.interrupt();
    rmSync(this.address.dataDir, { recursive: true, force: true });
  }
}

function withoutExchangeVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(TICKWIRE_|REDIS_URL$|DATABASE_URL$|WEB_PORT$|API_PORT$|GATEWAY_PORT$|PUBLIC_|VITEST|NODE_ENV$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

/** Runs a command to its end in the project's folder. */
export async function runCommand(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, args, { cwd: root, env, timeout: START_TIMEOUT_MS, maxBuffer: 1 << 24 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const failed = error as { code?: number | string; stdout?: string; stderr?: string };
    if (typeof failed.code !== "number") throw error;
    return { code: failed.code, stdout: failed.stdout ?? "", stderr: failed.stderr ?? "" };
  }
}

/** Ports that were free a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return address.port;
  });
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

export async function newAddress(): Promise<ExchangeAddress> {
  const [apiPort = 0, gatewayPort = 0, webPort = 0] = await freePorts(3);
  return { dataDir: mkdtempSync(join(tmpdir(), "tickwire-exchange-")), apiPort, gatewayPort, webPort };
}

/** `npm start` with `flags`; resolves when it says that it is up and /healthz agrees. */
export async function startExchange(flags: readonly string[] = ["--no-flow"], at?: ExchangeAddress): Promise<OwnExchange> {
  const address = at ?? (await newAddress());
  const { env } = new Exchange(address);
  const output: string[] = [];
  const child = spawn(process.execPath, ["scripts/start.mjs", ...flags], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => output.push(chunk.toString()));
  const exchange = new OwnExchange(address, child, output);
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!output.join("").includes("Tickwire is up") || !(await exchange.healthy())) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output.join("")}`);
    if (performance.now() > deadline) {
      await exchange.interrupt();
      throw new Error(`npm start was not up in time:\n${output.join("")}`);
    }
    await new Promise((wait) => setTimeout(wait, 100));
  }
  return exchange;
}

/** Polls until `probe` gives something other than undefined or false. */
export async function eventually<T>(what: string, probe: () => Promise<T | undefined | false>, timeoutMs = 15_000): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  let lastError: unknown;
  for (;;) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      lastError = error;
    }
    if (performance.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`, { cause: lastError });
    await new Promise((wait) => setTimeout(wait, 50));
  }
}
