// Redis with a replica, both real: nothing is acknowledged that the replica lacks.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startRedisServer, type RunningServer } from "../../scripts/stack/redisServer.ts";
import { COMMAND_LOG, EVENT_LOG } from "../shared/keys.ts";
import { createLogger } from "../shared/logger.ts";
import { Ingress, type Outcome } from "../shared/trading/ingress.ts";
import { startEngine, type RunningEngine } from "./testing/engineProcess.ts";

const logger = createLogger("test");
logger.level = "silent";

let dirs: string[];
let primary: RunningServer;
let replica: RunningServer;
let onPrimary: Redis;
let onReplica: Redis;
let ingress: Ingress;
let engines: RunningEngine[] = [];

beforeEach(async () => {
  dirs = ["primary", "replica"].map((name) => mkdtempSync(join(tmpdir(), `tickwire-${name}-`)));
  [primary, replica] = (await Promise.all(dirs.map((dataDir) => startRedisServer({ dataDir })))) as [RunningServer, RunningServer];
  [onPrimary, onReplica] = [new Redis(primary.url), new Redis(replica.url)];
  await onPrimary.config("SET", "repl-diskless-sync-delay", "0");
  await onReplica.config("SET", "masterauth", new URL(primary.url).password);
  await onReplica.replicaof("127.0.0.1", primary.port);
  await vi.waitFor(async () => expect(await onReplica.info("replication")).toContain("master_link_status:up"), { timeout: 10_000, interval: 20 });
  ingress = await Ingress.open(primary.url, "test", logger);
});

afterEach(async () => {
  process.kill(replica.pid, "SIGCONT");
  for (const engine of engines) engine.crash();
  engines = [];
  ingress.close();
  onPrimary.disconnect();
  onReplica.disconnect();
  await Promise.all([replica.stop(), primary.stop()]);
  for (const dir of dirs) rmSync(dir, { recursive: true, force: true });
});

const start = async (name = "engine"): Promise<RunningEngine> => {
  const engine = await startEngine(primary.url, join(dirs[0] ?? "", name, "snapshots"), { name, replicasMin: 1 });
  engines.push(engine);
  return engine;
};
const open = (externalId: string): Promise<Outcome> => ingress.submit({ body: { case: "openAccount", value: { externalId, name: externalId } } });
const last = async (redis: Redis, log: string): Promise<number> => Number((await redis.xrevrange(log, "+", "-", "COUNT", 1))[0]?.[0].slice(2) ?? 0);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("with a replica asked for", () => {
  it("what is acknowledged is on the replica, command and outputs", async () => {
    await start();
    for (let i = 0; i < 30; i++) {
      const { entry } = await open(`a${i}`);
      expect([await last(onReplica, COMMAND_LOG), await last(onReplica, EVENT_LOG)]).toEqual([Number(entry), Number(entry)]);
    }
  });

  it("nothing is acknowledged or answered while the replica is away, the operator is told, and all of it is when it is back", async () => {
    const { loop } = await start();
    const { entry } = await open("before");
    process.kill(replica.pid, "SIGSTOP");
    let answered = false;
    const waiting = open("while it is away").finally(() => {
      answered = true;
    });
    await vi.waitFor(() => expect(loop.waitingFor).toMatch(/replica/), { timeout: 3_000 });
    expect(await last(onPrimary, COMMAND_LOG)).toBe(Number(entry) + 1);
    // The engine has applied it; a question about its state must not tell.
    const question = ingress.query({ case: "venue", value: {} }).catch((error: unknown) => String(error));
    await pause(700);
    expect([answered, loop.live]).toEqual([false, false]);
    process.kill(replica.pid, "SIGCONT");
    expect((await waiting).entry).toBe(entry + 1n);
    expect(await last(onReplica, EVENT_LOG)).toBe(Number(entry) + 1);
    await question;
    await vi.waitFor(() => expect(loop.live).toBe(true));
  });

  it("a connection that is lost meanwhile does not count as a replica", async () => {
    await start();
    const { entry } = await open("before");
    process.kill(replica.pid, "SIGSTOP");
    let answered = false;
    const waiting = open("while it is away").finally(() => {
      answered = true;
    });
    await pause(300);
    // Every connection of the engine: its outputs are in the log, but who looks at a fresh connection sees nothing to wait for.
    await onPrimary.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    await pause(1_200);
    expect(answered).toBe(false);
    process.kill(replica.pid, "SIGCONT");
    await waiting.catch(() => undefined); // the client's own connection was lost as well
    await vi.waitFor(async () => expect(await last(onReplica, EVENT_LOG)).toBe(Number(entry) + 1), { timeout: 5_000 });
  });

  it("an engine that takes over waits for the replica as well", async () => {
    const first = await start();
    const second = await start("standby");
    const { entry } = await open("before");
    process.kill(replica.pid, "SIGSTOP");
    let answered = false;
    const waiting = open("while it is away").finally(() => {
      answered = true;
    });
    await pause(200);
    first.crash();
    await vi.waitFor(() => expect(second.loop.leading).toBe(true), { timeout: 3_000 });
    await pause(700);
    expect([answered, second.loop.live]).toEqual([false, false]);
    process.kill(replica.pid, "SIGCONT");
    // The first engine had appended the outputs without telling anybody.
    expect((await waiting).entry).toBe(entry + 1n);
    await vi.waitFor(() => expect(second.loop.live).toBe(true), { timeout: 3_000 });
    expect(await last(onReplica, EVENT_LOG)).toBe(Number(entry) + 1);
    await open("after");
  });
});
