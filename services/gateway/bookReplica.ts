// One market's book, kept from a snapshot asked of the engine and the deltas that chain to it.
//
// Never guesses: a delta that does not chain, or whose checksum disagrees, starts a recovery. Invariant: while `live`,
// the two sides are the engine's book as of `seq`.
import type { BookSnapshot } from "../../gen/tickwire/v1/market_data_pb.ts";
import { SnapshotReason } from "../../gen/tickwire/v1/market_data_pb.ts";
import type { Logger } from "../shared/logger.ts";
import { bookChecksum } from "./bookChecksum.ts";
import { BookSide } from "./bookSide.ts";
import { encodeFrame, type BookDeltaNumbers } from "./frames.ts";
import { Recovery } from "./recovery.ts";

/** A delta with the frame that carries it. */
export interface DeltaFrame {
  readonly delta: BookDeltaNumbers;
  readonly bytes: Uint8Array;
}

export interface BookReplicaEvents {
  /** The book is live anew; whoever followed it before needs a snapshot with this reason. */
  taken(reason: SnapshotReason): void;
  /** The book is live as before: nothing was missed, and what came meanwhile has been told by applied(). */
  confirmed(): void;
  applied(frame: DeltaFrame): void;
}

export interface BookReplicaOptions {
  readonly marketId: number;
  readonly symbol: string;
  readonly logger: Logger;
  /** The whole book, asked of the engine. Rejects when there is no answer. */
  readonly fetch: () => Promise<BookSnapshot>;
  readonly events: BookReplicaEvents;
}

export class BookReplica {
  readonly marketId: number;
  readonly bids = new BookSide(1);
  readonly asks = new BookSide(-1);
  readonly #events: BookReplicaEvents;
  readonly #logger: Logger;
  readonly #symbol: string;
  readonly #recovery: Recovery<BookSnapshot, DeltaFrame>;
  #epoch = 0;
  #seq = 0;
  #timeUs = 0;
  #checksum = 0;
  #taken = false; // whether the two sides are a book that clients may have been told
  #toldEpoch = 0;
  readonly #snapshots = new Map<SnapshotReason, { epoch: number; seq: number; frame: Uint8Array }>();

  constructor({ marketId, symbol, logger, fetch, events }: BookReplicaOptions) {
    this.marketId = marketId;
    this.#symbol = symbol;
    this.#logger = logger;
    this.#events = events;
    this.#recovery = new Recovery({ what: `book ${symbol}`, logger, fetch, merge: (snapshot, changes) => this.#merge(snapshot, changes) });
  }

  get live(): boolean {
    return this.#recovery.live;
  }
  /** Neither live nor on the way to be. */
  get stopped(): boolean {
    return this.#recovery.stopped;
  }
  get epoch(): number {
    return this.#epoch;
  }
  get seq(): number {
    return this.#seq;
  }
  get timeUs(): number {
    return this.#timeUs;
  }
  /** As the engine computed it after the last delta; 0: not known. */
  get checksum(): number {
    return this.#checksum;
  }

  /** Takes the book; again after each interruption. The deltas' channel must already be delivering. */
  start(): void {
    this.#recovery.begin();
  }

  /** The channel has stopped delivering: the book grows stale from here. */
  stop(): void {
    this.#recovery.stop();
  }

  onDelta(frame: DeltaFrame): void {
    if (!this.#recovery.live) {
      this.#recovery.hold(frame);
      return;
    }
    const { delta } = frame;
    if (this.#contains(delta)) return;
    if (this.#chains(delta) && this.#apply(delta)) {
      this.#events.applied(frame);
      return;
    }
    this.#logger.warn({ market: this.#symbol, epoch: this.#epoch, seq: this.#seq, prevSeq: delta.prevSeq, deltaSeq: delta.seq }, "hole in the feed; taking the book anew");
    this.#recovery.begin();
    this.#recovery.hold(frame);
  }

  /** The whole book as a BookSnapshot frame; encoded once however many ask. Only while live. */
  snapshotFrame(reason: SnapshotReason): Uint8Array {
    const cached = this.#snapshots.get(reason);
    if (cached !== undefined && cached.seq === this.#seq && cached.epoch === this.#epoch) return cached.frame;
    const frame = encodeFrame({
      case: "bookSnapshot",
      value: {
        marketId: this.marketId,
        epoch: this.#epoch,
        seq: BigInt(this.#seq),
        timeUs: BigInt(this.#timeUs),
        bidTicks: bestFirst(this.bids.ticks),
        bidLots: bestFirst(this.bids.lots),
        askTicks: bestFirst(this.asks.ticks),
        askLots: bestFirst(this.asks.lots),
        reason,
        checksum: this.#checksum,
      },
    });
    this.#snapshots.set(reason, { epoch: this.#epoch, seq: this.#seq, frame });
    return frame;
  }

  #contains(delta: BookDeltaNumbers): boolean {
    return delta.epoch === this.#epoch && delta.seq <= this.#seq;
  }

  #chains(delta: BookDeltaNumbers): boolean {
    return delta.epoch === this.#epoch && delta.prevSeq === this.#seq;
  }

  /** False when the result is not the engine's book. */
  #apply(delta: BookDeltaNumbers): boolean {
    for (let i = 0; i < delta.bidTicks.length; i++) this.bids.set(delta.bidTicks[i] ?? 0, delta.bidLots[i] ?? 0);
    for (let i = 0; i < delta.askTicks.length; i++) this.asks.set(delta.askTicks[i] ?? 0, delta.askLots[i] ?? 0);
    this.#seq = delta.seq;
    this.#timeUs = delta.timeUs;
    this.#checksum = delta.checksum;
    return delta.checksum === 0 || delta.checksum === bookChecksum(this.bids, this.asks);
  }

  #merge(snapshot: BookSnapshot, changes: readonly DeltaFrame[]): boolean {
    const before = { taken: this.#taken, epoch: this.#toldEpoch, seq: this.#seq };
    const inOrder =
      this.bids.replace(snapshot.bidTicks.map(Number), snapshot.bidLots.map(Number)) &&
      this.asks.replace(snapshot.askTicks.map(Number), snapshot.askLots.map(Number));
    this.#epoch = snapshot.epoch;
    this.#seq = Number(snapshot.seq);
    this.#timeUs = Number(snapshot.timeUs);
    this.#checksum = snapshot.checksum;
    this.#snapshots.clear();
    if (!inOrder || (snapshot.checksum !== 0 && snapshot.checksum !== bookChecksum(this.bids, this.asks))) {
      this.#taken = false;
      return false;
    }
    for (const { delta } of changes) {
      // Deltas of another epoch than the snapshot's: an older one is history, a newer one means the snapshot is.
      if (delta.epoch < this.#epoch || this.#contains(delta)) continue;
      if (!this.#chains(delta) || !this.#apply(delta)) {
        this.#taken = false;
        return false;
      }
    }
    this.#taken = true;
    this.#toldEpoch = this.#epoch;
    if (before.epoch !== 0 && before.epoch !== this.#epoch) this.#events.taken(SnapshotReason.EPOCH_CHANGED);
    else {
      const missed = before.taken ? chainFrom(before.seq, Number(snapshot.seq), changes) : undefined;
      if (missed === undefined) this.#events.taken(SnapshotReason.FEED_RESYNC);
      else {
        for (const change of missed) this.#events.applied(change);
        this.#events.confirmed();
      }
    }
    return true;
  }
}

/** The held changes that lead without a hole from a book at `fromSeq`, past the snapshot, to now; undefined if they do not. */
function chainFrom(fromSeq: number, snapshotSeq: number, changes: readonly DeltaFrame[]): DeltaFrame[] | undefined {
  const chain: DeltaFrame[] = [];
  let seq = fromSeq;
  let metSnapshot = seq === snapshotSeq;
  for (const change of changes) {
    if (change.delta.seq <= seq) continue;
    if (change.delta.prevSeq !== seq) return undefined;
    seq = change.delta.seq;
    metSnapshot ||= seq === snapshotSeq;
    chain.push(change);
  }
  return metSnapshot ? chain : undefined;
}

function bestFirst(values: readonly number[]): bigint[] {
  const result: bigint[] = [];
  for (let i = values.length - 1; i >= 0; i--) result.push(BigInt(values[i] ?? 0));
  return result;
}
