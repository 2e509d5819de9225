// A signed REST caller small enough to see every byte of: what the tests of bad input and of killed processes send.
import { createHmac } from "node:crypto";
import type { Credentials } from "./exchange.ts";

export interface Answer {
  readonly status: number;
  // What the api answers differs by route; each test says what it expects of it.
  readonly body: Record<string, unknown>;
}

/** Calls `method path` with the parameters signed as Binance's clients do it. */
export async function signed(
  apiUrl: string,
  { apiKey, apiSecret }: Pick<Credentials, "apiKey" | "apiSecret">,
  method: "GET" | "POST" | "DELETE",
  path: string,
  params: Record<string, string>,
  options: { timestamp?: number; signature?: string; timeoutMs?: number } = {},
): Promise<Answer> {
  const query = new URLSearchParams({ ...params, recvWindow: "5000", timestamp: String(options.timestamp ?? Date.now()) }).toString();
  const signature = options.signature ?? createHmac("sha256", apiSecret).update(query).digest("hex");
  const response = await fetch(`${apiUrl}${path}?${query}&signature=${signature}`, {
    method,
    headers: { "X-MBX-APIKEY": apiKey },
    signal: AbortSignal.timeout(options.timeoutMs ?? 10_000),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
