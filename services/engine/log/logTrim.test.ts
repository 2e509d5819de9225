import type { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PrivateLog } from "../../../tests/support/privateLog.ts";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG, entryId, entryNumber } from "../../shared/keys.ts";
import { LogTrim } from "./logTrim.ts";

const ENTRIES = 3_000;
const silent = pino({ level: "silent" });
let logs: PrivateLog;
let redis: Redis;

beforeAll(async () => {
  logs = await PrivateLog.open();
  ({ redis } = logs);
});
afterAll(() => logs.close());
beforeEach(async () => {
  await redis.flushall();
  const pipeline = redis.pipeline();
  for (let entry = 1; entry <= ENTRIES; entry++) for (const log of [COMMAND_LOG, EVENT_LOG]) pipeline.xadd(log, entryId(entry), ENTRY_FIELD, "x");
  await pipeline.exec();
});

const first = async (log: string): Promise<number> => {
  const [oldest] = await redis.xrange(log, "-", "+", "COUNT", 1);
  return entryNumber(oldest?.[0] ?? "0-0");
};
// Redis frees whole nodes of 100 entries: what is kept begins at most one node early, never late.
const expectBegin = async (log: string, entry: number): Promise<void> => {
  const begin = await first(log);
  expect(begin).toBeLessThanOrEqual(entry);
  expect(begin).toBeGreaterThan(entry - 100);
};

describe("the logs are trimmed", () => {
  it("to the second-newest snapshot, which stays startable", async () => {
    const trim = new LogTrim(redis, () => ENTRIES, silent);
    await trim.afterSnapshot({ covered: undefined });
    expect([await first(COMMAND_LOG), await first(EVENT_LOG)], "one snapshot alone is not trusted").toEqual([1, 1]);
    await trim.afterSnapshot({ covered: 1_000 });
    await expectBegin(COMMAND_LOG, 1_000);
    await expectBegin(EVENT_LOG, 1_000);
    await trim.afterSnapshot({ covered: 2_000 });
    await expectBegin(COMMAND_LOG, 2_000);
  });

  it("of events only what a recorder had stored one snapshot ago", async () => {
    let stored: number | undefined = 500;
    const trim = new LogTrim(redis, () => stored, silent);
    await trim.afterSnapshot({ covered: 1_000 });
    expect(await first(EVENT_LOG), "its word was not heard one snapshot ago").toBe(1);
    stored = 2_400;
    await trim.afterSnapshot({ covered: 2_000 });
    await expectBegin(EVENT_LOG, 500);
    await expectBegin(COMMAND_LOG, 2_000);
  });

  it("of events nothing while no recorder is heard", async () => {
    const trim = new LogTrim(redis, () => undefined, silent);
    await trim.afterSnapshot({ covered: 1_000 });
    await trim.afterSnapshot({ covered: 2_000 });
    expect(await first(EVENT_LOG)).toBe(1);
    await expectBegin(COMMAND_LOG, 2_000);
  });
});
