// A replica made the Redis that carries on: two real servers, a real engine, and what clients were told.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LogSealed } from "../../../services/engine/leadership.ts";
import { startEngine, type RunningEngine } from "../../../services/engine/testing/engineProcess.ts";
import { readConfig, type Config } from "../../../services/shared/config.ts";
import { COMMAND_LOG, EVENT_LOG, LEADER_KEY } from "../../../services/shared/keys.ts";
import { createLogger } from "../../../services/shared/logger.ts";
import { Ingress, type Outcome } from "../../../services/shared/trading/ingress.ts";
import { startRedisServer, type RunningServer } from "../../stack/redisServer.ts";
import { promoteReplica } from "./promote.ts";

const logger = createLogger("test");
logger.level = "silent";

let dirs: string[];
let config: Config;
let primary: RunningServer;
let replica: RunningServer;
let onPrimary: Redis;
let onReplica: Redis;
let engine: RunningEngine | undefined;

beforeEach(async () => {
  dirs = ["exchange", "primary", "replica"].map((name) => mkdtempSync(join(tmpdir(), `tickwire-promote-${name}-`)));
  config = readConfig({ TICKWIRE_DATA_DIR: dirs[0] });
  [primary, replica] = (await Promise.all(dirs.slice(1).map((dataDir) => startRedisServer({ dataDir })))) as [RunningServer, RunningServer];
  [onPrimary, onReplica] = [new Redis(primary.url), new Redis(replica.url)];
  for (const redis of [onPrimary, onReplica]) redis.on("error", () => undefined);
  await onPrimary.config("SET", "repl-diskless-sync-delay", "0");
  await onReplica.config("SET", "masterauth", new URL(primary.url).password);
  await onReplica.replicaof("127.0.0.1", primary.port);
  await vi.waitFor(async () => expect(await onReplica.info("replication")).toContain("master_link_status:up"), { timeout: 10_000, interval: 20 });
});

afterEach(async () => {
  engine?.crash();
  for (const redis of [onPrimary, onReplica]) redis.disconnect();
  for (const server of [replica, primary]) {
    try {
      process.kill(server.pid, "SIGCONT");
    } catch {
      // It has ended already.
    }
    await server.stop();
  }
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

const start = async (url: string, replicasMin: number): Promise<RunningEngine> => (engine = await startEngine(url, config.snapshotDir, { replicasMin }));
const last = async (redis: Redis, log: string): Promise<number> => Number((await redis.xrevrange(log, "+", "-", "COUNT", 1))[0]?.[0].slice(2) ?? 0);

/** Opens accounts through the door at `url`. */
async function open(url: string, ...names: string[]): Promise<Outcome[]> {
  const ingress = await Ingress.open(url, "test", logger);
  try {
    const outcomes: Outcome[] = [];
    for (const name of names) outcomes.push(await ingress.submit({ body: { case: "openAccount", value: { externalId: name, name } } }));
    return outcomes;
  } finally {
    ingress.close();
  }
}

describe("a replica is promoted", () => {
  it("when the old Redis has died: what was acknowledged is there, in a new epoch", async () => {
    await start(primary.url, 1);
    const told = await open(primary.url, "a", "b", "c");
    engine?.crash();
    process.kill(primary.pid, "SIGKILL");
    await primary.exited;
    const look = await promoteReplica(config, { to: replica.url, from: undefined, act: false, acceptLoss: false });
    expect(look).toMatchObject({ refusal: undefined, lost: undefined, done: undefined, lastCommand: Number(told[2]?.entry) });
    expect(await onReplica.info("replication")).toContain("role:slave");
    const { done } = await promoteReplica(config, { to: replica.url, from: undefined, act: true, acceptLoss: false });
    expect(done?.epoch).toBeGreaterThan(told[0]?.epoch ?? 0);
    const { engine: again } = await start(replica.url, 0);
    const [next] = await open(replica.url, "d");
    expect([next?.epoch, next?.entry]).toEqual([done?.epoch, (told[2]?.entry ?? 0n) + 2n]);
    expect(again.accounts.externalIds.slice(1)).toEqual(["a", "b", "c", "d"]);
  });

  it("while the old Redis still answers: that is sealed, refuses writes, and no engine will lead it", async () => {
    await start(primary.url, 1);
    const [told] = await open(primary.url, "a");
    await engine?.stop();
    const { refusal, done } = await promoteReplica(config, { to: replica.url, from: primary.url, act: true, acceptLoss: false });
    expect([refusal, done?.epoch === undefined]).toEqual([undefined, false]);
    await expect(onPrimary.xadd(COMMAND_LOG, "NOMKSTREAM", "0-*", "b", "x")).rejects.toThrow(/NOREPLICAS/);
    expect(await last(onPrimary, COMMAND_LOG)).toBe(Number(told?.entry));
    await expect(startEngine(primary.url, join(dirs[0] ?? "", "other", "snapshots"))).rejects.toThrow(LogSealed);
    await start(replica.url, 0);
    const [next] = await open(replica.url, "b");
    expect(next?.epoch).toBe(done?.epoch);
    expect(Number(/^\d+/.exec((await onReplica.get(LEADER_KEY)) ?? "")?.[0])).toBeGreaterThan(Number(/^\d+/.exec((await onPrimary.get(LEADER_KEY)) ?? "")?.[0]));
  });

  it("only if the operator accepts it when the replica lacks what was acknowledged, and then numbers are not given out twice in an epoch", async () => {
    await start(primary.url, 0);
    const [kept] = await open(primary.url, "a");
    await vi.waitFor(async () => expect(await last(onReplica, EVENT_LOG)).toBe(Number(kept?.entry)));
    await onReplica.replicaof("127.0.0.1", 1); // the link is cut; nobody asked for the replica
    const lost = await open(primary.url, "b", "c");
    await engine?.stop();
    process.kill(primary.pid, "SIGKILL");
    await primary.exited;
    const refused = await promoteReplica(config, { to: replica.url, from: undefined, act: true, acceptLoss: false });
    expect(refused).toMatchObject({ lost: { from: Number(lost[0]?.entry), to: Number(lost[1]?.entry) }, done: undefined });
    expect(refused.refusal).toMatch(/were seen and the replica does not have them/);
    expect(await onReplica.info("replication")).toContain("role:slave");
    const { done } = await promoteReplica(config, { to: replica.url, from: undefined, act: true, acceptLoss: true });
    expect(done?.putAside).toMatch(/log-promotion-/);
    await start(replica.url, 0);
    const [again] = await open(replica.url, "b");
    expect(again?.epoch).toBe(done?.epoch);
    expect(again?.epoch).toBeGreaterThan(lost[0]?.epoch ?? 0);
  });

  it("never when the two sides hold different histories", async () => {
    await start(primary.url, 1);
    const [told] = await open(primary.url, "a");
    await engine?.stop();
    // What a failover by hand leaves behind: both sides went on by themselves, and one became the other's replica in name only.
    await onReplica.call("REPLICAOF", "NO", "ONE");
    await onReplica.xadd(EVENT_LOG, `0-${Number(told?.entry) + 1}`, "b", "other");
    await onReplica.xadd(COMMAND_LOG, `0-${Number(told?.entry) + 1}`, "b", "other");
    await onPrimary.xadd(COMMAND_LOG, "0-*", "b", "one");
    await onReplica.replicaof("127.0.0.1", 1);
    const { refusal } = await promoteReplica(config, { to: replica.url, from: primary.url, act: true, acceptLoss: true });
    expect(refusal).toMatch(/not whole|different histories/);
    await vi.waitFor(async () => expect(await onPrimary.xadd(COMMAND_LOG, "0-*", "b", "two")).toBeDefined());
  });

  it("is refused by name when it is none, or when the old side is not given rightly", async () => {
    await expect(promoteReplica(config, { to: primary.url, from: undefined, act: true, acceptLoss: false })).rejects.toThrow(/is not a replica/);
    await expect(promoteReplica(config, { to: replica.url, from: replica.url, act: true, acceptLoss: false })).rejects.toThrow(/is a replica itself/);
    await expect(promoteReplica(config, { to: replica.url, from: "redis://127.0.0.1:1", act: true, acceptLoss: false })).rejects.toThrow(/does not answer/);
  });
});
