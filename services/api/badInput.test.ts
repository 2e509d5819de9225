// Bad input at the door of a real venue: each gets its named error, and nothing changes.
import { createHmac } from "node:crypto";
import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { operatorToken } from "../shared/credentials/secretFile.ts";
import { listen } from "./listen.ts";
import { RunningVenue, type ApiKeyPair } from "./testing/runningVenue.ts";

let venue: RunningVenue;
let trader: ApiKeyPair;

beforeAll(async () => {
  venue = await RunningVenue.start({ startRedisServer, startPostgresServer });
  trader = await venue.createAccount("trader", { SOL: "100", USDT: "1000" });
});
afterAll(async () => venue?.stop());

/** Everything about the trader that a refused request must leave as it was. */
async function state(): Promise<unknown> {
  const [account, open, all] = await Promise.all([
    venue.signed(trader, "GET", "/api/v3/account"),
    venue.signed(trader, "GET", "/api/v3/openOrders"),
    venue.signed(trader, "GET", "/api/v3/allOrders", { symbol: "SOLUSDT" }),
  ]);
  const { balances } = account.body as { balances: unknown };
  return { balances, open: open.body, all: all.body };
}

const LIMIT = { symbol: "SOLUSDT", side: "BUY", type: "LIMIT", timeInForce: "GTC", quantity: "1", price: "100" };
const MARKET = { symbol: "SOLUSDT", side: "BUY", type: "MARKET", quantity: "1" };
const missing = (param: string) => `Mandatory parameter '${param}' was not sent, was empty/null, or malformed.`;
const notRequired = (param: string) => `Parameter '${param}' sent when not required.`;

describe("an order is refused, and nothing changes, with", () => {
  it.each<[string, Record<string, string | undefined>, number, string]>([
    ["an unknown symbol", { ...LIMIT, symbol: "DOGEUSDT" }, -1121, "Invalid symbol."],
    ["a symbol in small letters", { ...LIMIT, symbol: "solusdt" }, -1100, "Illegal characters found in parameter 'symbol'; legal range is '^[A-Z0-9-_.]{1,20}$'."],
    ["no symbol", { ...LIMIT, symbol: undefined }, -1102, missing("symbol")],
    ["no side", { ...LIMIT, side: undefined }, -1102, missing("side")],
    ["no type", { ...LIMIT, type: undefined }, -1102, missing("type")],
    ["no price", { ...LIMIT, price: undefined }, -1102, missing("price")],
    ["no quantity", { ...LIMIT, quantity: undefined }, -1102, missing("quantity")],
    ["no time in force", { ...LIMIT, timeInForce: undefined }, -1102, missing("timeInForce")],
    ["an empty price", { ...LIMIT, price: "" }, -1105, "Parameter 'price' was empty."],
    ["a side that does not exist", { ...LIMIT, side: "HOLD" }, -1117, "Invalid side."],
    ["a type that does not exist", { ...LIMIT, type: "MAYBE" }, -1116, "Invalid orderType."],
    ["a type not offered", { ...LIMIT, type: "STOP_LOSS_LIMIT", stopPrice: "90" }, -1116, "Invalid orderType."],
    ["a time in force that does not exist", { ...LIMIT, timeInForce: "SOON" }, -1115, "Invalid timeInForce."],
    ["a price of zero", { ...LIMIT, price: "0" }, -1013, "Filter failure: PRICE_FILTER"],
    ["a price between two ticks", { ...LIMIT, price: "100.001" }, -1013, "Filter failure: PRICE_FILTER"],
    ["a price with more digits than the asset", { ...LIMIT, price: "100.000000001" }, -1111, "Parameter 'price' has too much precision."],
    ["a price beyond all", { ...LIMIT, price: "99999999999999999999" }, -1013, "Filter failure: PRICE_FILTER"],
    ["a quantity of zero", { ...LIMIT, quantity: "0.000" }, -1013, "Filter failure: LOT_SIZE"],
    ["a quantity between two lots", { ...LIMIT, quantity: "1.0001" }, -1013, "Filter failure: LOT_SIZE"],
    ["a quantity with more digits than the asset", { ...LIMIT, quantity: "1.000000001" }, -1111, "Parameter 'quantity' has too much precision."],
    ["a quantity beyond all", { ...LIMIT, quantity: "99999999999999999999" }, -1013, "Filter failure: LOT_SIZE"],
    ["a notional under the minimum", { ...LIMIT, quantity: "0.001" }, -1013, "Filter failure: NOTIONAL"],
    ["a price in exponent form", { ...LIMIT, price: "1e2" }, -1100, "Illegal characters found in parameter 'price'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."],
    ["a negative quantity", { ...LIMIT, quantity: "-1" }, -1100, "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'."],
    ["more than the account has", { ...LIMIT, quantity: "100" }, -2010, "Account has insufficient balance for requested action."],
    ["a client order id with blanks", { ...LIMIT, newClientOrderId: "a b" }, -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[.A-Z:/a-z0-9_-]{1,36}$'."],
    ["a client order id of 37 characters", { ...LIMIT, newClientOrderId: "x".repeat(37) }, -1100, "Illegal characters found in parameter 'newClientOrderId'; legal range is '^[.A-Z:/a-z0-9_-]{1,36}$'."],
    ["an answer type that does not exist", { ...LIMIT, newOrderRespType: "LOUD" }, -1130, "Data sent for parameter 'newOrderRespType' is not valid."],
    ["a quote amount in a limit order", { ...LIMIT, quoteOrderQty: "10" }, -1106, notRequired("quoteOrderQty")],
    ["a stop price in a limit order", { ...LIMIT, stopPrice: "10" }, -1106, notRequired("stopPrice")],
    ["an iceberg quantity", { ...LIMIT, icebergQty: "0.1" }, -2010, "Iceberg orders are not supported for this symbol."],
    ["a self-trade prevention that is not offered", { ...LIMIT, selfTradePreventionMode: "TRANSFER" }, -1130, "Data sent for parameter 'selfTradePreventionMode' is not valid."],
    ["a parameter nobody knows", { ...LIMIT, leverage: "10" }, -1104, "Not all sent parameters were read; read '6' parameter(s) but was sent '7'."],
    ["another account's id", { ...LIMIT, accountId: "1" }, -1104, "Not all sent parameters were read; read '6' parameter(s) but was sent '7'."],
    ["a time in force in a post-only order", { ...LIMIT, type: "LIMIT_MAKER" }, -1106, notRequired("timeInForce")],
    ["a price in a market order", { ...MARKET, price: "100" }, -1106, notRequired("price")],
    ["neither quantity nor amount in a market order", { ...MARKET, quantity: undefined }, -1102, "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!"],
    ["both quantity and amount in a market order", { ...MARKET, quoteOrderQty: "100" }, -1106, notRequired("quoteOrderQty")],
    ["an amount too precise", { ...MARKET, quantity: undefined, quoteOrderQty: "10.000000001" }, -1111, "Parameter 'quoteOrderQty' has too much precision."],
    ["an empty book to spend an amount in", { ...MARKET, quantity: undefined, quoteOrderQty: "100" }, -2010, "Order book liquidity is less than symbol minimum quantity."],
  ])("%s", async (_, params, code, msg) => {
    const before = await state();
    expect(await venue.signed(trader, "POST", "/api/v3/order", params)).toMatchObject({ status: 400, body: { code, msg } });
    expect(await state()).toEqual(before);
  });
});

describe("a signed request is refused with", () => {
  const query = (text: string, headers: Record<string, string> = { "x-mbx-apikey": trader.apiKey }) => venue.request("GET", `/api/v3/account?${text}`, { headers });
  it("no key, a key of the wrong form, an unknown key", async () => {
    expect(await query("timestamp=1", {})).toMatchObject({ status: 401, body: { code: -2014, msg: "API-key format invalid." } });
    expect(await query("timestamp=1", { "x-mbx-apikey": "short" })).toMatchObject({ status: 401, body: { code: -2014 } });
    const unknown = await venue.signed({ ...trader, apiKey: "k".repeat(64) }, "GET", "/api/v3/account");
    expect(unknown).toMatchObject({ status: 401, body: { code: -2015, msg: "Invalid API-key, IP, or permissions for action." } });
  });

  it("no signature, a wrong one, one of another request", async () => {
    expect(await query(`timestamp=${Date.now()}`)).toMatchObject({ status: 400, body: { code: -1102, msg: missing("signature") } });
    expect(await query(`timestamp=${Date.now()}&signature=${"0".repeat(64)}`)).toMatchObject({ status: 400, body: { code: -1022, msg: "Signature for this request is not valid." } });
    expect(await venue.signed({ ...trader, apiSecret: "x".repeat(64) }, "GET", "/api/v3/account")).toMatchObject({ body: { code: -1022 } });
  });

  it("no timestamp, an old one, one of the future", async () => {
    expect(await query("signature=00")).toMatchObject({ status: 400, body: { code: -1102, msg: missing("timestamp") } });
    expect(await venue.signed(trader, "GET", "/api/v3/account", {}, { timestamp: Date.now() - 6_000 })).toMatchObject({ status: 400, body: { code: -1021, msg: "Timestamp for this request is outside of the recvWindow." } });
    expect(await venue.signed(trader, "GET", "/api/v3/account", {}, { timestamp: Date.now() + 60_000 })).toMatchObject({ body: { code: -1021, msg: "Timestamp for this request was 1000ms ahead of the server's time." } });
    expect(await venue.signed(trader, "GET", "/api/v3/account", { recvWindow: 60_001 })).toMatchObject({ body: { code: -1131 } });
  });
});

describe("other requests are refused with a named error:", () => {
  it.each<[string, string, Record<string, string | undefined>, number]>([
    ["DELETE", "/api/v3/order", { symbol: "SOLUSDT", orderId: "999999" }, -2011],
    ["DELETE", "/api/v3/order", { symbol: "SOLUSDT", origClientOrderId: "nobody" }, -2011],
    ["DELETE", "/api/v3/order", { symbol: "SOLUSDT" }, -1102],
    ["DELETE", "/api/v3/order", { symbol: "SOLUSDT", orderId: "x" }, -1100],
    ["DELETE", "/api/v3/order", { symbol: "SOLUSDT", orderId: "1", cancelRestrictions: "ALWAYS" }, -1145],
    ["DELETE", "/api/v3/openOrders", { symbol: "SOLUSDT" }, -2011],
    ["DELETE", "/api/v3/openOrders", {}, -1102],
    ["GET", "/api/v3/order", { symbol: "SOLUSDT", orderId: "999999" }, -2013],
    ["GET", "/api/v3/order", { symbol: "SOLUSDT", origClientOrderId: "nobody" }, -2013],
    ["GET", "/api/v3/order", { symbol: "SOLUSDT" }, -1102],
    ["GET", "/api/v3/openOrders", { symbol: "NOPE" }, -1121],
    ["GET", "/api/v3/allOrders", {}, -1102],
    ["GET", "/api/v3/allOrders", { symbol: "SOLUSDT", startTime: "0", endTime: "86400001" }, -1127],
    ["GET", "/api/v3/myTrades", { symbol: "SOLUSDT", fromId: "1", startTime: "0" }, -1128],
    ["GET", "/api/v3/account", { colour: "red" }, -1104],
  ])("%s %s %o is %s", async (method, path, params, code) => {
    const answer = await venue.signed(trader, method, path, params);
    expect(answer).toMatchObject({ status: 400, body: { code, msg: expect.any(String) as string } });
  });

  it.each<[string, number, number]>([
    ["/api/v3/depth", 400, -1102],
    ["/api/v3/depth?symbol=NOPE", 400, -1121],
    ["/api/v3/depth?symbol=SOLUSDT&limit=0", 400, -1130],
    ["/api/v3/depth?symbol=SOLUSDT&limit=x", 400, -1100],
    ["/api/v3/depth?symbol=SOLUSDT&symbol=SOLUSDT", 400, -1101],
    ["/api/v3/klines?symbol=SOLUSDT", 400, -1102],
    ["/api/v3/klines?symbol=SOLUSDT&interval=7m", 400, -1120],
    ["/api/v3/exchangeInfo?symbol=NOPE", 400, -1121],
    ["/api/v3/exchangeInfo?symbol=SOLUSDT&symbols=[\"SOLUSDT\"]", 400, -1128],
    ["/api/v3/ticker/24hr?symbols=[\"SOLUSDT\",\"SOLUSDT\"]", 400, -1151],
    ["/api/v3/aggTrades?symbol=SOLUSDT&fromId=1&startTime=1", 400, -1128],
    ["/api/v3/ping?a=1", 400, -1104],
    ["/api/v3/nothing", 404, -1020],
    ["/nothing", 404, -1020],
    ["/", 404, -1020],
  ])("GET %s is %s, %s", async (path, status, code) => {
    expect(await venue.request("GET", path)).toMatchObject({ status, body: { code, msg: expect.any(String) as string } });
  });

  it("a body that is too large, announced or not", async () => {
    const body = `symbol=${"A".repeat(20_000)}`;
    expect(await venue.request("POST", "/api/v3/order", { body })).toMatchObject({ status: 413, body: { code: -1101 } });
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(Buffer.alloc(1_024, 65));
        controller.close();
      },
    });
    const response = await venue.api.app.request("/api/tickwire/v1/log-in", { method: "POST", body: stream, duplex: "half" } as RequestInit);
    expect(response.status).toBe(413);
  });

  it("on the wire too: a body that never ends is answered, a signature covers the very bytes of the query", async () => {
    const listener = await listen(venue.api.app, { host: "127.0.0.1", port: 0 });
    await expect(listen(venue.api.app, { host: "127.0.0.1", port: listener.port })).rejects.toThrow(`API_PORT ${listener.port} is in use`);
    const ask = (method: string, path: string, headers: Record<string, string>, chunks: readonly Buffer[] = []) =>
      new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
        const sent = request({ host: "127.0.0.1", port: listener.port, method, path, headers }, (response) => {
          let body = "";
          response.on("data", (chunk: Buffer) => (body += chunk.toString()));
          response.on("end", () => resolve({ status: response.statusCode, body }));
        });
        sent.on("error", reject);
        for (const chunk of chunks) sent.write(chunk);
        sent.end();
      });
    const tooLarge = await ask("POST", "/api/tickwire/v1/log-in", {}, Array.from({ length: 20 }, () => Buffer.alloc(1_024, 65)));
    expect(tooLarge).toMatchObject({ status: 413, body: expect.stringContaining("-1101") as string });
    const announced = await ask("POST", "/api/tickwire/v1/log-in", { "content-length": "100000" }, [Buffer.alloc(100_000, 65)]);
    expect(announced.status).toBe(413);

    // A client that does not percent-encode, and one that encodes more than it must, both sign what they send.
    const signedQuery = (id: string): string => {
      const query = `symbol=SOLUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=200&newClientOrderId=${id}&timestamp=${Date.now()}`;
      return `${query}&signature=${createHmac("sha256", trader.apiSecret).update(query).digest("hex")}`;
    };
    const form = { "x-mbx-apikey": trader.apiKey, "content-type": "application/x-www-form-urlencoded" };
    for (const [n, id] of ["a:b/c.d", "a%3Ab%2Fc%2Ed"].entries()) {
      const inQuery = await ask("POST", `/api/v3/order?${signedQuery(`${id}${n}q`)}`, { "x-mbx-apikey": trader.apiKey });
      expect(JSON.parse(inQuery.body)).toMatchObject({ clientOrderId: `a:b/c.d${n}q`, status: "NEW" });
      const canceled = await venue.signed(trader, "DELETE", "/api/v3/order", { symbol: "SOLUSDT", origClientOrderId: `a:b/c.d${n}q` });
      expect(canceled.status).toBe(200);
      const inBody = await ask("POST", "/api/v3/order", form, [Buffer.from(signedQuery(`${id}${n}b`))]);
      expect(JSON.parse(inBody.body)).toMatchObject({ clientOrderId: `a:b/c.d${n}b`, status: "NEW" });
      await venue.signed(trader, "DELETE", "/api/v3/order", { symbol: "SOLUSDT", origClientOrderId: `a:b/c.d${n}b` });
    }
    await listener.close();
  });

  it("JSON that is none, or has the wrong fields", async () => {
    const post = (path: string, body: string, headers: Record<string, string> = {}) => venue.request("POST", `/api/tickwire/v1/${path}`, { body, headers: { "content-type": "application/json", ...headers } });
    const operator = { authorization: `Bearer ${operatorToken(venue.config)}` };
    expect(await post("log-in", "{")).toMatchObject({ status: 400, body: { code: -1135 } });
    expect(await post("log-in", '{"email":1}')).toMatchObject({ status: 400, body: { code: -9000 } });
    expect(await post("sign-up", '{"email":"nobody","password":"long enough"}')).toMatchObject({ status: 400, body: { code: -9000, msg: "email: is not an e-mail address." } });
    expect(await post("sign-up", '{"email":"a@b.example","password":"short"}')).toMatchObject({ body: { msg: "password: must have at least 8 characters." } });
    expect(await post("sign-up", '{"email":"a@b.example","password":"long enough","accountId":1}')).toMatchObject({ status: 400, body: { code: -9000 } });
    expect(await post("operator/accounts", '{"name":"x"}')).toMatchObject({ status: 401, body: { code: -9005 } });
    expect(await post("operator/accounts", '{"name":"x"}', { authorization: "Bearer nonsense" })).toMatchObject({ status: 401, body: { code: -9005 } });
    expect(await post("operator/accounts", '{"name":""}', operator)).toMatchObject({ status: 400, body: { code: -9000 } });
    expect(await post("operator/accounts", '{"name":"x","deposits":{"BTC":1}}', operator)).toMatchObject({ status: 400, body: { code: -9000 } });
    expect(await post("operator/accounts", '{"name":"x","deposits":{"DOGE":"1"}}', operator)).toMatchObject({ status: 400, body: { code: -9010, msg: "DOGE is not an asset of this venue." } });
    expect(await post("operator/accounts", '{"name":"x","deposits":{"BTC":"1e3"}}', operator)).toMatchObject({ status: 400, body: { code: -9000 } });
    expect(await post("operator/accounts", '{"name":"x","email":"a@b.example"}', operator)).toMatchObject({ status: 400, body: { code: -9000, msg: "body: email and password go together." } });
  });
});
