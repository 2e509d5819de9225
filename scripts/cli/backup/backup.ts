// `backup DIR`: the whole exchange as of one moment, while it runs or not: database, newest proven snapshot, both logs
// from there on, and the secrets without which the database's keys are worth nothing.
//
// The database is copied first, then the logs: so the logs reach at least as far as what the recorder had stored, and
// whoever starts on the copies goes on without a hole. The logs are carried out again before the backup counts as made.
import { existsSync, readFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { checkInvariants } from "../../../services/engine/checks.ts";
import { logEnds, LogMismatch } from "../../../services/engine/log/commandLog.ts";
import { Engine } from "../../../services/engine/engine.ts";
import { logPages } from "../../../services/engine/log/logPages.ts";
import { stateHash } from "../../../services/engine/snapshot.ts";
import { readSnapshotFile, snapshotNames } from "../../../services/engine/snapshotFiles.ts";
import { readConfig, type Config } from "../../../services/shared/config.ts";
import { recordedPosition } from "../../../services/shared/history/position.ts";
import { COMMAND_LOG, EVENT_LOG } from "../../../services/shared/keys.ts";
import { connectHistory, hasHistory, openHistory, type OpenHistory } from "../log/history.ts";
import { openLog, type LogSource } from "../log/logSource.ts";
import { progressLine, type ProgressLine } from "../log/progressLine.ts";
import { readRunFile } from "../../stack/runFile.ts";
import { undoOnExit } from "../interruption.ts";
import { parseOrExplain } from "../parseOrExplain.ts";
import { UsageError } from "../../commandFlags.ts";
import { CommandError } from "../usage.ts";
import { BackupFolder, COMMANDS_FILE, EVENTS_FILE, secretFile, type Manifest } from "./backupFiles.ts";
import { copyDatabase } from "./databaseCopy.ts";

/** Of the files in `secrets`: those that outlive a server. Passwords of the private servers are made anew. */
const SECRETS = ["master-key", "operator-token", "demo-login", "simulator.json"];
/** The running engine may trim the log's beginning while it is read: then it is read again, from a newer snapshot. */
const LOG_ATTEMPTS = 3;

export async function backup(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseOrExplain("backup", () => parseArgs({ args: [...args], options: { json: { type: "boolean", default: false } }, allowPositionals: true }));
  const [target, ...more] = positionals;
  if (target === undefined || more.length > 0) throw new UsageError("backup needs the name of one new folder: npm run tickwire -- backup DIR.");
  const config = readConfig();
  const folder = new BackupFolder(resolve(target));
  let manifest: Manifest;
  const whole = undoOnExit(() => folder.abandon());
  try {
    manifest = await makeBackup(config, folder);
  } catch (error) {
    folder.abandon();
    throw inOneSentence(error, target);
  } finally {
    whole();
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ ...manifest, folder: resolve(target) })}\n`);
  else process.stdout.write(inWords(manifest, target));
}

async function makeBackup(config: Config, folder: BackupFolder): Promise<Manifest> {
  const progress = progressLine();
  const source = await openLog(config, process.env);
  let history: OpenHistory | undefined;
  try {
    history = source.running ? await runningHistory(config) : await openHistory(config);
    let database: Manifest["database"] = null;
    let recorded = Number.POSITIVE_INFINITY;
    if (history !== undefined && (await hasHistory(history.database))) {
      database = await history.database.snapshot(async (tx) => {
        recorded = Number((await recordedPosition(tx))?.entry ?? 0n);
        return await copyDatabase(tx, folder, (table, rows) => progress.show(`${table}: ${rows.toLocaleString("en")} rows`));
      });
    }
    const log = await copyLog(source, recorded, folder, progress);
    const secrets: string[] = [];
    for (const name of SECRETS) {
      const path = join(config.secretsDir, name);
      if (!existsSync(path)) continue;
      await folder.file(secretFile(name), (file) => file.write(readFileSync(path)));
      secrets.push(name);
    }
    progress.clear();
    return folder.done({ madeAt: new Date().toISOString(), ...log, database, secrets });
  } finally {
    progress.clear();
    await history?.close();
    await source.close();
  }
}

async function runningHistory(config: Config): Promise<OpenHistory | undefined> {
  if (config.databaseUrl !== undefined) return await connectHistory(config.databaseUrl, async () => undefined);
  const port = readRunFile(config.dataDir)?.ports.postgres;
  if (port === undefined) throw new CommandError("The exchange runs with a database that is not in its data directory; set DATABASE_URL to it as for npm start.");
  const password = readFileSync(join(config.secretsDir, "postgres-password"), "utf8").trim();
  return await connectHistory(`postgres://tickwire:${password}@127.0.0.1:${port}/tickwire`, async () => undefined);
}

type CopiedLog = Pick<Manifest, "epoch" | "entry" | "seq" | "stateHash" | "commands" | "events" | "snapshot">;

async function copyLog(source: LogSource, recorded: number, folder: BackupFolder, progress: ProgressLine): Promise<CopiedLog> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryToCopyLog(source, recorded, folder, progress);
    } catch (error) {
      if (!(error instanceof LogMismatch) || attempt === LOG_ATTEMPTS) throw error;
    }
  }
}

// Copies and carries out at once: what is in the backup is what was proven.
async function tryToCopyLog({ redis, snapshotDir }: LogSource, recorded: number, folder: BackupFolder, progress: ProgressLine): Promise<CopiedLog> {
  const events = await logEnds(redis, EVENT_LOG);
  const commands = await logEnds(redis, COMMAND_LOG);
  if (commands === undefined) throw new CommandError("There is no command log to back up.");
  const [file, engine] = await newestSnapshot(snapshotDir, commands.first);
  // The entry of the snapshot itself comes along: its answer proves that snapshot and log belong together.
  const firstCommand = Math.max(commands.first, engine.entry);
  const firstEvent = Math.max(events?.first ?? 1, Math.min(engine.entry, recorded));
  const span = { commands: { first: 0, last: 0 }, events: { first: 0, last: 0 } };
  await folder.file(COMMANDS_FILE, async (commandFile) => {
    await folder.file(EVENTS_FILE, async (eventFile) => {
      for await (const page of logPages(redis, Math.min(firstCommand, firstEvent), commands.last)) {
        const answers = new Map(page.events.map((event) => [event.entry, event.bytes]));
        for (const command of page.commands) {
          if (command.entry < firstCommand) continue;
          commandFile.writeEntry(command);
          span.commands = { first: span.commands.first || command.entry, last: command.entry };
          if (command.entry !== engine.entry + 1) continue;
          const applied = engine.applyEntry(command.bytes, command.entry);
          const stored = answers.get(command.entry);
          if (stored !== undefined && Buffer.compare(stored, applied.events) !== 0) throw new CommandError(`The log is not whole: entry ${command.entry} comes to other events than are stored; look at it with tickwire log verify.`);
        }
        for (const event of page.events) {
          if (event.entry < firstEvent) continue;
          if (span.events.last !== 0 && event.entry !== span.events.last + 1) throw new LogMismatch(`The event log has a hole before entry ${event.entry}; look at it with tickwire log verify.`);
          eventFile.writeEntry(event);
          span.events = { first: span.events.first || event.entry, last: event.entry };
        }
        progress.show(`entry ${page.to.toLocaleString("en")} of ${commands.last.toLocaleString("en")}`);
      }
    });
  });
  if (engine.entry !== commands.last) throw new LogMismatch(`The command log has a hole: entry ${engine.entry + 1} is missing; look at it with tickwire log verify.`);
  if (recorded !== Number.POSITIVE_INFINITY && span.events.first > recorded + 1) throw new LogMismatch(`The event log begins at entry ${span.events.first}, after what the recorder has stored (${recorded}).`);
  checkInvariants(engine);
  if (file !== undefined) await folder.file(basename(file), (copy) => copy.write(readFileSync(join(snapshotDir, file))));
  return { epoch: engine.epoch, entry: engine.entry, seq: engine.seq, stateHash: Buffer.from(stateHash(engine)).toString("hex"), ...span, snapshot: file ?? null };
}

async function newestSnapshot(snapshotDir: string, firstCommand: number): Promise<readonly [file: string | undefined, engine: Engine]> {
  for (const file of await snapshotNames(snapshotDir)) {
    const engine = await readSnapshotFile(join(snapshotDir, file)).catch(() => undefined);
    if (engine !== undefined && engine.entry >= firstCommand - 1) return [file, engine];
  }
  if (firstCommand === 1) return [undefined, new Engine()];
  throw new LogMismatch(`The log begins at entry ${firstCommand}, and no snapshot in ${snapshotDir} reaches it.`);
}

/** A full disk, a folder that may not be written: what the system says, as one sentence. */
export function inOneSentence(error: unknown, target: string): unknown {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOSPC") return new CommandError(`The disk of ${target} is full; nothing was kept of what was written.`);
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOTDIR") return new CommandError(`${target} cannot be written (${code}).`);
  return error;
}

const line = (name: string, text: string): string => `  ${name.padEnd(12)}${text}\n`;

function inWords({ epoch, entry, seq, stateHash: hash, commands, events, snapshot, database, secrets, files }: Manifest, target: string): string {
  const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
  return [
    `Backup in ${target}, ${(bytes / 2 ** 20).toFixed(1)} MiB\n`,
    line("as of", `seq ${seq}, entry ${entry}, epoch ${epoch}`),
    line("state hash", hash),
    line("log", `${snapshot === null ? "from its beginning" : `snapshot ${snapshot}`}; commands ${commands.first} to ${commands.last}, answers ${events.first} to ${events.last}`),
    line("database", database === null ? "none" : `${database.tables.reduce((sum, { rows }) => sum + rows, 0).toLocaleString("en")} rows in ${database.tables.length} tables`),
    line("secrets", `${secrets.join(", ") || "none"}: keep this folder as you would keep the keys`),
    secrets.includes("master-key") ? "" : "The master key is not in it (TICKWIRE_MASTER_KEY holds it): without it the API secrets in the database cannot be read.\n",
  ].join("");
}
