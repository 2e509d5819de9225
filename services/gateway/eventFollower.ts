// Follows the event log from its tail while somebody wants it, entry by entry.
//
// Invariant: entries are handed on in order and without a hole; when that cannot be (the log was trimmed, cut short,
// or replaced by another epoch's), `lost` is called first, and following goes on from where the log stands.
import { fromBinary } from "@bufbuild/protobuf";
import { EventBatchSchema, type EventBatch } from "../../gen/tickwire/v1/event_pb.ts";
import { ENTRY_FIELD, entryId, entryNumber, EVENT_LOG } from "../shared/keys.ts";
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import { EVENT_ENTRIES_PER_READ_MAX, EVENT_READ_BLOCK_MS, EVENT_READ_RETRY_MS } from "./limits.ts";

export interface EventListener {
  batch(batch: EventBatch): void;
  /** Entries were missed. Following has resumed: what is fetched now lies before everything that will be handed on. */
  lost(): void;
}

export class EventFollower {
  readonly #reader: Redis;
  readonly #logger: Logger;
  readonly #listener: EventListener;
  #wanted = false;
  #closed = false;
  #run: Promise<void> | undefined;
  #position: number | undefined; // the last entry handed on, or the tail when following began
  #positionKnown: Promise<void> | undefined;
  #epoch = 0;

  /** `reader` is a connection from connectReader that nobody else uses: reads block it. */
  constructor(reader: Redis, logger: Logger, listener: EventListener) {
    this.#reader = reader;
    this.#logger = logger;
    this.#listener = listener;
  }

  /** The last entry handed on; undefined while not following. */
  get position(): number | undefined {
    return this.#position;
  }

  /** Follows until unwant(). Resolves once every later entry will be handed on. */
  async want(): Promise<void> {
    this.#wanted = true;
    this.#run ??= this.#follow();
    await this.#positionKnown;
  }

  unwant(): void {
    this.#wanted = false;
  }

  close(): void {
    this.#closed = true;
    this.#reader.disconnect();
  }

  async #follow(): Promise<void> {
    let known: () => void = () => undefined;
    this.#positionKnown = new Promise((resolve) => (known = resolve));
    while (this.#wanted && !this.#closed) {
      try {
        if (this.#position === undefined) {
          this.#position = await this.#tail();
          known();
        }
        await this.#readOnce(this.#position);
      } catch (error) {
        if (this.#closed) break;
        this.#logger.debug({ err: String(error) }, "reading the event log failed; trying again");
        await new Promise((resolve) => setTimeout(resolve, EVENT_READ_RETRY_MS));
      }
    }
    known();
    this.#position = undefined;
    this.#positionKnown = undefined;
    this.#run = undefined;
  }

  async #readOnce(position: number): Promise<void> {
    const streams = await this.#reader.xreadBuffer("COUNT", EVENT_ENTRIES_PER_READ_MAX, "BLOCK", EVENT_READ_BLOCK_MS, "STREAMS", EVENT_LOG, entryId(position));
    if (streams === null) {
      // Silence. A log shorter than what we have read is another log.
      const tail = await this.#tail();
      if (tail < position) this.#resume(tail, "the event log is shorter than it was");
      return;
    }
    for (const [id, fields] of streams[0]?.[1] ?? []) {
      const entry = entryNumber(id.toString());
      const bytes = fields[fields.findIndex((field, i) => i % 2 === 0 && field.toString() === ENTRY_FIELD) + 1];
      if (bytes === undefined) throw new Error(`entry ${entry} of the event log has no field ${ENTRY_FIELD}`);
      const batch = fromBinary(EventBatchSchema, bytes);
      const expected = (this.#position ?? 0) + 1;
      if (entry !== expected) this.#resume(entry - 1, `the event log goes on at entry ${entry} instead of ${expected}`);
      else if (this.#epoch !== 0 && batch.epoch !== this.#epoch) this.#resume(entry - 1, "the event log is of another epoch");
      this.#epoch = batch.epoch;
      this.#position = entry;
      this.#listener.batch(batch);
    }
  }

  #resume(position: number, cause: string): void {
    this.#logger.warn({ position, cause }, "lost the event log's tail; accounts are taken anew");
    this.#position = position;
    this.#listener.lost();
  }

  async #tail(): Promise<number> {
    const newest = await this.#reader.xrevrange(EVENT_LOG, "+", "-", "COUNT", 1);
    const id = newest[0]?.[0];
    return id === undefined ? 0 : entryNumber(id);
  }
}
