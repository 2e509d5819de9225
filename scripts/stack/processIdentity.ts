// Which process a pid means: pids are reused, so a record of one also holds when that process began.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A process as written to a file; `began` is an opaque text that no other process with this pid has. */
export interface ProcessRecord {
  readonly pid: number;
  readonly began: string;
}

const POLL_MS = 50;

function beginningOf(pid: number): string | undefined {
  if (process.platform !== "linux") {
    const { status, stdout } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
    return status === 0 && stdout.trim() !== "" ? stdout.trim() : undefined;
  }
  try {
    // "pid (name) state … starttime …": the name may hold blanks and brackets, so count from its end.
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return undefined;
    return `${readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim()}/${fields[19]}`;
  } catch {
    return undefined;
  }
}

/** The record of a living process, undefined when there is none with this pid. */
export function processRecord(pid: number): ProcessRecord | undefined {
  const began = beginningOf(pid);
  return began === undefined ? undefined : { pid, began };
}

/** Whether the very process that was recorded still lives. */
export const isSameProcess = (record: ProcessRecord): boolean => beginningOf(record.pid) === record.began;

/** Resolves with true when the recorded process has gone, with false when it still lives after `timeoutMs`. */
export async function waitUntilGone(record: ProcessRecord, timeoutMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + timeoutMs;
  while (isSameProcess(record)) {
    if (performance.now() > deadlineMs) return false;
    await sleep(POLL_MS);
  }
  return true;
}
