// An exchange that is stopped and started again goes on where it was.
import { afterAll, beforeAll, expect, it } from "vitest";
import { startExchange, type Credentials, type OwnExchange } from "../support/exchange.ts";
import { signed } from "../support/restOrders.ts";

let exchange: OwnExchange;
let bot: Credentials;

beforeAll(async () => {
  exchange = await startExchange(["--no-flow", "--no-web"]);
  bot = await exchange.createAccount("survivor", { BTC: "1000", USDT: "1000000" });
});
afterAll(() => exchange?.dispose());

const ask = async (path: string, params: Record<string, string>) => (await signed(exchange.apiUrl, bot, "GET", path, params)).body;

it("open orders and balances are as they were when the exchange is stopped and started", async () => {
  for (let i = 0; i < 5; i++) {
    const params = { symbol: "BTCUSDT", side: "SELL", type: "LIMIT", timeInForce: "GTC", quantity: "0.001", price: String(70_000 + i), newClientOrderId: `survivor-${i}` };
    expect((await signed(exchange.apiUrl, bot, "POST", "/api/v3/order", params)).status).toBe(200);
  }
  const orders = await ask("/api/v3/openOrders", { symbol: "BTCUSDT" });
  const account = await ask("/api/v3/account", {});
  expect(orders).toHaveLength(5);
  const engine = async () => / engine .*/.exec((await exchange.cli("status")).stdout)?.[0];
  expect(await engine()).toMatch(/up, no snapshot yet$/);
  expect(await exchange.interrupt()).toBe(0);
  exchange = await startExchange(["--no-flow", "--no-web"], exchange.address);
  expect(await ask("/api/v3/openOrders", { symbol: "BTCUSDT" })).toEqual(orders);
  expect((await ask("/api/v3/account", {}))["balances"]).toEqual(account["balances"]);
  // It has stopped with a snapshot, and tells whoever asks what it has to fall back on.
  expect(await engine()).toMatch(/up, newest snapshot of entry [1-9]\d*, \d+ s old$/);
});
