import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { LogFile } from "./logFile.ts";
import { startNodeProcess } from "./nodeProcess.ts";
import { SupervisedPart, type PartEvents } from "./supervisedPart.ts";

let folder: string;
let log: LogFile;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tickwire-part-"));
  log = new LogFile(folder, "part");
});
afterEach(() => {
  log.close();
  rmSync(folder, { recursive: true, force: true });
});

const plan = (script: string) => ({
  name: "part",
  lastWords: () => log.lastWords(),
  start: () => startNodeProcess({ args: ["-e", script], env: process.env, cwd: folder, log, stopTimeoutMs: 500 }),
});

function recorder() {
  const told = { running: 0, ended: [] as string[], gaveUp: [] as string[] };
  const events: PartEvents = {
    running: () => void told.running++,
    ended: (_part, cause) => void told.ended.push(cause),
    gaveUp: (_part, cause) => void told.gaveUp.push(cause),
  };
  return { told, events };
}

async function until(done: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !done(); i++) await sleep(25);
  expect(done()).toBe(true);
}

const alive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test("a part killed from outside runs again at once, with another process", async () => {
  const { told, events } = recorder();
  const part = new SupervisedPart(plan("setInterval(() => {}, 1000)"), events);
  await part.start();
  const first = part.pid ?? 0;
  process.kill(first, "SIGKILL");
  await until(() => told.running === 2);
  expect(part.pid).not.toBe(first);
  expect(told.ended).toEqual(["killed by SIGKILL"]);
  const second = part.pid ?? 0;
  await part.stop();
  expect(alive(second)).toBe(false);
});

test("a part that keeps failing is given up, with its last words", async () => {
  const { told, events } = recorder();
  const part = new SupervisedPart(plan('console.error("no such table"); process.exit(3)'), events);
  await part.start();
  await until(() => told.gaveUp.length > 0);
  expect(told.gaveUp).toEqual(["it failed 7 times in a row; exit code 3: no such table"]);
  expect(told.running).toBe(7);
  await part.stop();
});

test("a part whose configuration is wrong is not tried again", async () => {
  const { told, events } = recorder();
  const part = new SupervisedPart(plan('console.error("API_PORT must be a port."); process.exit(78)'), events);
  await part.start();
  await until(() => told.gaveUp.length > 0);
  expect(told).toEqual({ running: 1, ended: [], gaveUp: ["API_PORT must be a port."] });
});

test("a part that was killed and finds its port taken is not given up, however long that lasts", async () => {
  const { told, events } = recorder();
  const taken = 'console.error("API_PORT 3001 is in use"); process.exit(75)';
  // Runs the first time; finds its port taken from then on.
  const script = `const { existsSync, writeFileSync } = require("node:fs"); if (existsSync("ran")) { ${taken} } writeFileSync("ran", ""); console.error("up"); setInterval(() => {}, 1000)`;
  const part = new SupervisedPart(plan(script), events);
  await part.start();
  await until(() => log.lastWords() === "up");
  process.kill(part.pid ?? 0, "SIGKILL");
  await until(() => told.ended.length === 5);
  rmSync(join(folder, "ran"));
  await until(() => log.lastWords() === "up");
  expect(told.gaveUp).toEqual([]);
  expect(told.ended.slice(0, 2)).toEqual(["killed by SIGKILL", "exit code 75: API_PORT 3001 is in use"]);
  await part.stop();
});

test("a part whose port is taken from the start is given up, with what it says", async () => {
  const { told, events } = recorder();
  const part = new SupervisedPart(plan('console.error("API_PORT 3001 is in use"); process.exit(75)'), events);
  await part.start();
  await until(() => told.gaveUp.length > 0);
  expect(told.gaveUp).toEqual(["it failed 7 times in a row; exit code 75: API_PORT 3001 is in use"]);
});

test("a part that does not stop when asked is killed, and one that is stopped stays down", async () => {
  const { told, events } = recorder();
  const part = new SupervisedPart(plan('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.error("deaf")'), events);
  await part.start();
  await until(() => log.lastWords() === "deaf");
  const pid = part.pid ?? 0;
  await part.stop();
  expect(alive(pid)).toBe(false);
  await sleep(200);
  expect(told).toEqual({ running: 1, ended: [], gaveUp: [] });
});
