// The recorder on a real Redis and a real PostgreSQL, fed by a log written by hand.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { toBinary } from "@bufbuild/protobuf";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { EventBatchSchema } from "../../gen/tickwire/v1/event_pb.ts";
import { raw, sql } from "../shared/database/sql.ts";
import { EVENT_LOG } from "../shared/keys.ts";
import { recordedPosition } from "../shared/history/position.ts";
import { LogMismatchError } from "./position.ts";
import type { RecorderOptions } from "./recorder.ts";
import { expectHistoryOf } from "./testing/expectedHistory.ts";
import { HandWrittenLog, event, writeFlow } from "./testing/handWrittenLog.ts";
import { RecorderStack, until, type RunningRecorder } from "./testing/recorderStack.ts";

let stack: RecorderStack;
let recorders: RunningRecorder[] = [];
beforeAll(async () => {
  stack = await RecorderStack.start({ startRedisServer, startPostgresServer });
});
afterAll(async () => stack?.stop());
beforeEach(async () => stack.empty());
afterEach(async () => {
  await Promise.all(recorders.map((recorder) => recorder.stop()));
  recorders = [];
});

async function record(options: Partial<RecorderOptions> = {}): Promise<RunningRecorder> {
  const recorder = await stack.record(options);
  recorders.push(recorder);
  return recorder;
}

const recordedUpTo = (log: HandWrittenLog) => async () => (await recordedPosition(stack.database))?.entry === BigInt(log.batches.length);

describe("what happened on the venue can be read back", () => {
  it("holds every order, trade, balance change, transfer and candle of the log, each once", async () => {
    // An epoch is any uint32; the engine takes seconds.
    const epoch = 4_294_967_295;
    const log = new HandWrittenLog(epoch);
    log.open();
    log.entry(log.timeUs + 1n, [
      [event({ case: "depositPosted", value: { accountId: 2n, assetId: 1, amountUnits: 10n ** 19n, transferId: "d-1" } }), log.balance(2n, 1)],
      [event({ case: "withdrawalPosted", value: { accountId: 2n, assetId: 1, amountUnits: 5n, transferId: "w-1" } }), log.balance(2n, 1)],
      [event({ case: "accountFrozenChanged", value: { accountId: 3n, frozen: true } })],
      [event({ case: "marketStatusChanged", value: { marketId: 2, status: 2 } })],
      [event({ case: "commandRejected", value: { reason: 1 } })],
    ]);
    writeFlow(log, { entries: 400, seed: 7 });
    await stack.append(log.batches.slice(0, 300));
    const { recorder } = await record();
    await stack.append(log.batches.slice(300));
    await until(recordedUpTo(log), "everything is recorded");
    await expectHistoryOf(stack.database, log);
    await until(() => recorder.state().ready, "the recorder says it is ready");
    expect(recorder.state()).toMatchObject({ epoch, entry: BigInt(log.batches.length) });
  });

  it("continues after a stop where it stood, with its open candles", async () => {
    const log = new HandWrittenLog();
    log.open();
    for (let n = 0; n < 4; n += 1) {
      writeFlow(log, { entries: 30, seed: n });
      const recorder = await record();
      await stack.append(log.batches.slice(n === 0 ? 0 : 1 + 30 * n));
      await until(recordedUpTo(log), "everything is recorded");
      await recorder.stop();
    }
    await expectHistoryOf(stack.database, log);
  });

  it("keeps nothing in memory of what it has written", async () => {
    setFlagsFromString("--expose-gc");
    const collected = (): number => {
      (runInNewContext("gc") as () => void)();
      return process.memoryUsage().heapUsed;
    };
    const log = new HandWrittenLog();
    log.open();
    writeFlow(log, { entries: 6_000, seed: 5 });
    const [first, rest] = [log.batches.slice(0, 1_000), log.batches.slice(1_000)];
    const written = (batches: typeof rest) => async () => (await recordedPosition(stack.database))?.entry === batches.at(-1)?.entry;
    await stack.append(first);
    await record();
    await until(written(first), "the beginning is recorded");
    const before = collected();
    await stack.append(rest);
    await until(written(rest), "everything is recorded");
    // Decoded, the rest takes several times as much.
    const bytes = rest.reduce((sum, batch) => sum + toBinary(EventBatchSchema, batch).length, 0);
    expect(collected() - before).toBeLessThan(bytes);
  });

  it("waits for PostgreSQL when it goes away, says so, and catches up when it is back", async () => {
    const log = new HandWrittenLog();
    log.open();
    await stack.append(log.batches);
    const { recorder } = await record();
    await until(() => recorder.state().ready, "the recorder is ready");
    await stack.stopPostgres();
    writeFlow(log, { entries: 20, seed: 3 });
    await stack.append(log.batches.slice(1));
    await until(() => recorder.state().detail === "waiting for PostgreSQL", "the recorder says what it waits for");
    expect(recorder.state().ready).toBe(false);
    await stack.restartPostgres();
    await until(recordedUpTo(log), "everything is recorded");
    await expectHistoryOf(stack.database, log);
    await until(() => recorder.state().ready, "the recorder is ready again");
  });

  it("writes a transaction again whose connection was cut in the middle", async () => {
    const log = new HandWrittenLog();
    log.open();
    await stack.append(log.batches);
    await record();
    await until(recordedUpTo(log), "the beginning is recorded");
    writeFlow(log, { entries: 20, seed: 4 });
    await stack.database.transaction(async (tx) => {
      await tx.execute(sql`LOCK TABLE history.trades IN EXCLUSIVE MODE`);
      await stack.append(log.batches.slice(1));
      await until(async () => {
        const cut = await stack.database.query(sql`
          SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = 'tickwire-recorder-test-sink' AND wait_event_type = 'Lock'`);
        return cut.length > 0;
      }, "the recorder stands in the middle of its transaction");
    });
    await until(recordedUpTo(log), "everything is recorded");
    await expectHistoryOf(stack.database, log);
  });

  it("says what happened when PostgreSQL comes back without its last commits, and goes on from those it has", async () => {
    const log = new HandWrittenLog();
    log.open();
    writeFlow(log, { entries: 20, seed: 4 });
    await stack.append(log.batches.slice(0, 11));
    const first = await record();
    await until(async () => (await recordedPosition(stack.database))?.entry === 11n, "the beginning is recorded");
    const tables = ["recorder_position", "markets", "orders", "trades", "balance_changes", "candles"].map((name) => raw(name));
    for (const table of tables) await stack.database.execute(sql`CREATE TABLE history.${table}_then AS TABLE history.${table}`);
    await stack.append(log.batches.slice(11, 16));
    await until(async () => (await recordedPosition(stack.database))?.entry === 16n, "more is recorded");
    // The rows of the later moment are gone, as after a crash that took the end of the write-ahead log.
    await stack.database.transaction(async (tx) => {
      for (const table of tables) {
        await tx.execute(sql`TRUNCATE history.${table}`);
        await tx.execute(sql`INSERT INTO history.${table} SELECT * FROM history.${table}_then`);
      }
    });
    for (const table of tables) await stack.database.execute(sql`DROP TABLE history.${table}_then`);
    await stack.append(log.batches.slice(16));
    await expect(first.running).rejects.toThrow("PostgreSQL came back without its last commits (it stands at entry 11, and entry 16 had been stored)");
    await record();
    await until(recordedUpTo(log), "everything is recorded");
    await expectHistoryOf(stack.database, log);
  });

  it("follows on when Redis has been away", async () => {
    const log = new HandWrittenLog();
    log.open();
    writeFlow(log, { entries: 10, seed: 4 });
    await stack.append(log.batches);
    const { recorder } = await record();
    await until(recordedUpTo(log), "the beginning is recorded");
    await stack.stopRedis();
    await until(() => !recorder.state().ready, "the recorder says that it is not ready");
    await stack.restartRedis();
    writeFlow(log, { entries: 10, seed: 5 });
    await stack.append(log.batches.slice(11));
    await until(recordedUpTo(log), "everything is recorded");
    await expectHistoryOf(stack.database, log);
    await until(() => recorder.state().ready, "the recorder is ready again");
  });

  it("announces each commit, at most fifty times a second", async () => {
    const log = new HandWrittenLog();
    log.open();
    await stack.append(log.batches);
    const told: (bigint | undefined)[] = [];
    const options: Partial<RecorderOptions> = { beat: () => told.push(recorder.recorder.state().entry) };
    const recorder = await record(options);
    const startedMs = performance.now();
    for (let n = 0; n < 60; n += 1) {
      writeFlow(log, { entries: 1, seed: n });
      await stack.append(log.batches.slice(-1));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until(() => told.at(-1) === BigInt(log.batches.length), "the last entry is announced");
    expect(told.length).toBeGreaterThan(5);
    expect(told.length).toBeLessThanOrEqual((performance.now() - startedMs) / 20 + 2);
    expect(told).toEqual([...told].sort((a, b) => Number((a ?? 0n) - (b ?? 0n))));
  });
});

describe("a log that does not continue the database stops the recorder", () => {
  async function recorded(log: HandWrittenLog): Promise<void> {
    await stack.append(log.batches);
    const recorder = await record();
    await until(recordedUpTo(log), "the first log is recorded");
    await recorder.stop();
    await stack.redis.del(EVENT_LOG);
  }
  const flow = (epoch: number, origin: string, entries: number) => {
    const log = new HandWrittenLog(epoch, origin);
    log.open();
    writeFlow(log, { entries, seed: 1 });
    return log;
  };

  it("when the log is another one of the same epoch, however long", async () => {
    const first = flow(1, "first", 20);
    await recorded(first);
    await stack.append(flow(1, "second", 40).batches);
    const { running } = await record();
    await expect(running).rejects.toThrow(/history of another log/);
    await expect(running).rejects.toBeInstanceOf(LogMismatchError);
    await expectHistoryOf(stack.database, first);
  });

  it("when entries after its position are gone", async () => {
    const log = flow(1, "", 20);
    await stack.append(log.batches.slice(5));
    const { running } = await record();
    await expect(running).rejects.toThrow(/begins at entry 6, but the database holds events only up to entry 0/);
  });

  it("when an entry is missing in the middle", async () => {
    const log = flow(1, "", 20);
    await stack.append([...log.batches.slice(0, 10), ...log.batches.slice(11)]);
    const { running } = await record();
    await expect(running).rejects.toThrow(/goes from entry 10 to entry 12/);
  });

  it("when the epoch changes on the way", async () => {
    const log = flow(1, "", 3);
    await stack.append(log.batches);
    const { running } = await record();
    await until(recordedUpTo(log), "the log is recorded");
    const other = flow(2, "", 4);
    await stack.append(other.batches.slice(-1));
    await expect(running).rejects.toThrow(/Entry 5 is of epoch 2, the database holds epoch 1/);
  });

  it("but not when the log itself says that it goes on in a new epoch", async () => {
    const log = flow(1, "", 3);
    await stack.append(log.batches);
    const { recorder, stop } = await record();
    await until(recordedUpTo(log), "the log is recorded");
    log.startEpoch(2);
    writeFlow(log, { entries: 5, seed: 3 });
    await stack.append(log.batches.slice(-6));
    await until(recordedUpTo(log), "the new epoch is recorded");
    expect(recorder.state()).toMatchObject({ epoch: 2, entry: BigInt(log.batches.length) });
    await expectHistoryOf(stack.database, log);
    await stop();
    // And so for a recorder that starts in it, or that comes to a third one.
    const again = await record();
    log.startEpoch(9);
    writeFlow(log, { entries: 5, seed: 4 });
    await stack.append(log.batches.slice(-6));
    await until(recordedUpTo(log), "the third epoch is recorded");
    expect(again.recorder.state().epoch).toBe(9);
    await expectHistoryOf(stack.database, log);
  });

  it("but a log that is shorter is waited for: it may be growing back", async () => {
    const log = flow(1, "", 20);
    await recorded(log);
    await stack.append(log.batches.slice(0, 10));
    const { recorder } = await record();
    await until(() => recorder.state().detail?.includes("ends at entry 10") === true, "the recorder says what it waits for");
    writeFlow(log, { entries: 5, seed: 9 });
    await stack.append(log.batches.slice(10));
    await until(recordedUpTo(log), "everything is recorded");
    await expectHistoryOf(stack.database, log);
  });
});
