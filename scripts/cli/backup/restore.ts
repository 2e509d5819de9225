// `restore DIR`: a backup into an empty data directory, proven on the way, to be started by npm start.
//
// Never: touches a data directory that holds anything, nor leaves half of one behind. The log goes on in a new epoch: the
// exchange the backup was made of may have given out numbers since that the restored one will give out again.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { verifyToTheEnd } from "../../../services/engine/log/logVerify.ts";
import { readConfig, type Config } from "../../../services/shared/config.ts";
import { recordedPosition } from "../../../services/shared/history/position.ts";
import { COMMAND_LOG, ENTRY_FIELD, entryId, EVENT_LOG } from "../../../services/shared/keys.ts";
import { endChildServers } from "../../stack/childServer.ts";
import { lockDataDir } from "../../stack/dataDirLock.ts";
import { removePostgresData } from "../../stack/postgresHome.ts";
import { startPostgresServer } from "../../stack/postgresServer.ts";
import { startRedisServer } from "../../stack/redisServer.ts";
import { undoOnExit } from "../interruption.ts";
import { connectHistory } from "../log/history.ts";
import { connect } from "../log/logSource.ts";
import { progressLine, type ProgressLine } from "../log/progressLine.ts";
import { startEpoch } from "../log/startEpoch.ts";
import { parseOrExplain } from "../parseOrExplain.ts";
import { UsageError } from "../../commandFlags.ts";
import { CommandError } from "../usage.ts";
import { inOneSentence } from "./backup.ts";
import { COMMANDS_FILE, entriesIn, EVENTS_FILE, isEmptyFolder, readBackup, secretFile, type Manifest } from "./backupFiles.ts";
import { restoreDatabase } from "./databaseCopy.ts";

/** Entries appended to Redis at once. */
const ENTRIES_AT_ONCE = 2_000;
/** A server that is ending may still make a file. */
const REMOVE_TRIES = 5;

export async function restore(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseOrExplain("restore", () => parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } }, allowPositionals: true }));
  const [from, ...more] = positionals;
  if (from === undefined || more.length > 0) throw new UsageError("restore needs the folder of one backup: TICKWIRE_DATA_DIR=NEW npm run tickwire -- restore DIR.");
  const config = readConfig();
  const external = ["REDIS_URL", "DATABASE_URL"].filter((name) => process.env[name]);
  if (external.length > 0) throw new CommandError(`restore fills a data directory with servers of its own; unset ${external.join(" and ")}.`);
  const { dataDir } = config;
  if (!isEmptyFolder(dataDir)) throw new CommandError(`${dataDir} is not empty; set TICKWIRE_DATA_DIR to a new folder.`);
  const manifest = readBackup(resolve(from));
  const progress = progressLine();
  const lock = lockDataDir(dataDir);
  if ("holder" in lock) throw new CommandError(`Something has begun to run on ${dataDir} (process ${lock.holder.pid}).`);
  // It was empty before, and is again.
  const empty = (): void => {
    removePostgresData(dataDir);
    for (const name of ["redis", "snapshots", "secrets"]) rmSync(join(dataDir, name), { recursive: true, force: true, maxRetries: REMOVE_TRIES });
  };
  const filled = undoOnExit(() => {
    endChildServers("SIGKILL");
    empty();
    lock.release();
  });
  try {
    const epoch = await fill(config, resolve(from), manifest, progress);
    progress.clear();
    const told = { dataDir, seq: manifest.seq, entry: manifest.entry, stateHash: manifest.stateHash, epoch };
    if (values.json) process.stdout.write(`${JSON.stringify(told)}\n`);
    else process.stdout.write(`Restored into ${dataDir}: seq ${told.seq}, entry ${told.entry}, state hash ${told.stateHash}\nThe log goes on in epoch ${epoch}. Start it with TICKWIRE_DATA_DIR=${dataDir} npm start.\n`);
  } catch (error) {
    progress.clear();
    empty();
    throw inOneSentence(error, dataDir);
  } finally {
    filled();
    lock.release();
  }
}

async function fill(config: Config, from: string, manifest: Manifest, progress: ProgressLine): Promise<number> {
  mkdirSync(config.secretsDir, { recursive: true, mode: 0o700 });
  for (const name of manifest.secrets) writeFileSync(join(config.secretsDir, name), readFileSync(join(from, secretFile(name))), { mode: 0o600 });
  mkdirSync(config.snapshotDir, { recursive: true });
  if (manifest.snapshot !== null) writeFileSync(join(config.snapshotDir, manifest.snapshot), readFileSync(join(from, manifest.snapshot)), { mode: 0o600 });
  const epoch = await fillLog(config, from, manifest, progress);
  if (manifest.database !== null) await fillDatabase(config, from, manifest.database, manifest, progress);
  return epoch;
}

async function fillLog(config: Config, from: string, manifest: Manifest, progress: ProgressLine): Promise<number> {
  const server = await startRedisServer({ dataDir: config.dataDir });
  const redis = await connect(server.url, "The restored log's Redis");
  try {
    for (const [log, file] of [[COMMAND_LOG, COMMANDS_FILE], [EVENT_LOG, EVENTS_FILE]] as const) {
      let pipeline = redis.pipeline();
      let waiting = 0;
      const send = async (): Promise<void> => {
        for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw new CommandError(`The log cannot be filled: ${error.message}.`);
        pipeline = redis.pipeline();
        waiting = 0;
      };
      for (const { entry, bytes } of entriesIn(join(from, file))) {
        pipeline.xadd(log, entryId(entry), ENTRY_FIELD, Buffer.from(bytes));
        if (++waiting === ENTRIES_AT_ONCE) await send();
        progress.show(`${file}: entry ${entry.toLocaleString("en")}`);
      }
      await send();
    }
    const { report, engine } = await verifyToTheEnd({ redis, snapshotDir: config.snapshotDir, seen: undefined });
    if (report.problems.length > 0 || engine === undefined) throw new CommandError(`The backup does not come to a whole log: ${report.problems.join(" ")}`);
    if (report.replayed?.stateHash !== manifest.stateHash || engine.seq !== manifest.seq) throw new CommandError(`The backup comes to another state (seq ${engine.seq}, ${report.replayed?.stateHash ?? "none"}) than it names (seq ${manifest.seq}, ${manifest.stateHash}).`);
    return await startEpoch(redis, { lastCommand: engine.entry, epochBefore: engine.epoch, reason: `restored from a backup made ${manifest.madeAt}` });
  } finally {
    redis.disconnect();
    await server.stop();
  }
}

async function fillDatabase(config: Config, from: string, database: NonNullable<Manifest["database"]>, { events }: Manifest, progress: ProgressLine): Promise<void> {
  progress.show("database");
  const server = await startPostgresServer({ dataDir: config.dataDir });
  const history = await connectHistory(server.url, () => server.stop());
  try {
    await restoreDatabase(history.database, from, database);
    const position = await recordedPosition(history.database);
    if (position !== undefined && (position.entry > BigInt(events.last) || position.entry + 1n < BigInt(events.first))) throw new CommandError(`The backup's history (up to entry ${position.entry}) and its log (answers ${events.first} to ${events.last}) do not meet.`);
  } finally {
    await history.close();
  }
}
