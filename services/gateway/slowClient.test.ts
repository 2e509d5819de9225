// A client that reads too slowly: its book is sent anew, or its connection ends with a name; never a silent gap, and
// nobody else suffers.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Channel } from "../../gen/tickwire/v1/client_pb.ts";
import { SnapshotReason } from "../../gen/tickwire/v1/market_data_pb.ts";
import { findFreePort } from "../../scripts/stack/freePort.ts";
import { startRedisServer, type RunningServer } from "../../scripts/stack/redisServer.ts";
import { marketDataChannel } from "../shared/keys.ts";
import type { FeedProbe } from "./testing/feedProbe.ts";
import { eventually, Stage } from "./testing/stage.ts";

const dataDir = mkdtempSync(join(tmpdir(), "tickwire-gateway-slow-"));
const book = { channel: Channel.BOOK, marketId: 1 };
let redis: RunningServer;
let stage: Stage;

beforeAll(async () => {
  redis = await startRedisServer({ dataDir });
});
beforeEach(async () => {
  stage = await Stage.raise({ redisUrl: redis.url, port: await findFreePort(), tuning: { outboxBytesMax: 128 * 1024 } });
});
afterEach(async () => {
  await stage.strike();
});
afterAll(async () => {
  await redis.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/**
 * More than the kernel's buffers between two sockets of one machine hold: about 24 MiB of deltas, at the pace at which
 * `reader` reads them, so that on a busy machine it does not fall behind too.
 */
async function flood(reader: FeedProbe): Promise<void> {
  for (let i = 0; i < 1_500; i++) {
    const bids = Array.from({ length: 1_000 }, (_, n): [number, number] => [60_000 - n, 1_000_000_000_000 + i * 1_000 + n]);
    stage.engine.change({ bids });
    if (i % 5 === 4) await eventually(() => reader.picture()?.seq).toBe(stage.truth().seq);
  }
}

describe("a slow client", () => {
  it("gets a fresh snapshot of the book instead of a gap, while others miss nothing", async () => {
    const slow = await stage.connect();
    const quick = await stage.connect();
    for (const client of [slow, quick]) {
      client.subscribe(book);
      await client.next("bookSnapshot");
    }
    slow.socket.pause();
    await flood(quick);
    slow.socket.resume();
    await eventually(() => slow.picture()?.seq).toBe(stage.truth().seq);
    expect(slow.picture()).toEqual(stage.truth());
    expect(slow.violations).toEqual([]);
    expect(slow.all("bookSnapshot").at(-1)).toMatchObject({ reason: SnapshotReason.SLOW_CONSUMER });
    expect(slow.closed).toBeUndefined();
    // And the stream goes on from there.
    stage.storm(10);
    await eventually(() => slow.picture()).toEqual(stage.truth());
    expect(slow.violations).toEqual([]);
    expect(quick.violations).toEqual([]);
    expect(quick.all("bookSnapshot").map(({ reason }) => reason)).toEqual([SnapshotReason.SUBSCRIBED]);
  }, 60_000);

  it("of trades, which cannot be made up for, is disconnected with a name and may come back", async () => {
    const slow = await stage.connect();
    slow.subscribe({ channel: Channel.TRADES, marketId: 1 });
    await slow.next("subscribed");
    await new Promise((resolve) => setTimeout(resolve, 50));
    slow.socket.pause();
    const trades = (from: number) => Array.from({ length: 1_000 }, (_, n) => ({ tradeId: BigInt(from + n), priceTicks: 1_000_000_000_000n, quantityLots: 1_000_000_000_000n }));
    for (let i = 0; i < 1_500 && stage.gateway.connections > 0; i++) {
      stage.engine.publish(marketDataChannel("BTCUSDT"), { case: "trades", value: { marketId: 1, trades: trades(i * 1_000 + 1) } });
      if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await eventually(() => stage.gateway.connections).toBe(0);
    slow.socket.resume();
    await eventually(() => slow.closed).toEqual({ code: 4000, reason: "SLOW_CONSUMER" });
  }, 60_000);
});
