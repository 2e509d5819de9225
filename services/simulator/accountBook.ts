// The simulator's accounts and their keys, kept in a file that only its user can read, so that a restart trades on with
// the same money. Never logs a secret.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { RestClient, TickwireApiError } from "../../sdk/typescript/src/index.ts";
import type { Logger } from "../shared/logger.ts";
import type { OperatorApi } from "./operatorApi.ts";

const keysByName = z.record(z.string(), z.object({ accountId: z.string(), apiKey: z.string(), apiSecret: z.string() }));
type KeysByName = z.output<typeof keysByName>;

export class AccountBook {
  readonly #file: string;
  readonly #apiUrl: string;
  readonly #operator: OperatorApi;
  readonly #logger: Logger;
  #keys: KeysByName;

  constructor(options: { file: string; apiUrl: string; operator: OperatorApi; logger: Logger }) {
    this.#file = options.file;
    this.#apiUrl = options.apiUrl;
    this.#operator = options.operator;
    this.#logger = options.logger;
    this.#keys = this.#read();
  }

  /**
   * A client for the account of this name: the known one if the exchange still takes its key, else a new one.
   * @throws when the exchange cannot be reached or does not open accounts.
   */
  async open({ name, deposits }: { name: string; deposits: Readonly<Record<string, string>> }): Promise<RestClient> {
    const known = this.#keys[name];
    if (known !== undefined) {
      const rest = new RestClient({ baseUrl: this.#apiUrl, apiKey: known.apiKey, apiSecret: known.apiSecret });
      try {
        await rest.account();
        return rest;
      } catch (error) {
        const refused = error instanceof TickwireApiError && error.status >= 400 && error.status < 500 && error.status !== 429 && error.status !== 418;
        if (!refused) throw error;
        this.#logger.warn({ account: name, code: error.code }, "the exchange refuses a known key; opening a new account");
      }
    }
    const opened = await this.#operator.openAccount({ name, deposits });
    this.#keys = { ...this.#keys, [name]: opened };
    this.#write();
    return new RestClient({ baseUrl: this.#apiUrl, apiKey: opened.apiKey, apiSecret: opened.apiSecret });
  }

  /** The next open() of this name makes a new account. */
  forget(name: string): void {
    this.#keys = Object.fromEntries(Object.entries(this.#keys).filter(([other]) => other !== name));
    this.#write();
  }

  #read(): KeysByName {
    try {
      return keysByName.parse(JSON.parse(readFileSync(this.#file, "utf8")));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
        this.#logger.warn({ file: this.#file }, "the simulator's keys cannot be read; opening new accounts");
      }
      return {};
    }
  }

  #write(): void {
    mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
    const temporary = `${this.#file}.${process.pid}`;
    writeFileSync(temporary, `${JSON.stringify(this.#keys, null, 2)}\n`, { mode: 0o600 });
    renameSync(temporary, this.#file);
  }
}
