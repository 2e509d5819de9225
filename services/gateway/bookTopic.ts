// The book of one market as a stream to clients: a snapshot, then deltas that chain to it, merged for `conflateMs`.
//
// Never sends a delta to a client that has no snapshot to put it on. Invariant: each synced client stands at the seq
// its next delta names as prev_seq.
import { SnapshotReason } from "../../gen/tickwire/v1/market_data_pb.ts";
import type { BookReplica, DeltaFrame } from "./bookReplica.ts";
import { encodeFrame } from "./frames.ts";
import { CONFLATION_JOIN_SPACING_MS } from "./limits.ts";
import { Topic, type Demand, type Subscriber } from "./topic.ts";

/** How often a client may ask the book to be sent: 0 is every change as it happens. */
export const CONFLATIONS_MS = [0, 100, 1000] as const;
export type ConflateMs = (typeof CONFLATIONS_MS)[number];

abstract class BookTopicBase extends Topic {
  readonly delivery = "whole";
  protected readonly replica: BookReplica;
  /** Clients that stand at the topic's last delta. */
  protected readonly synced = new Set<Subscriber>();
  /** Clients that need a snapshot, and why. */
  protected readonly waiting = new Map<Subscriber, SnapshotReason>();
  readonly #demand: Demand;

  constructor(name: string, replica: BookReplica, demand: Demand) {
    super(name);
    this.replica = replica;
    this.#demand = demand;
  }

  override join(subscriber: Subscriber): void {
    const first = this.synced.size + this.waiting.size === 0;
    this.waiting.set(subscriber, SnapshotReason.SUBSCRIBED);
    if (first) this.#demand.wanted();
    this.serve();
  }

  override leave(subscriber: Subscriber): void {
    const left = this.synced.delete(subscriber) || this.waiting.delete(subscriber);
    if (left && this.synced.size + this.waiting.size === 0) {
      this.idle();
      this.#demand.unwanted();
    }
  }

  override resend(subscriber: Subscriber): void {
    if (!this.synced.delete(subscriber)) return;
    this.waiting.set(subscriber, SnapshotReason.SLOW_CONSUMER);
    this.serve();
  }

  /** The replica was taken anew. */
  onTaken(reason: SnapshotReason): void {
    for (const subscriber of this.synced) this.waiting.set(subscriber, reason);
    this.synced.clear();
    this.serve();
  }

  /** The replica is live as before. */
  onConfirmed(): void {
    this.serve();
  }

  abstract onDelta(frame: DeltaFrame): void;
  /** Gives the waiting their snapshot, now or soon. */
  protected abstract serve(): void;
  protected abstract idle(): void;

  protected sendSnapshots(): void {
    for (const [subscriber, reason] of this.waiting) {
      this.synced.add(subscriber);
      subscriber.push(this, this.replica.snapshotFrame(reason));
    }
    this.waiting.clear();
  }
}

/** Every delta, the very bytes the engine sent. */
class RealTimeBookTopic extends BookTopicBase {
  override onDelta({ bytes }: DeltaFrame): void {
    for (const subscriber of this.synced) subscriber.push(this, bytes);
  }

  protected override serve(): void {
    if (this.replica.live) this.sendSnapshots();
  }

  protected override idle(): void {}
}

/** One delta per `conflateMs` at most, with the newest quantity of each level that changed. */
class ConflatedBookTopic extends BookTopicBase {
  readonly #conflateMs: number;
  readonly #bidTicks = new Set<number>();
  readonly #askTicks = new Set<number>();
  #sentSeq = 0;
  #turnAtMs = 0; // when the last turn was
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = 0;

  constructor(name: string, replica: BookReplica, demand: Demand, conflateMs: number) {
    super(name, replica, demand);
    this.#conflateMs = conflateMs;
  }

  override onDelta({ delta }: DeltaFrame): void {
    if (this.synced.size === 0) return;
    for (const ticks of delta.bidTicks) this.#bidTicks.add(ticks);
    for (const ticks of delta.askTicks) this.#askTicks.add(ticks);
    this.#turnNotLaterThan(this.#turnAtMs + this.#conflateMs);
  }

  override onTaken(reason: SnapshotReason): void {
    this.#forget();
    super.onTaken(reason);
  }

  protected override serve(): void {
    if (this.replica.live && this.waiting.size > 0) this.#turnNotLaterThan(this.#turnAtMs + CONFLATION_JOIN_SPACING_MS);
  }

  protected override idle(): void {
    this.#forget();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #turnNotLaterThan(atMs: number): void {
    const now = performance.now();
    if (this.#timer !== undefined) {
      if (this.#timerAtMs <= atMs) return;
      clearTimeout(this.#timer);
    }
    this.#timerAtMs = Math.max(atMs, now);
    this.#timer = setTimeout(() => this.#turn(), this.#timerAtMs - now);
  }

  // The delta first, for those who stand at the last one; then all stand at the replica's seq, newcomers included.
  #turn(): void {
    this.#timer = undefined;
    this.#turnAtMs = performance.now();
    if (!this.replica.live) return; // onTaken or onConfirmed comes when it is
    if (this.synced.size > 0 && this.replica.seq !== this.#sentSeq) {
      const frame = this.#mergedDelta();
      for (const subscriber of this.synced) subscriber.push(this, frame);
    }
    this.#forget();
    this.#sentSeq = this.replica.seq;
    this.sendSnapshots();
  }

  override onConfirmed(): void {
    super.onConfirmed();
    if (this.synced.size > 0 && this.replica.seq !== this.#sentSeq) this.#turnNotLaterThan(this.#turnAtMs + this.#conflateMs);
  }

  #mergedDelta(): Uint8Array {
    const { replica } = this;
    const bidTicks = [...this.#bidTicks].sort((a, b) => b - a);
    const askTicks = [...this.#askTicks].sort((a, b) => a - b);
    return encodeFrame({
      case: "bookDelta",
      value: {
        marketId: replica.marketId,
        epoch: replica.epoch,
        prevSeq: BigInt(this.#sentSeq),
        seq: BigInt(replica.seq),
        timeUs: BigInt(replica.timeUs),
        bidTicks: bidTicks.map(BigInt),
        bidLots: bidTicks.map((ticks) => BigInt(replica.bids.quantityAt(ticks))),
        askTicks: askTicks.map(BigInt),
        askLots: askTicks.map((ticks) => BigInt(replica.asks.quantityAt(ticks))),
        checksum: replica.checksum,
      },
    });
  }

  #forget(): void {
    this.#bidTicks.clear();
    this.#askTicks.clear();
  }
}

export type BookTopic = BookTopicBase;

export const createBookTopic = (options: { symbol: string; replica: BookReplica; demand: Demand; conflateMs: ConflateMs }): BookTopic => {
  const { symbol, replica, demand, conflateMs } = options;
  return conflateMs === 0
    ? new RealTimeBookTopic(`book ${symbol}`, replica, demand)
    : new ConflatedBookTopic(`book ${symbol} ${conflateMs} ms`, replica, demand, conflateMs);
};
