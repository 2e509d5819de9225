// A whole exchange for one measurement, started as a user starts it, on free ports and data of its own; gone afterwards.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readOrMakeSecret } from "../services/shared/credentials/secretFile.ts";
import { findFreePort } from "../scripts/stack/freePort.ts";
import { emptyDataDir } from "../scripts/stack/freshData.ts";
import { readRunFile } from "../scripts/stack/runFile.ts";
import { BenchError } from "./benchError.ts";

const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 40_000;
const POLL_MS = 50;
// What names another exchange must not leak into this one.
const OURS = /^(TICKWIRE_|REDIS_URL$|DATABASE_URL$|WEB_PORT$|API_PORT$|GATEWAY_PORT$|NODE_ENV$)/;

export interface Account {
  readonly accountId: string;
  readonly apiKey: string;
  readonly apiSecret: string;
}

export class PrivateExchange {
  readonly apiPort: number;
  readonly gatewayPort: number;
  readonly dataDir: string;
  readonly startSeconds: number;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, place: { readonly dataDir: string; readonly apiPort: number; readonly gatewayPort: number }, startSeconds: number) {
    this.#child = child;
    this.dataDir = place.dataDir;
    this.apiPort = place.apiPort;
    this.gatewayPort = place.gatewayPort;
    this.startSeconds = startSeconds;
  }

  /**
   * Starts it with the flags of `npm start`, and `variables` besides its own. What it says once it is up goes to `tell`.
   * @throws BenchError with its output when it does not come up.
   */
  static async start(
    root: string,
    flags: readonly string[],
    { variables = {}, tell = (text) => process.stderr.write(text) }: { readonly variables?: NodeJS.ProcessEnv; readonly tell?: (text: string) => void } = {},
  ): Promise<PrivateExchange> {
    const startedMs = performance.now();
    const dataDir = mkdtempSync(join(tmpdir(), "tickwire-bench-"));
    const ports = await Promise.all([findFreePort(), findFreePort(), findFreePort()]);
    const [apiPort = 0, gatewayPort = 0, webPort = 0] = ports;
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.test(name)));
    const env = { ...inherited, ...variables, TICKWIRE_DATA_DIR: dataDir, API_PORT: String(apiPort), GATEWAY_PORT: String(gatewayPort), WEB_PORT: String(webPort) };
    // A group of its own: Ctrl-C reaches the bench, which stops the exchange in order.
    const child = spawn(process.execPath, [join(root, "scripts/start.mjs"), ...flags], { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-4_000)));
    const place = { dataDir, apiPort, gatewayPort };
    const exchange = new PrivateExchange(child, place, 0);
    const up = () => readRunFile(dataDir)?.state === "up";
    while (!up()) {
      const late = performance.now() - startedMs > START_TIMEOUT_MS;
      if (child.exitCode !== null || child.signalCode !== null || late) {
        await exchange.stop();
        throw new BenchError(`The exchange to measure ${late ? "was not up in time" : "did not start"}; it said:\n${output.trim()}`);
      }
      await sleep(POLL_MS);
    }
    // From now on it speaks only of trouble, which belongs beside the numbers.
    for (const stream of [child.stdout, child.stderr]) stream.on("data", tell);
    return new PrivateExchange(child, place, Math.round((performance.now() - startedMs) / 100) / 10);
  }

  /** Ended by itself: the exchange could not be kept running. */
  get gone(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** A funded account with an API key. */
  async openAccount(name: string, deposits: Readonly<Record<string, string>>): Promise<Account> {
    const response = await fetch(`http://127.0.0.1:${this.apiPort}/api/tickwire/v1/operator/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${readOrMakeSecret(join(this.dataDir, "secrets"), "operator-token")}` },
      body: JSON.stringify({ name, deposits }),
    });
    if (!response.ok) throw new BenchError(`The exchange refused an account (${response.status}): ${(await response.text()).slice(0, 300)}`);
    return (await response.json()) as Account;
  }

  /** Ends it in order and removes its data. */
  async stop(): Promise<void> {
    if (!this.gone) {
      const exited = new Promise((resolve) => this.#child.once("exit", resolve));
      this.#child.kill("SIGTERM");
      const killer = setTimeout(() => this.#child.kill("SIGKILL"), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(killer);
    }
    emptyDataDir(this.dataDir); // what lies outside the folder as well
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
