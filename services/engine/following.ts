// The part of an engine that follows: what it has applied but not yet seen answered, held against what the leader wrote.
//
// Never: appends or publishes. Invariant: an entry leaves `pending` only when the event log holds exactly the bytes that
// this engine made of it; anything else stops it, because one of the two engines is wrong and nobody can say which.
import type { StateDigest } from "../../gen/tickwire/v1/operations_pb.ts";
import type { LogEntry } from "./log/commandLog.ts";
import { LogMismatch } from "./log/commandLog.ts";
import { DIGESTS_KEPT, ENTRIES_PER_READ_MAX } from "./limits.ts";
import type { Outputs } from "./outbound.ts";

export class Following {
  #pending: Outputs[] = [];
  #confirmed: number;
  /** The newest that were found in the event log: whether anybody was told of them is not known. */
  #recent: Outputs[] = [];
  // By seq, of both sides, until they meet.
  readonly #own = new Map<bigint, Uint8Array>();
  readonly #heard = new Map<bigint, Uint8Array>();
  #compared = 0;

  /** `confirmed` is the newest entry known to be answered as this engine would. */
  constructor(confirmed: number) {
    this.#confirmed = confirmed;
  }

  /** Applied, in order, and not known to be in the event log. */
  get pending(): readonly Outputs[] {
    return this.#pending;
  }

  /** The newest entry that the event log holds as this engine made it. */
  get confirmed(): number {
    return this.#confirmed;
  }

  /** The outputs found in the event log last, a bounded number. */
  get recent(): readonly Outputs[] {
    return this.#recent;
  }

  /** State digests that were compared so far. */
  get digestsCompared(): number {
    return this.#compared;
  }

  applied(outputs: Outputs): void {
    this.#pending.push(outputs);
    const { digest } = outputs;
    if (digest?.seq !== undefined && digest.digest !== undefined) this.#meet(this.#own, this.#heard, digest.seq, digest.digest);
  }

  /** What this engine appended itself. */
  sent(): void {
    this.#confirmed = this.#pending.at(-1)?.entry ?? this.#confirmed;
    this.#pending = [];
  }

  /**
   * Holds entries of the event log against what this engine made of them, as far as it has come; answers the newest equal one.
   * @throws LogMismatch
   */
  compare(events: readonly LogEntry[]): Outputs | undefined {
    let newest: Outputs | undefined;
    let met = 0;
    for (const { entry, bytes } of events) {
      if (entry <= this.#confirmed) continue;
      const own = this.#pending[met];
      if (own === undefined) break;
      if (own.entry !== entry) throw new LogMismatch(`The event log has entry ${entry} where this engine has entry ${own.entry}: outputs are missing from it.`);
      if (!own.events.equals(bytes)) {
        throw new LogMismatch(`The leading engine answered entry ${entry} with other events than this one: they do not compute the same. Look at both versions before going on; tickwire replay shows what the log itself comes to.`);
      }
      newest = own;
      met++;
    }
    if (newest === undefined) return undefined;
    this.#recent = [...this.#recent, ...this.#pending.splice(0, met)].slice(-ENTRIES_PER_READ_MAX);
    this.#confirmed = newest.entry;
    return newest;
  }

  /**
   * A state digest that the leader told.
   * @throws LogMismatch
   */
  heard({ seq, digest }: StateDigest): void {
    this.#meet(this.#heard, this.#own, seq, digest);
  }

  #meet(side: Map<bigint, Uint8Array>, other: Map<bigint, Uint8Array>, seq: bigint, digest: Uint8Array): void {
    const theirs = other.get(seq);
    if (theirs === undefined) {
      side.set(seq, digest);
      // A digest that was not heard never meets its other half.
      for (const old of side.keys()) {
        if (side.size <= DIGESTS_KEPT) break;
        side.delete(old);
      }
      return;
    }
    other.delete(seq);
    this.#compared++;
    if (Buffer.compare(theirs, digest) !== 0) {
      throw new LogMismatch(`After command ${seq} this engine's state is not the leading engine's, though their events were equal: one of them is wrong. Look at both versions before going on; tickwire replay shows what the log itself comes to.`);
    }
  }
}
