// The frames waiting for one socket, in order, bounded. References only: a frame's bytes are shared by all outboxes.
//
// Never drops a frame silently: a `whole` topic whose frames were dropped is remembered until it is sent anew, and what
// cannot be dropped makes push() say "overflow", after which the connection must end.
import { MESSAGE_BYTES_MAX, OUTBOX_BYTES_MAX } from "./limits.ts";
import type { Topic } from "./topic.ts";

interface Waiting {
  readonly topic: Topic | undefined;
  frame: Uint8Array;
}

export type Pushed = "queued" | "dropped" | "overflow";

export class Outbox {
  #waiting: Waiting[] = [];
  #head = 0;
  #bytes = 0;
  /** The waiting frame of each `newest` topic. */
  readonly #newest = new Map<Topic, Waiting>();
  /** `whole` topics whose frames were dropped. */
  readonly #behind = new Set<Topic>();
  readonly #bytesMax: number;

  constructor(bytesMax: number = OUTBOX_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  get isEmpty(): boolean {
    return this.#head === this.#waiting.length;
  }
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether push() could not keep everything if this frame came now. */
  isFullFor(frame: Uint8Array): boolean {
    // An empty outbox takes any one frame: a snapshot of a deep book must get through.
    return !this.isEmpty && this.#bytes + frame.length > this.#bytesMax;
  }

  /** Queues a frame; `topic` is undefined for answers to requests. */
  push(topic: Topic | undefined, frame: Uint8Array): Pushed {
    if (topic !== undefined) {
      if (this.#behind.has(topic)) return "dropped";
      if (topic.delivery === "newest") {
        const older = this.#newest.get(topic);
        if (older !== undefined) {
          this.#bytes += frame.length - older.frame.length;
          older.frame = frame;
          return "queued";
        }
      }
    }
    if (this.isFullFor(frame)) {
      this.#shed(topic);
      if (topic?.delivery === "whole") return "dropped";
      if (this.isFullFor(frame)) return "overflow";
    }
    const entry: Waiting = { topic, frame };
    this.#waiting.push(entry);
    this.#bytes += frame.length;
    if (topic?.delivery === "newest") this.#newest.set(topic, entry);
    return "queued";
  }

  /** The next message: as many frames as fit in `bytesMax`, at least one; undefined when nothing waits. */
  take(bytesMax: number = MESSAGE_BYTES_MAX): Uint8Array | undefined {
    const start = this.#head;
    const first = this.#waiting[start];
    if (first === undefined) return undefined;
    let end = start;
    let bytes = 0;
    for (; end < this.#waiting.length; end++) {
      const length = this.#waiting[end]?.frame.length ?? 0;
      if (end > start && bytes + length > bytesMax) break;
      bytes += length;
    }
    const taken = this.#waiting.slice(start, end);
    for (const { topic } of taken) if (topic?.delivery === "newest") this.#newest.delete(topic);
    this.#bytes -= bytes;
    this.#head = end;
    if (this.isEmpty) {
      this.#waiting = [];
      this.#head = 0;
    }
    return taken.length === 1 ? first.frame : Buffer.concat(taken.map(({ frame }) => frame), bytes);
  }

  /** One topic that has to be sent anew; frames of it are taken again from now on. */
  takeBehind(): Topic | undefined {
    for (const topic of this.#behind) {
      this.#behind.delete(topic);
      return topic;
    }
    return undefined;
  }

  /** The client has left the topic: what waits is still sent, but it need not catch up. */
  forget(topic: Topic): void {
    this.#behind.delete(topic);
  }

  // Overflow: the frames of every `whole` topic go, the rest keeps its order.
  #shed(pushed: Topic | undefined): void {
    const kept: Waiting[] = [];
    let bytes = 0;
    for (let i = this.#head; i < this.#waiting.length; i++) {
      const entry = this.#waiting[i];
      if (entry === undefined) continue;
      if (entry.topic?.delivery === "whole") {
        this.#behind.add(entry.topic);
      } else {
        kept.push(entry);
        bytes += entry.frame.length;
      }
    }
    if (pushed?.delivery === "whole") this.#behind.add(pushed);
    this.#waiting = kept;
    this.#head = 0;
    this.#bytes = bytes;
  }
}
