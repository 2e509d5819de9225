// The engine on a real Redis: what was answered stays answered once, whatever dies.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { EventBatchSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { PrivateLog } from "../../tests/support/privateLog.ts";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG } from "../shared/keys.ts";
import { createLogger } from "../shared/logger.ts";
import { Ingress, type CommandInit } from "../shared/trading/ingress.ts";
import { LogMismatch } from "./log/commandLog.ts";
import { stateHash } from "./snapshot.ts";
import { startEngine, type RunningEngine } from "./testing/engineProcess.ts";

const logger = createLogger("test");
logger.level = "silent";
const BTC = 1;
const USDT = 4;

let dataDir: string;
let snapshotDir: string;
let logs: PrivateLog;
let admin: Redis;
let ingress: Ingress;
let engines: RunningEngine[] = [];

const start = async (): Promise<RunningEngine> => {
  const engine = await startEngine(logs.url, snapshotDir);
  engines.push(engine);
  return engine;
};

beforeEach(async () => {
  logs = await PrivateLog.open();
  ({ dataDir, redis: admin } = logs);
  snapshotDir = join(dataDir, "snapshots");
  ingress = await Ingress.open(logs.url, "test", logger);
});

afterEach(async () => {
  for (const engine of engines) engine.crash();
  engines = [];
  ingress.close();
  await logs.close();
});

async function events(command: CommandInit): Promise<(string | undefined)[]> {
  const outcome = await ingress.submit(command);
  return outcome.group.events.map((e) => e.body.case);
}

const open = (externalId: string): Promise<unknown> => events({ body: { case: "openAccount", value: { externalId, name: externalId } } });
const deposit = (accountId: bigint, assetId: number, amountUnits: bigint): Promise<unknown> =>
  events({ accountId, body: { case: "deposit", value: { assetId, amountUnits, transferId: `t${assetId}` } } });
let ids = 0;
const order = (accountId: bigint, side: 1 | 2, priceTicks: bigint, quantityLots: bigint): CommandInit => ({
  accountId,
  body: { case: "placeOrder", value: { marketId: 1, side, type: 1, timeInForce: 1, priceTicks, quantityLots, clientOrderId: `o${++ids}` } },
});

async function fund(): Promise<void> {
  await open("seller");
  await open("buyer");
  await deposit(2n, BTC, 10n ** 12n);
  await deposit(3n, USDT, 10n ** 15n);
}

async function eventEntries(): Promise<{ id: string; entry: bigint; seqs: bigint[] }[]> {
  const rows = await admin.xrangeBuffer(EVENT_LOG, "-", "+");
  return rows.map(([id, fields]) => {
    const batch = fromBinary(EventBatchSchema, fields[1] ?? new Uint8Array());
    return { id: id.toString(), entry: batch.entry, seqs: batch.groups.map((g) => g.seq) };
  });
}

/** Every command entry has exactly one event entry of the same number, and seq has no hole. */
async function expectAnsweredOnce(): Promise<void> {
  const commands = await admin.xlen(COMMAND_LOG);
  const answers = await eventEntries();
  expect(answers.map((a) => a.id)).toEqual(Array.from({ length: commands }, (_, i) => `0-${i + 1}`));
  expect(answers.map((a) => a.entry)).toEqual(Array.from({ length: commands }, (_, i) => BigInt(i + 1)));
  const seqs = answers.flatMap((a) => a.seqs);
  expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, i) => BigInt(i + 1)));
}

describe("an engine fed from the log", () => {
  it("moves its own time on when something is due and nobody sends a command", async () => {
    const { engine } = await start();
    await fund();
    const first = order(2n, 2, 6_400_000n, 1_000n);
    if (first.body?.case !== "placeOrder") throw new Error("not an order");
    const expireTimeUs = BigInt(Date.now() + 300) * 1_000n;
    await events({ ...first, body: { case: "placeOrder", value: { ...first.body.value, timeInForce: 4, expireTimeUs } } });
    expect(engine.orders.size).toBe(1);
    await vi.waitFor(() => expect(engine.orders.size).toBe(0), { timeout: 3_000, interval: 20 });
    expect(engine.timeUs).toBeLessThan(Number(expireTimeUs) + 1_000_000);
    await expectAnsweredOnce();
  });

  it("opens the log, answers orders, and continues after a crash without answering twice", async () => {
    const first = await start();
    await fund();
    expect(await events(order(2n, 2, 6_400_000n, 1_000n))).toEqual(["orderAccepted", "balanceChanged"]);
    const before = stateHash(first.engine);
    first.crash();
    const second = await start();
    expect(stateHash(second.engine)).toEqual(before);
    expect(await events(order(3n, 1, 6_400_000n, 400n))).toContain("tradeExecuted");
    await expectAnsweredOnce();
    await second.stop();
    const third = await start();
    expect(readdirSync(snapshotDir)).toHaveLength(1);
    expect(stateHash(third.engine)).toEqual(stateHash(second.engine));
    expect(await events(order(3n, 1, 6_400_000n, 400n))).toContain("tradeExecuted");
    await expectAnsweredOnce();
  });

  it("answers, once, the entries that came while it was away", async () => {
    const first = await start();
    await fund();
    first.crash();
    const waiting = events(order(2n, 2, 6_400_000n, 1_000n));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await start();
    expect(await waiting).toEqual(["orderAccepted", "balanceChanged"]);
    await expectAnsweredOnce();
  });

  it("keeps its state through a restart of Redis and goes on", async () => {
    const engine = await start();
    await fund();
    await ingress.submit(order(2n, 2, 6_400_000n, 1_000n));
    await logs.restart();
    let outcome: (string | undefined)[] = [];
    for (let attempt = 0; attempt < 100 && outcome.length === 0; attempt++) {
      outcome = await events(order(3n, 1, 6_400_000n, 400n)).catch(() => []);
      if (outcome.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(outcome).toContain("tradeExecuted");
    expect(engine.loop.live).toBe(true);
    await expectAnsweredOnce();
  });

  it("stops while Redis is away without waiting for it, with a last snapshot", async () => {
    const engine = await start();
    await open("a");
    const { entry } = engine.engine;
    await logs.server.stop();
    // It has noticed, and waits for Redis.
    await vi.waitFor(() => expect(engine.loop.waitingFor).toBe("waiting for Redis"));
    const startedMs = performance.now();
    await engine.stop();
    expect(performance.now() - startedMs).toBeLessThan(5_000);
    expect(readdirSync(snapshotDir)).toContainEqual(expect.stringContaining(String(entry).padStart(16, "0")) as unknown);
  });

  it("falls back to an older snapshot when the newest is torn or altered", async () => {
    for (let round = 0; round < 3; round++) {
      const engine = await start();
      await open(`account-${round}`);
      await engine.stop();
    }
    const [oldest, middle, newest] = readdirSync(snapshotDir).sort();
    const torn = readFileSync(join(snapshotDir, newest ?? ""));
    writeFileSync(join(snapshotDir, newest ?? ""), torn.subarray(0, torn.length - 1));
    const altered = readFileSync(join(snapshotDir, middle ?? ""));
    altered[altered.length - 40] = (altered[altered.length - 40] ?? 0) ^ 1;
    writeFileSync(join(snapshotDir, middle ?? ""), altered);
    expect(oldest).toBeDefined();
    const engine = await start();
    expect(engine.engine.accounts.count).toBe(4);
    expect(await open("another")).toEqual(["accountOpened"]);
    await expectAnsweredOnce();
  });

  it("refuses to start on a Redis that lost the log, fell behind the snapshot, or holds another history", async () => {
    const first = await start();
    await fund();
    await first.stop();
    await admin.del(COMMAND_LOG, EVENT_LOG);
    await expect(start()).rejects.toThrow(/no command log, but a snapshot/);
    await admin.xadd(COMMAND_LOG, "0-1", ENTRY_FIELD, "x");
    await expect(start()).rejects.toThrow(/behind the snapshot/);
    await admin.del(COMMAND_LOG);
    // Another log, longer than the snapshot's, opened by an engine of another data directory.
    const other = await startEngine(logs.url, join(dataDir, "other"));
    await fund();
    await open("more");
    other.crash();
    await expect(start()).rejects.toThrow(/not of the same history/);
  });

  it("stops at a hole in the log, with a sentence", async () => {
    const engine = await start();
    await open("a");
    const last = (await admin.xrevrange(COMMAND_LOG, "+", "-", "COUNT", 1))[0]?.[0] ?? "0-0";
    await admin.xadd(COMMAND_LOG, `0-${Number(last.slice(2)) + 2}`, ENTRY_FIELD, "x");
    await expect(engine.running).rejects.toThrow(LogMismatch);
    await expect(engine.running).rejects.toThrow(/has a hole/);
  });

  it("answers an entry that somebody else wrote as malformed, and goes on", async () => {
    await start();
    await open("a");
    await admin.xadd(COMMAND_LOG, "0-*", "foreign", "field");
    expect(await open("b")).toEqual(["accountOpened"]);
    await expectAnsweredOnce();
  });

  it("answers queries from live state", async () => {
    await start();
    await fund();
    await ingress.submit(order(2n, 2, 6_400_000n, 1_000n));
    const book = await ingress.query({ case: "book", value: { marketId: 1, depth: 10 } });
    expect(book.body).toMatchObject({ case: "book", value: { askTicks: [6_400_000n], askLots: [1_000n], bidTicks: [], seq: book.seq } });
    const account = await ingress.query({ case: "account", value: { accountId: 2n } });
    expect(account.body).toMatchObject({ case: "account", value: { executionSeq: 1n, openOrders: [{ priceTicks: 6_400_000n }], balances: [{ assetId: BTC, heldUnits: 1_000_000n }] } });
    expect((await ingress.query({ case: "order", value: { accountId: 3n, orderId: 1n } })).body.case).toBe("rejected");
    expect((await ingress.query({ case: "venue", value: {} })).body).toMatchObject({ value: { markets: [{ symbol: "BTCUSDT", notionalUnits: 10n }, { symbol: "ETHUSDT" }, { symbol: "SOLUSDT" }] } });
  });
});
