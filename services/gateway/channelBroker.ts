// Holds a Redis subscription to a channel while a reader wants it, and some seconds longer. Knows nothing of sockets.
//
// Invariant: between live() and lost() a reader gets every message Redis delivers on its channel, in order; what was
// published outside of that is lost to it, by nature of Pub/Sub, and lost() or live() says so.
import type { Logger } from "../shared/logger.ts";
import type { Redis } from "../shared/redis.ts";
import { CHANNEL_LINGER_MS } from "./limits.ts";

/** Who reads a channel; one per channel. */
export interface ChannelReader {
  /** From here on messages come. Also after each reconnection: what was sent in between is lost. */
  live(): void;
  message(payload: Buffer): void;
  /** No more messages until the next live(). */
  lost(): void;
}

interface Held {
  readonly reader: ChannelReader;
  live: boolean;
  linger: NodeJS.Timeout | undefined;
}

export class ChannelBroker {
  readonly #subscriber: Redis;
  readonly #logger: Logger;
  readonly #lingerMs: number;
  readonly #held = new Map<string, Held>();

  /** `subscriber` is a connection from connectSubscriber that nobody else reads from. */
  constructor(subscriber: Redis, logger: Logger, lingerMs: number = CHANNEL_LINGER_MS) {
    this.#subscriber = subscriber;
    this.#logger = logger;
    this.#lingerMs = lingerMs;
    subscriber.on("messageBuffer", (channel: Buffer, payload: Buffer) => {
      const held = this.#held.get(channel.toString());
      if (held?.live === true) held.reader.message(payload);
    });
    subscriber.on("ready", () => this.#subscribe([...this.#held.keys()]));
    subscriber.on("close", () => {
      for (const held of this.#held.values()) {
        if (!held.live) continue;
        held.live = false;
        held.reader.lost();
      }
    });
  }

  /** Channels subscribed to at present, lingering ones included. */
  get channels(): readonly string[] {
    return [...this.#held.keys()];
  }

  /** Begins, or goes on, to read a channel. */
  want(channel: string, reader: ChannelReader): void {
    const held = this.#held.get(channel);
    if (held !== undefined) {
      clearTimeout(held.linger);
      held.linger = undefined;
      return;
    }
    this.#held.set(channel, { reader, live: false, linger: undefined });
    if (this.#subscriber.status === "ready") this.#subscribe([channel]);
  }

  /** Nobody wants the channel any more; it is given up when that is still so after some seconds. */
  unwant(channel: string): void {
    const held = this.#held.get(channel);
    if (held === undefined || held.linger !== undefined) return;
    held.linger = setTimeout(() => {
      this.#held.delete(channel);
      if (held.live) held.reader.lost();
      this.#subscriber.unsubscribe(channel).catch(() => undefined); // a lost connection has unsubscribed it
    }, this.#lingerMs);
  }

  close(): void {
    for (const held of this.#held.values()) clearTimeout(held.linger);
    this.#held.clear();
    this.#subscriber.disconnect();
  }

  #subscribe(channels: readonly string[]): void {
    if (channels.length === 0) return;
    const wanted = channels.map((channel) => this.#held.get(channel));
    this.#subscriber.subscribe(...channels).then(
      () => {
        for (const [i, channel] of channels.entries()) {
          const held = wanted[i];
          // Given up, or wanted anew by a later call, while this one was under way.
          if (held === undefined || this.#held.get(channel) !== held || held.live) continue;
          held.live = true;
          held.reader.live();
        }
      },
      (error: unknown) => this.#logger.debug({ err: String(error) }, "subscribing failed; done again when Redis is back"),
    );
  }
}
