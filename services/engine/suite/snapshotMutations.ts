// R8: snapshot files torn, altered, swapped, spliced, foreign and stale, one after the other; none may become a state.
//
// Each mutation is done to the newest of three whole snapshots of a history whose event log is in Redis. An engine must
// then start from the next older one, or not at all where the mutation says that the log has lost something.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";
import { OrderType, TimeInForce } from "../../../gen/tickwire/v1/types_pb.ts";
import { ENTRY_FIELD, COMMAND_LOG, entryId, EVENT_LOG } from "../../shared/keys.ts";
import type { Redis } from "../../shared/redis.ts";
import { LogMismatch } from "../log/commandLog.ts";
import { Engine } from "../engine.ts";
import { stateHash } from "../snapshot.ts";
import { openSealed, sealSnapshot, snapshotName, type SnapshotIdentity } from "../snapshotFile.ts";
import { SnapshotFiles } from "../snapshotFiles.ts";
import { logEnds, misfit } from "../snapshotFit.ts";
import { entryBytes, openingCommands, type CommandInit } from "../testing/testVenue.ts";
import { seededRoll, type Roll } from "./random.ts";

const silent = pino({ level: "silent" });
const ENTRIES = 90;
const EPOCH = 7;
/** Of its header: the seal, and what it covers before the body. */
const SEAL_BYTES = 32;
const HEADER_BYTES = 136;

export interface MutationReport {
  readonly mutations: number;
  /** Files that became a state though they should not have: must be empty. */
  readonly accepted: readonly string[];
  /** Mutations after which an engine did not find the next older snapshot, or stopped, as it should have. */
  readonly wrong: readonly string[];
  /** How many of each kind. */
  readonly kinds: Readonly<Record<string, number>>;
}

interface History {
  readonly log: readonly Uint8Array[];
  readonly events: readonly Uint8Array[];
  /** File name and bytes of the snapshots, oldest first. */
  readonly files: readonly { readonly name: string; readonly bytes: Buffer; readonly entry: number; readonly hash: Uint8Array }[];
}

/** What an engine does with a mutated folder. */
type Expected = "older" | "stops";

interface Mutation {
  readonly kind: string;
  readonly expected: Expected;
  /** Alters the folder; answers words for a failure. */
  apply(dir: string): string;
  /** Start on the log that was trimmed. */
  readonly trimmed?: boolean;
}

/**
 * Needs two empty databases of a Redis, and a folder of its own.
 * @throws whatever the disk or Redis throws.
 */
export async function mutateSnapshots({ dir, redis, trimmedRedis, count, seed }: { dir: string; redis: Redis; trimmedRedis: Redis; count: number; seed: number }): Promise<MutationReport> {
  const roll = seededRoll(seed);
  const main = await history(join(dir, "main"), EPOCH, "main");
  const foreign: History[] = [];
  for (const [i, epoch] of [EPOCH - 1, EPOCH, EPOCH + 1].entries()) foreign.push(await history(join(dir, `foreign-${i}`), epoch, "foreign"));
  await append(redis, main, 1);
  await append(trimmedRedis, main, (main.files[2]?.entry ?? 0) + 1);
  const accepted: string[] = [];
  const wrong: string[] = [];
  const kinds: Record<string, number> = {};
  const folder = join(dir, "mutated");
  for (let n = 0; n < count; n++) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    for (const { name, bytes } of main.files) writeFileSync(join(folder, name), bytes);
    const all = mutations(roll, main, foreign);
    const mutation = all[n % all.length] as Mutation;
    const words = `${mutation.kind}: ${mutation.apply(folder)} (mutation ${n} of seed ${seed})`;
    kinds[mutation.kind] = (kinds[mutation.kind] ?? 0) + 1;
    const outcome = await start(folder, mutation.trimmed === true ? trimmedRedis : redis);
    if (outcome instanceof Engine) {
      const older = main.files[1];
      const isOlder = older !== undefined && outcome.entry === older.entry && Buffer.compare(stateHash(outcome), older.hash) === 0;
      if (!isOlder) accepted.push(words);
      else if (mutation.expected !== "older") wrong.push(words);
    } else if (mutation.expected !== "stops" || outcome !== "stopped") wrong.push(`${words}: ${outcome}`);
  }
  return { mutations: count, accepted, wrong, kinds };
}

async function start(dir: string, redis: Redis): Promise<Engine | string> {
  const ends = await logEnds(redis);
  try {
    let refused = false;
    const engine = await new SnapshotFiles(dir, silent).loadNewest(async (identity) => {
      const why = await misfit(redis, ends, identity);
      refused ||= why !== undefined;
      return why;
    });
    return engine ?? (refused ? "stopped" : "found no snapshot");
  } catch (error) {
    if (error instanceof LogMismatch) return "stopped";
    return String(error);
  }
}

const pick = <T>(roll: Roll, from: readonly T[]): T => from[roll(from.length)] as T;

function mutations(roll: Roll, main: History, foreign: readonly History[]): Mutation[] {
  const [oldest, middle, newest] = main.files as [History["files"][number], History["files"][number], History["files"][number]];
  const write = (dir: string, bytes: Uint8Array, name = newest.name): void => writeFileSync(join(dir, name), bytes);
  const place = (): number => pick(roll, [roll(HEADER_BYTES), HEADER_BYTES + roll(newest.bytes.length - HEADER_BYTES), roll(newest.bytes.length)]);
  // What is altered may already have been so: then the last bit goes the other way.
  const altered = (alter: (bytes: Buffer) => void): Buffer => {
    const bytes = Buffer.from(newest.bytes);
    alter(bytes);
    if (bytes.equals(newest.bytes)) flip(bytes, bytes.length - 1);
    return bytes;
  };
  const flip = (bytes: Buffer, at: number): void => void (bytes[at] = (bytes[at] as number) ^ (1 << roll(8)));
  // Sealed anew, so that only the state itself can tell.
  const resealed = (body: Uint8Array, identity: SnapshotIdentity): Buffer => Buffer.concat([sealSnapshot(body, identity), body]);
  const sealed = openSealed(newest.name, newest.bytes);
  return [
    {
      kind: "torn",
      expected: "older",
      apply(dir) {
        const length = pick(roll, [0, 7, HEADER_BYTES - SEAL_BYTES, HEADER_BYTES, newest.bytes.length - 1, place()]);
        write(dir, newest.bytes.subarray(0, length));
        return `cut to ${length} bytes`;
      },
    },
    {
      kind: "a tail of zeros",
      expected: "older",
      apply(dir) {
        const from = roll(newest.bytes.length - 1);
        write(dir, altered((bytes) => bytes.fill(0, from)));
        return `zeros from ${from}`;
      },
    },
    {
      kind: "bits flipped",
      expected: "older",
      apply(dir) {
        const bits = 1 + roll(8);
        write(dir, altered((bytes) => {
          for (let i = 0; i < bits; i++) flip(bytes, place());
        }));
        return `${bits} bits`;
      },
    },
    {
      kind: "a byte of the header altered",
      expected: "older",
      apply(dir) {
        const at = roll(HEADER_BYTES);
        write(dir, altered((bytes) => void (bytes[at] = roll(256))));
        return `byte ${at}`;
      },
    },
    {
      kind: "bytes added",
      expected: "older",
      apply(dir) {
        write(dir, Buffer.concat([newest.bytes, Buffer.alloc(1 + roll(100), roll(256))]));
        return "at the end";
      },
    },
    {
      kind: "spliced from two",
      expected: "older",
      apply(dir) {
        const at = HEADER_BYTES + roll(Math.min(middle.bytes.length, newest.bytes.length) - HEADER_BYTES - 1);
        write(dir, Buffer.concat([newest.bytes.subarray(0, at), middle.bytes.subarray(at)]));
        return `at ${at}`;
      },
    },
    {
      kind: "the state altered, and sealed anew",
      expected: "older",
      apply(dir) {
        const at = roll(sealed.body.length);
        const body = Buffer.from(sealed.body);
        flip(body, at);
        write(dir, resealed(body, sealed.identity));
        return `byte ${at} of the body`;
      },
    },
    {
      kind: "the header altered, and sealed anew",
      expected: "older",
      apply(dir) {
        const { identity } = sealed;
        const hash = Uint8Array.from(identity.stateHash);
        hash[31] = (hash[31] as number) ^ (1 + roll(255));
        const other = pick<SnapshotIdentity>(roll, [{ ...identity, seq: identity.seq + 1 + roll(9) }, { ...identity, stateHash: hash }]);
        write(dir, resealed(sealed.body, other));
        return other.seq === identity.seq ? "state hash" : "seq";
      },
    },
    {
      kind: "an older one under the newest's name",
      expected: "older",
      apply(dir) {
        const other = pick(roll, [oldest, middle]);
        write(dir, other.bytes);
        return `entry ${other.entry}`;
      },
    },
    {
      kind: "an older one under the newest's name, its header made to fit",
      expected: "older",
      apply(dir) {
        const other = pick(roll, [oldest, middle]);
        write(dir, resealed(openSealed(other.name, other.bytes).body, sealed.identity));
        return `entry ${other.entry}`;
      },
    },
    {
      kind: "one of an older epoch",
      expected: "older",
      apply(dir) {
        // Its name sorts before those of this epoch, so it comes to be asked only when they are gone, or under one of them.
        const [, , other] = (foreign[0] as History).files;
        rmSync(join(dir, newest.name));
        write(dir, other?.bytes ?? Buffer.alloc(0), other?.name);
        return other?.name ?? "";
      },
    },
    {
      kind: "one of another history of this epoch",
      expected: "stops",
      apply(dir) {
        const [, , other] = (foreign[1] as History).files;
        write(dir, other?.bytes ?? Buffer.alloc(0), other?.name);
        return other?.name ?? "";
      },
    },
    {
      kind: "one of a newer epoch than the log's",
      expected: "stops",
      apply(dir) {
        const other = pick(roll, (foreign[2] as History).files);
        write(dir, other.bytes, other.name);
        return other.name;
      },
    },
    {
      kind: "one of another history under the newest's name",
      expected: "older",
      apply(dir) {
        const other = pick(roll, [foreign[0] as History, foreign[2] as History]).files[roll(3)];
        write(dir, other?.bytes ?? Buffer.alloc(0));
        return other?.name ?? "";
      },
    },
    {
      kind: "one whose log was trimmed away",
      expected: "stops",
      trimmed: true,
      apply(dir) {
        for (const { name } of main.files) rmSync(join(dir, name));
        const other = pick(roll, main.files);
        write(dir, other.bytes, other.name);
        return `entry ${other.entry}`;
      },
    },
    {
      kind: "the newest under an older name, and gone from its own",
      expected: "stops",
      trimmed: true,
      apply(dir) {
        copyFileSync(join(dir, newest.name), join(dir, snapshotName({ epoch: EPOCH, entry: newest.entry - 1 - roll(3) })));
        rmSync(join(dir, newest.name));
        return "";
      },
    },
  ];
}

// A venue that trades, with three snapshots on the way.
async function history(dir: string, epoch: number, name: string): Promise<History> {
  const engine = new Engine();
  const files: History["files"][number][] = [];
  const log: Uint8Array[] = [];
  const events: Uint8Array[] = [];
  const store = new SnapshotFiles(dir, silent);
  for (let entry = 1; entry <= ENTRIES; entry++) {
    const bytes = entryBytes(entry === 1 ? opening(epoch) : trades(name, entry), BigInt(entry) * 1_000n);
    log.push(bytes);
    events.push(Uint8Array.from(engine.applyEntry(bytes, entry).events));
    if (entry % (ENTRIES / 3) !== 0 && entry !== ENTRIES - 5) continue;
    if (entry === ENTRIES) continue;
    const written = await store.write(engine);
    files.push({ name: written.name, bytes: readFileSync(join(dir, written.name)), entry, hash: stateHash(engine) });
  }
  return { log, events, files };
}

function opening(epoch: number): CommandInit[] {
  const commands = openingCommands({ makerFeePpm: 1_000, takerFeePpm: 2_000 });
  for (const externalId of ["a", "b", "c"]) commands.push({ body: { case: "openAccount", value: { externalId, name: externalId } } });
  for (let accountId = 2n; accountId <= 4n; accountId++) {
    for (const assetId of [1, 2]) commands.push({ accountId, body: { case: "deposit", value: { assetId, amountUnits: 1_000_000n, transferId: `in-${assetId}` } } });
  }
  return commands.map((command) => (command.body?.case === "openLog" ? { body: { case: "openLog", value: { epoch, venue: "Mutated" } } } : command));
}

function trades(name: string, entry: number): CommandInit[] {
  const common = { marketId: 1, timeInForce: TimeInForce.GTC };
  const accountId = BigInt(2 + (entry % 3));
  const side = entry % 2 === 0 ? 1 : 2;
  const id = (what: string): string => `${name}-${what}-${entry}`;
  return [
    { accountId, body: { case: "placeOrder", value: { ...common, side, type: 1, priceTicks: BigInt(95 + ((entry * 7) % 11)), quantityLots: BigInt(1 + (entry % 9)), clientOrderId: id("plain") } } },
    { accountId, body: { case: "placeOrder", value: { ...common, side: 2, type: 1, priceTicks: 150n, quantityLots: 20n, icebergLots: 4n, clientOrderId: id("iceberg") } } },
    { accountId, body: { case: "placeOrder", value: { ...common, timeInForce: TimeInForce.UNSPECIFIED, side: 2, type: OrderType.STOP_LOSS, stopPriceTicks: 50n, quantityLots: 3n, clientOrderId: id("stop") } } },
    { accountId, body: { case: "withdraw", value: { assetId: 2, amountUnits: 3n, transferId: id("out"), pending: entry % 4 === 0 } } },
  ];
}

async function append(redis: Redis, { log, events }: History, from: number): Promise<void> {
  const pipeline = redis.pipeline();
  for (let entry = from; entry <= ENTRIES; entry++) {
    pipeline.xadd(COMMAND_LOG, entryId(entry), ENTRY_FIELD, Buffer.from(log[entry - 1] as Uint8Array));
    pipeline.xadd(EVENT_LOG, entryId(entry), ENTRY_FIELD, Buffer.from(events[entry - 1] as Uint8Array));
  }
  await pipeline.exec();
}
