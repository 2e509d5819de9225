// `<dataDir>/run.json`: what runs on a data directory and where, for the CLI, for tests, and for the next start after a kill.
//
// Holds no secret; readable by the owner alone all the same. Always whole: written aside and renamed.
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSameProcess, waitUntilGone, type ProcessRecord } from "./processIdentity.ts";

export interface RunFile {
  readonly version: 1;
  readonly state: "starting" | "up" | "stopping";
  readonly startedAt: string;
  readonly supervisor: ProcessRecord;
  readonly ports: { readonly web: number; readonly api: number; readonly gateway: number; readonly redis?: number; readonly postgres?: number };
  readonly urls: { readonly web?: string; readonly api: string; readonly gateway: string };
  readonly parts: Readonly<Record<string, ProcessRecord & { readonly restarts: number }>>;
}

const pathOf = (dataDir: string): string => join(dataDir, "run.json");

/** The record of the last start on this data directory; undefined when there was none or it ended in order. */
export function readRunFile(dataDir: string): RunFile | undefined {
  try {
    const run = JSON.parse(readFileSync(pathOf(dataDir), "utf8")) as RunFile;
    return run.version === 1 ? run : undefined;
  } catch {
    return undefined;
  }
}

export function writeRunFile(dataDir: string, run: RunFile): void {
  const aside = `${pathOf(dataDir)}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  renameSync(aside, pathOf(dataDir));
}

export function removeRunFile(dataDir: string): void {
  rmSync(pathOf(dataDir), { force: true });
}

// Services notice by themselves that their supervisor has gone, and may take the time of an orderly stop; an engine that still
// writes its last snapshot then is not waited for, because somebody waits for the exchange.
const SERVICE_GRACE_MS = 7_000;
const SERVER_GRACE_MS = 15_000;
const KILL_GRACE_MS = 2_000;

/**
 * Stops what a supervisor that was killed has left behind, and nothing else: a process counts only if it is the very
 * one that was recorded. Services first, then the servers they write to.
 * @returns the names of the parts that were still running.
 */
export async function stopLeftovers(run: RunFile): Promise<string[]> {
  const left = Object.entries(run.parts).filter(([, record]) => isSameProcess(record));
  const servers: Record<string, NodeJS.Signals> = { redis: "SIGTERM", postgres: "SIGINT" };
  await Promise.all(left.filter(([name]) => !(name in servers)).map(([, record]) => end(record, undefined, SERVICE_GRACE_MS)));
  await Promise.all(left.filter(([name]) => name in servers).map(([name, record]) => end(record, servers[name], SERVER_GRACE_MS)));
  return left.map(([name]) => name);
}

async function end(record: ProcessRecord, signal: NodeJS.Signals | undefined, graceMs: number): Promise<void> {
  if (signal !== undefined) send(record.pid, signal);
  if (await waitUntilGone(record, graceMs)) return;
  send(-record.pid, "SIGKILL"); // each part leads a process group of its own
  await waitUntilGone(record, KILL_GRACE_MS);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in the meantime.
  }
}
