// Where the running exchange is, and its api's answers.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readConfig, type Config } from "../../services/shared/config.ts";
import { readRunFile } from "../stack/runFile.ts";
import { CommandError } from "./usage.ts";

const ANSWER_TIMEOUT_MS = 15_000;

export interface Answer {
  readonly status: number;
  readonly text: string;
}

export class RunningExchange {
  readonly url: string;
  readonly #config: Config;

  constructor(env: NodeJS.ProcessEnv = process.env) {
    this.#config = readConfig(env);
    const { host, apiPort, dataDir } = this.#config;
    const near = ["0.0.0.0", "::", "localhost"].includes(host) ? "127.0.0.1" : host;
    const recorded = env["API_PORT"] ? undefined : readRunFile(dataDir)?.urls.api;
    this.url = recorded ?? `http://${near.includes(":") ? `[${near}]` : near}:${apiPort}`;
  }

  /** @throws CommandError when nothing of the kind answers. */
  async ask(path: string, init: RequestInit = {}): Promise<Answer> {
    try {
      const response = await fetch(`${this.url}${path}`, { ...init, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      if (error instanceof Error && error.name === "TimeoutError") throw new CommandError(`The exchange at ${this.url} did not answer within ${ANSWER_TIMEOUT_MS / 1000} s.`);
      throw new CommandError(`The exchange is not running at ${this.url}; start it with npm start, or set API_PORT or TICKWIRE_DATA_DIR to the one that runs.`);
    }
  }

  /** @throws CommandError when this user does not have it. */
  operatorToken(): string {
    const { operatorToken, secretsDir } = this.#config;
    if (operatorToken !== undefined) return operatorToken;
    const path = join(secretsDir, "operator-token");
    try {
      return readFileSync(path, "utf8").trim();
    } catch {
      throw new CommandError(`The exchange's operator token cannot be read from ${path}; set TICKWIRE_DATA_DIR to its data directory or set TICKWIRE_OPERATOR_TOKEN.`);
    }
  }
}
