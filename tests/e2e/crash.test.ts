// Parts of a whole exchange are killed with SIGKILL under load, at seeded random moments; then its whole history is judged
// against what every client was told: accepted once, refused never, UNKNOWN once or not at all and told rightly later.
// `npm run crash` does the same for hundreds of kills.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findRedisServer } from "../../scripts/stack/redisServer.ts";
import { runFile } from "../../crash/privateServers.ts";
import { Siege } from "../../crash/siege.ts";
import { PARTS, type Target } from "../../crash/targets.ts";

const root = resolve(import.meta.dirname, "../..");
const KILLS_EACH = 2;
/** A Redis that takes its time with its log, as a long log makes it take. */
const LOAD_DELAY_US = 300;

let tools: string;
let siege: Siege;

beforeAll(async () => {
  tools = mkdtempSync(join(tmpdir(), "tickwire-slow-redis-"));
  const slow = join(tools, "redis-server");
  writeFileSync(slow, `#!/bin/sh\nexec '${findRedisServer() ?? ""}' "$@" --key-load-delay ${LOAD_DELAY_US}\n`);
  chmodSync(slow, 0o755);
  siege = await Siege.lay(root, {
    rates: { rest: 60, log: 90 },
    clients: 4,
    watchers: 2,
    openOrders: 0,
    standby: false,
    seed: 20,
    modelMs: 20_000,
    say: () => undefined,
    variables: { PATH: `${tools}${delimiter}${process.env["PATH"] ?? ""}` },
  });
});
afterAll(async () => {
  await siege?.lift();
  rmSync(tools, { recursive: true, force: true });
});

describe("a part killed under load comes back by itself", () => {
  it.each<Target>([...PARTS])("%s", async (target) => {
    const before = siege.recoveries.length;
    for (let i = 0; i < KILLS_EACH; i++) await siege.kill(target);
    expect(siege.recoveries.length - before).toBe(KILLS_EACH);
  });

  it("the api, although another program has its port for two seconds", async () => {
    const { dataDir, apiPort } = siege.exchange;
    const squatter = createServer();
    const killedMs = performance.now();
    process.kill(runFile(dataDir).parts["api"]?.pid ?? 0, "SIGKILL");
    for (;;) {
      const got = await new Promise<boolean>((done) => {
        squatter.once("error", () => done(false));
        squatter.listen(apiPort, "127.0.0.1", () => done(true));
      });
      if (got) break;
      squatter.removeAllListeners();
    }
    squatter.on("connection", (socket) => socket.destroy());
    await sleep(2_000);
    expect(runFile(dataDir).parts["api"]?.restarts).toBeGreaterThan(1);
    await new Promise((closed) => squatter.close(closed));
    await siege.load.acknowledgedAfter(killedMs, "rest");
  });
});

it("nothing acknowledged is lost, nothing happened twice, and everybody was told the truth", async () => {
  const { findings, calls, trades, watchers, model } = await siege.judge();
  expect(findings.samples).toEqual([]);
  expect(calls.unresolved).toBe(0);
  expect(calls.acknowledged).toBeGreaterThan(500);
  expect(trades).toBeGreaterThan(50);
  expect(watchers.executions).toBeGreaterThan(50);
  expect(model.complete).toBe(true);
});
