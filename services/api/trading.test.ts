// Orders over REST, from the request to the engine and back, on a real venue.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { RunningVenue, type ApiKeyPair } from "./testing/runningVenue.ts";

let venue: RunningVenue;
let maker: ApiKeyPair;
let taker: ApiKeyPair;

beforeAll(async () => {
  venue = await RunningVenue.start({ startRedisServer, startPostgresServer });
  maker = await venue.createAccount("maker", { ETH: "10", SOL: "1000", USDT: "100000" });
  taker = await venue.createAccount("taker", { USDT: "100000" });
});
afterAll(async () => venue?.stop());

const ORDER = { symbol: "ETHUSDT", side: "SELL", type: "LIMIT", timeInForce: "GTC", quantity: "1.5", price: "4000.01" } as const;

async function balances(who: ApiKeyPair): Promise<Record<string, [string, string]>> {
  const { body } = await venue.signed(who, "GET", "/api/v3/account");
  const rows = (body as { balances: { asset: string; free: string; locked: string }[] }).balances;
  return Object.fromEntries(rows.map(({ asset, free, locked }) => [asset, [free, locked]]));
}

describe("an order over REST", () => {
  it("rests in the book, among the open orders and in the held balance, until it is cancelled", async () => {
    const placed = await venue.signed(maker, "POST", "/api/v3/order", { ...ORDER, newClientOrderId: "first-1" });
    expect(placed).toMatchObject({
      status: 200,
      body: {
        symbol: "ETHUSDT",
        clientOrderId: "first-1",
        orderListId: -1,
        price: "4000.01000000",
        origQty: "1.50000000",
        executedQty: "0.00000000",
        cummulativeQuoteQty: "0.00000000",
        status: "NEW",
        timeInForce: "GTC",
        type: "LIMIT",
        side: "SELL",
        fills: [],
      },
    });
    const { orderId } = placed.body as { orderId: number };

    const depth = await venue.request("GET", "/api/v3/depth?symbol=ETHUSDT&limit=5");
    expect(depth.body).toMatchObject({ bids: [], asks: [["4000.01000000", "1.50000000"]] });
    expect(Object.keys(depth.body)).toEqual(["lastUpdateId", "bids", "asks"]);
    expect((await balances(maker))["ETH"]).toEqual(["8.50000000", "1.50000000"]);

    const open = await venue.signed(maker, "GET", "/api/v3/openOrders", { symbol: "ETHUSDT" });
    expect(open.body).toMatchObject([{ orderId, status: "NEW", isWorking: true }]);
    const byClientId = await venue.signed(maker, "GET", "/api/v3/order", { symbol: "ETHUSDT", origClientOrderId: "first-1" });
    expect(byClientId.body).toMatchObject({ orderId, status: "NEW", stopPrice: "0.00000000" });

    const canceled = await venue.signed(maker, "DELETE", "/api/v3/order", { symbol: "ETHUSDT", orderId });
    expect(canceled).toMatchObject({ status: 200, body: { orderId, origClientOrderId: "first-1", status: "CANCELED", executedQty: "0.00000000" } });
    expect((await balances(maker))["ETH"]).toEqual(["10.00000000", "0.00000000"]);
    // At once, and from history: the reader sees its own cancel.
    const afterwards = await venue.signed(maker, "GET", "/api/v3/order", { symbol: "ETHUSDT", orderId });
    expect(afterwards.body).toMatchObject({ orderId, status: "CANCELED", clientOrderId: "first-1" });
  });

  it("trades: the answer tells the fills and their fees, and both histories agree to the last unit", async () => {
    const sell = await venue.signed(maker, "POST", "/api/v3/order", { ...ORDER, quantity: "2", price: "3000" });
    const buy = await venue.signed(taker, "POST", "/api/v3/order", { symbol: "ETHUSDT", side: "BUY", type: "MARKET", quantity: "0.5" }, { inBody: true });
    expect(buy).toMatchObject({
      status: 200,
      body: {
        status: "FILLED",
        type: "MARKET",
        timeInForce: "GTC",
        executedQty: "0.50000000",
        cummulativeQuoteQty: "1500.00000000",
        fills: [{ price: "3000.00000000", qty: "0.50000000", commission: "0.00050000", commissionAsset: "ETH" }],
      },
    });
    const { orderId, fills } = buy.body as { orderId: number; fills: { tradeId: number }[] };
    const tradeId = fills[0]?.tradeId;
    expect(await balances(taker)).toMatchObject({ ETH: ["0.49950000", "0.00000000"], USDT: ["98500.00000000", "0.00000000"] });
    expect(await balances(maker)).toMatchObject({ ETH: ["8.00000000", "1.50000000"], USDT: ["101498.50000000", "0.00000000"] });

    const mine = await venue.signed(taker, "GET", "/api/v3/myTrades", { symbol: "ETHUSDT" });
    expect(mine.body).toMatchObject([{ id: tradeId, orderId, price: "3000.00000000", qty: "0.50000000", quoteQty: "1500.00000000", commission: "0.00050000", commissionAsset: "ETH", isBuyer: true, isMaker: false }]);
    const theirs = await venue.signed(maker, "GET", "/api/v3/myTrades", { symbol: "ETHUSDT" });
    expect(theirs.body).toMatchObject([{ id: tradeId, orderId: (sell.body as { orderId: number }).orderId, commission: "1.50000000", commissionAsset: "USDT", isBuyer: false, isMaker: true }]);
    const all = await venue.signed(maker, "GET", "/api/v3/allOrders", { symbol: "ETHUSDT" });
    expect((all.body as { status: string }[]).map(({ status }) => status)).toEqual(["CANCELED", "PARTIALLY_FILLED"]);

    const row = { price: "3000.00000000", qty: "0.50000000", quoteQty: "1500.00000000", isBuyerMaker: false, id: tradeId };
    expect((await venue.request("GET", "/api/v3/trades?symbol=ETHUSDT")).body).toMatchObject([row]);
    expect((await venue.request("GET", `/api/v3/historicalTrades?symbol=ETHUSDT&fromId=${tradeId}`)).body).toMatchObject([row]);
    expect((await venue.request("GET", "/api/v3/aggTrades?symbol=ETHUSDT")).body).toMatchObject([{ a: tradeId, f: tradeId, l: tradeId, p: "3000.00000000", q: "0.50000000", m: false, M: true }]);
    const [candle] = (await venue.request("GET", "/api/v3/klines?symbol=ETHUSDT&interval=1m&limit=1")).body as unknown[][];
    expect(candle).toHaveLength(12);
    expect(candle?.slice(1, 6)).toEqual(["3000.00000000", "3000.00000000", "3000.00000000", "3000.00000000", "0.50000000"]);
    expect((await venue.request("GET", "/api/v3/ticker/24hr?symbol=ETHUSDT")).body).toMatchObject({
      lastPrice: "3000.00000000", volume: "0.50000000", quoteVolume: "1500.00000000", weightedAvgPrice: "3000.00000000",
      bidPrice: "0.00000000", askPrice: "3000.00000000", askQty: "1.50000000", priceChange: "0.00000000", priceChangePercent: "0.000", count: 1,
    });
    expect((await venue.request("GET", "/api/v3/ticker/price?symbol=ETHUSDT")).body).toEqual({ symbol: "ETHUSDT", price: "3000.00000000" });
    expect((await venue.request("GET", "/api/v3/avgPrice?symbol=ETHUSDT")).body).toMatchObject({ mins: 5, price: "3000.00000000" });
    expect((await venue.request("GET", '/api/v3/ticker/bookTicker?symbols=["ETHUSDT","BTCUSDT"]')).body).toMatchObject([{ symbol: "ETHUSDT", askPrice: "3000.00000000" }, { symbol: "BTCUSDT" }]);

    expect((await venue.signed(maker, "DELETE", "/api/v3/openOrders", { symbol: "ETHUSDT" })).body).toMatchObject([{ status: "CANCELED", executedQty: "0.50000000" }]);
  });

  it("by quote amount buys what the amount buys", async () => {
    await venue.signed(maker, "POST", "/api/v3/order", { symbol: "SOLUSDT", side: "SELL", type: "LIMIT", timeInForce: "GTC", quantity: "10", price: "150" });
    const buy = await venue.signed(taker, "POST", "/api/v3/order", { symbol: "SOLUSDT", side: "BUY", type: "MARKET", quoteOrderQty: "300.10" });
    expect(buy.body).toMatchObject({ executedQty: "2.00000000", origQty: "2.00000000", origQuoteOrderQty: "300.10000000", cummulativeQuoteQty: "300.00000000" });
    await venue.signed(maker, "DELETE", "/api/v3/openOrders", { symbol: "SOLUSDT" });
  });

  it("that cannot be filled at once and must be is expired, which is no error", async () => {
    const ioc = await venue.signed(taker, "POST", "/api/v3/order", { ...ORDER, side: "BUY", timeInForce: "IOC", quantity: "1", price: "100" });
    expect(ioc).toMatchObject({ status: 200, body: { status: "EXPIRED", executedQty: "0.00000000" } });
    const { orderId } = ioc.body as { orderId: number };
    expect((await venue.signed(taker, "GET", "/api/v3/order", { symbol: "ETHUSDT", orderId })).body).toMatchObject({ status: "EXPIRED" });
  });

  it.each([["ACK", 5], ["RESULT", 16], ["FULL", 17]])("answers in as much detail as %s asks for", async (newOrderRespType, members) => {
    const placed = await venue.signed(maker, "POST", "/api/v3/order", { ...ORDER, newOrderRespType });
    expect(Object.keys(placed.body)).toHaveLength(members);
    await venue.signed(maker, "DELETE", "/api/v3/order", { symbol: "ETHUSDT", orderId: (placed.body as { orderId: number }).orderId });
  });

  it("sent twice with one client order id is one order", async () => {
    const id = { newClientOrderId: "once-only" };
    const first = await venue.signed(maker, "POST", "/api/v3/order", { ...ORDER, ...id });
    const second = await venue.signed(maker, "POST", "/api/v3/order", { ...ORDER, ...id });
    expect([first.status, second.status]).toEqual([200, 400]);
    expect(second.body).toEqual({ code: -2010, msg: "Duplicate order sent." });
    await venue.signed(maker, "DELETE", "/api/v3/order", { symbol: "ETHUSDT", origClientOrderId: "once-only" });
  });

  it("is not placed by a test order", async () => {
    expect(await venue.signed(maker, "POST", "/api/v3/order/test", ORDER)).toMatchObject({ status: 200, body: {} });
    expect((await venue.signed(maker, "GET", "/api/v3/openOrders")).body).toEqual([]);
    expect((await venue.signed(maker, "POST", "/api/v3/order/test", { ...ORDER, quantity: "0.0001", price: "1" })).body).toMatchObject({ code: -1013, msg: "Filter failure: NOTIONAL" });
  });
});
