// One exchange per data directory: two engines on one log would be two truths.
//
// The lock is a file with the holder's process record; it is free when that very process has gone, however it ended.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSameProcess, processRecord, type ProcessRecord } from "./processIdentity.ts";

/**
 * Takes the lock of a data directory.
 * @returns how to give it back, or the record of the process that holds it.
 */
export function lockDataDir(dataDir: string): { readonly release: () => void } | { readonly holder: ProcessRecord } {
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const path = join(dataDir, "supervisor.lock");
  const me = processRecord(process.pid);
  if (me === undefined) throw new Error("this process cannot see itself");
  const mine = `${path}.${process.pid}`;
  try {
    writeFileSync(mine, JSON.stringify(me), { mode: 0o600 });
    for (;;) {
      try {
        linkSync(mine, path); // whole or not at all
        return { release: () => rmSync(path, { force: true }) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = read(path);
      if (holder !== undefined && isSameProcess(holder)) return { holder };
      removeStale(path, holder, `${path}.stale.${process.pid}`);
    }
  } finally {
    rmSync(mine, { force: true });
  }
}

/** Takes the stale lock aside first: between the look and the removal another process may have made a fresh one. */
function removeStale(path: string, seen: ProcessRecord | undefined, aside: string): void {
  try {
    renameSync(path, aside);
    if (read(aside)?.began !== seen?.began) linkSync(aside, path);
    unlinkSync(aside);
  } catch {
    // Somebody else was faster; the caller looks again.
  }
}

function read(path: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as ProcessRecord;
  } catch {
    return undefined;
  }
}
