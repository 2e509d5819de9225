// Where an operator's command reads the log: the Redis of the running exchange, the one that REDIS_URL names, or, when
// nothing runs, a private server of its own on a copy of the files. The copy costs the growing file only.
//
// Never: writes to the log, nor lets an exchange start on the data directory while a copy is being made and read.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Redis } from "ioredis";
import { pino } from "pino";
import type { Config } from "../../../services/shared/config.ts";
import { readSeenMark, type Seen } from "../../../services/engine/log/seenMark.ts";
import { copyAppendOnlyFiles, findAppendOnlyFiles, findTear } from "../../stack/appendOnlyFiles.ts";
import { lockDataDir } from "../../stack/dataDirLock.ts";
import { isSameProcess } from "../../stack/processIdentity.ts";
import { endServerIn, startRedisServer } from "../../stack/redisServer.ts";
import { readRunFile } from "../../stack/runFile.ts";
import { undoOnExit } from "../interruption.ts";
import { CommandError } from "../usage.ts";

/** For parts of the engine that want to log: a command speaks for itself. */
export const silent = pino({ level: "silent" });

const CONNECT_TIMEOUT_MS = 5_000;
const COPY_PREFIX = "log-copy-";
/** A server that is ending may still make a file. */
const REMOVE_TRIES = 5;

export interface LogSource {
  readonly redis: Redis;
  /** In words, for the report. */
  readonly where: string;
  readonly running: boolean;
  readonly snapshotDir: string;
  readonly seen: Seen | undefined;
  close(): Promise<void>;
}

/** A connection, once it stands. @throws CommandError when nobody answers there. */
export async function connect(url: string, what: string): Promise<Redis> {
  const redis = new Redis(url, { lazyConnect: true, connectTimeout: CONNECT_TIMEOUT_MS, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let said = "";
  redis.on("error", (error: Error) => (said = error.message));
  try {
    await redis.connect();
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new CommandError(`${what} does not answer: ${said || (error instanceof Error ? error.message : String(error))}.`);
  }
}

/** How far the engines of a data directory have gone, as they noted it: the farther one; undefined when that cannot be told. */
export function seenBy({ snapshotDir, standbySnapshotDir }: Config): Seen | undefined {
  const marks = [snapshotDir, standbySnapshotDir].map(readSeenMark).flatMap((seen) => (seen === undefined || seen === "damaged" ? [] : [seen]));
  return marks.sort((a, b) => b.entry - a.entry)[0];
}

/** The lock of a data directory that nothing runs on; undefined when something does. @throws CommandError after a kill that left parts behind. */
export function lockStopped(dataDir: string): (() => void) | undefined {
  const lock = lockDataDir(dataDir);
  if ("holder" in lock) return undefined;
  const left = Object.entries(readRunFile(dataDir)?.parts ?? {}).filter(([, record]) => isSameProcess(record));
  if (left.length > 0) {
    lock.release();
    throw new CommandError(`Parts of an exchange that was killed still run on ${dataDir} (${left.map(([name, { pid }]) => `${name}: process ${pid}`).join(", ")}); wait until they have ended, or start and stop the exchange once.`);
  }
  const released = undoOnExit(lock.release);
  return () => {
    lock.release();
    released();
  };
}

/** The Redis of the exchange that runs on a data directory. @throws CommandError */
async function connectRunning({ dataDir, secretsDir }: Config): Promise<Redis> {
  const port = readRunFile(dataDir)?.ports.redis;
  if (port === undefined) throw new CommandError(`An exchange is starting or stopping on ${dataDir}; try again in a moment.`);
  const password = readFileSync(join(secretsDir, "redis-password"), "utf8").trim();
  return await connect(`redis://:${password}@127.0.0.1:${port}`, "The Redis of the running exchange");
}

/** Opens the log for reading. @throws CommandError when there is none, or it cannot be read. */
export async function openLog(config: Config, env: NodeJS.ProcessEnv): Promise<LogSource> {
  const { dataDir, snapshotDir } = config;
  if (env["REDIS_URL"]) {
    const redis = await connect(config.redisUrl, "The Redis that REDIS_URL names");
    return { redis, where: "the Redis that REDIS_URL names", running: true, snapshotDir, seen: seenBy(config), close: async () => redis.disconnect() };
  }
  if (!existsSync(join(dataDir, "redis"))) throw new CommandError(`${dataDir} holds no command log; set TICKWIRE_DATA_DIR to the exchange's data directory, or REDIS_URL to its Redis.`);
  const release = lockStopped(dataDir);
  if (release === undefined) {
    const redis = await connectRunning(config);
    return { redis, where: `the exchange that runs on ${dataDir}`, running: true, snapshotDir, seen: seenBy(config), close: async () => redis.disconnect() };
  }
  try {
    const copy = await openCopy(dataDir);
    return {
      redis: copy.redis,
      where: `${dataDir}, on which nothing runs`,
      running: false,
      snapshotDir,
      seen: seenBy(config),
      close: async () => {
        await copy.close();
        release();
      },
    };
  } catch (error) {
    release();
    throw error;
  }
}

/** A server on a copy of a data directory's log, of which only the first `bytes` of the growing file are taken (default: all). @throws CommandError */
export async function openCopy(dataDir: string, bytes?: number): Promise<{ readonly redis: Redis; close(): Promise<void> }> {
  const files = findAppendOnlyFiles(join(dataDir, "redis"));
  if (files === undefined) throw new CommandError(`${join(dataDir, "redis")} holds no command log.`);
  if (bytes === undefined) {
    const { bytes: all, wholeBytes, cause } = findTear(files.growing);
    if (wholeBytes < all) {
      throw new CommandError(`The command log is torn: ${cause} (${files.growing}, ${all - wholeBytes} bytes from ${wholeBytes} on). npm run tickwire -- log repair shows what can be kept.`);
    }
  }
  removeLeftCopies(dataDir);
  // Beside the original: files can be linked only within one file system.
  const copyDir = mkdtempSync(join(dataDir, COPY_PREFIX));
  const remove = (): void => rmSync(copyDir, { recursive: true, force: true, maxRetries: REMOVE_TRIES });
  const removed = undoOnExit(remove);
  try {
    try {
      copyAppendOnlyFiles(files, join(copyDir, "redis"), bytes);
    } catch (error) {
      throw new CommandError(`The log cannot be copied beside itself to be read (${error instanceof Error ? error.message : String(error)}).`);
    }
    const server = await startRedisServer({ dataDir: copyDir });
    const redis = await connect(server.url, "The server on a copy of the log");
    return {
      redis,
      close: async () => {
        redis.disconnect();
        await server.stop();
        remove();
        removed();
      },
    };
  } catch (error) {
    remove();
    removed();
    throw error;
  }
}

// Of a command that was killed. Its caller holds the data directory's lock, so nobody reads one; its server may still run.
function removeLeftCopies(dataDir: string): void {
  for (const name of readdirSync(dataDir).filter((file) => file.startsWith(COPY_PREFIX))) {
    endServerIn(join(dataDir, name, "redis"));
    rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: REMOVE_TRIES });
  }
}
