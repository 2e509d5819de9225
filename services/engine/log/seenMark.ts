// How far this engine has gone, noted beside its snapshots before anybody is told: the one witness that is not in Redis
// of entries younger than the newest snapshot. A log that comes back shorter, or with another entry at this place, has
// lost what was acknowledged, however whole it looks.
//
// Never: the truth about anything but that. It is written without waiting for the disk and flushed once a second, so a
// power cut may leave it a second old; a mark that cannot be written or read costs a warning, not the engine.
import { createHash } from "node:crypto";
import { closeSync, fdatasync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import type { Logger } from "../../shared/logger.ts";
import { SEEN_MARK_FLUSH_MS } from "../limits.ts";

/** An entry of the command log and the chain up to and including it. */
export interface Seen {
  readonly epoch: number;
  readonly entry: number;
  readonly chain: Uint8Array;
}

/** The mark of the engine that keeps its snapshots in this folder: a file beside the folder. */
export const seenMarkPath = (snapshotDir: string): string => `${snapshotDir}.seen`;

const MAGIC = Buffer.from("TWSEEN1\n", "latin1");
const CHAIN_BYTES = 32;
const BODY_BYTES = MAGIC.length + 4 + 8 + CHAIN_BYTES;
const DIGEST_BYTES = 16;
const MARK_BYTES = BODY_BYTES + DIGEST_BYTES;

const digest = (mark: Buffer): Buffer => createHash("sha256").update(mark.subarray(0, BODY_BYTES)).digest().subarray(0, DIGEST_BYTES);

/** The mark that belongs to a snapshot folder; undefined when there is none, or "damaged". */
export function readSeenMark(snapshotDir: string): Seen | "damaged" | undefined {
  let mark: Buffer;
  try {
    mark = readFileSync(seenMarkPath(snapshotDir));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
  if (mark.length !== MARK_BYTES || !mark.subarray(0, MAGIC.length).equals(MAGIC) || !digest(mark).equals(mark.subarray(BODY_BYTES))) return "damaged";
  return { epoch: mark.readUInt32LE(8), entry: Number(mark.readBigUInt64LE(12)), chain: Uint8Array.from(mark.subarray(20, BODY_BYTES)) };
}

export class SeenMark {
  readonly #mark = Buffer.alloc(MARK_BYTES);
  readonly #logger: Logger;
  #file: number | undefined;
  #flushedMs = performance.now();
  #flushing = false;

  constructor(snapshotDir: string, logger: Logger) {
    this.#logger = logger;
    MAGIC.copy(this.#mark);
    try {
      mkdirSync(dirname(snapshotDir), { recursive: true });
      // Overwritten in place, never emptied: a crash between two writes leaves the older mark.
      this.#file = openSync(seenMarkPath(snapshotDir), "a+", 0o600);
      closeSync(this.#file);
      this.#file = openSync(seenMarkPath(snapshotDir), "r+");
    } catch (error) {
      this.#giveUp(error);
    }
  }

  /** Call before an entry's outputs leave the engine. */
  note({ epoch, entry, chain }: Seen): void {
    if (this.#file === undefined) return;
    const mark = this.#mark;
    mark.writeUInt32LE(epoch, 8);
    mark.writeBigUInt64LE(BigInt(entry), 12);
    mark.set(chain, 20);
    digest(mark).copy(mark, BODY_BYTES);
    try {
      writeSync(this.#file, mark, 0, MARK_BYTES, 0);
    } catch (error) {
      this.#giveUp(error);
      return;
    }
    if (!this.#flushing && performance.now() - this.#flushedMs > SEEN_MARK_FLUSH_MS) this.#flush(this.#file);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #flush(file: number): void {
    this.#flushing = true;
    fdatasync(file, () => {
      // An error here is one of the next write, too.
      this.#flushing = false;
      this.#flushedMs = performance.now();
    });
  }

  #giveUp(error: unknown): void {
    this.#logger.warn({ err: String(error) }, "how far the engine has gone cannot be noted beside the snapshots; a log that comes back shorter is then noticed later");
    this.close();
  }
}
