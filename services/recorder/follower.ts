// Reads the event log in order, from a position on, by plain XREAD: the position lives in the database, so Redis need
// not remember who has read what.
//
// Never skips, never reads twice, never guesses: entries are contiguous, of one epoch until an entry says that it starts
// the next, with contiguous seq, or the recorder stops and says why. It does not advance by itself: the owner says how far it has come.
import { fromBinary } from "@bufbuild/protobuf";
import { EventBatchSchema, type EventBatch } from "../../gen/tickwire/v1/event_pb.ts";
import { ENTRY_FIELD, EVENT_LOG, entryId, entryNumber } from "../shared/keys.ts";
import type { Redis } from "../shared/redis.ts";
import { ENTRIES_PER_READ_MAX, READ_BLOCK_MS } from "./limits.ts";
import { LogMismatchError, type Position } from "./position.ts";

const REMEDY =
  "Give this log its own empty database (npm start -- --fresh empties log and database together), or bring back the log that belongs to this one.";

/** Whether the log can be followed from the position; "waiting" with the reason when that cannot be told yet. */
export type LogState = { readonly state: "following" } | { readonly state: "waiting"; readonly reason: string };

/** Redis did not answer; the connection comes back by itself, and reading again is safe. */
export class RedisAwayError extends Error {
  override readonly name = "RedisAwayError";
}

export class EventLogFollower {
  readonly #redis: Redis;
  #position: Position | undefined;
  // Read ahead of the position: the last entry handed out.
  #epoch: number | undefined;
  #entry: bigint;
  #seq: bigint;
  #unverified = true;

  /** `redis`: a connection of its own, since reads block it. `position`: undefined for an empty database. */
  constructor(redis: Redis, position: Position | undefined) {
    this.#redis = redis;
    this.#position = position;
    this.#epoch = position?.epoch;
    this.#entry = position?.entry ?? 0n;
    this.#seq = position?.seq ?? 0n;
    // After a lost connection there may be another server, or another log, behind the same address.
    redis.on("ready", () => (this.#unverified = true));
  }

  /** Says that everything up to here is stored. */
  advance(position: Position): void {
    this.#position = position;
  }

  /**
   * Checks that the log in Redis is the one the position belongs to.
   * @throws LogMismatchError when it is another, or when entries after the position are gone; RedisAwayError.
   */
  async verify(): Promise<LogState> {
    const position = this.#position;
    const first = await this.#edge("first");
    if (first === undefined) {
      const reason = position === undefined ? "the event log is empty" : `the event log is empty, the database holds it up to entry ${position.entry}`;
      return { state: "waiting", reason };
    }
    if (first.entry > (position?.entry ?? 0n) + 1n) {
      throw new LogMismatchError(
        `The event log begins at entry ${first.entry}, but the database holds events only up to entry ${position?.entry ?? 0n}: what lies between is gone. ${REMEDY}`,
      );
    }
    if (position === undefined) return this.#following();
    if (first.entry === 1n && !sameBytes(first.chain, position.logChain)) {
      throw new LogMismatchError(
        `The database holds the history of another log (epoch ${position.epoch}, up to entry ${position.entry}) than the one in Redis (epoch ${first.epoch}). ${REMEDY}`,
      );
    }
    const last = await this.#edge("last");
    if (last === undefined || last.entry < position.entry) {
      return { state: "waiting", reason: `the event log ends at entry ${last?.entry ?? 0n}, the database holds it up to entry ${position.entry}` };
    }
    const [at] = await this.#range(entryId(position.entry), entryId(position.entry));
    if (at !== undefined && (at.epoch !== position.epoch || !sameBytes(at.chain, position.chain))) {
      throw new LogMismatchError(`Entry ${position.entry} in the event log is not the one the database holds: the two have parted. ${REMEDY}`);
    }
    return this.#following();
  }

  /**
   * The next entries, at least one unless READ_BLOCK_MS passes without news.
   * @throws LogMismatchError at a hole, another epoch or a seq out of turn; RedisAwayError.
   */
  async next(): Promise<EventBatch[]> {
    const from = entryId(this.#entry);
    const reply = await this.#answer(() => this.#redis.xreadBuffer("COUNT", ENTRIES_PER_READ_MAX, "BLOCK", READ_BLOCK_MS, "STREAMS", EVENT_LOG, from));
    const entries = reply?.[0]?.[1] ?? [];
    if (entries.length === 0) this.#unverified = true;
    return entries.map(([id, fields]) => this.#take(id, fields));
  }

  /** True after a pause or a lost connection: call `verify` before the next `next`. */
  get unverified(): boolean {
    return this.#unverified;
  }

  #following(): LogState {
    this.#unverified = false;
    return { state: "following" };
  }

  #take(id: Buffer, fields: readonly Buffer[]): EventBatch {
    const batch = decode(id, fields);
    const expected = this.#entry + 1n;
    if (batch.entry !== expected) {
      throw new LogMismatchError(`The event log goes from entry ${this.#entry} to entry ${batch.entry}: entries are missing. ${REMEDY}`);
    }
    if (this.#epoch !== undefined && batch.epoch !== this.#epoch && !startsEpochAfter(this.#epoch, batch)) {
      throw new LogMismatchError(`Entry ${batch.entry} is of epoch ${batch.epoch}, the database holds epoch ${this.#epoch}. ${REMEDY}`);
    }
    this.#epoch = batch.epoch;
    for (const { seq } of batch.groups) {
      if (seq !== this.#seq + 1n) {
        throw new LogMismatchError(`In entry ${batch.entry} seq ${this.#seq} is followed by seq ${seq}: the event log is damaged. ${REMEDY}`);
      }
      this.#seq = seq;
    }
    this.#entry = batch.entry;
    return batch;
  }

  // Asked only over a connection that stands, and given up when it falls, whatever the driver does with the command then:
  // what a later connection says may come from another server, and is only taken after `verify`.
  async #answer<T>(ask: () => Promise<T>): Promise<T> {
    if (this.#redis.status !== "ready") throw new RedisAwayError(`the connection is ${this.#redis.status}`);
    let onClose: () => void = () => undefined;
    const lost = new Promise<never>((_, reject) => (onClose = () => reject(new RedisAwayError("the connection was lost"))));
    this.#redis.once("close", onClose);
    try {
      return await Promise.race([ask(), lost]);
    } catch (error) {
      const refused = error instanceof Error && error.name === "ReplyError" && !NOT_YET.test(error.message);
      throw refused ? error : new RedisAwayError(String(error));
    } finally {
      this.#redis.off("close", onClose);
    }
  }

  async #edge(which: "first" | "last"): Promise<EventBatch | undefined> {
    if (which === "first") return (await this.#range("-", "+"))[0];
    const [row] = await this.#answer(() => this.#redis.xrevrangeBuffer(EVENT_LOG, "+", "-", "COUNT", 1));
    return row === undefined ? undefined : decode(row[0], row[1]);
  }

  async #range(from: string, to: string): Promise<EventBatch[]> {
    const rows = await this.#answer(() => this.#redis.xrangeBuffer(EVENT_LOG, from, to, "COUNT", 1));
    return rows.map(([id, fields]) => decode(id, fields));
  }
}

// What a server says while it starts; whatever else it refuses it would refuse again.
const NOT_YET = /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)/;

function decode(id: Buffer, fields: readonly Buffer[]): EventBatch {
  const [name, bytes] = fields;
  const number = entryNumber(id.toString());
  if (name?.toString() !== ENTRY_FIELD || bytes === undefined) throw new Error(`entry ${number} of the event log has no field "${ENTRY_FIELD}"`);
  const batch = fromBinary(EventBatchSchema, bytes);
  if (batch.entry !== BigInt(number)) throw new Error(`entry ${number} of the event log calls itself entry ${batch.entry}`);
  return batch;
}

// The log says itself that it goes on from here in a new epoch, and from which one.
function startsEpochAfter(epoch: number, { groups, epoch: next }: EventBatch): boolean {
  return groups[0]?.events.some(({ body }) => body.case === "epochStarted" && body.value.epoch === next && body.value.previousEpoch === epoch) === true;
}

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
