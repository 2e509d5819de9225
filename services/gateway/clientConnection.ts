// One client of the binary feed: reads its requests, keeps its subscriptions, writes its frames.
//
// Never knows where data comes from (topics do) nor how sockets work (ClientSocket does). Invariants: requests are
// answered in the order they came; frames leave in the order they were pushed; nothing is skipped without the client
// being told.
import { create } from "@bufbuild/protobuf";
import { SubscriptionSchema, type ClientFrame, type Subscription } from "../../gen/tickwire/v1/client_pb.ts";
import { RequestError } from "../../gen/tickwire/v1/server_pb.ts";
import { nowUs } from "../shared/clock.ts";
import { MALFORMED_FRAMES, SLOW_CONSUMER, TOO_MANY_REQUESTS, type CloseReason } from "./close.ts";
import type { FeedDirectory, Found } from "./feedDirectory.ts";
import { decodeRequest, encodeFrame, type FrameBody } from "./frames.ts";
import {
  CLIENT_FRAME_BYTES_MAX,
  HASTY_REQUESTS_MAX,
  MALFORMED_FRAMES_MAX,
  REQUESTS_BEHIND_LOGON_MAX,
  SUBSCRIPTIONS_PER_SOCKET_MAX,
} from "./limits.ts";
import type { Logon } from "./logon.ts";
import { Outbox } from "./outbox.ts";
import { RequestAllowance } from "./requestAllowance.ts";
import type { Subscriber, Topic } from "./topic.ts";

/** The socket under a connection. After close() nothing is called on it any more. */
export interface ClientSocket {
  /** Hands a binary message to the kernel, or to the socket's own buffer when the kernel takes no more. */
  send(message: Uint8Array): void;
  /** Bytes the kernel has not taken yet. */
  bufferedBytes(): number;
  close(reason: CloseReason): void;
}

export interface ClientConnectionOptions {
  readonly socket: ClientSocket;
  readonly feeds: FeedDirectory;
  readonly logon: Logon;
  /** Asks the owner to call flush() at the end of this turn of the event loop. */
  readonly wantsFlush: (connection: ClientConnection) => void;
  readonly outbox?: Outbox;
}

interface Subscribed {
  readonly topic: Topic;
  readonly subscription: Subscription;
}

type ReadyFound = Extract<Found, { ok: true }> & { readonly subscription: Subscription };

export class ClientConnection implements Subscriber {
  readonly #socket: ClientSocket;
  readonly #feeds: FeedDirectory;
  readonly #logon: Logon;
  readonly #wantsFlush: (connection: ClientConnection) => void;
  readonly #outbox: Outbox;
  readonly #subscribed = new Map<string, Subscribed>();
  readonly #allowance = new RequestAllowance(performance.now());
  #accountId: bigint | undefined;
  #behindLogon: ClientFrame[] | undefined; // requests that came while a logon is under way
  #malformedFrames = 0;
  #hastyRequests = 0;
  #open = true;

  constructor({ socket, feeds, logon, wantsFlush, outbox }: ClientConnectionOptions) {
    this.#socket = socket;
    this.#feeds = feeds;
    this.#logon = logon;
    this.#wantsFlush = wantsFlush;
    this.#outbox = outbox ?? new Outbox();
  }

  /** Sends the first frame. */
  welcome(frame: Uint8Array): void {
    this.#queue(undefined, frame);
  }

  /** A frame of a topic this client has joined. */
  push(topic: Topic, frame: Uint8Array): void {
    this.#queue(topic, frame);
  }

  /** A message from the client. The bytes are only valid during the call. */
  receive(bytes: Uint8Array, isBinary: boolean): void {
    if (!this.#open) return;
    if (!this.#allowance.take(performance.now())) {
      this.#reject(0n, RequestError.TOO_MANY_REQUESTS, "too many requests; nothing was done");
      if (++this.#hastyRequests >= HASTY_REQUESTS_MAX) this.close(TOO_MANY_REQUESTS);
      return;
    }
    this.#hastyRequests = 0;
    const tooLong = bytes.length > CLIENT_FRAME_BYTES_MAX;
    const request = isBinary && !tooLong ? decodeRequest(bytes) : undefined;
    if (request === undefined) {
      const cause = !isBinary ? "this socket speaks binary" : tooLong ? `a frame has at most ${CLIENT_FRAME_BYTES_MAX} bytes` : "this is not a ClientFrame";
      this.#reject(0n, RequestError.MALFORMED_FRAME, cause);
      if (++this.#malformedFrames >= MALFORMED_FRAMES_MAX) this.close(MALFORMED_FRAMES);
      return;
    }
    this.#inTurn(request);
  }

  /** The kernel has taken what was buffered. */
  drained(): void {
    this.flush();
  }

  /** Writes what waits, normally as one message, as far as the client reads it. */
  flush(): void {
    while (this.#write()) {
      // Everything has gone out: begin anew, one by one, with what had to be dropped.
      const topic = this.#outbox.takeBehind();
      if (topic === undefined) return;
      topic.resend(this);
    }
  }

  /** Sends what it can, then ends the connection for the reason given. */
  close(reason: CloseReason): void {
    if (!this.#open) return;
    this.#write();
    this.closed();
    this.#socket.close(reason);
  }

  /** The socket is gone. */
  closed(): void {
    if (!this.#open) return;
    this.#open = false;
    for (const { topic } of this.#subscribed.values()) topic.leave(this);
    this.#subscribed.clear();
  }

  #inTurn(request: ClientFrame): void {
    if (this.#behindLogon === undefined) this.#handle(request);
    else if (this.#behindLogon.length < REQUESTS_BEHIND_LOGON_MAX) this.#behindLogon.push(request);
    else this.#reject(request.requestNo, RequestError.TOO_MANY_REQUESTS, "too many requests wait for the logon");
  }

  #handle({ requestNo, body }: ClientFrame): void {
    switch (body.case) {
      case "subscribe":
        return this.#subscribe(requestNo, body.value.subscriptions);
      case "unsubscribe":
        return this.#unsubscribe(requestNo, body.value.subscriptions);
      case "logon":
        return this.#logOn(requestNo, body.value.ticket);
      case "ping":
        return this.#answer({ case: "pong", value: { requestNo, clientTimeUs: body.value.clientTimeUs, serverTimeUs: BigInt(nowUs()) } });
      case undefined:
        return this.#reject(requestNo, RequestError.UNKNOWN_REQUEST, "this request is not known here");
    }
  }

  // All or nothing: the checks first, then what cannot fail.
  #subscribe(requestNo: bigint, subscriptions: readonly Subscription[]): void {
    const added = new Map<string, ReadyFound>();
    for (const subscription of subscriptions) {
      const found = this.#feeds.find(subscription, this.#accountId);
      if (!found.ok) return this.#reject(requestNo, found.refusal.error, found.refusal.message);
      const other = this.#subscribed.get(found.slot)?.topic ?? added.get(found.slot)?.topic;
      if (other === found.topic) continue; // subscribed already: nothing to do
      if (other !== undefined) {
        return this.#reject(requestNo, RequestError.INVALID_CONFLATION, "the book comes with another conflation already; unsubscribe from that first");
      }
      added.set(found.slot, { ...found, subscription });
    }
    if (this.#subscribed.size + added.size > SUBSCRIPTIONS_PER_SOCKET_MAX) {
      return this.#reject(requestNo, RequestError.TOO_MANY_SUBSCRIPTIONS, `a socket has at most ${SUBSCRIPTIONS_PER_SOCKET_MAX} subscriptions`);
    }
    this.#answer({ case: "subscribed", value: { requestNo, subscriptions: subscriptions.map(plain) } });
    for (const [slot, { topic, subscription }] of added) {
      if (!this.#open) return; // what the last one sent was too much
      this.#subscribed.set(slot, { topic, subscription: plain(subscription) });
      topic.join(this);
    }
  }

  #unsubscribe(requestNo: bigint, subscriptions: readonly Subscription[]): void {
    const removed = new Map<string, Subscribed>();
    for (const wanted of subscriptions) {
      const held = [...this.#subscribed].find(([, { subscription }]) => same(subscription, wanted));
      if (held === undefined) return this.#reject(requestNo, RequestError.NOT_SUBSCRIBED, `there is no subscription to channel ${wanted.channel} of market ${wanted.marketId}`);
      removed.set(...held);
    }
    for (const [slot, { topic }] of removed) {
      this.#subscribed.delete(slot);
      topic.leave(this);
      this.#outbox.forget(topic);
    }
    this.#answer({ case: "unsubscribed", value: { requestNo, subscriptions: subscriptions.map(plain) } });
  }

  #logOn(requestNo: bigint, ticket: string): void {
    this.#behindLogon = [];
    void this.#logon(ticket).then((result) => {
      if (!this.#open) return;
      if (!result.ok) this.#reject(requestNo, result.refusal.error, result.refusal.message);
      else if (this.#accountId !== undefined && this.#accountId !== result.accountId) {
        this.#reject(requestNo, RequestError.INVALID_TICKET, "this socket is logged on to another account; open a new one");
      } else {
        this.#accountId = result.accountId;
        this.#answer({ case: "loggedOn", value: { requestNo, accountId: result.accountId } });
      }
      const waiting = this.#behindLogon ?? [];
      this.#behindLogon = undefined;
      for (const request of waiting) this.#inTurn(request); // one may be a logon again, behind which the rest waits
    });
  }

  /** Writes what waits; false when the client does not read it fast enough, or is gone. */
  #write(): boolean {
    while (this.#open && this.#socket.bufferedBytes() === 0) {
      const message = this.#outbox.take();
      if (message === undefined) return true;
      this.#socket.send(message);
    }
    return false;
  }

  #answer(body: FrameBody): void {
    this.#queue(undefined, encodeFrame(body));
  }

  #reject(requestNo: bigint, error: RequestError, message: string): void {
    this.#answer({ case: "requestRejected", value: { requestNo, error, message } });
  }

  #queue(topic: Topic | undefined, frame: Uint8Array): void {
    if (!this.#open) return;
    // A burst within one turn is not slowness: what the kernel takes at once makes room. Nothing is sent anew here,
    // since a topic may be in the middle of telling its subscribers.
    if (this.#outbox.isFullFor(frame)) this.#write();
    const wasEmpty = this.#outbox.isEmpty;
    if (this.#outbox.push(topic, frame) === "overflow") {
      this.close(SLOW_CONSUMER);
      return;
    }
    if (wasEmpty) this.#wantsFlush(this);
  }
}

const plain = ({ channel, marketId, interval, conflateMs }: Subscription): Subscription => create(SubscriptionSchema, { channel, marketId, interval, conflateMs });

const same = (a: Subscription, b: Subscription): boolean =>
  a.channel === b.channel && a.marketId === b.marketId && a.interval === b.interval && a.conflateMs === b.conflateMs;
