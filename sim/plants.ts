// Faults that no exchange may have, put into the simulated one on purpose: each must be caught, or the simulator proves
// nothing. They exist here only, by wrapping what the exchange is given; its own code has no switch for them.
import { fromBinary } from "@bufbuild/protobuf";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineSnapshotSchema } from "../gen/tickwire/v1/snapshot_pb.ts";
import { Dedupe } from "../services/engine/dedupe.ts";
import type { Engine } from "../services/engine/engine.ts";
import { restoreSnapshot } from "../services/engine/snapshot.ts";
import { SnapshotFiles } from "../services/engine/snapshotFiles.ts";
import { COMMAND_LOG } from "../services/shared/keys.ts";
import type { FaultName } from "./faults.ts";
import type { Redis } from "../services/shared/redis.ts";

interface PlantedFault {
  readonly what: string;
  /** What goes wrong in a run with it: where the fault lies, not somewhere else. */
  readonly meets: readonly FaultName[];
  /** Of clients, until it can show: only where it is more than a few minutes' trading. */
  readonly steps?: number;
}

export const PLANTS = {
  "ack-before-append": { what: "an api says accepted when it has sent an order on, not when the log and the engine have it", meets: ["kill redis", "kill an api", "cut all connections of one"] },
  "answer-before-fsync": { what: "Redis answers, and shows to readers, what is not on disk yet", meets: ["power cut at redis", "slow disks"] },
  "drop-fsync": { what: "Redis syncs once a second instead of before every answer", meets: ["power cut at redis"] },
  "resend-after-cut": { what: "the driver sends an unanswered append again after a reconnect, as it does by default", meets: ["cut all connections of one", "slow network", "slow disks"], steps: 400 },
  "skip-dedupe": { what: "the engine forgets a client order id when its order ends", meets: ["kill redis", "kill an api", "lossy messages"] },
  "trim-too-far": { what: "the logs are trimmed to their newest entry, whatever snapshots and recorder still need", meets: ["pause the recorder", "spoil the newest snapshot"], steps: 300 },
  "accept-torn-snapshot": { what: "a snapshot that is torn or altered is taken for a state", meets: ["stop the engine", "spoil the newest snapshot", "kill the engine"] },
  "zombie-publishes": { what: "the scripts of a leader do not look whether it still leads", meets: ["pause the engine", "kill the engine"] },
  "split-transaction": { what: "the recorder's rows and its position are not one transaction", meets: ["kill the recorder", "slow disks"], steps: 600 },
} as const satisfies Readonly<Record<string, PlantedFault>>;

export type Plant = keyof typeof PLANTS;

export const isPlant = (name: string): name is Plant => Object.hasOwn(PLANTS, name);

export const plantedFault = (plant: Plant): PlantedFault => PLANTS[plant];

/** A connection that, asked to trim, trims everything but the newest entry. */
export const trimsTooFar = <R extends Redis>(writer: R): R =>
  new Proxy(writer, {
    get: (target, name) => (name === "xtrim" ? (log: string) => trimAll(target, log) : bound(target, name)),
  });

async function trimAll(redis: Redis, log: string): Promise<number> {
  const [newest] = await redis.xrevrange(log, "+", "-", "COUNT", 1);
  return newest === undefined ? 0 : await redis.xtrim(log, "MINID", "~", newest[0]);
}

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
}

/** What snapshotFile.ts puts before the state. */
const HEADER_BYTES = 136;

/** Takes the newest file for what it seems to be: as much of it as can be read, and no digest is looked at. */
export class CredulousSnapshotFiles extends SnapshotFiles {
  readonly #folder: string;

  constructor(...args: ConstructorParameters<typeof SnapshotFiles>) {
    super(...args);
    this.#folder = args[0];
  }

  override async loadNewest(): Promise<Engine | undefined> {
    const names = (await readdir(this.#folder).catch(() => [] as string[])).filter((name) => name.endsWith(".bin")).sort();
    const newest = names.at(-1);
    if (newest === undefined) return undefined;
    const body = (await readFile(join(this.#folder, newest))).subarray(HEADER_BYTES);
    for (let length = body.length; length > 0; length--) {
      try {
        fromBinary(EngineSnapshotSchema, body.subarray(0, length));
        return unhashed(() => restoreSnapshot(body.subarray(0, length), new Uint8Array(0)));
      } catch {
        continue;
      }
    }
    return undefined;
  }
}

// The digest is compared by Buffer.compare; for this one call everything is equal.
function unhashed<T>(run: () => T): T {
  const { compare } = Buffer;
  Buffer.compare = () => 0;
  try {
    return run();
  } finally {
    Buffer.compare = compare;
  }
}

/** While it lasts, no engine remembers the ids of orders that have ended. Returns how to end it. */
export function skipDedupe(): () => void {
  const { remembers } = Dedupe.prototype;
  Dedupe.prototype.remembers = () => false;
  return () => {
    Dedupe.prototype.remembers = remembers;
  };
}

/** Whether the bytes are an append to the command log: what a driver that resends would send again. */
export const isAppend = (bytes: Buffer): boolean => bytes.includes(COMMAND_LOG) && bytes.includes("NOMKSTREAM");
