// Private data: for each account somebody listens to, a snapshot asked of the engine, then every execution and balance
// change after it, from the event log.
//
// Invariant: what a client receives after its snapshot continues both of the snapshot's sequences without a gap.
import type { AccountSnapshot } from "../../gen/tickwire/v1/private_data_pb.ts";
import type { EventBatch } from "../../gen/tickwire/v1/event_pb.ts";
import type { Logger } from "../shared/logger.ts";
import { accountEvents, type AccountEvent } from "./accountEvents.ts";
import type { EventFollower } from "./eventFollower.ts";
import { encodeFrame } from "./frames.ts";
import { Recovery } from "./recovery.ts";
import { Topic, type Subscriber } from "./topic.ts";

/** An event with its frame, encoded when the first client needs it. */
class SharedEvent {
  readonly event: AccountEvent;
  #frame: Uint8Array | undefined;

  constructor(event: AccountEvent) {
    this.event = event;
  }

  get frame(): Uint8Array {
    const { event } = this;
    return (this.#frame ??= encodeFrame(event.kind === "execution" ? { case: "execution", value: event.value } : { case: "balanceUpdate", value: event.value }));
  }
}

interface AccountDoor {
  /** Resolves once every later event will come. */
  readonly ready: () => Promise<void>;
  readonly fetch: (accountId: bigint) => Promise<AccountSnapshot>;
  readonly logger: Logger;
}

/** One client's place in its account's two sequences. */
class Listener {
  readonly #topic: Topic;
  readonly #subscriber: Subscriber;
  readonly #recovery: Recovery<AccountSnapshot, SharedEvent>;
  #executionSeq = 0n;
  #balanceSeq = 0n;

  constructor(topic: Topic, subscriber: Subscriber, accountId: bigint, door: AccountDoor) {
    this.#topic = topic;
    this.#subscriber = subscriber;
    this.#recovery = new Recovery({
      what: `account ${accountId}`,
      logger: door.logger,
      fetch: async () => {
        await door.ready();
        return await door.fetch(accountId);
      },
      merge: (snapshot, events) => this.#merge(snapshot, events),
    });
  }

  begin(): void {
    this.#recovery.begin();
  }

  stop(): void {
    this.#recovery.stop();
  }

  take(shared: SharedEvent): void {
    if (!this.#recovery.live) this.#recovery.hold(shared);
    else if (!this.#send(shared)) {
      this.#recovery.begin();
      this.#recovery.hold(shared);
    }
  }

  #merge(snapshot: AccountSnapshot, events: readonly SharedEvent[]): boolean {
    this.#executionSeq = snapshot.executionSeq;
    this.#balanceSeq = snapshot.balanceSeq;
    this.#subscriber.push(this.#topic, encodeFrame({ case: "accountSnapshot", value: snapshot }));
    return events.every((event) => this.#send(event));
  }

  /** False when an event before this one is missing. */
  #send(shared: SharedEvent): boolean {
    const { kind, position } = shared.event;
    const at = kind === "execution" ? this.#executionSeq : this.#balanceSeq;
    if (position <= at) return true; // the snapshot contains it
    if (position !== at + 1n) return false;
    if (kind === "execution") this.#executionSeq = position;
    else this.#balanceSeq = position;
    this.#subscriber.push(this.#topic, shared.frame);
    return true;
  }
}

class AccountTopic extends Topic {
  readonly delivery = "every";
  readonly #accountId: bigint;
  readonly #door: AccountDoor;
  readonly #empty: () => void;
  readonly #listeners = new Map<Subscriber, Listener>();

  constructor(accountId: bigint, door: AccountDoor, empty: () => void) {
    super(`account ${accountId}`);
    this.#accountId = accountId;
    this.#door = door;
    this.#empty = empty;
  }

  override join(subscriber: Subscriber): void {
    const listener = new Listener(this, subscriber, this.#accountId, this.#door);
    this.#listeners.set(subscriber, listener);
    listener.begin();
  }

  override leave(subscriber: Subscriber): void {
    this.#listeners.get(subscriber)?.stop();
    if (this.#listeners.delete(subscriber) && this.#listeners.size === 0) this.#empty();
  }

  take(event: AccountEvent): void {
    const shared = new SharedEvent(event);
    for (const listener of this.#listeners.values()) listener.take(shared);
  }

  restart(): void {
    for (const listener of this.#listeners.values()) listener.begin();
  }
}

export class AccountFeed {
  readonly #topics = new Map<bigint, AccountTopic>();
  readonly #door: AccountDoor;
  #follower: EventFollower | undefined;

  constructor({ fetchAccount, logger }: { fetchAccount: (accountId: bigint) => Promise<AccountSnapshot>; logger: Logger }) {
    this.#door = {
      ready: async () => {
        await this.#follower?.want();
      },
      fetch: fetchAccount,
      logger,
    };
  }

  /** The source of events; it calls batch() and lost() here. */
  attach(follower: EventFollower): void {
    this.#follower = follower;
  }

  topic(accountId: bigint): Topic {
    const existing = this.#topics.get(accountId);
    if (existing !== undefined) return existing;
    const topic = new AccountTopic(accountId, this.#door, () => {
      this.#topics.delete(accountId);
      if (this.#topics.size === 0) this.#follower?.unwant();
    });
    this.#topics.set(accountId, topic);
    return topic;
  }

  batch(batch: EventBatch): void {
    for (const group of batch.groups) {
      for (const event of accountEvents(batch, group)) this.#topics.get(event.accountId)?.take(event);
    }
  }

  /** Events were missed: everybody needs a snapshot. */
  lost(): void {
    for (const topic of this.#topics.values()) topic.restart();
  }
}
