// The recorder behind the real engine: commands in, history out, through a real Redis and a real PostgreSQL.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromBinary } from "@bufbuild/protobuf";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { EventBatchSchema, type EventBatch } from "../../gen/tickwire/v1/event_pb.ts";
import { OrderStatus, OrderType, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import { sql } from "../shared/database/sql.ts";
import { EVENT_LOG } from "../shared/keys.ts";
import { accountTrades } from "../shared/history/accountTrades.ts";
import { orderById } from "../shared/history/orders.ts";
import { recordedPosition } from "../shared/history/position.ts";
import { Ingress, type Outcome } from "../shared/trading/ingress.ts";
import { expectHistoryOf } from "./testing/expectedHistory.ts";
import { seededRandom } from "./testing/handWrittenLog.ts";
import { logger, RecorderStack, until, type RunningRecorder } from "./testing/recorderStack.ts";

const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", `engine-under-test-${process.pid}.mjs`);
let dataDir = "";
let stack: RecorderStack;
let engine: ChildProcess;
let ingress: Ingress;
let recorder: RunningRecorder;
const accounts: bigint[] = [];
let placed = 0;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "tickwire-recorded-engine-"));
  await build({ entryPoints: [join(root, "services", "engine", "main.ts")], outfile: program, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" });
  stack = await RecorderStack.start({ startRedisServer, startPostgresServer });
  const env = { ...process.env, REDIS_URL: stack.redisUrl, TICKWIRE_DATA_DIR: dataDir, TICKWIRE_LOG_LEVEL: "error" };
  engine = spawn(process.execPath, [program], { env, stdio: ["ignore", "ignore", "inherit"] });
  ingress = await Ingress.open(stack.redisUrl, "recorder-test", logger);
  await until(async () => (await ingress.query({ case: "status", value: {} }).catch(() => undefined)) !== undefined, "the engine answers", 30_000);
  recorder = await stack.record();
  for (const name of ["maker", "taker"]) {
    const { group } = await ingress.submit({ accountId: 0n, deadlineUs: 0n, body: { case: "openAccount", value: { externalId: name, name } } });
    const opened = group.events[0]?.body;
    if (opened?.case !== "accountOpened") throw new Error("no account");
    const { accountId } = opened.value;
    accounts.push(accountId);
    for (const assetId of [1, 2, 3, 4]) {
      await ingress.submit({ accountId, deadlineUs: 0n, body: { case: "deposit", value: { assetId, amountUnits: 10n ** 15n, transferId: `start-${assetId}` } } });
    }
  }
});
afterAll(async () => {
  ingress?.close();
  await recorder?.stop();
  if (engine !== undefined && engine.exitCode === null) {
    engine.kill("SIGTERM");
    await once(engine, "exit");
  }
  await stack?.stop();
  rmSync(program, { force: true });
  rmSync(dataDir, { recursive: true, force: true });
});

function place(accountId: bigint, order: { side: Side; priceTicks: bigint; quantityLots: bigint; timeInForce?: TimeInForce; marketId?: number }): Promise<Outcome> {
  const value = { marketId: 1, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, clientOrderId: `t-${++placed}`, ...order };
  return ingress.submit({ accountId, deadlineUs: 0n, body: { case: "placeOrder", value } });
}

async function wholeLog(): Promise<{ batches: EventBatch[] }> {
  const rows = await stack.redis.xrangeBuffer(EVENT_LOG, "-", "+");
  return { batches: rows.map(([, fields]) => fromBinary(EventBatchSchema, fields[1] as Buffer)) };
}

const recordedUpTo = (entry: bigint) => async () => ((await recordedPosition(stack.database))?.entry ?? 0n) >= entry;

describe("the recorder behind the engine", () => {
  it("has a trade, its orders and its fees in history a moment after the taker was told", async () => {
    const [maker = 0n, taker = 0n] = accounts;
    const rested = await place(maker, { side: Side.SELL, priceTicks: 6_400_000n, quantityLots: 1_000n });
    const taken = await place(taker, { side: Side.BUY, priceTicks: 6_410_000n, quantityLots: 400n });
    const acknowledgedMs = performance.now();
    await until(recordedUpTo(taken.entry), "it is recorded", 2_000);
    expect(performance.now() - acknowledgedMs).toBeLessThan(500);
    const accepted = rested.group.events[0]?.body;
    const orderId = accepted?.case === "orderAccepted" ? (accepted.value.order?.orderId ?? 0n) : 0n;
    expect(await orderById(stack.database, { accountId: maker, marketId: 1, orderId })).toMatchObject({
      status: OrderStatus.PARTIALLY_FILLED,
      executedLots: 400n,
      executedQuoteUnits: 256n * 10n ** 8n,
    });
    expect(await accountTrades(stack.database, { accountId: taker, marketId: 1, limit: 10 })).toMatchObject([
      { side: Side.BUY, maker: false, priceTicks: 6_400_000n, quantityLots: 400n, feeUnits: 400n, feeAssetId: 1 },
    ]);
  });

  it("agrees with the event log after a busy time of orders, fills, refusals and cancels", async () => {
    const random = seededRandom(5);
    const between = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
    const outcomes: Promise<Outcome>[] = [];
    for (let n = 0; n < 1_500; n += 1) {
      const accountId = accounts[between(0, 1)] ?? 0n;
      const pick = random();
      if (pick < 0.1) outcomes.push(ingress.submit({ accountId, deadlineUs: 0n, body: { case: "cancelAllOrders", value: { marketId: between(1, 3) } } }));
      else {
        outcomes.push(
          place(accountId, {
            marketId: between(1, 3),
            side: random() < 0.5 ? Side.BUY : Side.SELL,
            priceTicks: BigInt(between(10_000, 10_040)),
            quantityLots: BigInt(between(1, 20_000)),
            timeInForce: pick < 0.3 ? TimeInForce.IOC : TimeInForce.GTC,
          }),
        );
      }
      if (n % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
    }
    const settled = await Promise.all(outcomes);
    await until(recordedUpTo(settled.reduce((last, { entry }) => (entry > last ? entry : last), 0n)), "everything is recorded");
    const log = await wholeLog();
    await expectHistoryOf(stack.database, log);
    const [count] = await stack.database.query<{ trades: bigint }>(sql`SELECT count(*) AS trades FROM history.trades`);
    expect(count?.trades).toBeGreaterThan(200n);
  });

  it("keeps a ledger whose changes add up to the balances, account by account and asset by asset", async () => {
    const wrong = await stack.database.query(sql`
      SELECT account_id, asset_id FROM history.balance_changes
      GROUP BY account_id, asset_id
      HAVING sum(available_change_units) <> (array_agg(available_units ORDER BY balance_seq DESC))[1]
          OR sum(held_change_units) <> (array_agg(held_units ORDER BY balance_seq DESC))[1]`);
    expect(wrong).toEqual([]);
    const causes = await stack.database.query<{ cause: string }>(sql`SELECT DISTINCT cause FROM history.balance_changes ORDER BY cause`);
    expect(causes.map(({ cause }) => cause)).toEqual(["cancel", "deposit", "fee", "order", "trade"]);
    // What the ledger holds of each asset is what was deposited.
    const assets = await stack.database.query<{ assetId: number; held: string; deposited: string }>(sql`
      SELECT asset_id AS "assetId", sum(available_change_units + held_change_units)::text AS held,
        (SELECT sum(amount_units)::text FROM history.transfers t WHERE t.asset_id = c.asset_id) AS deposited
      FROM history.balance_changes c GROUP BY asset_id ORDER BY asset_id`);
    for (const { held, deposited } of assets) expect(held).toBe(deposited);
  });
});
