// The feed end to end: a real Redis, a real gateway, real sockets; the engine's part is played by the test.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Channel } from "../../gen/tickwire/v1/client_pb.ts";
import { SnapshotReason } from "../../gen/tickwire/v1/market_data_pb.ts";
import { CandleInterval, MarketStatus, Side } from "../../gen/tickwire/v1/types_pb.ts";
import { findFreePort } from "../../scripts/stack/freePort.ts";
import { startRedisServer, type RunningServer } from "../../scripts/stack/redisServer.ts";
import { HeartbeatBoard } from "../shared/heartbeat.ts";
import { marketDataChannel, marketStatsChannel } from "../shared/keys.ts";
import type { EngineStandIn } from "./testing/engineStandIn.ts";
import type { FeedProbe } from "./testing/feedProbe.ts";
import { eventually, Stage } from "./testing/stage.ts";
import { SCHEMA_HASH } from "./welcome.ts";

const LINGER_MS = 300;
const dataDir = mkdtempSync(join(tmpdir(), "tickwire-gateway-"));
const book = { channel: Channel.BOOK, marketId: 1 };
let redis: RunningServer;
let stage: Stage;
let engine: EngineStandIn;

beforeAll(async () => {
  redis = await startRedisServer({ dataDir });
});
beforeEach(async () => {
  stage = await Stage.raise({ redisUrl: redis.url, port: await findFreePort(), tuning: { channelLingerMs: LINGER_MS } });
  engine = stage.engine;
});
afterEach(async () => {
  await stage.strike();
});
afterAll(async () => {
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe("a new socket", () => {
  it("is welcomed with the venue before anything else", async () => {
    const client = await stage.connect();
    const welcome = await client.next("welcome");
    expect(welcome).toMatchObject({ protocolVersion: 1, schemaHash: SCHEMA_HASH, epoch: 1 });
    expect(welcome.sessionId).not.toBe("");
    expect(welcome.markets.map(({ symbol }) => symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
    expect(welcome.assets.map(({ code }) => code)).toEqual(["BTC", "USDT"]);
    expect(client.bodies[0]?.case).toBe("welcome");
  });
});

describe("the gateway", () => {
  it("beats as ready once it knows the venue", async () => {
    const listener = engine.redis.duplicate();
    const board = await HeartbeatBoard.listen(listener);
    await eventually(() => board.alive("gateway")).toMatchObject([{ ready: true, epoch: 1 }]);
    listener.disconnect();
  });

  it("ends its sockets with a reason to come back when it stops", async () => {
    const client = await stage.connect();
    await client.next("welcome");
    await stage.gateway.stop();
    await eventually(() => client.closed).toEqual({ code: 1001, reason: "GOING_AWAY" });
  });

  it("ends its sockets when a market they know has become another one", async () => {
    const client = await stage.connect();
    await client.next("welcome");
    const [bitcoin] = engine.markets;
    if (bitcoin !== undefined) bitcoin.symbol = "BTCEUR";
    engine.venueVersion = 2n;
    await eventually(() => client.closed).toEqual({ code: 4001, reason: "VENUE_CHANGED" });
    const again = await stage.connect();
    expect((await again.next("welcome")).markets[0]?.symbol).toBe("BTCEUR");
  });
});

describe("the book", () => {
  it("comes as a snapshot, then as deltas that chain to it", async () => {
    engine.change({ bids: [[63_999, 10], [63_998, 20]], asks: [[64_001, 5]] });
    const client = await stage.connect();
    const requestNo = client.subscribe(book);
    expect(await client.next("subscribed")).toMatchObject({ requestNo });
    expect(await client.next("bookSnapshot")).toMatchObject({ reason: SnapshotReason.SUBSCRIBED });
    engine.change({ bids: [[63_999, 0]], asks: [[64_001, 7], [64_002, 3]] });
    await client.next("bookDelta");
    expect(client.picture()).toEqual(stage.truth());
    expect(client.picture()).toMatchObject({ bids: [[63_998, 20]], asks: [[64_001, 7], [64_002, 3]] });
  });

  it("of a client that joins in the middle of a storm of deltas ends up the same as the engine's", async () => {
    engine.answerDelayMs = 30; // so that many deltas fall between the question and its answer
    const clients: FeedProbe[] = [];
    for (let i = 0; i < 6; i++) {
      stage.storm(200, i + 1);
      const client = await stage.connect();
      client.subscribe(book);
      clients.push(client);
      stage.storm(200, i + 100);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    stage.storm(300, 7);
    for (const client of clients) {
      await eventually(() => client.picture()).toEqual(stage.truth());
      expect(client.violations).toEqual([]);
    }
    expect(engine.bookQueries).toBeLessThanOrEqual(2); // one replica serves them all; the first heartbeat may ask once more
  });

  it("with a hole in the feed is healed by a fresh snapshot, and the socket stays", async () => {
    stage.storm(20);
    const client = await stage.connect();
    client.subscribe(book);
    await client.next("bookSnapshot");
    engine.change({ bids: [[63_000, 77]], lost: true });
    engine.change({ bids: [[63_001, 78]] });
    expect(await client.next("bookSnapshot")).toMatchObject({ reason: SnapshotReason.FEED_RESYNC });
    stage.storm(20, 2);
    await eventually(() => client.picture()).toEqual(stage.truth());
    expect(client.violations).toEqual([]);
    expect(client.closed).toBeUndefined();
  });

  it("is healed when the last delta before an engine's death was lost, once the next engine beats", async () => {
    const client = await stage.connect();
    client.subscribe(book);
    await client.next("bookSnapshot");
    engine.change({ bids: [[63_000, 77]], lost: true });
    engine.instanceId = "engine-b";
    expect(await client.next("bookSnapshot")).toMatchObject({ reason: SnapshotReason.FEED_RESYNC });
    expect(client.picture()).toEqual(stage.truth());
  });

  it("goes on without a snapshot when the engine is started anew and nothing was lost", async () => {
    const client = await stage.connect();
    client.subscribe(book);
    await client.next("bookSnapshot");
    engine.answerDelayMs = 50;
    for (const instanceId of ["engine-b", "engine-c"]) {
      engine.instanceId = instanceId;
      engine.beat();
      for (let i = 0; i < 10; i++) {
        stage.storm(5, i + 1);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    }
    await eventually(() => client.picture()).toEqual(stage.truth());
    expect(client.violations).toEqual([]);
    expect(engine.bookQueries).toBeGreaterThan(1);
    expect(client.all("bookSnapshot")).toHaveLength(1);
  });

  it("of a new epoch replaces the old one, though its sequence begins anew", async () => {
    stage.storm(30);
    const client = await stage.connect();
    client.subscribe(book);
    await client.next("bookSnapshot");
    engine.epoch = 2;
    engine.seq = 0;
    engine.book().seq = 0;
    engine.change({ bids: [[50_000, 1]] });
    expect(await client.next("bookSnapshot")).toMatchObject({ reason: SnapshotReason.EPOCH_CHANGED, epoch: 2 });
    stage.storm(5, 3);
    await eventually(() => client.picture()).toEqual(stage.truth());
    expect(client.violations).toEqual([]);
  });
});

describe("a conflated book", () => {
  it.each([100, 1000])("of %i ms sends few deltas, which chain, and ends up the same", async (conflateMs) => {
    const client = await stage.connect();
    client.subscribe({ ...book, conflateMs });
    await client.next("bookSnapshot");
    const startedMs = performance.now();
    for (let i = 0; i < 30; i++) {
      stage.storm(20, i + 1);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await eventually(() => client.picture()).toEqual(stage.truth());
    const turns = (performance.now() - startedMs) / conflateMs;
    expect(client.all("bookDelta").length).toBeLessThanOrEqual(Math.ceil(turns) + 1);
    expect(client.violations).toEqual([]);
  });

  it("gives a newcomer its snapshot at once, and both the same book afterwards", async () => {
    const early = await stage.connect();
    early.subscribe({ ...book, conflateMs: 1000 });
    await early.next("bookSnapshot");
    stage.storm(50);
    const late = await stage.connect();
    const askedMs = performance.now();
    late.subscribe({ ...book, conflateMs: 1000 });
    await late.next("bookSnapshot");
    expect(performance.now() - askedMs).toBeLessThan(900);
    stage.storm(50, 2);
    for (const client of [early, late]) {
      await eventually(() => client.picture()).toEqual(stage.truth());
      expect(client.violations).toEqual([]);
    }
  });

  it("is healed like any other", async () => {
    const client = await stage.connect();
    client.subscribe({ ...book, conflateMs: 100 });
    await client.next("bookSnapshot");
    stage.storm(10);
    engine.change({ bids: [[63_000, 77]], lost: true });
    stage.storm(10, 2);
    await eventually(() => client.picture()).toEqual(stage.truth());
    expect(client.violations).toEqual([]);
  });
});

describe("other channels", () => {
  it("best bid and ask come at once and whenever they change, and only then", async () => {
    engine.change({ bids: [[63_999, 10]], asks: [[64_001, 5]] });
    const client = await stage.connect();
    client.subscribe({ channel: Channel.BOOK_TICKER, marketId: 1 });
    expect(await client.next("bookTicker")).toMatchObject({ bidTicks: 63_999n, bidLots: 10n, askTicks: 64_001n, askLots: 5n });
    engine.change({ bids: [[63_000, 1]] });
    engine.change({ asks: [[64_001, 0]] });
    expect(await client.next("bookTicker")).toMatchObject({ bidTicks: 63_999n, askLots: 0n });
    expect(client.all("bookTicker")).toHaveLength(2);
  });

  it("trades come as they happen", async () => {
    const client = await stage.connect();
    client.subscribe({ channel: Channel.TRADES, marketId: 1 });
    await client.next("subscribed");
    await eventually(() => stage.subscribers(marketDataChannel("BTCUSDT"))).toBe(1);
    engine.trade({ tradeId: 1n, priceTicks: 64_000n, quantityLots: 3n, takerSide: Side.BUY, seq: 101n });
    engine.trade({ tradeId: 2n, priceTicks: 64_001n, quantityLots: 4n, takerSide: Side.SELL, seq: 102n });
    await client.next("trades");
    await client.next("trades");
    expect(client.all("trades").flatMap(({ trades }) => trades.map(({ tradeId }) => tradeId))).toEqual([1n, 2n]);
    expect(engine.bookQueries).toBe(0); // nobody wants the book
  });

  it("trades and deltas that the engine publishes twice, after a lost connection, are told once", async () => {
    const client = await stage.connect();
    client.subscribe(book, { channel: Channel.TRADES, marketId: 1 });
    await client.next("bookSnapshot");
    const again = new Promise<Buffer[]>((resolve) => {
      const heard: Buffer[] = [];
      const listener = engine.redis.duplicate();
      listener.on("messageBuffer", (_channel: Buffer, payload: Buffer) => {
        if (heard.push(payload) < 2) return;
        listener.disconnect();
        resolve(heard);
      });
      void listener.subscribe(marketDataChannel("BTCUSDT")).then(() => {
        engine.change({ bids: [[63_999, 1]] });
        engine.trade({ tradeId: 1n, priceTicks: 64_000n, quantityLots: 3n, takerSide: Side.BUY });
      });
    });
    for (const payload of await again) await engine.redis.publish(marketDataChannel("BTCUSDT"), payload);
    engine.trade({ tradeId: 2n, priceTicks: 64_000n, quantityLots: 3n, takerSide: Side.BUY });
    await eventually(() => client.all("trades").flatMap(({ trades }) => trades.map(({ tradeId }) => tradeId))).toEqual([1n, 2n]);
    expect(client.all("bookDelta")).toHaveLength(1);
    expect(client.violations).toEqual([]);
  });

  it("candles come for the interval asked for, the newest at once for a newcomer", async () => {
    const candle = (interval: CandleInterval, seq: bigint) => ({ case: "candle", value: { marketId: 1, interval, seq } }) as const;
    const candles = { channel: Channel.CANDLES, marketId: 1, interval: CandleInterval.MINUTE_1 };
    const early = await stage.connect();
    early.subscribe(candles);
    await eventually(() => stage.subscribers(marketStatsChannel("BTCUSDT"))).toBe(1);
    engine.publish(marketStatsChannel("BTCUSDT"), candle(CandleInterval.SECOND_1, 7n), candle(CandleInterval.MINUTE_1, 7n));
    expect(await early.next("candle")).toMatchObject({ interval: CandleInterval.MINUTE_1, seq: 7n });
    const late = await stage.connect();
    late.subscribe(candles, { ...candles, interval: CandleInterval.SECOND_1 });
    expect((await late.next("candle")).interval).toBe(CandleInterval.MINUTE_1);
    expect((await late.next("candle")).interval).toBe(CandleInterval.SECOND_1);
    engine.publish(marketStatsChannel("BTCUSDT"), candle(CandleInterval.MINUTE_1, 8n));
    expect(await late.next("candle")).toMatchObject({ seq: 8n });
    expect(early.all("candle")).toHaveLength(2);
  });

  it("the 24 h ticker comes at once for a newcomer, too", async () => {
    const ticker = { channel: Channel.TICKER, marketId: 2 };
    const early = await stage.connect();
    early.subscribe(ticker);
    await eventually(() => stage.subscribers(marketStatsChannel("ETHUSDT"))).toBe(1);
    engine.publish(marketStatsChannel("ETHUSDT"), { case: "ticker", value: { marketId: 2, lastTicks: 3_000n } });
    await early.next("ticker");
    const late = await stage.connect();
    late.subscribe(ticker);
    expect(await late.next("ticker")).toMatchObject({ marketId: 2, lastTicks: 3_000n });
  });

  it("a market's status comes at once, and again when it is halted", async () => {
    const client = await stage.connect();
    client.subscribe({ channel: Channel.MARKET_STATUS, marketId: 1 });
    expect(await client.next("marketStatus")).toMatchObject({ marketId: 1, status: MarketStatus.TRADING });
    const [bitcoin] = engine.markets;
    if (bitcoin !== undefined) bitcoin.status = MarketStatus.HALT;
    engine.venueVersion = 2n;
    expect(await client.next("marketStatus")).toMatchObject({ marketId: 1, status: MarketStatus.HALT });
    expect(client.closed).toBeUndefined();
  });
});

describe("a market in auction", () => {
  it("is told to whoever comes first while nothing changes, though nobody listened when it was published", async () => {
    const [bitcoin] = engine.markets;
    if (bitcoin !== undefined) bitcoin.status = MarketStatus.AUCTION;
    engine.auction = { auctionPriceTicks: 6_400_000n, auctionLots: 3n };
    engine.venueVersion = 2n;
    const listeners = () => stage.subscribers(marketDataChannel("BTCUSDT"));
    const statusOf = async (): Promise<unknown> => {
      const client = await stage.connect();
      client.subscribe({ channel: Channel.MARKET_STATUS, marketId: 1 });
      let told = await client.next("marketStatus");
      while (told.status !== MarketStatus.AUCTION || told.auctionLots === 0n) told = await client.next("marketStatus");
      client.close();
      return told;
    };
    const expected = { status: MarketStatus.AUCTION, auctionPriceTicks: 6_400_000n, auctionLots: 3n };
    // The gateway learns of the auction from the venue; then nobody listens any more, and nobody is left to hear.
    const first = await stage.connect();
    first.subscribe({ channel: Channel.MARKET_STATUS, marketId: 1 });
    while ((await first.next("marketStatus")).status !== MarketStatus.AUCTION);
    first.close();
    expect(await statusOf()).toMatchObject(expected);
    await eventually(listeners).toBe(0);
    expect(await statusOf()).toMatchObject(expected);
  });

  it("is told with its status: what it would come to, with each change, to newcomers too, and never after trading began", async () => {
    const [bitcoin] = engine.markets;
    const client = await stage.connect();
    client.subscribe({ channel: Channel.MARKET_STATUS, marketId: 1 });
    await client.next("marketStatus");
    await eventually(() => stage.subscribers(marketDataChannel("BTCUSDT"))).toBe(1);
    const auction = (seq: bigint, auctionLots: bigint) =>
      engine.publish(marketDataChannel("BTCUSDT"), { case: "marketStatus", value: { marketId: 1, seq, status: MarketStatus.AUCTION, auctionPriceTicks: 100n, auctionLots, auctionSurplusSide: Side.SELL, auctionSurplusLots: 2n } });
    auction(1_000n, 5n);
    expect(await client.next("marketStatus")).toMatchObject({ status: MarketStatus.AUCTION, auctionPriceTicks: 100n, auctionLots: 5n, auctionSurplusSide: Side.SELL, auctionSurplusLots: 2n });
    const late = await stage.connect();
    late.subscribe({ channel: Channel.MARKET_STATUS, marketId: 1 });
    expect(await late.next("marketStatus")).toMatchObject({ status: MarketStatus.AUCTION, auctionLots: 5n });
    if (bitcoin !== undefined) bitcoin.status = MarketStatus.TRADING;
    engine.seq = 2_000;
    engine.venueVersion = 3n;
    expect(await client.next("marketStatus")).toMatchObject({ status: MarketStatus.TRADING, auctionLots: 0n });
    // What was published before that comes late, and counts for nothing.
    auction(1_500n, 9n);
    auction(2_500n, 7n);
    expect(await client.next("marketStatus")).toMatchObject({ seq: 2_500n, auctionLots: 7n });
    expect(client.closed).toBeUndefined();
  });
});

describe("a subscription to Redis", () => {
  it("is held only while a client wants it, and a moment longer", async () => {
    const channel = marketDataChannel("BTCUSDT");
    expect(await stage.subscribers(channel)).toBe(0);
    const first = await stage.connect();
    const second = await stage.connect();
    first.subscribe(book);
    second.subscribe(book, { channel: Channel.TRADES, marketId: 1 });
    await first.next("bookSnapshot");
    await second.next("bookSnapshot");
    expect(await stage.subscribers(channel)).toBe(1);
    first.unsubscribe(book);
    await first.next("unsubscribed");
    second.close();
    await eventually(() => stage.gateway.connections).toBe(1);
    expect(await stage.subscribers(channel)).toBe(1); // lingers
    await eventually(() => stage.subscribers(channel)).toBe(0);
    expect(stage.gateway.channels).toEqual([]);
  });

  it("given up and wanted again brings the book as it is then", async () => {
    stage.storm(10);
    const client = await stage.connect();
    client.subscribe(book);
    await client.next("bookSnapshot");
    client.unsubscribe(book);
    await eventually(() => stage.subscribers(marketDataChannel("BTCUSDT"))).toBe(0);
    stage.storm(10, 2);
    client.subscribe(book);
    await client.next("bookSnapshot");
    expect(client.picture()).toEqual(stage.truth());
    stage.storm(10, 3);
    await eventually(() => client.picture()).toEqual(stage.truth());
    expect(client.violations).toEqual([]);
  });

  it("cut by a restart of the connection is renewed, and books are healed", async () => {
    const client = await stage.connect();
    client.subscribe(book);
    await client.next("bookSnapshot");
    await engine.redis.client("KILL", "TYPE", "PUBSUB");
    stage.storm(5);
    expect(await client.next("bookSnapshot")).toMatchObject({ reason: SnapshotReason.FEED_RESYNC });
    stage.storm(5, 2);
    await eventually(() => client.picture()).toEqual(stage.truth());
    expect(client.violations).toEqual([]);
  });
});
