// A part's log in `<dataDir>/logs`: appended to by the part itself, so that its last words survive its supervisor.
//
// Never: fails once it is open. On a full disk it has gaps, and whoever writes to it goes on.
import { closeSync, copyFileSync, fstatSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { LOG_FILE_BYTES_MAX, LOG_TAIL_BYTES } from "./limits.ts";

export class LogFile {
  readonly path: string;
  /** For a child's stdio; opened for appending, so it goes on at the end after a truncation. */
  readonly fd: number;
  /** The newest line, if the disk did not take it. */
  #unwritten: string | undefined;

  constructor(folder: string, name: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    this.path = join(folder, `${name}.log`);
    this.fd = openSync(this.path, "a+", 0o600);
  }

  write(line: string): void {
    try {
      writeSync(this.fd, `${line}\n`);
      this.#unwritten = undefined;
    } catch {
      this.#unwritten = line;
    }
  }

  /** Keeps one older part beside the log. What is written between the copy and the cut is lost: this is a log, not the log. */
  bound(): void {
    if (fstatSync(this.fd).size <= LOG_FILE_BYTES_MAX) return;
    try {
      copyFileSync(this.path, `${this.path}.1`);
    } catch {
      // No room for the older part: then it goes.
      rmSync(`${this.path}.1`, { force: true });
    }
    ftruncateSync(this.fd, 0);
  }

  /** The last thing the part said that a person can read: a sentence at the very end, else of JSON lines the worst of the last few. */
  lastWords(): string {
    if (this.#unwritten !== undefined) return this.#unwritten.trim();
    const { size } = fstatSync(this.fd);
    const bytes = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
    readSync(this.fd, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString("utf8").split("\n").filter((line) => line.trim() !== "");
    const last = lines.at(-1) ?? "";
    // Why a service cannot run is its own last line, whatever it said before; Node ends a trace with its version.
    if (parse(last) === undefined && !last.startsWith("Node.js v")) return last.trim();
    for (const line of lines.slice(-5).reverse()) {
      const entry = parse(line);
      if (entry === undefined) continue;
      if (typeof entry.level === "number" && entry.level >= 50) return [entry.msg, entry.err?.message].filter(Boolean).join(": ");
    }
    return parse(last)?.msg ?? last.trim();
  }

  close(): void {
    closeSync(this.fd);
  }
}

interface LogEntry {
  readonly level?: number;
  readonly msg?: string;
  readonly err?: { readonly message?: string };
}

function parse(line: string): LogEntry | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as LogEntry;
  } catch {
    return undefined;
  }
}
