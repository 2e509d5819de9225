// A topic: one stream of frames that clients join and leave, encoded once for all of them. What it carries is up to
// the feeds; how a frame reaches a socket is up to the subscriber. Neither knows the other's side.

/**
 * What may be done with a topic's frames when a client reads too slowly:
 * - `whole`: drop them, and send everything anew once it has caught up (book);
 * - `newest`: only the newest frame counts, older ones may be dropped (tickers);
 * - `every`: each frame matters; the connection must end instead (trades, candles, private data).
 */
export type Delivery = "whole" | "newest" | "every";

/** Who receives a topic's frames. */
export interface Subscriber {
  /** Queues a frame behind all earlier ones. The bytes must not change afterwards. */
  push(topic: Topic, frame: Uint8Array): void;
}

export abstract class Topic {
  abstract readonly delivery: Delivery;
  /** For logs: "book BTCUSDT". */
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Sends what the topic stands at, then everything that follows. A subscriber joins once. */
  abstract join(subscriber: Subscriber): void;
  /** Nothing is sent after this. */
  abstract leave(subscriber: Subscriber): void;
  /** Delivery `whole` only: frames of this topic were dropped for the subscriber; begin anew with it. */
  resend(_subscriber: Subscriber): void {
    throw new Error(`${this.name} cannot be sent anew`);
  }
}

/** What a topic tells the feed that fills it. */
export interface Demand {
  /** The first subscriber has come. */
  wanted(): void;
  /** The last subscriber has gone. */
  unwanted(): void;
}

/** A topic whose frames go to all its subscribers alike, beginning with the newest of some kept frames. */
export class BroadcastTopic extends Topic {
  readonly delivery: Delivery;
  readonly #subscribers = new Set<Subscriber>();
  readonly #demand: Demand;
  readonly #current: () => Uint8Array | undefined;

  /** `current` is the frame a newcomer gets at once, if there is one. */
  constructor(options: { name: string; delivery: Delivery; demand: Demand; current: () => Uint8Array | undefined }) {
    super(options.name);
    this.delivery = options.delivery;
    this.#demand = options.demand;
    this.#current = options.current;
  }

  get hasSubscribers(): boolean {
    return this.#subscribers.size > 0;
  }

  override join(subscriber: Subscriber): void {
    this.#subscribers.add(subscriber);
    if (this.#subscribers.size === 1) this.#demand.wanted();
    const frame = this.#current();
    if (frame !== undefined) subscriber.push(this, frame);
  }

  override leave(subscriber: Subscriber): void {
    if (this.#subscribers.delete(subscriber) && this.#subscribers.size === 0) this.#demand.unwanted();
  }

  broadcast(frame: Uint8Array): void {
    for (const subscriber of this.#subscribers) subscriber.push(this, frame);
  }
}
