// Bad input to each entry gets a named error and changes nothing.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import { ClientFrameSchema, Channel } from "../../gen/tickwire/v1/client_pb.ts";
import { RequestError, ServerBatchSchema, type ServerFrame } from "../../gen/tickwire/v1/server_pb.ts";
import { Exchange, newAddress, runCommand, type Credentials } from "../support/exchange.ts";
import { signed } from "../support/restOrders.ts";

const exchange = new Exchange(inject("exchange"));
let trader: Credentials;
beforeAll(async () => {
  trader = await exchange.createAccount("careless", { SOL: "10", USDT: "1000" });
});

const state = async () => {
  const [account, open] = await Promise.all([
    signed(exchange.apiUrl, trader, "GET", "/api/v3/account", {}),
    signed(exchange.apiUrl, trader, "GET", "/api/v3/openOrders", {}),
  ]);
  return { balances: account.body["balances"], open: open.body };
};

describe("REST", () => {
  const good = { symbol: "SOLUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "1", price: "100" };
  it.each<[string, Record<string, string>, number, number, string]>([
    ["an unknown symbol", { symbol: "DOGEUSDT" }, 400, -1121, "Invalid symbol."],
    ["a price between two ticks", { price: "100.001" }, 400, -1013, "Filter failure: PRICE_FILTER"],
    ["a price of zero", { price: "0" }, 400, -1013, "Filter failure: PRICE_FILTER"],
    ["more digits than the asset has", { price: "100.0000000001" }, 400, -1111, "Parameter 'price' has too much precision."],
    ["a quantity between two lots", { quantity: "1.0001" }, 400, -1013, "Filter failure: LOT_SIZE"],
    ["a notional under the minimum", { quantity: "0.001" }, 400, -1013, "Filter failure: NOTIONAL"],
    ["a number in exponent form", { price: "1e2" }, 400, -1100, ""],
    ["a negative quantity", { quantity: "-1" }, 400, -1100, ""],
    ["more than the account has", { quantity: "100" }, 400, -2010, "Account has insufficient balance for requested action."],
    ["a side that does not exist", { side: "HOLD" }, 400, -1117, "Invalid side."],
    ["a type that does not exist", { type: "MAYBE" }, 400, -1116, "Invalid orderType."],
    ["a time in force that does not exist", { timeInForce: "SOON" }, 400, -1115, "Invalid timeInForce."],
    ["a client order id with blanks", { newClientOrderId: "a b" }, 400, -1100, ""],
  ])("%s", async (_what, change, status, code, msg) => {
    const before = await state();
    const answer = await signed(exchange.apiUrl, trader, "POST", "/api/v3/order", { ...good, ...change });
    expect(answer).toMatchObject({ status, body: { code } });
    if (msg !== "") expect(answer.body["msg"]).toBe(msg);
    expect(await state()).toEqual(before);
  });

  it("a missing parameter, a stale timestamp, a wrong signature, an unknown key", async () => {
    const before = await state();
    const { price: _price, ...noPrice } = good;
    expect((await signed(exchange.apiUrl, trader, "POST", "/api/v3/order", noPrice)).body["code"]).toBe(-1102);
    expect((await signed(exchange.apiUrl, trader, "POST", "/api/v3/order", good, { timestamp: Date.now() - 60_000 })).body["code"]).toBe(-1021);
    expect((await signed(exchange.apiUrl, trader, "POST", "/api/v3/order", good, { signature: "0".repeat(64) })).body["code"]).toBe(-1022);
    expect((await signed(exchange.apiUrl, { ...trader, apiKey: "k".repeat(64) }, "POST", "/api/v3/order", good)).body["code"]).toBe(-2015);
    expect(await state()).toEqual(before);
  });

  it("a body that is too large, no JSON, or meant for nobody", async () => {
    const post = (path: string, body: string) =>
      fetch(`${exchange.apiUrl}${path}`, { method: "POST", body, headers: { "content-type": "application/json" } });
    expect((await post("/api/tickwire/v1/log-in", "x".repeat(100_000))).status).toBe(413);
    expect((await post("/api/tickwire/v1/log-in", "{")).status).toBe(400);
    expect((await post("/api/tickwire/v1/log-in", JSON.stringify({ email: 1 }))).status).toBe(400);
    const nowhere = await fetch(`${exchange.apiUrl}/api/v3/nothing`);
    expect(nowhere.status).toBe(404);
    expect(await nowhere.json()).toHaveProperty("code");
  });
});

describe("the socket", () => {
  /** Sends bytes after the welcome and returns the first answer, or how the socket was closed. */
  function ask(bytes: Uint8Array): Promise<ServerFrame["body"] | { case: "closed"; value: number }> {
    return new Promise((resolve, reject) => {
      const socket = new WebSocket(exchange.feedUrl);
      socket.binaryType = "arraybuffer";
      socket.on("error", reject);
      socket.on("close", (code) => resolve({ case: "closed", value: code }));
      socket.on("message", (data: ArrayBuffer) => {
        for (const { body } of fromBinary(ServerBatchSchema, new Uint8Array(data)).frames) {
          if (body.case === "welcome") socket.send(bytes);
          else {
            resolve(body);
            socket.terminate();
          }
        }
      });
    });
  }
  const frame = (init: Parameters<typeof create<typeof ClientFrameSchema>>[1]) => toBinary(ClientFrameSchema, create(ClientFrameSchema, init));
  const subscribe = (channel: Channel, marketId: number, more = {}) =>
    frame({ requestNo: 7n, body: { case: "subscribe", value: { subscriptions: [{ channel, marketId, ...more }] } } });

  it.each<[string, Uint8Array, RequestError]>([
    ["bytes that are no frame", new Uint8Array([0xff, 0xff, 0xff]), RequestError.MALFORMED_FRAME],
    ["a frame that asks nothing", frame({ requestNo: 7n }), RequestError.UNKNOWN_REQUEST],
    ["a channel that does not exist", subscribe(99 as Channel, 1), RequestError.UNKNOWN_CHANNEL],
    ["a market that does not exist", subscribe(Channel.BOOK, 4_000_000), RequestError.UNKNOWN_MARKET],
    ["candles without an interval", subscribe(Channel.CANDLES, 1), RequestError.INVALID_INTERVAL],
    ["a conflation that is not offered", subscribe(Channel.BOOK, 1, { conflateMs: 7 }), RequestError.INVALID_CONFLATION],
    ["the private channel without a logon", subscribe(Channel.ACCOUNT, 0), RequestError.NOT_LOGGED_ON],
    ["a logon with a made-up ticket", frame({ requestNo: 7n, body: { case: "logon", value: { ticket: "made-up" } } }), RequestError.INVALID_TICKET],
  ])("%s", async (_what, bytes, error) => {
    expect(await ask(bytes)).toMatchObject({ case: "requestRejected", value: { error } });
  });

  it("a frame of 1 MiB ends the connection", async () => {
    expect(await ask(new Uint8Array(1 << 20))).toMatchObject({ case: "closed" });
  });

  it("a page of another origin is not let in", async () => {
    const status = await new Promise<number>((resolve) => {
      const socket = new WebSocket(exchange.feedUrl, { origin: "https://evil.example" });
      socket.on("unexpected-response", (_request, response) => resolve(response.statusCode ?? 0));
      socket.on("open", () => resolve(101));
      socket.on("error", () => undefined);
    });
    expect(status).toBe(403);
  });
});

describe("the CLI", () => {
  it.each<[string, string[], RegExp]>([
    ["an unknown command", ["acount", "create"], /unknown command/i],
    ["an unknown flag", ["account", "create", "--nmae", "x"], /--nmae/],
    ["no name", ["account", "create"], /--name/],
    ["a deposit that is no amount", ["account", "create", "--name", "x", "--deposit", "BTC=lots"], /BTC=lots/],
    ["a deposit of an unknown asset", ["account", "create", "--name", "x", "--deposit", "DOGE=1"], /DOGE/],
  ])("%s", async (_what, args, message) => {
    const { code, stdout, stderr } = await exchange.cli(...args, "--json");
    expect(code).not.toBe(0);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr.trim().split("\n"), "one plain sentence").toHaveLength(1);
  });

  it("says so when no exchange runs", async () => {
    const nowhere = new Exchange(await newAddress());
    const { code, stderr } = await runCommand("npm", ["run", "--silent", "tickwire", "--", "account", "create", "--name", "x", "--json"], {
      ...nowhere.env,
      TICKWIRE_OPERATOR_TOKEN: "t".repeat(40),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/not running|cannot be reached/i);
    const elsewhere = await nowhere.cli("account", "create", "--name", "x", "--json");
    expect(elsewhere.code).toBe(1);
    expect(elsewhere.stderr).toContain("TICKWIRE_DATA_DIR");
  });
});

describe("npm start", () => {
  const start = async (args: string[], env: Record<string, string> = {}) => {
    const elsewhere = new Exchange(await newAddress());
    return runCommand(process.execPath, ["scripts/start.mjs", ...args], { ...elsewhere.env, ...env });
  };

  it("names the variable whose port is in use", async () => {
    const { code, stdout, stderr } = await start(["--no-web"], { API_PORT: String(exchange.address.apiPort) });
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(new RegExp(`${exchange.address.apiPort}.*API_PORT`));
  });

  it("refuses a wrong flag and a wrong variable in one sentence", async () => {
    const flag = await start(["--no-wbe"]);
    expect(flag.code).toBe(2);
    expect(flag.stderr).toMatch(/--no-wbe/);
    const variable = await start([], { GATEWAY_PORT: "eighty" });
    expect(variable.code).not.toBe(0);
    expect(variable.stdout + variable.stderr).toMatch(/GATEWAY_PORT must be a port/);
    const rate = await start(["--no-web"], { TICKWIRE_FLOW_RATE: "fast" });
    expect([rate.code, rate.stderr]).toEqual([1, expect.stringMatching(/^TICKWIRE_FLOW_RATE must be a number/m)]);
  });

  it("will not run twice on the same data", async () => {
    const { env } = new Exchange({ ...(await newAddress()), dataDir: exchange.address.dataDir });
    const { code, stdout, stderr } = await runCommand(process.execPath, ["scripts/start.mjs"], env);
    expect(code).not.toBe(0);
    expect(stdout + stderr).toMatch(/already runs|already running/i);
    expect(await exchange.healthy()).toBe(true);
  });
});
