// Each part is killed with SIGKILL while a bot trades; the supervisor brings it back, and what was acknowledged is there.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually, startExchange, type Credentials, type OwnExchange, type Part } from "../support/exchange.ts";
import { signed } from "../support/restOrders.ts";

let exchange: OwnExchange;
let bot: Credentials;

beforeAll(async () => {
  exchange = await startExchange(["--no-flow", "--no-web"]);
  bot = await exchange.createAccount("survivor", { BTC: "1000", USDT: "1000000" });
});
afterAll(() => exchange?.dispose());

let counter = 0;
/** Places a small resting sell; true when it was acknowledged. */
async function placeOne(acknowledged: Set<string>): Promise<void> {
  const clientOrderId = `survivor-${++counter}`;
  try {
    const { status } = await signed(exchange.apiUrl, bot, "POST", "/api/v3/order", {
      symbol: "BTCUSDT",
      side: "SELL",
      type: "LIMIT",
      timeInForce: "GTC",
      quantity: "0.001",
      price: String(70_000 + counter),
      newClientOrderId: clientOrderId,
    });
    if (status === 200) acknowledged.add(clientOrderId);
  } catch {
    // The api itself was gone: in doubt, resolved below.
  }
}

const openOrders = async () =>
  (await signed(exchange.apiUrl, bot, "GET", "/api/v3/openOrders", { symbol: "BTCUSDT" })).body as unknown as { clientOrderId: string }[];

describe("a process killed and started again continues", () => {
  it.each<Part>(["engine", "api", "gateway", "recorder", "redis", "postgres"])("%s", async (part) => {
    const acknowledged = new Set<string>();
    for (let i = 0; i < 5; i++) await placeOne(acknowledged);
    expect(acknowledged.size).toBe(5);
    const before = exchange.pid(part);
    process.kill(before, "SIGKILL");
    for (let i = 0; i < 5; i++) await placeOne(acknowledged);
    await eventually(`${part} has a new process`, async () => exchange.pid(part) !== before, 30_000);
    await eventually("the exchange is healthy again", () => exchange.healthy(), 30_000);

    const open = await openOrders();
    const ids = open.map((order) => order.clientOrderId);
    expect(new Set(ids).size, "no order is there twice").toBe(ids.length);
    expect([...acknowledged].filter((id) => !ids.includes(id)), "acknowledged and lost").toEqual([]);

    // Balances equal what the book says: nothing was held twice or not at all.
    const account = await signed(exchange.apiUrl, bot, "GET", "/api/v3/account", {});
    const btc = (account.body["balances"] as { asset: string; free: string; locked: string }[]).find((b) => b.asset === "BTC");
    expect(btc?.locked).toBe((open.length * 0.001).toFixed(8));
    expect(btc?.free).toBe((1000 - open.length * 0.001).toFixed(8));

    // New orders work, and the history has what the engine has.
    const after = new Set<string>();
    await placeOne(after);
    expect(after.size).toBe(1);
    await eventually("history that has all of it", async () => {
      const all = await signed(exchange.apiUrl, bot, "GET", "/api/v3/allOrders", { symbol: "BTCUSDT", limit: "1000" });
      if (all.status !== 200) return false; // it says that it is still catching up
      const recorded = (all.body as unknown as { clientOrderId: string }[]).map((order) => order.clientOrderId);
      expect(recorded.sort()).toEqual([...ids, ...after].sort());
      return true;
    });
  });

  it("the whole exchange, and finds its state", async () => {
    const before = await openOrders();
    expect(before.length).toBeGreaterThan(0);
    expect(await exchange.interrupt()).toBe(0);
    const again = await startExchange(["--no-flow", "--no-web"], exchange.address);
    exchange = again;
    expect(await openOrders()).toEqual(before);
  });
});
