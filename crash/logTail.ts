// Follows both logs of a running exchange into two files, so that the whole history can be judged afterwards although
// the exchange trims it meanwhile.
//
// Never: writes to Redis. Invariant: a file holds entries 1 to N without a hole; an entry that was trimmed before it was
// seen ends the tail with an error.
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { COMMAND_LOG, ENTRY_FIELD, EVENT_LOG, entryId, entryNumber } from "../services/shared/keys.ts";
import type { Logger } from "../services/shared/logger.ts";
import { connectReader, type Redis } from "../services/shared/redis.ts";
import type { LoggedEntry } from "./checker/eventFold.ts";
import { CrashError } from "./crashError.ts";
import { CATCH_UP_TIMEOUT_MS, TAIL_ENTRIES_MAX, TAIL_PAUSE_MS } from "./limits.ts";

const HEAD_BYTES = 4;

/** One log on disk: per entry its length and its bytes. */
class LogFile {
  readonly path: string;
  readonly key: string;
  entries = 0;
  readonly #file: number;

  constructor(folder: string, key: string, name: string) {
    this.path = join(folder, name);
    this.key = key;
    this.#file = openSync(this.path, "w+", 0o600);
  }

  append(entry: number, bytes: Buffer): void {
    if (entry !== this.entries + 1) throw new CrashError(`The ${this.key} stream goes on with entry ${entry} after entry ${this.entries}.`);
    const head = Buffer.alloc(HEAD_BYTES);
    head.writeUInt32LE(bytes.length);
    writeSync(this.#file, Buffer.concat([head, bytes]));
    this.entries = entry;
  }

  *read(): Generator<Buffer> {
    const file = openSync(this.path, "r");
    const chunk = Buffer.allocUnsafe(1 << 20);
    let rest: Buffer = Buffer.alloc(0);
    try {
      for (;;) {
        const length = readSync(file, chunk);
        if (length === 0) return;
        rest = Buffer.concat([rest, chunk.subarray(0, length)]);
        let at = 0;
        while (at + HEAD_BYTES <= rest.length) {
          const end = at + HEAD_BYTES + rest.readUInt32LE(at);
          if (end > rest.length) break;
          yield rest.subarray(at + HEAD_BYTES, end);
          at = end;
        }
        rest = Buffer.from(rest.subarray(at));
      }
    } finally {
      closeSync(file);
    }
  }

  close(): void {
    closeSync(this.#file);
    rmSync(this.path, { force: true });
  }
}

export class LogTail {
  readonly #redis: Redis;
  readonly #commands: LogFile;
  readonly #events: LogFile;
  readonly #running: Promise<void>;
  #stopping = false;
  #error: unknown;

  /** Starts to follow; `folder` takes the two files. */
  constructor(redisUrl: string, folder: string, logger: Logger) {
    this.#redis = connectReader(redisUrl, "crash-tail", logger);
    this.#commands = new LogFile(folder, COMMAND_LOG, "crash-commands");
    this.#events = new LogFile(folder, EVENT_LOG, "crash-events");
    this.#running = Promise.all([this.#follow(this.#commands), this.#follow(this.#events)]).then(() => undefined);
  }

  /** The newest entry of the event log that was seen. */
  get eventEntry(): number {
    return this.#events.entries;
  }
  get commandEntry(): number {
    return this.#commands.entries;
  }

  async #follow(file: LogFile): Promise<void> {
    while (!this.#stopping && this.#error === undefined) {
      let found = 0;
      try {
        const entries = await this.#redis.xrangeBuffer(file.key, entryId(file.entries + 1), "+", "COUNT", TAIL_ENTRIES_MAX);
        found = entries.length;
        for (const [id, fields] of entries) {
          const bytes = fields[0]?.toString("latin1") === ENTRY_FIELD ? fields[1] : undefined;
          file.append(entryNumber(id.toString("latin1")), bytes ?? Buffer.alloc(0));
        }
      } catch (error) {
        // A Redis that was killed is what a run is about; it comes back.
        if (error instanceof CrashError) this.#error = error;
      }
      if (found < TAIL_ENTRIES_MAX) await sleep(TAIL_PAUSE_MS);
    }
  }

  /** Resolves when every command in the log has been seen, and answered. @throws CrashError when that does not happen. */
  async whenAnswered(): Promise<void> {
    const deadlineMs = performance.now() + CATCH_UP_TIMEOUT_MS;
    for (;;) {
      if (this.#error !== undefined) throw this.#error;
      const [newest] = await this.#redis.xrevrangeBuffer(COMMAND_LOG, "+", "-", "COUNT", 1).catch(() => []);
      if (newest !== undefined) {
        const last = entryNumber(newest[0].toString("latin1"));
        if (this.#commands.entries === last && this.#events.entries === last) return;
      }
      if (performance.now() > deadlineMs) throw new CrashError(`The engine has answered ${this.#events.entries} of ${this.#commands.entries} log entries, and no more come.`);
      await sleep(TAIL_PAUSE_MS);
    }
  }

  /** How many entries of each log Redis still holds. */
  async kept(): Promise<{ commands: number; events: number }> {
    return { commands: await this.#redis.xlen(COMMAND_LOG), events: await this.#redis.xlen(EVENT_LOG) };
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#running;
    this.#redis.disconnect();
  }

  /** Everything that was seen, from entry 1. */
  *entries(): Generator<LoggedEntry> {
    const events = this.#events.read();
    let entry = 0;
    for (const command of this.#commands.read()) {
      const answer = events.next();
      if (answer.done === true) return;
      yield { entry: ++entry, command, events: answer.value };
    }
  }

  /** Removes the files. */
  close(): void {
    this.#commands.close();
    this.#events.close();
  }
}
