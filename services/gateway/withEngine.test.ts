// The gateway behind the real engine: orders in through the log, books, trades and private data out on a socket, and
// all of it again after the engine was killed.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Channel } from "../../gen/tickwire/v1/client_pb.ts";
import { SnapshotReason, type BookSnapshot } from "../../gen/tickwire/v1/market_data_pb.ts";
import type { AccountSnapshot } from "../../gen/tickwire/v1/private_data_pb.ts";
import { OrderStatus, OrderType, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { findFreePort } from "../../scripts/stack/freePort.ts";
import { startRedisServer, type RunningServer } from "../../scripts/stack/redisServer.ts";
import { readConfig } from "../shared/config.ts";
import { streamTicketKey } from "../shared/keys.ts";
import { Ingress, type Outcome } from "../shared/trading/ingress.ts";
import { askEngine } from "./engineQueries.ts";
import { startGateway, type Gateway } from "./gateway.ts";
import { FeedProbe } from "./testing/feedProbe.ts";
import { eventually, silent } from "./testing/stage.ts";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", `engine-under-gateway-test-${process.pid}.mjs`);
const dataDir = mkdtempSync(join(tmpdir(), "tickwire-gateway-engine-"));
let redis: RunningServer;
let commands: Redis;
let engine: ChildProcess;
let ingress: Ingress;
let gateway: Gateway;
let port: number;
const accounts: bigint[] = [];
const probes: FeedProbe[] = [];

const runEngine = (): ChildProcess =>
  spawn(process.execPath, [program], { env: { ...process.env, REDIS_URL: redis.url, TICKWIRE_DATA_DIR: dataDir, TICKWIRE_LOG_LEVEL: "warn" }, stdio: ["ignore", "ignore", "inherit"] });

const answers = async (): Promise<void> => {
  const deadline = performance.now() + 30_000;
  while (!(await ingress.query({ case: "status", value: {} }).then(() => true, () => false))) {
    if (performance.now() > deadline) throw new Error("the engine does not answer");
  }
};

beforeAll(async () => {
  await build({ entryPoints: [join(root, "services", "engine", "main.ts")], outfile: program, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" });
  redis = await startRedisServer({ dataDir });
  commands = new Redis(redis.url);
  engine = runEngine();
  port = await findFreePort();
  gateway = await startGateway(readConfig({ GATEWAY_PORT: String(port), REDIS_URL: redis.url }), silent);
  ingress = await Ingress.open(redis.url, "gateway-test", silent);
  await answers();
  for (const name of ["maker", "taker"]) {
    const { group } = await ingress.submit({ body: { case: "openAccount", value: { externalId: name, name } } });
    const opened = group.events[0]?.body;
    if (opened?.case !== "accountOpened") throw new Error(`no account, but ${String(opened?.case)}`);
    accounts.push(opened.value.accountId);
    for (const assetId of [1, 4]) {
      await ingress.submit({ accountId: opened.value.accountId, body: { case: "deposit", value: { assetId, amountUnits: 10n ** 14n, transferId: `start-${assetId}` } } });
    }
  }
});
afterAll(async () => {
  for (const probe of probes) probe.close();
  await gateway?.stop();
  ingress?.close();
  commands?.disconnect();
  if (engine?.exitCode === null && engine.signalCode === null) {
    engine.kill("SIGTERM");
    await once(engine, "exit");
  }
  await redis?.stop();
  rmSync(program, { force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

let orders = 0;
function place(accountId: bigint, side: Side, priceTicks: number, quantityLots: number, timeInForce: TimeInForce = TimeInForce.GTC): Promise<Outcome> {
  const order = { marketId: 1, side, type: OrderType.LIMIT, timeInForce, priceTicks: BigInt(priceTicks), quantityLots: BigInt(quantityLots), clientOrderId: `order-${++orders}` };
  return ingress.submit({ accountId, body: { case: "placeOrder", value: order } });
}

async function connect(): Promise<FeedProbe> {
  const probe = await FeedProbe.connect(`ws://127.0.0.1:${port}/feed/v1`);
  probes.push(probe);
  return probe;
}

async function listen(accountId: bigint): Promise<FeedProbe> {
  const ticket = `ticket-${accountId}-${probes.length}`;
  await commands.set(streamTicketKey(ticket), accountId.toString(), "PX", 30_000);
  const client = await connect();
  client.send({ case: "logon", value: { ticket } });
  client.subscribe({ channel: Channel.ACCOUNT });
  await client.next("accountSnapshot");
  return client;
}

/** The engine's own book, as a probe shows it. */
async function truth() {
  const book: BookSnapshot = await askEngine(ingress).book(1);
  const list = (ticks: bigint[], lots: bigint[]) => ticks.map((price, i): [number, number] => [Number(price), Number(lots[i] ?? 0n)]);
  return { seq: Number(book.seq), bids: list(book.bidTicks, book.bidLots), asks: list(book.askTicks, book.askLots) };
}

/** Random orders around 64000.00, many of them meeting; the same for the same seed. */
async function trade(count: number, seed: number): Promise<void> {
  let state = seed;
  const random = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const outcomes: Promise<unknown>[] = [];
  for (let i = 0; i < count; i++) {
    const accountId = accounts[random(2)] ?? 0n;
    if (random(12) === 0) outcomes.push(ingress.submit({ accountId, body: { case: "cancelAllOrders", value: { marketId: 1 } } }));
    else outcomes.push(place(accountId, random(2) === 0 ? Side.BUY : Side.SELL, 6_400_000 + random(40) - 20, 1_000 + random(500)));
    if (i % 25 === 0) await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await Promise.allSettled(outcomes);
}

/** What a snapshot and the frames after it add up to must be what the engine says now. */
async function expectAccount(client: FeedProbe, accountId: bigint): Promise<void> {
  const now: AccountSnapshot = await askEngine(ingress).account(accountId);
  const snapshot = () => client.all("accountSnapshot").at(-1);
  await eventually(() => [client.all("execution").at(-1)?.executionSeq ?? snapshot()?.executionSeq, client.all("balanceUpdate").at(-1)?.balanceSeq ?? snapshot()?.balanceSeq])
    .toEqual([now.executionSeq, now.balanceSeq]);
  const balances = new Map<number, string>();
  const open = new Set<bigint>();
  const place = { execution: 0n, balance: 0n };
  for (const body of client.bodies) {
    if (body.case === "accountSnapshot") {
      place.execution = body.value.executionSeq;
      place.balance = body.value.balanceSeq;
      for (const { assetId, availableUnits, heldUnits } of body.value.balances) balances.set(assetId, `${availableUnits}/${heldUnits}`);
      open.clear();
      for (const { orderId } of body.value.openOrders) open.add(orderId);
    } else if (body.case === "balanceUpdate") {
      expect(body.value.balanceSeq).toBe(++place.balance);
      const { assetId = 0, availableUnits, heldUnits } = body.value.balance ?? {};
      balances.set(assetId, `${availableUnits}/${heldUnits}`);
    } else if (body.case === "execution") {
      expect(body.value.executionSeq).toBe(++place.execution);
      const { orderId = 0n, status } = body.value.order ?? {};
      if (status === OrderStatus.NEW || status === OrderStatus.PARTIALLY_FILLED) open.add(orderId);
      else open.delete(orderId);
    }
  }
  expect([...open].sort()).toEqual(now.openOrders.map(({ orderId }) => orderId).sort());
  expect(now.balances.map(({ assetId }) => balances.get(assetId))).toEqual(now.balances.map(({ availableUnits, heldUnits }) => `${availableUnits}/${heldUnits}`));
}

const tradeIds = (client: FeedProbe) => client.all("trades").flatMap(({ trades }) => trades.map(({ tradeId }) => tradeId));

describe("behind the engine", () => {
  it("an order appears in the book, its fill in the trades, and both sides' executions and balances", async () => {
    const [maker = 0n, taker = 0n] = accounts;
    const watcher = await connect();
    watcher.subscribe({ channel: Channel.BOOK, marketId: 1 }, { channel: Channel.TRADES, marketId: 1 }, { channel: Channel.BOOK_TICKER, marketId: 1 });
    await watcher.next("bookSnapshot");
    const [ofMaker, ofTaker] = [await listen(maker), await listen(taker)];
    expect((await place(maker, Side.SELL, 6_400_000, 1_000)).group.events[0]?.body).toMatchObject({ case: "orderAccepted" });
    await eventually(() => watcher.picture()).toEqual(await truth());
    expect(watcher.picture()?.asks).toEqual([[6_400_000, 1_000]]);
    await place(taker, Side.BUY, 6_400_000, 400, TimeInForce.IOC);
    await eventually(() => watcher.picture()?.asks).toEqual([[6_400_000, 600]]);
    expect((await watcher.next("trades")).trades).toMatchObject([{ priceTicks: 6_400_000n, quantityLots: 400n, takerSide: Side.BUY }]);
    await eventually(() => watcher.all("bookTicker").at(-1)).toMatchObject({ askTicks: 6_400_000n, askLots: 600n });
    await expectAccount(ofMaker, maker);
    await expectAccount(ofTaker, taker);
    expect(ofTaker.all("execution").at(-1)).toMatchObject({ lastLots: 400n, maker: false, feeAssetId: 1 });
  });

  it("books, trades and accounts are whole after a busy time, for clients that came at any moment", async () => {
    const [maker = 0n, taker = 0n] = accounts;
    const clients: FeedProbe[] = [];
    const private_ = [await listen(maker), await listen(taker)];
    const busy = trade(800, 11);
    for (const conflateMs of [0, 0, 100, 0]) {
      const client = await connect();
      client.subscribe({ channel: Channel.BOOK, marketId: 1, conflateMs }, { channel: Channel.TRADES, marketId: 1 });
      clients.push(client);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await busy;
    const book = await truth();
    for (const client of clients) {
      await eventually(() => client.picture()).toEqual(book);
      expect(client.violations).toEqual([]);
      const ids = tradeIds(client);
      expect(ids).toEqual(ids.map((_, i) => (ids[0] ?? 0n) + BigInt(i)));
    }
    for (const [i, client] of private_.entries()) await expectAccount(client, accounts[i] ?? 0n);
  });

  it("a new epoch of the log gives everybody a fresh snapshot on the same socket, and all goes on from there", async () => {
    const [maker = 0n] = accounts;
    const watcher = await connect();
    watcher.subscribe({ channel: Channel.BOOK, marketId: 1 }, { channel: Channel.TRADES, marketId: 1 });
    const { epoch } = await watcher.next("bookSnapshot");
    const ofMaker = await listen(maker);
    await ingress.submit({ body: { case: "startEpoch", value: { epoch: epoch + 1, reason: "a test" } } });
    // Not an order has come since: the heartbeat tells.
    await eventually(() => watcher.all("bookSnapshot").at(-1)).toMatchObject({ epoch: epoch + 1, reason: SnapshotReason.EPOCH_CHANGED });
    await eventually(() => ofMaker.all("accountSnapshot").at(-1)?.epoch).toBe(epoch + 1);
    await trade(100, 8);
    const book = await truth();
    await eventually(() => watcher.picture()).toEqual(book);
    expect(watcher.violations).toEqual([]);
    await expectAccount(ofMaker, maker);
    expect((await (await connect()).next("welcome")).epoch).toBe(epoch + 1);
  });

  it("sockets live through a killed engine, and end up with its book and their balances", async () => {
    const [maker = 0n] = accounts;
    const watcher = await connect();
    watcher.subscribe({ channel: Channel.BOOK, marketId: 1 }, { channel: Channel.TRADES, marketId: 1 });
    await watcher.next("bookSnapshot");
    const ofMaker = await listen(maker);
    const busy = trade(300, 5);
    await new Promise((resolve) => setTimeout(resolve, 40));
    engine.kill("SIGKILL");
    await once(engine, "exit");
    engine = runEngine();
    await busy;
    await answers();
    await trade(100, 6);
    const book = await truth();
    await eventually(() => watcher.picture()).toEqual(book);
    expect(watcher.violations).toEqual([]);
    await expectAccount(ofMaker, maker);
    expect(watcher.closed).toBeUndefined();
    expect(ofMaker.closed).toBeUndefined();
  }, 60_000);
});
