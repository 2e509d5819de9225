// The files in which redis-server keeps the command log: which they are, a copy of them to look into, and where the last
// one stops making sense.
//
// Never changes a file it was given, but in `cutFile`. Knows the layout of Redis 7: a folder with a manifest, a base and
// files of appended commands, of which the last is the one that grows. That one is always plain commands (RESP).
import { closeSync, constants, copyFileSync, existsSync, fsyncSync, ftruncateSync, linkSync, mkdirSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { COMMAND_LOG, EVENT_LOG, entryNumber } from "../../services/shared/keys.ts";
import { APPEND_ONLY_READ_BYTES } from "./limits.ts";
import { StackError } from "./stackError.ts";

const FOLDER = "appendonlydir";
const NAME = "appendonly.aof";

export interface AppendOnlyFiles {
  readonly folder: string;
  readonly manifest: string;
  /** In the order in which Redis loads them; the last one grows. */
  readonly files: readonly string[];
  readonly growing: string;
}

/**
 * The append-only files under a server's folder; undefined when it has none.
 * @throws StackError when they are of another layout or incomplete.
 */
export function findAppendOnlyFiles(redisDir: string): AppendOnlyFiles | undefined {
  const folder = join(redisDir, FOLDER);
  const manifest = join(folder, `${NAME}.manifest`);
  if (!existsSync(manifest)) {
    if (existsSync(join(redisDir, NAME))) throw new StackError(`${redisDir} holds a single ${NAME}, as Redis 6 writes it; start Redis 7 on it once (it converts the file), or use redis-check-aof of Redis 6.`);
    return undefined;
  }
  // One line a file: `file NAME seq N type b|i|h`; h is history that is being removed.
  const files = readFileSync(manifest, "utf8")
    .split("\n")
    .map((line) => /^file (\S+) seq (\d+) type ([bi])/.exec(line.trim()))
    .flatMap((found) => (found === null ? [] : [{ name: found[1] ?? "", seq: Number(found[2]), type: found[3] }]))
    .sort((a, b) => (a.type === b.type ? a.seq - b.seq : a.type === "b" ? -1 : 1));
  const growing = files.at(-1);
  if (growing === undefined || growing.type !== "i") throw new StackError(`${manifest} names no file of appended commands: it is damaged; restore it from a copy.`);
  const missing = files.find(({ name }) => !existsSync(join(folder, name)));
  if (missing !== undefined) throw new StackError(`${join(folder, missing.name)} is missing, though the manifest beside it names it; restore it from a copy.`);
  return { folder, manifest, files: files.map(({ name }) => join(folder, name)), growing: join(folder, growing.name) };
}

/**
 * A copy of a server's append-only files under `redisDir`, for another server to load. Files that Redis does not change
 * are linked, not copied; of the growing one only the first `bytes` are there (default: all).
 */
export function copyAppendOnlyFiles(from: AppendOnlyFiles, redisDir: string, bytes?: number): void {
  const folder = join(redisDir, FOLDER);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const target = (path: string): string => join(folder, path.slice(from.folder.length + 1));
  copyFileSync(from.manifest, target(from.manifest));
  for (const path of from.files) {
    if (path === from.growing) {
      copyFileSync(path, target(path), constants.COPYFILE_FICLONE);
      if (bytes !== undefined) cutFile(target(path), bytes);
      continue;
    }
    try {
      linkSync(path, target(path));
    } catch {
      // Another file system, or one without links.
      copyFileSync(path, target(path), constants.COPYFILE_FICLONE);
    }
  }
}

/** Shortens a file and waits until that is on disk. */
export function cutFile(path: string, bytes: number): void {
  const file = openSync(path, "r+");
  try {
    ftruncateSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Entries of the two logs that some bytes name, whole or in part. */
export interface NamedEntries {
  readonly commands: readonly number[];
  readonly events: readonly number[];
}

export interface TornFile {
  readonly bytes: number;
  /** How many of them are whole commands, and transactions that were completed. Equal to `bytes` when nothing is torn. */
  readonly wholeBytes: number;
  /** Why the rest is not. */
  readonly cause: string;
}

/** Reads a file of appended commands to its end, or to where it stops making sense. */
export function findTear(path: string): TornFile {
  const bytes = statSync(path).size;
  const file = openSync(path, "r");
  try {
    return new RespScan(file, bytes).run();
  } finally {
    closeSync(file);
  }
}

// One pass over the file: only the shape of commands matters, and their first word, for transactions.
class RespScan {
  readonly #file: number;
  readonly #bytes: number;
  #buffer = Buffer.alloc(0);
  #bufferAt = 0;
  #at = 0;

  constructor(file: number, bytes: number) {
    this.#file = file;
    this.#bytes = bytes;
  }

  run(): TornFile {
    // Of a transaction that was not completed nothing counts, as Redis has it too.
    let transactionAt: number | undefined;
    for (;;) {
      const start = this.#at;
      if (start === this.#bytes && transactionAt === undefined) return { bytes: this.#bytes, wholeBytes: this.#bytes, cause: "" };
      const command = start === this.#bytes ? "the end comes within a transaction" : this.#command();
      if (typeof command === "string") return { bytes: this.#bytes, wholeBytes: transactionAt ?? start, cause: command };
      if (command.word === "MULTI") transactionAt = start;
      else if (command.word === "EXEC") transactionAt = undefined;
    }
  }

  // The first word of the command at hand, or what keeps it from being one.
  #command(): { readonly word: string } | string {
    const head = this.#line();
    if (head === undefined) return "the end comes within a command";
    if (head.startsWith("#")) return { word: "" }; // an annotation, such as a time
    const count = /^\*([1-9]\d{0,6})$/.exec(head)?.[1];
    if (count === undefined) return "what should be a command is none";
    let word = "";
    for (let i = 0; i < Number(count); i++) {
      const line = this.#line();
      if (line === undefined) return "the end comes within a command";
      const length = /^\$(\d{1,10})$/.exec(line)?.[1];
      if (length === undefined) return "what should be a command is none";
      const end = this.#at + Number(length);
      if (end + 2 > this.#bytes) return "the end comes within a command";
      if (i === 0 && Number(length) <= 16) word = this.#slice(this.#at, end).toString("latin1").toUpperCase();
      if (this.#slice(end, end + 2).toString("latin1") !== "\r\n") return "what should be a command is none";
      this.#at = end + 2;
    }
    return { word };
  }

  /** Undefined when the file ends before the line does. */
  #line(): string | undefined {
    const length = Math.min(64, this.#bytes - this.#at);
    const text = this.#slice(this.#at, this.#at + length).toString("latin1");
    const end = text.indexOf("\r\n");
    if (end < 0) return length < 64 ? undefined : "";
    this.#at += end + 2;
    return text.slice(0, end);
  }

  #slice(from: number, to: number): Buffer {
    if (from < this.#bufferAt || to > this.#bufferAt + this.#buffer.length) {
      const wanted = Math.min(Math.max(to - from, APPEND_ONLY_READ_BYTES), this.#bytes - from);
      const buffer = Buffer.allocUnsafe(wanted);
      let read = 0;
      while (read < wanted) {
        const got = readSync(this.#file, buffer, read, wanted - read, from + read);
        if (got === 0) break;
        read += got;
      }
      this.#buffer = buffer.subarray(0, read);
      this.#bufferAt = from;
    }
    return this.#buffer.subarray(from - this.#bufferAt, to - this.#bufferAt);
  }
}

/** The entries that the last bytes of a file name: of a torn command the beginning may tell, of what follows it all may. */
export function entriesNamedFrom(path: string, from: number): NamedEntries {
  const bytes = readFrom(path, from);
  const text = bytes.toString("latin1");
  const named = (log: string): number[] => {
    const ids = new Set<number>();
    const pattern = new RegExp(`${log.replace(/[{}]/g, "\\$&")}\\r\\n\\$\\d+\\r\\n(0-\\d+)\\r\\n`, "g");
    for (const [, id] of text.matchAll(pattern)) ids.add(entryNumber(id ?? ""));
    return [...ids].sort((a, b) => a - b);
  };
  return { commands: named(COMMAND_LOG), events: named(EVENT_LOG) };
}

/** The bytes of a file from a place on. */
export function readFrom(path: string, from: number): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(statSync(path).size - from);
    let read = 0;
    while (read < bytes.length) {
      const got = readSync(file, bytes, read, bytes.length - read, from + read);
      if (got === 0) break;
      read += got;
    }
    return bytes.subarray(0, read);
  } finally {
    closeSync(file);
  }
}
