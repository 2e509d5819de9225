// Where a service's log lines go: at once, in the caller's turn, so that the last words before a crash are there.
//
// Never: fails, waits for long or keeps what could not be written. A disk that is full of something else must not end a
// service that only wanted to say so; the log then has a gap, and says so once it can.
import { writeSync } from "node:fs";

/** A pipe whose reader is slow is tried again so often, so long apart: a tenth of a second in all. */
const BUSY_TRIES = 10;
const BUSY_PAUSE_MS = 10;

const pauseCell = new Int32Array(new SharedArrayBuffer(4));

export class LogOutput {
  readonly #fd: number;
  #lost = 0;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** `line` ends with its line feed. */
  write(line: string): void {
    // What came before may have ended within a line.
    const told = this.#lost === 0 ? line : `\n${JSON.stringify({ level: 40, time: Date.now(), msg: `${this.#lost} lines of this log could not be written` })}\n${line}`;
    this.#lost = this.#taken(Buffer.from(told)) ? 0 : this.#lost + 1;
  }

  #taken(bytes: Buffer): boolean {
    let at = 0;
    for (let busy = 0; at < bytes.length; ) {
      try {
        at += writeSync(this.#fd, bytes, at);
      } catch (error) {
        const isBusy = error instanceof Error && "code" in error && error.code === "EAGAIN";
        if (!isBusy || ++busy > BUSY_TRIES) return false;
        Atomics.wait(pauseCell, 0, 0, BUSY_PAUSE_MS);
      }
    }
    return true;
  }
}
