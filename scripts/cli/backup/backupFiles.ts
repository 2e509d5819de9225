// A backup on disk: a folder with a manifest that names every other file with its length and SHA-256.
//
// The manifest is written last and the folder gets its name when all is on disk, so a backup is whole or is none.
// Entries of a log stand one after the other: length (u32), number (u64), bytes.
import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { LogEntry } from "../../../services/engine/log/commandLog.ts";
import { CommandError } from "../usage.ts";

const FORMAT = "tickwire-backup";
export const FORMAT_VERSION = 1;
const ENTRY_HEAD_BYTES = 12;
const MANIFEST = "manifest.json";
const READ_BYTES = 1 << 20;

const span = z.object({ first: z.number().int().nonnegative(), last: z.number().int().nonnegative() });
const manifest = z.object({
  format: z.literal(FORMAT),
  version: z.literal(FORMAT_VERSION),
  madeAt: z.string(),
  /** What the log comes to: the moment this backup is of. */
  epoch: z.number().int(),
  entry: z.number().int(),
  seq: z.number().int(),
  stateHash: z.string(),
  commands: span,
  events: span,
  /** File of the snapshot the log goes on from; null when the log is there from its beginning. */
  snapshot: z.string().nullable(),
  /** Applied schema steps, and the tables with their columns and rows; null when there was no database. */
  database: z.object({ steps: z.array(z.string()), tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), rows: z.number().int() })) }).nullable(),
  secrets: z.array(z.string()),
  files: z.record(z.string(), z.object({ bytes: z.number().int(), sha256: z.string() })),
});

export type Manifest = z.infer<typeof manifest>;
export type TableInfo = NonNullable<Manifest["database"]>["tables"][number];

export const COMMANDS_FILE = "commands.log";
export const EVENTS_FILE = "events.log";
export const tableFile = (name: string): string => join("database", `${name}.jsonl`);
export const secretFile = (name: string): string => join("secrets", name);

/** A file of the backup as it is written: its length and digest are counted along. */
export class BackupFile {
  readonly #file: number;
  readonly #hash = createHash("sha256");
  #bytes = 0;

  constructor(path: string) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    this.#file = openSync(path, "wx", 0o600);
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#file, bytes, at);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  writeEntry({ entry, bytes }: LogEntry): void {
    const head = Buffer.alloc(ENTRY_HEAD_BYTES);
    head.writeUInt32LE(bytes.length, 0);
    head.writeBigUInt64LE(BigInt(entry), 4);
    this.write(head);
    this.write(bytes);
  }

  /** On disk when this returns. */
  finish(): { bytes: number; sha256: string } {
    fsyncSync(this.#file);
    closeSync(this.#file);
    return { bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }
}

/** The entries in a file of the backup, in order. */
export function* entriesIn(path: string): Generator<LogEntry> {
  const file = openSync(path, "r");
  try {
    let buffer = Buffer.alloc(0);
    for (;;) {
      const chunk = Buffer.allocUnsafe(READ_BYTES);
      const got = readSync(file, chunk, 0, READ_BYTES, null);
      buffer = Buffer.concat([buffer, chunk.subarray(0, got)]);
      let at = 0;
      while (buffer.length - at >= ENTRY_HEAD_BYTES) {
        const end = at + ENTRY_HEAD_BYTES + buffer.readUInt32LE(at);
        if (end > buffer.length) break;
        yield { entry: Number(buffer.readBigUInt64LE(at + 4)), bytes: Buffer.from(buffer.subarray(at + ENTRY_HEAD_BYTES, end)) };
        at = end;
      }
      buffer = buffer.subarray(at);
      if (got === 0) return;
    }
  } finally {
    closeSync(file);
  }
}

/** A backup in the making; `done` gives it its name. */
export class BackupFolder {
  readonly #target: string;
  readonly #partial: string;
  readonly #files: Record<string, { bytes: number; sha256: string }> = {};

  /** @throws CommandError when something has that name already */
  constructor(target: string) {
    if (existsSync(target)) throw new CommandError(`${target} exists already; a backup is written to a new folder.`);
    this.#target = target;
    this.#partial = `${target}.partial-${process.pid}`;
    mkdirSync(this.#partial, { recursive: true, mode: 0o700 });
  }

  path(name: string): string {
    return join(this.#partial, name);
  }

  /** Writes a file by `work`; one that is written a second time replaces the first. */
  async file(name: string, work: (file: BackupFile) => Promise<void> | void): Promise<void> {
    rmSync(this.path(name), { force: true });
    const file = new BackupFile(this.path(name));
    await work(file);
    this.#files[name] = file.finish();
  }

  done(what: Omit<Manifest, "format" | "version" | "files">): Manifest {
    const whole: Manifest = { format: FORMAT, version: FORMAT_VERSION, ...what, files: this.#files };
    writeFileSync(this.path(MANIFEST), `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 });
    for (const path of [this.path(MANIFEST), this.#partial]) flush(path);
    renameSync(this.#partial, this.#target);
    flush(dirname(this.#target));
    return whole;
  }

  abandon(): void {
    rmSync(this.#partial, { recursive: true, force: true });
  }
}

function flush(path: string): void {
  const file = openSync(path, "r");
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The manifest of a backup, every file of which has the length and the digest it names. @throws CommandError */
export function readBackup(folder: string): Manifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), "utf8");
  } catch {
    throw new CommandError(`${folder} is not a backup: it has no ${MANIFEST}.`);
  }
  let parsed: ReturnType<typeof manifest.safeParse>;
  try {
    parsed = manifest.safeParse(JSON.parse(text));
  } catch {
    throw new CommandError(`${folder} is not a backup: its ${MANIFEST} is damaged.`);
  }
  if (!parsed.success) throw new CommandError(`${folder} is not a backup this version can read: ${parsed.error.issues[0]?.path.join(".") ?? MANIFEST} ${parsed.error.issues[0]?.message ?? ""}.`);
  for (const [name, { bytes, sha256 }] of Object.entries(parsed.data.files)) {
    const path = join(folder, name);
    if (!existsSync(path)) throw new CommandError(`The backup is not whole: ${name} is missing.`);
    if (statSync(path).size !== bytes) throw new CommandError(`The backup is not whole: ${name} has ${statSync(path).size} bytes instead of ${bytes}.`);
    if (digestOf(path) !== sha256) throw new CommandError(`The backup is damaged: ${name} is not what was written.`);
  }
  return parsed.data;
}

function digestOf(path: string): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.allocUnsafe(READ_BYTES);
    for (let got = readSync(file, chunk); got > 0; got = readSync(file, chunk)) hash.update(chunk.subarray(0, got));
  } finally {
    closeSync(file);
  }
  return hash.digest("hex");
}

/** Whether a folder is missing or holds nothing. */
export const isEmptyFolder = (path: string): boolean => !existsSync(path) || (statSync(path).isDirectory() && readdirSync(path).length === 0);
