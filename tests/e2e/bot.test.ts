// What a bot author does on the first day: an unmodified ccxt, pointed at this exchange.
import { Agent } from "node:http";
import ccxt from "ccxt";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { Exchange, eventually } from "../support/exchange.ts";

const exchange = new Exchange(inject("exchange"));

async function bot(name: string, deposits: Record<string, string>) {
  const { apiKey, apiSecret } = await exchange.createAccount(name, deposits);
  const base = exchange.apiUrl;
  return new ccxt.binance({
    apiKey,
    secret: apiSecret,
    urls: { api: { public: `${base}/api/v3`, private: `${base}/api/v3`, sapi: `${base}/sapi/v1` } },
    options: { fetchMarkets: { types: ["spot"] }, fetchMargins: false, fetchCurrencies: false, fetchOpenOrders: { warnWithoutSymbol: false } },
    httpAgent: new Agent({ keepAlive: true }),
  });
}

describe("an unmodified ccxt client", () => {
  let maker: Awaited<ReturnType<typeof bot>>;
  let taker: Awaited<ReturnType<typeof bot>>;
  beforeAll(async () => {
    maker = await bot("ccxt maker", { ETH: "10", USDT: "100000" });
    taker = await bot("ccxt taker", { USDT: "100000" });
  });

  it("loads the markets with their rules", async () => {
    const markets = await maker.loadMarkets();
    expect(Object.keys(markets)).toEqual(expect.arrayContaining(["BTC/USDT", "ETH/USDT", "SOL/USDT"]));
    expect(markets["ETH/USDT"]).toMatchObject({ active: true, spot: true, precision: { price: 0.01, amount: 0.0001 } });
  });

  it("places an order, sees it in the book and among its open orders, and cancels it", async () => {
    const order = await maker.createOrder("ETH/USDT", "limit", "sell", 1.5, 4000.01);
    expect(order).toMatchObject({ status: "open", amount: 1.5, filled: 0, price: 4000.01, side: "sell" });
    const book = await maker.fetchOrderBook("ETH/USDT");
    expect(book.asks).toContainEqual([4000.01, 1.5]);
    expect((await maker.fetchOpenOrders("ETH/USDT")).map((o) => o.id)).toEqual([order.id]);
    expect((await maker.fetchBalance())["ETH"]).toMatchObject({ free: 8.5, used: 1.5 });

    const canceled = await maker.cancelOrder(String(order.id), "ETH/USDT");
    expect(canceled.status).toBe("canceled");
    expect((await maker.fetchOrderBook("ETH/USDT")).asks).not.toContainEqual([4000.01, 1.5]);
    expect((await maker.fetchBalance())["ETH"]).toMatchObject({ free: 10, used: 0 });
    expect((await maker.fetchOrder(String(order.id), "ETH/USDT")).status).toBe("canceled");
  });

  it("trades with another client, and both see the fill with its fee", async () => {
    const sell = await maker.createOrder("ETH/USDT", "limit", "sell", 2, 3000);
    const buy = await taker.createOrder("ETH/USDT", "market", "buy", 0.5);
    expect(buy).toMatchObject({ status: "closed", filled: 0.5, average: 3000, cost: 1500 });
    expect(buy.trades).toHaveLength(1);
    expect(buy.trades[0]?.fee?.currency).toBe("ETH");

    const [fill] = await maker.fetchMyTrades("ETH/USDT");
    expect(fill).toMatchObject({ order: sell.id, price: 3000, amount: 0.5, takerOrMaker: "maker", side: "sell" });
    expect(fill?.fee?.currency).toBe("USDT");
    const trades = await taker.fetchTrades("ETH/USDT");
    expect(trades.at(-1)).toMatchObject({ price: 3000, amount: 0.5, side: "buy" });
    await eventually("the last price of the ticker", async () => (await taker.fetchTicker("ETH/USDT")).last === 3000);
    const candles = await taker.fetchOHLCV("ETH/USDT", "1m");
    expect(candles.at(-1)?.[4]).toBe(3000);
    await maker.cancelAllOrders("ETH/USDT");
    expect(await maker.fetchOpenOrders("ETH/USDT")).toEqual([]);
  });

  it("gets the error classes it knows", async () => {
    await expect(taker.createOrder("ETH/USDT", "limit", "buy", 1000, 3000)).rejects.toThrow(ccxt.InsufficientFunds);
    await expect(taker.cancelOrder("999999999", "ETH/USDT")).rejects.toThrow(ccxt.OrderNotFound);
    const resting = await maker.createOrder("ETH/USDT", "limit", "sell", 1, 3500);
    await expect(taker.createOrder("ETH/USDT", "limit", "buy", 1, 3500, { postOnly: true })).rejects.toThrow(ccxt.OrderImmediatelyFillable);
    await maker.cancelOrder(String(resting.id), "ETH/USDT");
    const stranger = new ccxt.binance({ ...taker.describe(), urls: taker.urls, apiKey: "x".repeat(64), secret: "y".repeat(64) });
    await expect(stranger.privateGetAccount()).rejects.toThrow(ccxt.AuthenticationError);
  });
});
