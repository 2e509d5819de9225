// Snapshot files on disk: written so that a crash at any moment leaves the older ones whole, read so that nothing torn
// or altered is ever taken for a state.
//
// A file is a header (magic, format version, length, SHA-256) and the bytes of one EngineSnapshot.
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../shared/logger.ts";
import type { Engine } from "./engine.ts";
import { SNAPSHOTS_KEPT } from "./limits.ts";
import { restoreSnapshot, takeSnapshot } from "./snapshot.ts";

const MAGIC = Buffer.from("TWSNAP\r\n", "latin1");
const FORMAT_VERSION = 1;
const HEADER_BYTES = 8 + 4 + 8 + 32;
// epoch and entry, padded so that names sort by age.
const NAME = /^snapshot-(\d{10})-(\d{16})\.bin$/;

const fileName = (epoch: number, entry: number): string => `snapshot-${String(epoch).padStart(10, "0")}-${String(entry).padStart(16, "0")}.bin`;

export class SnapshotFiles {
  readonly #dir: string;
  readonly #logger: Logger;

  constructor(dir: string, logger: Logger) {
    this.#dir = dir;
    this.#logger = logger;
  }

  /** Writes the engine's state as of now; the state is copied before this returns its promise. */
  write(engine: Engine): Promise<void> {
    const body = takeSnapshot(engine);
    return this.#write(fileName(engine.epoch, engine.entry), body);
  }

  async #write(name: string, body: Uint8Array): Promise<void> {
    await mkdir(this.#dir, { recursive: true });
    const header = Buffer.alloc(HEADER_BYTES);
    MAGIC.copy(header);
    header.writeUInt32LE(FORMAT_VERSION, 8);
    header.writeBigUInt64LE(BigInt(body.length), 12);
    createHash("sha256").update(body).digest().copy(header, 20);
    const path = join(this.#dir, name);
    const file = await open(`${path}.tmp`, "w", 0o600);
    try {
      await file.write(header);
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(`${path}.tmp`, path);
    const folder = await open(this.#dir, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
    // Older ones go only when this one is known to be readable.
    verified(await readFile(path));
    for (const old of (await snapshotNames(this.#dir)).slice(SNAPSHOTS_KEPT)) await unlink(join(this.#dir, old));
  }

  /** The engine as the newest snapshot that verifies has it; undefined when there is none. */
  async loadNewest(): Promise<Engine | undefined> {
    for (const name of await snapshotNames(this.#dir)) {
      try {
        return await readSnapshotFile(join(this.#dir, name));
      } catch (error) {
        this.#logger.warn({ file: name, err: String(error) }, "a snapshot does not verify; trying the one before it");
      }
    }
    return undefined;
  }
}

/** The snapshot files of a folder, newest first; none when there is no such folder. */
export async function snapshotNames(dir: string): Promise<string[]> {
  try {
    return (await readdir(dir)).filter((name) => NAME.test(name)).sort().reverse();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/**
 * The engine that a snapshot file holds.
 * @throws Error, in words, when the file is torn, altered or not faithful.
 */
export async function readSnapshotFile(path: string): Promise<Engine> {
  return restoreSnapshot(verified(await readFile(path)));
}

function verified(file: Buffer): Uint8Array {
  if (file.length < HEADER_BYTES || !file.subarray(0, 8).equals(MAGIC)) throw new Error("not a snapshot file");
  const version = file.readUInt32LE(8);
  if (version !== FORMAT_VERSION) throw new Error(`snapshot format ${version} is not ${FORMAT_VERSION}`);
  const body = file.subarray(HEADER_BYTES);
  if (BigInt(body.length) !== file.readBigUInt64LE(12)) throw new Error("the file is not as long as its header says");
  if (!createHash("sha256").update(body).digest().equals(file.subarray(20, HEADER_BYTES))) throw new Error("the file's SHA-256 is not the one in its header");
  return body;
}
