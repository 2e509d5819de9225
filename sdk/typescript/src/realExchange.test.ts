// The SDK against the real thing: engine and gateway as processes on a private Redis, orders through the log, and both
// processes killed under a client that must be right again by itself.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import WebSocket from "ws";
import { OrderType, Side, TimeInForce } from "../../../gen/tickwire/v1/types_pb.ts";
import { findFreePort } from "../../../scripts/stack/freePort.ts";
import { startRedisServer, type RunningServer } from "../../../scripts/stack/redisServer.ts";
import { streamTicketKey } from "../../../services/shared/keys.ts";
import { Ingress } from "../../../services/shared/trading/ingress.ts";
import { FeedClient, type AccountState, type ConflateMs, type FeedTrade, type Level, type OrderBook } from "./index.ts";

const root = join(import.meta.dirname, "..", "..", "..");
const built = (service: string) => join(root, "dist", `${service}-under-sdk-test-${process.pid}.mjs`);
const dataDir = mkdtempSync(join(tmpdir(), "tickwire-sdk-"));
const processes = new Map<string, ChildProcess>();
const feeds: FeedClient[] = [];
const accounts: bigint[] = [];
let redis: RunningServer;
let commands: Redis;
let ingress: Ingress;
let port: number;

function run(service: string): void {
  const env = { ...process.env, REDIS_URL: redis.url, GATEWAY_PORT: String(port), TICKWIRE_DATA_DIR: dataDir, TICKWIRE_LOG_LEVEL: "error" };
  processes.set(service, spawn(process.execPath, [built(service)], { env, stdio: ["ignore", "ignore", "inherit"] }));
}
async function kill(service: string): Promise<void> {
  const child = processes.get(service);
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}
const engineAnswers = () => vi.waitFor(() => ingress.query({ case: "status", value: {} }), { timeout: 30_000 });

beforeAll(async () => {
  for (const service of ["engine", "gateway"]) {
    const entry = join(root, "services", service, "main.ts");
    await build({ entryPoints: [entry], outfile: built(service), bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" });
  }
  redis = await startRedisServer({ dataDir });
  port = await findFreePort();
  commands = new Redis(redis.url);
  run("engine");
  run("gateway");
  ingress = await Ingress.open(redis.url, "sdk-test", pino({ level: "silent" }));
  await engineAnswers();
  for (const name of ["maker", "taker"]) {
    const { group } = await ingress.submit({ body: { case: "openAccount", value: { externalId: name, name } } });
    const opened = group.events[0]?.body;
    if (opened?.case !== "accountOpened") throw new Error(`no account, but ${String(opened?.case)}`);
    const { accountId } = opened.value;
    accounts.push(accountId);
    for (const assetId of [1, 4]) await ingress.submit({ accountId, body: { case: "deposit", value: { assetId, amountUnits: 10n ** 14n, transferId: `start-${assetId}` } } });
  }
});
afterAll(async () => {
  for (const feed of feeds) feed.close();
  ingress?.close();
  commands?.disconnect();
  for (const service of processes.keys()) await kill(service);
  await redis?.stop();
  for (const service of ["engine", "gateway"]) rmSync(built(service), { force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

function connect(accountId?: bigint): FeedClient {
  let tickets = 0;
  const getTicket = async () => {
    const ticket = `ticket-${feeds.length}-${++tickets}-${String(accountId)}`;
    await commands.set(streamTicketKey(ticket), String(accountId), "PX", 30_000);
    return ticket;
  };
  const feed = new FeedClient({ url: `ws://127.0.0.1:${port}/feed/v1`, WebSocket, getTicket });
  feeds.push(feed);
  feed.connect();
  return feed;
}

let orders = 0;
let draws = 1;
const draw = (n: number) => (draws = (draws * 48271) % 2147483647) % n;

/** Random orders around 64000.00, many of them meeting, some taken back. */
async function trade(count: number): Promise<void> {
  const outcomes: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    const accountId = accounts[draw(2)] ?? 0n;
    const side = draw(2) === 0 ? Side.BUY : Side.SELL;
    const order = {
      marketId: 1,
      side,
      type: OrderType.LIMIT,
      timeInForce: TimeInForce.GTC,
      priceTicks: BigInt(6_400_000 + draw(40) - 20),
      quantityLots: BigInt(1_000 + draw(500)),
      clientOrderId: `o${++orders}`,
    };
    if (draw(12) === 0) outcomes.push(ingress.submit({ accountId, body: { case: "cancelAllOrders", value: { marketId: 1 } } }));
    else outcomes.push(ingress.submit({ accountId, body: { case: "placeOrder", value: order } }));
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  await Promise.allSettled(outcomes);
}

/** The engine's own book, and an SDK's, in the same shape. */
async function truth() {
  const { body } = await ingress.query({ case: "book", value: { marketId: 1 } });
  if (body.case !== "book") throw new Error("no book");
  const { bidTicks, bidLots, askTicks, askLots } = body.value;
  const levels = (ticks: bigint[], lots: bigint[]): Level[] => ticks.map((price, i) => ({ priceTicks: Number(price), quantityLots: Number(lots[i] ?? 0n) }));
  return { synced: true, bids: levels(bidTicks, bidLots), asks: levels(askTicks, askLots) };
}
const picture = (book: OrderBook | undefined) => book && { synced: book.synced, bids: book.bids(Infinity), asks: book.asks(Infinity) };

describe("against the real engine and gateway", () => {
  it.each<ConflateMs>([0, 100, 1000])("a book at %d ms is the engine's book, and stays it when gateway and engine are killed", async (conflateMs) => {
    const feed = connect();
    let book: OrderBook | undefined;
    feed.subscribeBook("BTCUSDT", (b) => (book = b), { conflateMs });
    const agrees = async () => {
      const expected = await truth();
      await expect.poll(() => picture(book), { timeout: 15_000, interval: 20 }).toEqual(expected);
    };
    await trade(200);
    await agrees();
    await kill("gateway");
    await expect.poll(() => book?.synced).toBe(false);
    await trade(50);
    run("gateway");
    await agrees();
    const trading = trade(100);
    await kill("engine");
    run("engine");
    await trading;
    await engineAnswers();
    await trade(100);
    await agrees();
    feed.close();
  });

  it("trades come once each, in order", async () => {
    const feed = connect();
    const trades: FeedTrade[] = [];
    feed.subscribeTrades("BTCUSDT", (some) => trades.push(...some));
    await expect.poll(() => feed.state).toBe("open");
    await trade(200);
    await trade(200);
    await expect.poll(() => trades.length).toBeGreaterThan(20);
    const first = trades[0]?.tradeId ?? 0;
    expect(trades.map((t) => t.tradeId)).toEqual(trades.map((_, i) => first + i));
    feed.close();
  });

  it("an account's snapshot and what follows add up to the engine's account, over a restart of the gateway", async () => {
    const [accountId = 0n] = accounts;
    const feed = connect(accountId);
    const open = new Set<number>();
    const balances = new Map<string, string>();
    let snapshots = 0;
    feed.subscribeAccount({
      onSnapshot: (state: AccountState) => {
        snapshots++;
        open.clear();
        for (const order of state.openOrders) open.add(order.orderId);
        for (const { asset, availableUnits, heldUnits } of state.balances) balances.set(asset, `${availableUnits} ${heldUnits}`);
      },
      onExecution: ({ order }) => {
        if (order.status === "NEW" || order.status === "PARTIALLY_FILLED") open.add(order.orderId);
        else open.delete(order.orderId);
      },
      onBalance: ({ asset, availableUnits, heldUnits }) => balances.set(asset, `${availableUnits} ${heldUnits}`),
    });
    const agrees = async () => {
      const { body } = await ingress.query({ case: "account", value: { accountId } });
      if (body.case !== "account") throw new Error("no account");
      const codes = new Map(feed.venue?.assets.map(({ assetId, code }) => [assetId, code]));
      const expected = {
        open: body.value.openOrders.map((order) => Number(order.orderId)).sort((a, b) => a - b),
        balances: body.value.balances.map(({ assetId, availableUnits, heldUnits }) => [codes.get(assetId), `${availableUnits} ${heldUnits}`]).sort(),
      };
      await expect.poll(() => ({ open: [...open].sort((a, b) => a - b), balances: [...balances].sort() }), { timeout: 15_000 }).toEqual(expected);
    };
    await expect.poll(() => snapshots, { timeout: 15_000 }).toBe(1);
    await trade(200);
    await agrees();
    await kill("gateway");
    await trade(100);
    run("gateway");
    await expect.poll(() => snapshots, { timeout: 15_000 }).toBe(2);
    await trade(100);
    await agrees();
    expect(feed.accountId).toBe(Number(accountId));
    feed.close();
  });
});
