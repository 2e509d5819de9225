// One thing the feed can tell, and who listens to it: many listeners, one subscription on the wire.
// Invariant: `sent` is what the gateway was last asked for on the present socket; nothing here touches the socket.
import type { WireSubscription } from "./clientFrame.ts";
import type { MarketInfo } from "./venue.ts";

/** Calls a listener so that its failure surfaces as an uncaught error and harms neither the feed nor other listeners. */
export function call<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}

interface Entry<T> {
  readonly listener: (value: T) => void;
  told: boolean;
}

/** A set of listeners in which the same function may stand twice. */
export class Listeners<T> {
  readonly #entries = new Set<Entry<T>>();

  get size(): number {
    return this.#entries.size;
  }

  /** `first`, if given, is asked soon (not inside this call) for a value to begin with, unless one has come by then. */
  add(listener: (value: T) => void, first?: () => T | undefined): () => void {
    const entry: Entry<T> = { listener, told: false };
    this.#entries.add(entry);
    if (first !== undefined) {
      queueMicrotask(() => {
        if (entry.told || !this.#entries.has(entry)) return;
        const value = first();
        if (value !== undefined) call(listener, value);
      });
    }
    return () => this.#entries.delete(entry);
  }

  tell(value: T): void {
    for (const entry of this.#entries) {
      entry.told = true;
      call(entry.listener, value);
    }
  }
}

export abstract class Topic {
  /** undefined: the account. */
  readonly symbol: string | undefined;
  /** As asked for on this socket; undefined when not. */
  sent: WireSubscription | undefined;
  /** The request that asked. */
  sentIn = 0;
  /** Whether the data has a hole: then it must be asked for anew, though `sent` is what is wanted. */
  mending: "none" | "needed" | "waiting" | "due" = "none";

  constructor(symbol: string | undefined) {
    this.symbol = symbol;
  }

  abstract get wanted(): boolean;
  /** How to ask for it; `market` is undefined for the account. */
  abstract subscription(market: MarketInfo | undefined): WireSubscription | undefined;

  /** The socket is gone, and with it every subscription. */
  interrupted(): void {
    this.sent = undefined;
    this.sentIn = 0;
    this.mending = "none";
  }
}

/** A topic whose newest value is all that matters, or (`remember` false) that has no state at all. */
export class ValueTopic<T> extends Topic {
  readonly #listeners = new Listeners<T>();
  readonly #remember: boolean;
  readonly #subscription: (marketId: number) => WireSubscription;
  #last: T | undefined;

  constructor(options: { symbol: string; remember: boolean; subscription: (marketId: number) => WireSubscription }) {
    super(options.symbol);
    this.#remember = options.remember;
    this.#subscription = options.subscription;
  }

  get wanted(): boolean {
    return this.#listeners.size > 0;
  }

  subscription(market: MarketInfo | undefined): WireSubscription | undefined {
    return market === undefined ? undefined : this.#subscription(market.marketId);
  }

  add(listener: (value: T) => void): () => void {
    return this.#listeners.add(listener, () => this.#last);
  }

  tell(value: T): void {
    if (this.#remember) this.#last = value;
    this.#listeners.tell(value);
  }

  override interrupted(): void {
    super.interrupted();
    this.#last = undefined;
  }
}
