// A recorder process killed without warning, on a real Redis and a real PostgreSQL.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { rmSync } from "node:fs";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { sql } from "../shared/database/sql.ts";
import { recordedPosition } from "../shared/history/position.ts";
import { expectHistoryOf } from "./testing/expectedHistory.ts";
import { HandWrittenLog, seededRandom, writeFlow } from "./testing/handWrittenLog.ts";
import { RecorderStack, until } from "./testing/recorderStack.ts";

// Beside the other builds, so that packages resolve from there.
const root = join(import.meta.dirname, "..", "..");
const program = join(root, "dist", `recorder-under-test-${process.pid}.mjs`);
let stack: RecorderStack;
let child: ChildProcess | undefined;

beforeAll(async () => {
  await build({ entryPoints: [join(import.meta.dirname, "main.ts")], outfile: program, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" });
  stack = await RecorderStack.start({ startRedisServer, startPostgresServer });
});
afterAll(async () => {
  rmSync(program, { force: true });
  await stack?.stop();
});
beforeEach(async () => stack.empty());
afterEach(async () => kill());

function startRecorder(): ChildProcess {
  const env = { ...process.env, REDIS_URL: stack.redisUrl, DATABASE_URL: stack.databaseUrl, TICKWIRE_LOG_LEVEL: "silent" };
  child = spawn(process.execPath, [program], { env, stdio: ["ignore", "ignore", "pipe"] });
  return child;
}

async function kill(): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGKILL");
  await exit;
}

const entryStored = async () => (await recordedPosition(stack.database))?.entry ?? 0n;

describe("a recorder killed without warning leaves no hole and no duplicate", () => {
  it("in the middle of a transaction", async () => {
    const log = new HandWrittenLog();
    log.open();
    writeFlow(log, { entries: 10, seed: 1 });
    await stack.append(log.batches);
    startRecorder();
    await until(async () => (await entryStored()) === 11n, "the beginning is recorded");

    // Whoever holds this lock stops the transaction after it has moved the position and written the orders.
    writeFlow(log, { entries: 10, seed: 2 });
    await stack.database.transaction(async (tx) => {
      await tx.execute(sql`LOCK TABLE history.trades IN EXCLUSIVE MODE`);
      await stack.append(log.batches.slice(11));
      await until(async () => {
        const [waiting] = await stack.database.query(sql`
          SELECT 1 FROM pg_stat_activity WHERE application_name = 'tickwire-recorder' AND wait_event_type = 'Lock' AND query LIKE '%history.trades%'`);
        return waiting !== undefined;
      }, "the recorder stands in the middle of its transaction");
      await kill();
    });
    const half = new HandWrittenLog();
    half.batches.push(...log.batches.slice(0, 11));
    // The server may still be finding out that its client is gone; then nothing of the transaction is left.
    await until(async () => (await stack.database.query(sql`SELECT 1 FROM pg_stat_activity WHERE application_name = 'tickwire-recorder'`)).length === 0, "the server has let go");
    await expectHistoryOf(stack.database, half);

    startRecorder();
    await until(async () => (await entryStored()) === 21n, "the rest is recorded");
    await expectHistoryOf(stack.database, log);
  });

  it("again and again, at moments nobody chose", async () => {
    const log = new HandWrittenLog();
    log.open();
    writeFlow(log, { entries: 1_000, seed: 5, tradesPerEntry: 6 });
    await stack.append(log.batches);
    const last = BigInt(log.batches.length);
    const random = seededRandom(11);
    let kills = 0;
    while ((await entryStored()) < last) {
      const before = await entryStored();
      startRecorder();
      await until(async () => (await entryStored()) > before, "it has written something");
      await new Promise((resolve) => setTimeout(resolve, random() * 60));
      await kill();
      kills += 1;
    }
    expect(kills).toBeGreaterThan(1);
    await expectHistoryOf(stack.database, log);
  });
});

describe("a recorder that cannot go on says so in one sentence", () => {
  it("when the database belongs to another log", async () => {
    const first = new HandWrittenLog(1, "first");
    first.open();
    await stack.append(first.batches);
    startRecorder();
    await until(async () => (await entryStored()) === 1n, "the first log is recorded");
    await kill();
    await stack.redis.flushall();
    const second = new HandWrittenLog(1, "second");
    second.open();
    await stack.append(second.batches);
    const recorder = startRecorder();
    let told = "";
    recorder.stderr?.on("data", (bytes: Buffer) => (told += bytes.toString()));
    const [code] = (await once(recorder, "exit")) as [number | null];
    expect(code).toBe(78);
    expect(told).toMatch(/^The database holds the history of another log .* Redis \(epoch 1\)\. Give this log its own empty database.*\.\n$/);
  });
});
