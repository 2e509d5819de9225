// The one operator route that the simulator needs: opening funded accounts.
import { z } from "zod";
import { OPERATOR_TIMEOUT_MS } from "./limits.ts";

const opened = z.object({ accountId: z.union([z.string(), z.number()]).transform(String), apiKey: z.string().min(1), apiSecret: z.string().min(1) });
export type OpenedAccount = z.output<typeof opened>;

export class OperatorApi {
  readonly #apiUrl: string;
  readonly #token: string;

  constructor(options: { apiUrl: string; token: string }) {
    this.#apiUrl = options.apiUrl;
    this.#token = options.token;
  }

  /** @throws Error with the api's words. */
  async openAccount(request: { name: string; deposits: Readonly<Record<string, string>> }): Promise<OpenedAccount> {
    const response = await fetch(`${this.#apiUrl}/api/tickwire/v1/operator/accounts`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${this.#token}` },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(OPERATOR_TIMEOUT_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the api did not open an account: ${response.status} ${text.slice(0, 200)}`);
    return opened.parse(JSON.parse(text));
  }
}
