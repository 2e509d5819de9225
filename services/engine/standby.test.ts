// Two engines on one log: one leads, one follows and compares, and whoever dies or sleeps, each entry is answered once.
import { join } from "node:path";
import type { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PrivateLog } from "../../tests/support/privateLog.ts";
import { COMMAND_LOG, EVENT_LOG, LEADER_KEY } from "../shared/keys.ts";
import { createLogger } from "../shared/logger.ts";
import { Ingress, type Outcome } from "../shared/trading/ingress.ts";
import { LogMismatch } from "./log/commandLog.ts";
import { Engine } from "./engine.ts";
import { stateHash } from "./snapshot.ts";
import { startEngine, type EngineTestOptions, type RunningEngine } from "./testing/engineProcess.ts";

const logger = createLogger("test");
logger.level = "silent";

let dataDir: string;
let logs: PrivateLog;
let admin: Redis;
let ingress: Ingress;
let engines: RunningEngine[] = [];

const start = async (options: EngineTestOptions = {}): Promise<RunningEngine> => {
  const engine = await startEngine(logs.url, join(dataDir, options.name ?? "engine", "snapshots"), options);
  engines.push(engine);
  return engine;
};

beforeEach(async () => {
  logs = await PrivateLog.open();
  ({ dataDir, redis: admin } = logs);
  ingress = await Ingress.open(logs.url, "test", logger);
});

afterEach(async () => {
  for (const engine of engines) engine.crash();
  engines = [];
  ingress.close();
  await logs.close();
});

let transfers = 0;
const open = (): Promise<Outcome> => ingress.submit({ body: { case: "openAccount", value: { externalId: "a", name: "a" } } });
const deposit = (): Promise<Outcome> => ingress.submit({ accountId: 2n, body: { case: "deposit", value: { assetId: 1, amountUnits: 1n, transferId: `t${++transfers}` } } });

async function expectAnsweredOnce(): Promise<void> {
  const ids = async (log: string): Promise<string[]> => (await admin.xrange(log, "-", "+")).map(([id]) => id);
  expect(await ids(EVENT_LOG)).toEqual(await ids(COMMAND_LOG));
}

describe("an engine that follows", () => {
  it("takes over within half a second when the leader dies, and goes on where it stood", async () => {
    const first = await start();
    const second = await start({ name: "standby", opensLog: false });
    await open();
    for (let i = 0; i < 20; i++) await deposit();
    expect([first.loop.live, second.loop.live]).toEqual([true, false]);
    const before = stateHash(first.engine);
    await vi.waitFor(() => expect(stateHash(second.engine)).toEqual(before));
    const killedMs = performance.now();
    first.crash();
    const { group } = await deposit();
    expect(group.events[0]?.body.case).toBe("depositPosted");
    expect(performance.now() - killedMs).toBeLessThan(500);
    await vi.waitFor(() => expect(second.loop.live).toBe(true));
    await expectAnsweredOnce();
  });

  it("is let in at once when the leader stops in order", async () => {
    const first = await start();
    const second = await start({ name: "standby" });
    await open();
    await first.stop();
    await vi.waitFor(() => expect(second.loop.live).toBe(true), { timeout: 200, interval: 5 });
    await deposit();
    await expectAnsweredOnce();
  });

  it("that was away for so long that the log does not reach back to it starts from the other's snapshot", async () => {
    const first = await start();
    await open();
    for (let i = 0; i < 20; i++) await deposit();
    await first.stop();
    for (const log of [COMMAND_LOG, EVENT_LOG]) await admin.xtrim(log, "MINID", `0-${first.engine.entry}`);
    await expect(start({ name: "standby" })).rejects.toThrow(/No snapshot can be used/);
    const second = await start({ name: "standby", otherSnapshotDirs: [join(dataDir, "engine", "snapshots")] });
    expect(stateHash(second.engine)).toEqual(stateHash(first.engine));
    await deposit();
  });

  it("compares its state with the leader's every thousand commands", async () => {
    const first = await start();
    const second = await start({ name: "standby" });
    await open();
    for (let i = 0; i < 12; i++) await Promise.all(Array.from({ length: 256 }, deposit));
    await vi.waitFor(() => expect([second.engine.entry, second.loop.digestsCompared]).toEqual([first.engine.entry, 3]));
  });

  it("stops when its state is another, though the events are alike", async () => {
    await start();
    const second = await start({ name: "standby" });
    await open();
    await deposit();
    await vi.waitFor(() => expect(second.engine.ledger.availableUnits(1, 0)).toBe(1n));
    second.engine.accounts.feeTier[1] = 7;
    for (let i = 0; i < 4; i++) await Promise.all(Array.from({ length: 256 }, deposit));
    await expect(second.running).rejects.toThrow(/state is not the leading engine's/);
    await deposit();
  });

  it("stops when it computes other events than the leader", async () => {
    await start();
    const second = await start({ name: "standby" });
    await open();
    await vi.waitFor(() => expect(second.engine.accounts.count).toBe(2));
    second.engine.ledger.deposit(1, 0, 1);
    await deposit();
    await expect(second.running).rejects.toThrow(LogMismatch);
    await expect(second.running).rejects.toThrow(/other events than this one/);
    await deposit();
    await expectAnsweredOnce();
  });

  it("takes over only once: of three, one leads at any time", async () => {
    const three = [await start(), await start({ name: "second" }), await start({ name: "third" })];
    await open();
    for (let round = 0; round < 2; round++) {
      const leader = three.findIndex((engine) => engine.loop.leading);
      three.splice(leader, 1)[0]?.crash();
      await deposit();
      expect(three.filter((engine) => engine.loop.leading)).toHaveLength(1);
    }
    expect(await admin.get(LEADER_KEY)).toMatch(/^3:/);
    await expectAnsweredOnce();
  });

  it("does not take over from a leader that nothing is wrong with, even while Redis stands still", async () => {
    const first = await start();
    const second = await start({ name: "standby" });
    await open();
    process.kill(logs.server.pid, "SIGSTOP");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    process.kill(logs.server.pid, "SIGCONT");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect([first.loop.leading, second.loop.leading]).toEqual([true, false]);
    await deposit();
    await expectAnsweredOnce();
  });
});

describe("an engine that breaks", () => {
  it("at the same command three times stops for good, names it, and starts again when the command is bearable", async () => {
    const breaking = (): Engine => {
      const engine = new Engine();
      const apply = engine.applyEntry.bind(engine);
      engine.applyEntry = (bytes, entry) => {
        const applied = apply(bytes, entry);
        if (engine.seq >= brokenSeq) throw new Error("a level's lots are not the sum of its orders");
        return applied;
      };
      return engine;
    };
    let brokenSeq = Number.POSITIVE_INFINITY;
    await start({ newEngine: breaking });
    brokenSeq = Number((await open()).group.seq) + 2;
    await deposit();
    const lost = deposit().catch((error: unknown) => error);
    await expect(engines[0]?.running).rejects.toThrow(/^a level's lots/);
    engines[0]?.crash();
    const second = await start({ newEngine: breaking });
    await expect(second.running).rejects.toThrow(/^a level's lots/);
    second.crash();
    const third = await start({ newEngine: breaking });
    await expect(third.running).rejects.toThrow(`The engine broke 3 times at command ${brokenSeq}`);
    await expect(third.running).rejects.toThrow(`replay --stop-before ${brokenSeq}`);
    third.crash();
    await start();
    await lost;
    await deposit();
    await expectAnsweredOnce();
  });
});
