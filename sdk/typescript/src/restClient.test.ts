import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RestClient, TickwireApiError } from "./index.ts";

// Over real HTTP: what is signed must be what arrives.
let server: Server;
let baseUrl: string;
let seen: { method: string; url: string; headers: IncomingMessage["headers"] }[];
let answer: { status: number; body: string; headers?: Record<string, string> };

beforeEach(async () => {
  seen = [];
  answer = { status: 200, body: "{}" };
  server = createServer((request, response) => {
    seen.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const failure = (promise: Promise<unknown>): Promise<TickwireApiError> =>
  promise.then(
    () => Promise.reject(new Error("it did not fail")),
    (error: unknown) => (error instanceof TickwireApiError ? error : Promise.reject(error)),
  );

describe("a private call", () => {
  it("is signed over the query as sent, by the key's secret", async () => {
    const rest = new RestClient({ baseUrl, apiKey: "key", apiSecret: "secret" });
    await rest.placeOrder({ symbol: "BTCUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", price: "1.00", quantity: "2", newClientOrderId: "a:b/c" });
    const [request] = seen;
    expect(request?.method).toBe("POST");
    expect(request?.headers["x-mbx-apikey"]).toBe("key");
    const query = request?.url.split("?")[1] ?? "";
    const [payload, signature] = query.split("&signature=");
    expect(signature).toBe(createHmac("sha256", "secret").update(payload ?? "").digest("hex"));
    const parameters = new URLSearchParams(query);
    expect(parameters.get("newClientOrderId")).toBe("a:b/c");
    expect(Math.abs(Number(parameters.get("timestamp")) - Date.now())).toBeLessThan(1_000);
  });

  it("goes unsigned, for the session cookie, when there is no key", async () => {
    await new RestClient({ baseUrl }).openOrders({ symbol: "BTCUSDT" });
    expect(seen[0]?.url).toBe("/api/v3/openOrders?symbol=BTCUSDT");
  });

  it("needs key and secret together", () => {
    expect(() => new RestClient({ baseUrl, apiKey: "key" })).toThrow("go together");
  });
});

describe("an answer that is not a success", () => {
  it("is an error with the API's code and words", async () => {
    answer = { status: 400, body: JSON.stringify({ code: -2010, msg: "Account has insufficient balance for requested action." }) };
    const error = await failure(new RestClient({ baseUrl }).account());
    expect([error.status, error.code, error.message]).toEqual([400, -2010, "Account has insufficient balance for requested action."]);
  });

  it("tells how long the API asks to wait", async () => {
    answer = { status: 429, body: JSON.stringify({ code: -1003, msg: "Too many requests." }), headers: { "retry-after": "3" } };
    expect((await failure(new RestClient({ baseUrl }).time())).retryAfterMs).toBe(3_000);
  });

  it("may be no JSON at all", async () => {
    answer = { status: 502, body: "<html>" };
    const error = await failure(new RestClient({ baseUrl }).time());
    expect([error.status, error.code]).toEqual([502, 0]);
  });

  it("is status 0 when the answer does not come in time", async () => {
    server.removeAllListeners("request");
    const error = await failure(new RestClient({ baseUrl, timeoutMs: 50 }).ping());
    expect([error.status, error.message]).toEqual([0, expect.stringContaining("none within 50 ms")]);
    server.closeAllConnections();
  });

  it("is status 0 when nobody answers", async () => {
    expect((await failure(new RestClient({ baseUrl: "http://127.0.0.1:1" }).ping())).status).toBe(0);
  });
});
