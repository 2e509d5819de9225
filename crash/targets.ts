// What can be killed, and how each is known to be back: by what its users get from it, not by a process id.
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../services/shared/database/connection.ts";
import { recordedPosition } from "../services/shared/history/position.ts";
import { CrashError } from "./crashError.ts";
import { bookIsServed } from "./feedClients.ts";
import { RECOVERY_POLL_MS, RECOVERY_TIMEOUT_MS } from "./limits.ts";
import type { LogTail } from "./logTail.ts";
import type { OrderLoad } from "./orderLoad.ts";

/** Parts of every exchange. */
export const PARTS = ["engine", "redis", "api", "gateway", "recorder", "postgres"] as const;
/** `standby`: whichever engine leads, beside one that follows. */
export const TARGETS = [...PARTS, "standby"] as const;
export type Target = (typeof TARGETS)[number];

/** What a target's users see. */
export interface Outside {
  readonly load: OrderLoad;
  readonly tail: LogTail;
  readonly database: Database;
  readonly feedUrl: string;
}

/** What is measured from the kill on, for people. */
export const MEASURED: Readonly<Record<Target, string>> = {
  engine: "the first order sent after the kill is acknowledged",
  redis: "the first order sent after the kill is acknowledged",
  standby: "the first order sent after the leader was killed is acknowledged",
  api: "the first REST order sent after the kill is acknowledged",
  gateway: "a new socket is sent a book",
  recorder: "history holds what happened after the kill",
  postgres: "history holds what happened after the kill",
};

/** Resolves with the moment at which the target, killed at `killedMs`, serves again. */
export async function backAt(target: Target, killedMs: number, outside: Outside): Promise<number> {
  switch (target) {
    case "engine":
    case "standby":
    case "redis":
      return await inTime(target, outside.load.acknowledgedAfter(killedMs));
    case "api":
      return await inTime(target, outside.load.acknowledgedAfter(killedMs, "rest"));
    case "gateway":
      return await polled(target, () => bookIsServed(outside.feedUrl));
    case "recorder":
    case "postgres": {
      const entry = BigInt(outside.tail.eventEntry);
      return await polled(target, async () => ((await recordedPosition(outside.database).catch(() => undefined))?.entry ?? 0n) > entry);
    }
  }
}

const gone = (target: Target): CrashError => new CrashError(`The ${target} was not back ${RECOVERY_TIMEOUT_MS / 1_000} s after it was killed.`);

async function inTime(target: Target, back: Promise<number>): Promise<number> {
  const timeout = new AbortController();
  const late = sleep(RECOVERY_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
    throw gone(target);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([back, late]);
  } finally {
    timeout.abort();
  }
}

async function polled(target: Target, isBack: () => Promise<boolean>): Promise<number> {
  const deadlineMs = performance.now() + RECOVERY_TIMEOUT_MS;
  for (;;) {
    if (await isBack()) return performance.now();
    if (performance.now() > deadlineMs) throw gone(target);
    await sleep(RECOVERY_POLL_MS);
  }
}
