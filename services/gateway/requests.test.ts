// What the gateway says to each bad request, and whom it lets in: named errors that change nothing.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Channel, ClientFrameSchema } from "../../gen/tickwire/v1/client_pb.ts";
import { RequestError } from "../../gen/tickwire/v1/server_pb.ts";
import { CandleInterval } from "../../gen/tickwire/v1/types_pb.ts";
import { findFreePort } from "../../scripts/stack/freePort.ts";
import { startRedisServer, type RunningServer } from "../../scripts/stack/redisServer.ts";
import { readConfig } from "../shared/config.ts";
import { startGateway } from "./gateway.ts";
import { REQUEST_BURST_MAX, SUBSCRIPTIONS_PER_SOCKET_MAX } from "./limits.ts";
import type { SubscriptionInit } from "./testing/feedProbe.ts";
import { eventually, silent, Stage } from "./testing/stage.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tickwire-gateway-requests-"));
let redis: RunningServer;
let stage: Stage;

beforeAll(async () => {
  redis = await startRedisServer({ dataDir });
  stage = await Stage.raise({ redisUrl: redis.url, port: await findFreePort() });
});
afterAll(async () => {
  await stage.strike();
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const book = { channel: Channel.BOOK, marketId: 1 };
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe("a bad subscription is refused by name and changes nothing", () => {
  const cases: [string, SubscriptionInit, RequestError][] = [
    ["no channel", { marketId: 1 }, RequestError.UNKNOWN_CHANNEL],
    ["a channel of the future", { channel: 99 as Channel, marketId: 1 }, RequestError.UNKNOWN_CHANNEL],
    ["no market", { channel: Channel.BOOK }, RequestError.UNKNOWN_MARKET],
    ["a market that is not listed", { channel: Channel.TRADES, marketId: 77 }, RequestError.UNKNOWN_MARKET],
    ["candles of no interval", { channel: Channel.CANDLES, marketId: 1 }, RequestError.INVALID_INTERVAL],
    ["candles of an unknown interval", { channel: Channel.CANDLES, marketId: 1, interval: 99 as CandleInterval }, RequestError.INVALID_INTERVAL],
    ["a book with an interval", { ...book, interval: CandleInterval.MINUTE_1 }, RequestError.INVALID_INTERVAL],
    ["a book conflated by 50 ms", { ...book, conflateMs: 50 }, RequestError.INVALID_CONFLATION],
    ["trades conflated", { channel: Channel.TRADES, marketId: 1, conflateMs: 100 }, RequestError.INVALID_CONFLATION],
    ["an account without logon", { channel: Channel.ACCOUNT }, RequestError.NOT_LOGGED_ON],
    ["an account of a market", { channel: Channel.ACCOUNT, marketId: 1 }, RequestError.UNKNOWN_MARKET],
  ];
  it.each(cases)("%s", async (_name, subscription, error) => {
    const client = await stage.connect();
    // A good one beside it is not made either: all or nothing.
    const requestNo = client.subscribe(book, subscription);
    expect(await client.next("requestRejected")).toMatchObject({ requestNo, error });
    client.unsubscribe(book);
    expect(await client.next("requestRejected")).toMatchObject({ error: RequestError.NOT_SUBSCRIBED });
    expect(client.all("bookSnapshot")).toEqual([]);
    expect(client.closed).toBeUndefined();
    client.close();
  });

  it("the same book at two conflations: their deltas could not be told apart", async () => {
    const client = await stage.connect();
    client.subscribe(book);
    await client.next("subscribed");
    client.subscribe({ ...book, conflateMs: 100 });
    expect(await client.next("requestRejected")).toMatchObject({ error: RequestError.INVALID_CONFLATION });
    client.unsubscribe(book);
    client.subscribe({ ...book, conflateMs: 100 });
    await client.next("unsubscribed");
    await client.next("subscribed");
    client.close();
  });

  it("more subscriptions than a socket may have", async () => {
    // Two markets have 2 × (5 channels + 16 intervals): not enough to pass the limit honestly, so list more markets.
    const { engine } = stage;
    const [first] = engine.markets;
    if (first === undefined) throw new Error("no market");
    const listed = engine.markets.length;
    for (let marketId = 3; marketId <= 20; marketId++) engine.markets.push({ ...first, marketId, symbol: `COIN${marketId}USDT` });
    engine.venueVersion++;
    const markets = async () => {
      const client = await stage.connect();
      const welcome = await client.next("welcome");
      client.close();
      return welcome.markets.length;
    };
    await eventually(markets).toBe(20);
    const intervals = Object.values(CandleInterval).filter((interval) => interval !== 0);
    const client = await stage.connect();
    for (let marketId = 1; marketId <= 16; marketId++) {
      client.subscribe(...intervals.map((interval) => ({ channel: Channel.CANDLES, marketId, interval })));
      await client.next("subscribed");
    }
    expect(16 * intervals.length).toBe(SUBSCRIPTIONS_PER_SOCKET_MAX);
    client.subscribe(book);
    expect(await client.next("requestRejected")).toMatchObject({ error: RequestError.TOO_MANY_SUBSCRIPTIONS });
    client.close();
    engine.markets.length = listed;
  });
});

describe("requests", () => {
  it("subscribing twice is answered twice and sends nothing twice", async () => {
    const client = await stage.connect();
    client.subscribe(book, book);
    client.subscribe(book);
    await client.next("subscribed");
    await client.next("subscribed");
    await client.next("bookSnapshot");
    await pause(100);
    expect(client.all("bookSnapshot")).toHaveLength(1);
    client.close();
  });

  it("unsubscribing while the book runs ends its deltas and leaves the rest", async () => {
    const client = await stage.connect();
    client.subscribe(book, { channel: Channel.BOOK_TICKER, marketId: 1 });
    await client.next("bookSnapshot");
    stage.storm(20);
    client.unsubscribe(book);
    await client.next("unsubscribed");
    const heard = client.all("bookDelta").length;
    const tickers = client.all("bookTicker").length;
    for (let i = 1; i <= 20; i++) stage.engine.change({ bids: [[63_999, i]] });
    await eventually(() => client.all("bookTicker").length).toBeGreaterThan(tickers);
    expect(client.all("bookDelta")).toHaveLength(heard);
    client.close();
  });

  it("a ping is answered with the client's time and the server's", async () => {
    const client = await stage.connect();
    const requestNo = client.send({ case: "ping", value: { clientTimeUs: 1_234_567n } });
    const pong = await client.next("pong");
    expect(pong).toMatchObject({ requestNo, clientTimeUs: 1_234_567n });
    expect(Math.abs(Number(pong.serverTimeUs) / 1000 - Date.now())).toBeLessThan(1_000);
    client.close();
  });

  it("a request of the future is named unknown, and the socket stays", async () => {
    const client = await stage.connect();
    client.socket.send(Buffer.from([0x08, 0x07, 0xfa, 0x01, 0x00])); // request_no 7, field 31
    expect(await client.next("requestRejected")).toMatchObject({ requestNo: 7n, error: RequestError.UNKNOWN_REQUEST });
    expect(client.closed).toBeUndefined();
    client.close();
  });

  it.each([
    ["bytes that are no protobuf", Buffer.from([0xff, 0xff, 0xff])],
    ["text", "hello"],
    ["a frame of more than 4 KiB", Buffer.alloc(5_000)],
  ])("%s are malformed; the third time ends the connection, and says not to come back", async (_name, bytes) => {
    const client = await stage.connect();
    client.socket.send(bytes);
    expect(await client.next("requestRejected")).toMatchObject({ error: RequestError.MALFORMED_FRAME });
    expect(client.closed).toBeUndefined();
    client.socket.send(bytes);
    client.socket.send(bytes);
    await eventually(() => client.closed).toEqual({ code: 4500, reason: "MALFORMED_FRAMES" });
    expect(client.all("requestRejected")).toHaveLength(3);
  });

  it("in too great a hurry are refused, and in the end the connection is closed", async () => {
    const client = await stage.connect();
    for (let i = 0; i < REQUEST_BURST_MAX + 5; i++) client.send({ case: "ping", value: {} });
    expect(await client.next("requestRejected")).toMatchObject({ error: RequestError.TOO_MANY_REQUESTS });
    expect(client.closed).toBeUndefined();
    for (let i = 0; i < 300; i++) client.send({ case: "ping", value: {} });
    await eventually(() => client.closed).toEqual({ code: 4002, reason: "TOO_MANY_REQUESTS" });
  });

  it("a message far too long cuts the connection without harm to the gateway", async () => {
    const client = await stage.connect();
    client.socket.send(Buffer.alloc(1_000_000));
    await eventually(() => client.closed).toBeDefined();
    const other = await stage.connect();
    await other.next("welcome");
    other.close();
  });

  it("fit 64 subscriptions into one frame", () => {
    const subscriptions = Array.from({ length: 64 }, (_, i) => ({ channel: Channel.CANDLES, marketId: 1_000 + i, interval: CandleInterval.MONTH_1 }));
    expect(toBinary(ClientFrameSchema, create(ClientFrameSchema, { requestNo: 1n, body: { case: "subscribe", value: { subscriptions } } })).length).toBeLessThan(1_024);
  });
});

describe("the handshake", () => {
  it("admits the venue's own pages and programs without an origin", async () => {
    for (const origin of stage.config.webOrigins) (await stage.connect({ origin })).close();
    (await stage.connect()).close();
  });

  it.each(["http://evil.example", "http://localhost:3000.evil.example", "http://localhost", "null", "HTTP://LOCALHOST:3000"])("refuses a page of %s", async (origin) => {
    await expect(stage.connect({ origin })).rejects.toThrow("403");
  });

  it("paths that are not the feed are not found; the feed without a handshake wants one", async () => {
    const base = `http://127.0.0.1:${stage.config.gatewayPort}`;
    expect((await fetch(`${base}/nothing`)).status).toBe(404);
    const feed = await fetch(`${base}/feed/v1`);
    expect(feed.status).toBe(426);
    expect(await feed.json()).toMatchObject({ error: "UPGRADE_REQUIRED" });
  });

  it("is refused while the engine has not told the venue, and healthz says what is missing", async () => {
    stage.engine.alive = false;
    const port = await findFreePort();
    const starting = startGateway(readConfig({ GATEWAY_PORT: String(port), REDIS_URL: redis.url }), silent);
    const healthz = async () => await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    await eventually(async () => (await healthz())?.status).toBe(503);
    await eventually(async () => (await (await healthz())?.json()) as unknown).toMatchObject({ ready: false, detail: "waiting for the engine" });
    stage.engine.alive = true;
    const gateway = await starting;
    await eventually(async () => (await (await healthz())?.json()) as unknown).toEqual({ ready: true, detail: "", connections: 0 });
    await gateway.stop();
  });

  it("a port that is in use is one plain sentence", async () => {
    const other = createServer();
    const port = await new Promise<number>((resolve) =>
      other.listen(0, "127.0.0.1", () => {
        const address = other.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      }),
    );
    const config = readConfig({ GATEWAY_PORT: String(port), REDIS_URL: redis.url });
    await expect(startGateway(config, silent)).rejects.toThrow(`The gateway cannot listen on 127.0.0.1 port ${port}: it is in use; set GATEWAY_PORT to a free port.`);
    await new Promise((resolve) => other.close(resolve));
  });
});
