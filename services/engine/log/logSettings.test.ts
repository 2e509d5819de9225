// The engine before a Redis that would not keep the log: refused by name, or accepted by the operator's word.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { Redis } from "ioredis";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PrivateLog } from "../../../tests/support/privateLog.ts";
import { connectWriter, whenReady } from "../../shared/redis.ts";
import { EXIT_CONFIG } from "../../shared/serviceProcess.ts";
import { Leadership } from "../leadership.ts";
import { Outbound } from "../outbound.ts";
import { isConnectionLoss } from "./commandLog.ts";
import { withFencedCommands } from "./logConnection.ts";
import { LOG_SETTINGS, LogSettingsCheck, UnsafeLogError, unsafeSettings } from "./logSettings.ts";

const silent = pino({ level: "silent" });
let logs: PrivateLog;
let redis: Redis;

beforeAll(async () => {
  logs = await PrivateLog.open();
  ({ redis } = logs);
});
afterAll(() => logs.close());

async function withSetting<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
  await redis.config("SET", name, value);
  try {
    return await work();
  } finally {
    await redis.config("SET", name, LOG_SETTINGS.find((setting) => setting.name === name)?.wanted ?? "");
  }
}

const refusal = (): Promise<string> => new LogSettingsCheck(redis, false, silent).run().then(() => "accepted", (error: Error) => error.message);

describe("the Redis of the command log", () => {
  it("of npm start is as the engine wants it", async () => {
    expect(await unsafeSettings(redis)).toEqual([]);
  });

  it.each([
    ["appendfsync", "everysec"],
    ["appendonly", "no"],
    ["no-appendfsync-on-rewrite", "yes"],
    ["aof-load-truncated", "yes"],
    ["save", "3600 1"],
    ["maxmemory-policy", "allkeys-lru"],
  ])("is refused with %s %s, in one sentence that names it", async (name, value) => {
    const message = await withSetting(name, value, refusal);
    expect(message).toContain(`${name} is ${value} and must be ${LOG_SETTINGS.find((setting) => setting.name === name)?.wanted || '""'}`);
    expect(message.split("\n")).toHaveLength(1);
    expect(await refusal()).toBe("accepted");
  });

  it("is looked at through INFO where CONFIG is forbidden, and what cannot be read is not believed", async () => {
    await redis.call("ACL", "SETUSER", "managed", "on", ">secret", "~*", "&*", "+@all", "-config");
    const managed = new Redis(logs.server.port, "127.0.0.1", { username: "managed", password: "secret" });
    try {
      const unsafe = await unsafeSettings(managed);
      expect(unsafe.map((sentence) => sentence.split(" ")[0])).toEqual(["appendfsync", "no-appendfsync-on-rewrite", "aof-load-truncated", "save"]);
      expect(unsafe[0]).toBe("appendfsync cannot be read (the server forbids CONFIG) and must be always");
      const evicting = await withSetting("maxmemory-policy", "allkeys-lru", () => unsafeSettings(managed));
      expect(evicting).toContain("maxmemory-policy must be noeviction (INFO says maxmemory_policy:allkeys-lru)");
    } finally {
      managed.disconnect();
    }
  });

  it("is accepted by the operator's word, with a warning that stays", async () => {
    const check = new LogSettingsCheck(redis, true, silent);
    await withSetting("appendfsync", "everysec", () => check.run());
    expect(check.warning).toContain("appendfsync is everysec");
    await check.run();
    expect(check.warning).toBe("");
  });

  it("is looked at again when the connection was lost, and stops the engine rather than being tried for ever", async () => {
    const writer = withFencedCommands(connectWriter(logs.url, "settings-test", silent));
    await whenReady(writer);
    const check = new LogSettingsCheck(writer, false, silent);
    const outbound = new Outbound(writer, new Leadership("test", writer, silent), silent, { replicasMin: 0, checkServer: () => check.run() });
    await outbound.verify([]);
    await expect(withSetting("appendfsync", "everysec", () => outbound.verify([]))).rejects.toThrow(UnsafeLogError);
    expect(isConnectionLoss(new UnsafeLogError(""))).toBe(false);
    writer.disconnect();
  });

  it("keeps an engine from starting, with the sentence and the exit code that says a restart is no use", async () => {
    const root = join(import.meta.dirname, "..", "..", "..");
    const program = join(root, "dist", `engine-settings-test-${process.pid}.mjs`);
    await build({ entryPoints: [join(root, "services", "engine", "main.ts")], outfile: program, bundle: true, platform: "node", format: "esm", packages: "external", logLevel: "error" });
    try {
      await withSetting("appendfsync", "everysec", async () => {
        const engine = spawn(process.execPath, [program], { env: { ...process.env, REDIS_URL: logs.url, TICKWIRE_DATA_DIR: logs.dataDir, TICKWIRE_LOG_LEVEL: "silent" }, stdio: ["ignore", "ignore", "pipe"] });
        let said = "";
        engine.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
        const [code] = (await once(engine, "exit")) as [number];
        expect([code, said]).toEqual([EXIT_CONFIG, expect.stringMatching(/^The Redis of the command log would not keep what is acknowledged: appendfsync is everysec and must be always .*\n$/)]);
      });
    } finally {
      rmSync(program, { force: true });
    }
  });
});
