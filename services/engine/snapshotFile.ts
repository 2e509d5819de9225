// One snapshot file: a header that says which state it is, sealed with a SHA-256, and the bytes of one EngineSnapshot.
//
// Never: takes bytes for a state before the seal is checked, or a state whose hash is not the header's. Invariant: a file
// stands under the name of its own epoch and entry, so an old one under a new name is no snapshot.
import { createHash } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "./engine.ts";
import { frozenView, type FrozenState } from "./frozenState.ts";
import { SNAPSHOTS_KEPT } from "./limits.ts";
import { restoreSnapshot, snapshotOf } from "./snapshot.ts";

const MAGIC = Buffer.from("TWSNAP\r\n", "latin1");
/** Also a new one whenever the same state is written as other bytes: its hash is then another. */
const FORMAT_VERSION = 2;
const HASH_BYTES = 32;
// Magic, format version, epoch, entry, seq, length of the body, chain, state hash; then the SHA-256 of those and the body.
const VERSION_AT = 8;
const EPOCH_AT = 12;
const ENTRY_AT = 16;
const SEQ_AT = 24;
const LENGTH_AT = 32;
const CHAIN_AT = 40;
const STATE_HASH_AT = CHAIN_AT + HASH_BYTES;
const SEAL_AT = STATE_HASH_AT + HASH_BYTES;
const HEADER_BYTES = SEAL_AT + HASH_BYTES;

// Epoch and entry, padded so that names sort by age.
const NAME = /^snapshot-(\d{10})-(\d{16})\.bin$/;
const UNFINISHED = /^snapshot-\d{10}-\d{16}\.bin\.tmp$/;

/** Which state a snapshot is. */
export interface SnapshotIdentity {
  readonly epoch: number;
  readonly entry: number;
  readonly seq: number;
  /** Of the log, up to and with `entry`. */
  readonly chain: Uint8Array;
  readonly stateHash: Uint8Array;
}

/** A file whose seal holds. */
export interface SealedSnapshot {
  readonly identity: SnapshotIdentity;
  /** EngineSnapshot bytes. */
  readonly body: Uint8Array;
}

/** What became of a snapshot that was asked for. */
export interface WrittenSnapshot {
  readonly name: string;
  readonly entry: number;
  readonly bytes: number;
  /** Entry of the newest older snapshot of those asked about whose seal holds at this moment; undefined when there is none. */
  readonly covered: number | undefined;
  readonly encodeMs: number;
  readonly writeMs: number;
  readonly verifyMs: number;
}

export const snapshotName = ({ epoch, entry }: { readonly epoch: number; readonly entry: number }): string =>
  `snapshot-${String(epoch).padStart(10, "0")}-${String(entry).padStart(16, "0")}.bin`;

/** The snapshot files of a folder, newest first; none when there is no such folder. */
export async function snapshotNames(dir: string): Promise<string[]> {
  return (await filesOf(dir)).filter((name) => NAME.test(name)).sort().reverse();
}

async function filesOf(dir: string): Promise<string[]> {
  try {
    return await readdir(dir);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Header and body of a file. */
export function sealSnapshot(body: Uint8Array, { epoch, entry, seq, chain, stateHash }: SnapshotIdentity): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(header);
  header.writeUInt32LE(FORMAT_VERSION, VERSION_AT);
  header.writeUInt32LE(epoch, EPOCH_AT);
  header.writeBigUInt64LE(BigInt(entry), ENTRY_AT);
  header.writeBigUInt64LE(BigInt(seq), SEQ_AT);
  header.writeBigUInt64LE(BigInt(body.length), LENGTH_AT);
  header.set(chain, CHAIN_AT);
  header.set(stateHash, STATE_HASH_AT);
  createHash("sha256").update(header.subarray(0, SEAL_AT)).update(body).digest().copy(header, SEAL_AT);
  return header;
}

/** @throws Error, in words, unless the file is whole, unaltered and stands under its own name. */
export function openSealed(name: string, file: Buffer): SealedSnapshot {
  if (file.length < HEADER_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error("it is not a snapshot file");
  const version = file.readUInt32LE(VERSION_AT);
  if (version !== FORMAT_VERSION) throw new Error(`its format is ${version}, and this engine reads ${FORMAT_VERSION}`);
  const body = file.subarray(HEADER_BYTES);
  if (BigInt(body.length) !== file.readBigUInt64LE(LENGTH_AT)) throw new Error("it is not as long as its header says");
  const seal = createHash("sha256").update(file.subarray(0, SEAL_AT)).update(body).digest();
  if (!seal.equals(file.subarray(SEAL_AT, HEADER_BYTES))) throw new Error("its SHA-256 is not the one in its header");
  const identity = {
    epoch: file.readUInt32LE(EPOCH_AT),
    entry: Number(file.readBigUInt64LE(ENTRY_AT)),
    seq: Number(file.readBigUInt64LE(SEQ_AT)),
    chain: Uint8Array.from(file.subarray(CHAIN_AT, STATE_HASH_AT)),
    stateHash: Uint8Array.from(file.subarray(STATE_HASH_AT, SEAL_AT)),
  };
  if (snapshotName(identity) !== name) throw new Error(`it is ${snapshotName(identity)} under another name`);
  return { identity, body };
}

/** The engine a snapshot makes. @throws Error, in words, unless it has the state, and the place in the log, that the header says. */
export function restoreSealed({ identity, body }: SealedSnapshot): Engine {
  const engine = restoreSnapshot(body, identity.stateHash);
  const same = engine.epoch === identity.epoch && engine.entry === identity.entry && engine.seq === identity.seq && Buffer.compare(engine.chain, identity.chain) === 0;
  if (!same) throw new Error("its state is not the one its header names");
  return engine;
}

/** @throws Error, in words, when the file cannot be read, or `openSealed` refuses it. */
export async function readSealed(dir: string, name: string): Promise<SealedSnapshot> {
  return openSealed(name, await readFile(join(dir, name)));
}

/**
 * Writes a frozen state so that a crash at any moment leaves the older files whole: it gets its name only after it has been
 * read back and an engine restored from it has its state. Then the oldest files go: three whose seals hold stay.
 * `known` are names of older snapshots of the same history.
 * @throws Error when any of it fails; the older files are then as they were.
 */
export async function writeSnapshot(dir: string, frozen: FrozenState, known: readonly string[]): Promise<WrittenSnapshot> {
  const startedMs = performance.now();
  const { bytes: body, stateHash } = snapshotOf(frozenView(frozen));
  const identity = { ...frozen.head, stateHash };
  const name = snapshotName(identity);
  const header = sealSnapshot(body, identity);
  const encodedMs = performance.now();
  await mkdir(dir, { recursive: true });
  for (const left of await filesOf(dir)) if (UNFINISHED.test(left)) await unlink(join(dir, left));
  const unfinished = join(dir, `${name}.tmp`);
  let writtenMs: number;
  try {
    const file = await open(unfinished, "w", 0o600);
    try {
      await file.writeFile(header);
      await file.writeFile(body);
      await file.sync();
    } finally {
      await file.close();
    }
    writtenMs = performance.now();
    restoreSealed(openSealed(name, await readFile(unfinished)));
    await rename(unfinished, join(dir, name));
  } catch (error) {
    await unlink(unfinished).catch(() => undefined);
    throw error;
  }
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
  const covered = await dropOldest(dir, name, known);
  return { name, entry: identity.entry, bytes: HEADER_BYTES + body.length, covered, encodeMs: encodedMs - startedMs, writeMs: writtenMs - encodedMs, verifyMs: performance.now() - writtenMs };
}

// What is older than the oldest of the three goes, whole or not; what does not verify among them stays, to be looked at.
async function dropOldest(dir: string, newest: string, known: readonly string[]): Promise<number | undefined> {
  let covered: number | undefined;
  let whole = 1;
  for (const name of (await snapshotNames(dir)).filter((other) => other < newest)) {
    try {
      if (whole >= SNAPSHOTS_KEPT) {
        await unlink(join(dir, name));
        continue;
      }
      const { identity } = await readSealed(dir, name);
      whole++;
      if (covered === undefined && known.includes(name)) covered = identity.entry;
    } catch {
      // What cannot be read, or deleted, does no harm where it is.
      continue;
    }
  }
  return covered;
}
