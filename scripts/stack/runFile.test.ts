import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { lockDataDir } from "./dataDirLock.ts";
import { emptyDataDir } from "./freshData.ts";
import { processRecord, type ProcessRecord } from "./processIdentity.ts";
import { readRunFile, stopLeftovers, writeRunFile, type RunFile } from "./runFile.ts";

let dataDir: string;
let bystander: ChildProcess;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "tickwire-run-"));
  bystander = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
});
afterEach(() => {
  bystander.kill("SIGKILL");
  rmSync(dataDir, { recursive: true, force: true });
});

const recordOf = (child: ChildProcess): ProcessRecord => {
  const record = processRecord(child.pid ?? 0);
  if (record === undefined) throw new Error("not running");
  return record;
};
const runOf = (parts: RunFile["parts"]): RunFile => ({
  version: 1,
  state: "up",
  startedAt: "",
  supervisor: { pid: 1, began: "long ago" },
  ports: { web: 3000, api: 3001, gateway: 3002 },
  urls: { api: "", gateway: "" },
  parts,
});

describe("what a killed supervisor left behind", () => {
  test("is stopped when it is the very process that was recorded", async () => {
    const redis = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
    const gone = new Promise((resolve) => redis.once("exit", (_code, signal) => resolve(signal)));
    expect(await stopLeftovers(runOf({ redis: { ...recordOf(redis), restarts: 0 } }))).toEqual(["redis"]);
    expect(await gone).toBe("SIGTERM");
  });

  test("is left alone when the pid now belongs to somebody else", async () => {
    expect(await stopLeftovers(runOf({ redis: { pid: bystander.pid ?? 0, began: "another time", restarts: 0 } }))).toEqual([]);
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull();
  });
});

test("run.json is whole, readable by its owner alone, and a damaged one counts as none", () => {
  const run = runOf({});
  writeRunFile(dataDir, run);
  expect(readRunFile(dataDir)).toEqual(run);
  expect(statSync(join(dataDir, "run.json")).mode & 0o777).toBe(0o600);
  writeFileSync(join(dataDir, "run.json"), '{"version":1,');
  expect(readRunFile(dataDir)).toBeUndefined();
});

describe("the lock of a data directory", () => {
  test("names its holder, and is free when the holder has given it back", () => {
    const first = lockDataDir(dataDir);
    expect(lockDataDir(dataDir)).toEqual({ holder: processRecord(process.pid) });
    if ("release" in first) first.release();
    expect(lockDataDir(dataDir)).toHaveProperty("release");
  });

  test("is free when its holder was killed, even when its pid lives on as another process", () => {
    writeFileSync(join(dataDir, "supervisor.lock"), JSON.stringify({ pid: bystander.pid, began: "another time" }));
    expect(lockDataDir(dataDir)).toHaveProperty("release");
  });
});

test("a fresh start removes what the exchange keeps and nothing else", () => {
  for (const name of ["redis", "postgres", "snapshots", "run.json", "notes.txt"]) writeFileSync(join(dataDir, name), "x");
  emptyDataDir(dataDir);
  expect(["redis", "postgres", "snapshots", "run.json", "notes.txt"].filter((name) => statSync(join(dataDir, name), { throwIfNoEntry: false }))).toEqual(["notes.txt"]);
});
