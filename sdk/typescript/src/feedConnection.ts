// The life of one feed socket after another: connect, wait for Welcome, ping, notice death, come back with backoff.
// Knows nothing of markets. Invariant: at most one socket is live, and nothing is heard from one that was given up.
import { Backoff } from "./backoff.ts";
import { encodeRequest, type ClientRequest } from "./clientFrame.ts";
import { mayReconnect } from "./closeCodes.ts";
import { FeedError } from "./feedError.ts";
import {
  PING_ANSWER_MAX_MS,
  PING_INTERVAL_MS,
  RECONNECT_DELAY_MAX_MS,
  RECONNECT_DELAY_MIN_MS,
  STABLE_AFTER_MS,
  WELCOME_TIMEOUT_MS,
} from "./limits.ts";
import type { WebSocketConstructor, WebSocketLike } from "./webSocket.ts";

/**
 * - `closed`: not connected and not trying (before connect(), after close(), or the gateway said not to come back).
 * - `connecting`: the first attempt.
 * - `open`: Welcome has arrived.
 * - `reconnecting`: was open, or an attempt failed; tries again by itself.
 */
export type FeedState = "connecting" | "open" | "reconnecting" | "closed";

export interface FeedConnectionEvents {
  /** One message. */
  onBytes(bytes: Uint8Array): void;
  onState(state: FeedState): void;
  onError(error: FeedError): void;
}

type Timer = ReturnType<typeof setTimeout>;

export class FeedConnection {
  readonly #url: string;
  readonly #WebSocket: WebSocketConstructor;
  readonly #events: FeedConnectionEvents;
  readonly #backoff = new Backoff({ minMs: RECONNECT_DELAY_MIN_MS, maxMs: RECONNECT_DELAY_MAX_MS });
  #socket: WebSocketLike | undefined;
  #state: FeedState = "closed";
  #timer: Timer | undefined; // the wait for Welcome or for the next attempt
  #pinging: Timer | undefined;
  #requestNo = 0;
  #openedAtMs = 0;
  #heardAtMs = 0;
  #pingSentAtMs = 0;
  #latencyMs: number | undefined;

  constructor(options: { url: string; WebSocket: WebSocketConstructor; events: FeedConnectionEvents }) {
    this.#url = options.url;
    this.#WebSocket = options.WebSocket;
    this.#events = options.events;
  }

  get state(): FeedState {
    return this.#state;
  }
  get latencyMs(): number | undefined {
    return this.#latencyMs;
  }

  connect(): void {
    if (this.#state !== "closed") return;
    this.#backoff.reset();
    this.#timer = setTimeout(() => this.#open(), 0);
    this.#setState("connecting");
  }

  close(): void {
    this.#abandonSocket();
    this.#setState("closed");
  }

  /** Sends a request and returns its number, by which the gateway answers; 0 when there is no open connection. */
  request(request: ClientRequest): number {
    if (this.#socket === undefined || this.#state !== "open") return 0;
    const requestNo = ++this.#requestNo;
    this.#socket.send(encodeRequest(requestNo, request));
    return requestNo;
  }

  /** The owner has read Welcome: from here on requests may be sent. */
  welcomed(): void {
    clearTimeout(this.#timer);
    this.#openedAtMs = performance.now();
    this.#setState("open");
    this.#ping();
    this.#pinging = setInterval(() => this.#watch(), PING_INTERVAL_MS);
  }

  /** The owner has read a Pong. */
  ponged(clientTimeUs: number): void {
    this.#latencyMs = Math.max(0, performance.now() - clientTimeUs / 1000);
  }

  /** Gives this socket up and comes back with a new one. */
  restart(error: FeedError): void {
    if (this.#state === "closed") return;
    const lived = this.#state === "open" && performance.now() - this.#openedAtMs >= STABLE_AFTER_MS;
    if (lived) this.#backoff.reset();
    this.#abandonSocket();
    // Set before anyone is told, so that whoever answers with close() ends it.
    this.#timer = setTimeout(() => this.#open(), this.#backoff.next());
    this.#setState("reconnecting");
    this.#events.onError(error);
  }

  /** Gives up for good. */
  stop(error: FeedError): void {
    this.close();
    this.#events.onError(error);
  }

  #open(): void {
    let socket: WebSocketLike;
    try {
      socket = new this.#WebSocket(this.#url);
    } catch (cause) {
      // A malformed address, or a page that may not open sockets: trying again would not help.
      this.stop(new FeedError("connection", `the feed address ${this.#url} cannot be used: ${String(cause)}`, { cause }));
      return;
    }
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }: { readonly data: unknown }) => {
      if (this.#socket !== socket) return;
      this.#heardAtMs = performance.now();
      if (data instanceof ArrayBuffer) this.#events.onBytes(new Uint8Array(data));
      else this.restart(new FeedError("protocol", "the gateway sent text where the feed is binary"));
    };
    socket.onclose = ({ code, reason }: { readonly code: number; readonly reason: string }) => {
      if (this.#socket !== socket) return;
      const error = new FeedError("connection", `the gateway closed the connection: ${code}${reason === "" ? "" : ` ${reason}`}`, { closeCode: code });
      if (mayReconnect(code)) this.restart(error);
      else this.stop(error);
    };
    // Always followed by a close; without a listener `ws` would throw.
    socket.onerror = () => undefined;
    this.#timer = setTimeout(() => this.restart(new FeedError("connection", "the gateway did not answer")), WELCOME_TIMEOUT_MS);
  }

  #ping(): void {
    this.#pingSentAtMs = performance.now();
    this.request({ kind: "ping", clientTimeUs: Math.round(this.#pingSentAtMs * 1000) });
  }

  // Measured from the last ping, not from the last message: a browser may run a hidden page's timers once a minute.
  #watch(): void {
    if (this.#heardAtMs >= this.#pingSentAtMs) this.#ping();
    else if (performance.now() - this.#pingSentAtMs >= PING_ANSWER_MAX_MS) {
      this.restart(new FeedError("connection", "the connection has gone silent"));
    }
  }

  #abandonSocket(): void {
    clearTimeout(this.#timer);
    clearInterval(this.#pinging);
    this.#latencyMs = undefined;
    const socket = this.#socket;
    this.#socket = undefined;
    socket?.close();
  }

  #setState(state: FeedState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.onState(state);
  }
}
