// People and their money on a real venue: sign up, log in, add demo money, keys, tickets.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { streamTicketKey } from "../shared/keys.ts";
import { RunningVenue, until } from "./testing/runningVenue.ts";

let venue: RunningVenue;
let origin: string;

beforeAll(async () => {
  venue = await RunningVenue.start({ startRedisServer, startPostgresServer });
  origin = venue.config.webOrigins[0] ?? "";
});
afterAll(async () => venue?.stop());

const PASSWORD = "correct horse battery";

/** A browser with one page of ours open: it keeps the cookie and names its origin. */
class Browser {
  cookie = "";

  async send(method: string, path: string, json?: unknown, headers: Record<string, string> = {}) {
    const answer = await venue.request(method, path, {
      headers: { origin, ...(this.cookie === "" ? {} : { cookie: this.cookie }), ...(json === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    });
    const set = answer.headers.get("set-cookie");
    if (set !== null) this.cookie = set.split(";", 1)[0] ?? "";
    return { ...answer, setCookie: set };
  }

  own(method: string, path: string, json?: unknown, headers?: Record<string, string>) {
    return this.send(method, `/api/tickwire/v1/${path}`, json, headers);
  }
}

async function signedUp(email: string): Promise<Browser> {
  const browser = new Browser();
  expect(await browser.own("POST", "sign-up", { email, password: PASSWORD })).toMatchObject({ status: 201, body: { email } });
  return browser;
}

describe("a person", () => {
  it("signs up, is known by the cookie, logs out, and logs in again", async () => {
    const browser = new Browser();
    const made = await browser.own("POST", "sign-up", { email: "Ada@Example.org", password: PASSWORD });
    expect(made).toMatchObject({ status: 201, body: { email: "ada@example.org", accountId: expect.any(Number) as number } });
    expect(made.setCookie).toMatch(/^tickwire_session_3001=[\w-]{43};.*Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await browser.own("GET", "session")).body).toEqual(made.body);
    expect((await browser.send("GET", "/api/v3/account")).status).toBe(200);

    const stolen = browser.cookie;
    expect(await browser.own("POST", "log-out")).toMatchObject({ status: 200, body: {} });
    expect(await browser.own("GET", "session")).toMatchObject({ status: 401, body: { code: -9002 } });
    browser.cookie = stolen;
    expect((await browser.send("GET", "/api/v3/account")).status).toBe(401);

    expect(await browser.own("POST", "log-in", { email: "ada@example.org", password: "wrong" })).toMatchObject({ status: 401, body: { code: -9001 } });
    expect(await browser.own("POST", "log-in", { email: "nobody@example.org", password: PASSWORD })).toMatchObject({ status: 401, body: { code: -9001 } });
    expect((await browser.own("POST", "log-in", { email: "ADA@example.org", password: PASSWORD })).body).toEqual(made.body);
    expect((await browser.own("GET", "session")).body).toEqual(made.body);
  });

  it("cannot take an address that is taken, nor can two at once", async () => {
    await signedUp("bob@example.org");
    expect(await new Browser().own("POST", "sign-up", { email: "BOB@example.org", password: PASSWORD })).toMatchObject({ status: 409, body: { code: -9003 } });
    const race = await Promise.all([1, 2, 3].map(() => new Browser().own("POST", "sign-up", { email: "race@example.org", password: PASSWORD })));
    expect(race.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it("is not moved by pages of other origins", async () => {
    const browser = await signedUp("carol@example.org");
    const evil = { origin: "https://evil.example" };
    expect(await browser.own("POST", "on-ramp", { asset: "BTC", amount: "1" }, evil)).toMatchObject({ status: 403, body: { code: -9004 } });
    expect(await browser.own("POST", "log-in", { email: "carol@example.org", password: PASSWORD }, evil)).toMatchObject({ status: 403, body: { code: -9004 } });
    expect(await browser.send("GET", "/api/v3/account", undefined, evil)).toMatchObject({ status: 403 });
    const nameless = await venue.request("POST", "/api/tickwire/v1/stream-ticket", { headers: { cookie: browser.cookie } });
    expect(nameless).toMatchObject({ status: 403, body: { code: -9004 } });
    const preflight = await venue.api.app.request("/api/v3/order", { method: "OPTIONS", headers: { ...evil, "access-control-request-method": "POST" } });
    expect(preflight.headers.get("access-control-allow-origin")).toBeNull();
    const ours = await venue.api.app.request("/api/v3/order", { method: "OPTIONS", headers: { origin, "access-control-request-method": "POST" } });
    expect(ours.headers.get("access-control-allow-origin")).toBe(origin);
    expect(ours.headers.get("access-control-allow-credentials")).toBe("true");
  });

  it("trades with the session alone", async () => {
    const browser = await signedUp("dora@example.org");
    await browser.own("POST", "on-ramp", { asset: "USDT", amount: "1000" });
    const placed = await venue.request("POST", "/api/v3/order", {
      headers: { origin, cookie: browser.cookie, "content-type": "application/x-www-form-urlencoded;charset=UTF-8" },
      body: "symbol=SOLUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=20",
    });
    expect(placed).toMatchObject({ status: 200, body: { status: "NEW" } });
    const { orderId } = placed.body as { orderId: number };
    expect((await browser.send("GET", "/api/v3/openOrders")).body).toMatchObject([{ orderId }]);
    expect((await browser.send("DELETE", `/api/v3/order?symbol=SOLUSDT&orderId=${orderId}`)).body).toMatchObject({ status: "CANCELED" });
  });
});

describe("the on-ramp", () => {
  const free = async (browser: Browser, asset: string) => {
    const { balances } = (await browser.send("GET", "/api/v3/account")).body as { balances: { asset: string; free: string }[] };
    return balances.find((row) => row.asset === asset)?.free;
  };

  let nobodyYet: Browser;
  beforeAll(async () => {
    nobodyYet = await signedUp("zoe@example.org");
  });

  it("adds exactly the amount, up to what one request and one day allow", async () => {
    const browser = await signedUp("eve@example.org");
    expect((await browser.own("POST", "on-ramp", { asset: "BTC", amount: "10" })).body).toMatchObject({ asset: "BTC", amount: "10.00000000", left: "40.00000000" });
    expect((await browser.own("POST", "on-ramp", { asset: "BTC", amount: "0.00000001" })).body).toMatchObject({ left: "39.99999999" });
    expect(await free(browser, "BTC")).toBe("10.00000001");
    expect(await browser.own("POST", "on-ramp", { asset: "BTC", amount: "10.00000001" })).toMatchObject({ status: 400, body: { code: -9011 } });
    const race = await Promise.all(Array.from({ length: 8 }, () => browser.own("POST", "on-ramp", { asset: "BTC", amount: "10" })));
    expect(race.filter(({ status }) => status === 200)).toHaveLength(3);
    expect(race.filter(({ body }) => (body as { code?: number }).code === -9012)).toHaveLength(5);
    expect(await free(browser, "BTC")).toBe("40.00000001");
  });

  it("pays a repeated transfer once", async () => {
    const browser = await signedUp("fay@example.org");
    const transfer = { asset: "ETH", amount: "2", transferId: "retry-1" };
    const answers = await Promise.all([1, 2, 3].map(() => browser.own("POST", "on-ramp", transfer)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await free(browser, "ETH")).toBe("2.00000000");
    expect(await browser.own("POST", "on-ramp", { ...transfer, amount: "3" })).toMatchObject({ status: 400, body: { code: -9000 } });
  });

  it.each<[string, unknown, number]>([
    ["an unknown asset", { asset: "DOGE", amount: "1" }, -9010],
    ["nothing", { asset: "BTC", amount: "0" }, -9013],
    ["a number", { asset: "BTC", amount: 1 }, -9000],
    ["less than nothing", { asset: "BTC", amount: "-1" }, -9000],
    ["an exponent", { asset: "BTC", amount: "1e1" }, -9000],
    ["too many digits", { asset: "BTC", amount: "0.000000001" }, -1111],
    ["another account", { asset: "BTC", amount: "1", accountId: 1 }, -9000],
    ["no amount", { asset: "BTC" }, -9000],
  ])("refuses %s and moves nothing", async (_, body, code) => {
    expect(await nobodyYet.own("POST", "on-ramp", body)).toMatchObject({ status: 400, body: { code } });
    expect(await free(nobodyYet, "BTC")).toBe("0.00000000");
  });
});

describe("API keys", () => {
  it("are made and removed by the person; the secret is shown once; a removed key is dead", async () => {
    const browser = await signedUp("gus@example.org");
    const made = await browser.own("POST", "api-keys", { label: "my bot" });
    expect(made).toMatchObject({ status: 201, body: { label: "my bot", apiKey: expect.stringMatching(/^[A-Za-z0-9]{64}$/) as string, apiSecret: expect.stringMatching(/^[A-Za-z0-9]{64}$/) as string } });
    const key = made.body as { id: string; apiKey: string; apiSecret: string };
    expect((await venue.signed(key, "GET", "/api/v3/account")).status).toBe(200);
    const listed = (await browser.own("GET", "api-keys")).body as unknown[];
    expect(listed).toEqual([{ id: key.id, label: "my bot", apiKey: key.apiKey, createdAt: expect.any(Number) as number }]);
    // A key cannot make keys.
    expect((await venue.signed(key, "POST", "/api/tickwire/v1/api-keys")).status).toBe(401);

    const stranger = await signedUp("hal@example.org");
    expect(await stranger.own("DELETE", `api-keys/${key.id}`)).toMatchObject({ status: 404, body: { code: -9021 } });
    expect(await browser.own("DELETE", "api-keys/nonsense")).toMatchObject({ status: 404, body: { code: -9021 } });
    expect(await browser.own("DELETE", `api-keys/${key.id}`)).toMatchObject({ status: 200 });
    expect(await venue.signed(key, "GET", "/api/v3/account")).toMatchObject({ status: 401, body: { code: -2015 } });
  });
});

describe("a stream ticket", () => {
  it("names the account, for thirty seconds, whoever asks by key or by session", async () => {
    const trader = await venue.createAccount("ticket holder", {});
    const bySignature = (await venue.signed(trader, "POST", "/api/tickwire/v1/stream-ticket")).body as { ticket: string; expiresInMs: number };
    expect(bySignature.expiresInMs).toBe(30_000);
    expect(await venue.api.redis.get(streamTicketKey(bySignature.ticket))).toBe(String(trader.accountId));
    expect(await venue.api.redis.pttl(streamTicketKey(bySignature.ticket))).toBeGreaterThan(25_000);
    const browser = await signedUp("ivy@example.org");
    const bySession = (await browser.own("POST", "stream-ticket")).body as { ticket: string };
    const { accountId } = (await browser.own("GET", "session")).body as { accountId: number };
    expect(await venue.api.redis.get(streamTicketKey(bySession.ticket))).toBe(String(accountId));
    expect(await venue.request("POST", "/api/tickwire/v1/stream-ticket")).toMatchObject({ status: 401 });
  });
});

describe("health", () => {
  it("is ok only while orders can be placed, and says which part is missing; nothing is lost meanwhile", async () => {
    const trader = await venue.createAccount("patient", { USDT: "500" });
    const health = async () => (await venue.request("GET", "/healthz")) as { status: number; body: { status: string; parts: Record<string, { up: boolean }> } };
    expect(await health()).toMatchObject({ status: 200, body: { status: "ok", parts: { engine: { up: true, snapshot: null } } } });
    await venue.killService("engine");
    await until(async () => (await health()).status === 503, "the engine is missed");
    const { parts } = (await health()).body;
    expect(Object.entries(parts).filter(([, { up }]) => !up).map(([name]) => name)).toEqual(["engine"]);
    expect(await venue.request("GET", "/api/v3/depth?symbol=SOLUSDT")).toMatchObject({ status: 503, body: { code: -1001 } });

    // An order sent now is in the log, but nobody has answered: unknown, and resolvable by its client order id.
    const order = { symbol: "SOLUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "1", price: "100", newClientOrderId: "in-doubt", recvWindow: 60_000 };
    expect(await venue.signed(trader, "POST", "/api/v3/order", order)).toMatchObject({ status: 504, body: { code: -1007, msg: "Timeout waiting for response from backend server. Send status unknown; execution status unknown." } });
    venue.startService("engine");
    await until(async () => (await health()).status === 200, "the engine is back");
    expect((await venue.signed(trader, "GET", "/api/v3/order", { symbol: "SOLUSDT", origClientOrderId: "in-doubt" })).body).toMatchObject({ status: "NEW" });
    expect((await venue.signed(trader, "POST", "/api/v3/order", order)).body).toMatchObject({ code: -2010, msg: "Duplicate order sent." });
  });

  it("history that is behind is said to be behind, not shown as if it were all", async () => {
    const trader = await venue.createAccount("historian", { USDT: "500" });
    await venue.killService("recorder");
    const ioc = await venue.signed(trader, "POST", "/api/v3/order", { symbol: "SOLUSDT", side: "BUY", type: "LIMIT", timeInForce: "IOC", quantity: "1", price: "50" });
    const { orderId } = ioc.body as { orderId: number };
    expect(await venue.signed(trader, "GET", "/api/v3/order", { symbol: "SOLUSDT", orderId })).toMatchObject({ status: 503, body: { code: -1001 } });
    expect((await venue.request("GET", "/api/v3/trades?symbol=SOLUSDT")).status).toBe(200);
    venue.startService("recorder");
    await until(async () => (await venue.signed(trader, "GET", "/api/v3/order", { symbol: "SOLUSDT", orderId })).status === 200, "history has caught up");
  });
});
