// One market's book on the feed: asked for once, at the finest rate any listener wants; slower listeners are held
// back here. Invariant: every listener learns of a change of `synced` at once, whatever its rate.
import type { WireSubscription } from "./clientFrame.ts";
import { OrderBook, type BookDeltaFrame, type BookSnapshotFrame } from "./orderBook.ts";
import { call, Topic } from "./topic.ts";
import type { MarketInfo } from "./venue.ts";

/** How often onChange may be called: 0 is every change as it happens. */
export type ConflateMs = 0 | 100 | 1000;

interface BookListener {
  readonly onChange: (book: OrderBook) => void;
  readonly conflateMs: ConflateMs;
  held: ReturnType<typeof setTimeout> | undefined;
}

export class BookTopic extends Topic {
  readonly book: OrderBook;
  readonly #listeners = new Set<BookListener>();
  #changed = false;
  #toldSynced = false;

  constructor(symbol: string) {
    super(symbol);
    this.book = new OrderBook(symbol);
  }

  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  get #wireConflateMs(): number {
    let finest: ConflateMs = 1000;
    for (const { conflateMs } of this.#listeners) if (conflateMs < finest) finest = conflateMs;
    return finest;
  }

  subscription(market: MarketInfo | undefined): WireSubscription | undefined {
    return market === undefined ? undefined : { channel: "book", marketId: market.marketId, conflateMs: this.#wireConflateMs };
  }

  add(onChange: (book: OrderBook) => void, conflateMs: ConflateMs): () => void {
    const listener: BookListener = { onChange, conflateMs, held: undefined };
    this.#listeners.add(listener);
    queueMicrotask(() => {
      if (this.book.synced && this.#listeners.has(listener)) call(onChange, this.book);
    });
    return () => {
      clearTimeout(listener.held);
      this.#listeners.delete(listener);
    };
  }

  snapshot(frame: BookSnapshotFrame): void {
    this.#changed = true;
    this.mending = this.book.applySnapshot(frame) ? "none" : "needed";
  }

  delta(frame: BookDeltaFrame): void {
    const result = this.book.applyDelta(frame);
    if (result === "hole") this.mending = "needed";
    if (result === "applied" || result === "hole") this.#changed = true;
  }

  /** Tells the listeners once what one message, or the loss of the socket, has changed. */
  flush(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const urgent = this.book.synced !== this.#toldSynced;
    this.#toldSynced = this.book.synced;
    const wireMs = this.sent?.channel === "book" ? this.sent.conflateMs : 0;
    for (const listener of this.#listeners) {
      if (urgent || listener.conflateMs <= wireMs) {
        clearTimeout(listener.held);
        listener.held = undefined;
        call(listener.onChange, this.book);
      } else {
        listener.held ??= setTimeout(() => {
          listener.held = undefined;
          call(listener.onChange, this.book);
        }, listener.conflateMs);
      }
    }
  }

  override interrupted(): void {
    super.interrupted();
    if (!this.book.synced) return;
    this.book.markUnsynced();
    this.#changed = true;
  }
}
