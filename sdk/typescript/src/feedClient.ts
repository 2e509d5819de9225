// The live feed: one connection shared by all listeners, and on it exactly the subscriptions they want.
// Each turn the wanted subscriptions are compared with those asked for, and only the difference is sent; after a
// reconnect nothing is asked for yet, so the same comparison resubscribes everything.
import { AccountTopic, type AccountListener } from "./accountTopic.ts";
import { Backoff } from "./backoff.ts";
import { BookTopic, type ConflateMs } from "./bookTopic.ts";
import type { ClientRequest, WireSubscription } from "./clientFrame.ts";
import { decodeBatch, type FeedFrame } from "./decode.ts";
import { FeedConnection, type FeedState } from "./feedConnection.ts";
import { FeedError } from "./feedError.ts";
import type { FeedBookTicker, FeedCandle, FeedMarketStatus, FeedTicker, FeedTrade } from "./feedMessages.ts";
import {
  LOGON_DELAY_MAX_MS,
  REQUEST_RETRY_DELAY_MS,
  RESYNC_CALM_AFTER_MS,
  RESYNC_DELAY_MAX_MS,
  RESYNC_DELAY_MIN_MS,
  RECONNECT_DELAY_MIN_MS,
  SUBSCRIPTIONS_PER_REQUEST_MAX,
} from "./limits.ts";
import type { OrderBook } from "./orderBook.ts";
import { Listeners, ValueTopic, type Topic } from "./topic.ts";
import type { Venue } from "./venue.ts";
import type { WebSocketConstructor } from "./webSocket.ts";
import type { CandleInterval, RequestError } from "./words.ts";

/** The version of the wire this client speaks; another one in Welcome ends the connection for good. */
export const PROTOCOL_VERSION = 1;

export interface FeedClientOptions {
  /** "ws://127.0.0.1:3002/feed/v1". */
  readonly url: string;
  /** Default: globalThis.WebSocket. In Node 20 pass the constructor of the `ws` package. */
  readonly WebSocket?: WebSocketConstructor;
  /** Gets a one-use ticket (POST /api/tickwire/v1/stream-ticket); needed for subscribeAccount only. */
  readonly getTicket?: () => Promise<string>;
}

/** Ends what it came from; calling it again does nothing. */
export type Unsubscribe = () => void;

// Refused for the moment only; everything else stays refused until the next connection.
const TRANSIENT: ReadonlySet<RequestError> = new Set(["TOO_MANY_REQUESTS", "UNAVAILABLE"]);

/** When a topic's holes were mended: the first at once, further ones in a row with growing waits. */
interface Mended {
  readonly backoff: Backoff;
  lastMs: number;
}

export class FeedClient {
  readonly #connection: FeedConnection;
  readonly #getTicket: (() => Promise<string>) | undefined;
  readonly #topics = new Map<string, Topic>();
  readonly #mended = new WeakMap<Topic, Mended>();
  readonly #stateListeners = new Listeners<FeedState>();
  readonly #venueListeners = new Listeners<Venue>();
  readonly #errorListeners = new Listeners<FeedError>();
  readonly #logonBackoff = new Backoff({ minMs: RECONNECT_DELAY_MIN_MS, maxMs: LOGON_DELAY_MAX_MS });
  #venue: Venue | undefined;
  #accountId: number | undefined;
  #logon: "none" | "ticket" | "asked" | "done" = "none";
  #logonRequestNo = 0;
  // Counts the sockets that said Welcome: whatever was begun on an earlier one is void.
  #session = 0;
  #reconcileQueued = false;
  readonly #unreadable = new Set<string>();

  /** Does nothing until connect(); listeners may be added before. */
  constructor({ url, WebSocket, getTicket }: FeedClientOptions) {
    const constructor = WebSocket ?? (globalThis as { WebSocket?: WebSocketConstructor }).WebSocket;
    if (constructor === undefined) throw new TypeError("this platform has no WebSocket: pass the constructor of the ws package");
    this.#getTicket = getTicket;
    this.#connection = new FeedConnection({
      url,
      WebSocket: constructor,
      events: {
        onBytes: (bytes) => this.#onBytes(bytes),
        onState: (state) => this.#onState(state),
        onError: (error) => this.#errorListeners.tell(error),
      },
    });
  }

  get state(): FeedState {
    return this.#connection.state;
  }
  /** What the last Welcome announced; kept while reconnecting. */
  get venue(): Venue | undefined {
    return this.#venue;
  }
  /** The last measured round trip to the gateway. */
  get latencyMs(): number | undefined {
    return this.#connection.latencyMs;
  }
  /** The account this socket is logged on to. */
  get accountId(): number | undefined {
    return this.#accountId;
  }

  connect(): void {
    this.#connection.connect();
  }

  /** Ends the connection; listeners stay, and connect() resumes. */
  close(): void {
    this.#connection.close();
  }

  /** Called soon with the present state, then at each change. */
  onState(listener: (state: FeedState) => void): Unsubscribe {
    return this.#stateListeners.add(listener, () => this.state);
  }

  /** Called soon if the venue is known, then at each Welcome and each change of a subscribed market's status. */
  onVenue(listener: (venue: Venue) => void): Unsubscribe {
    return this.#venueListeners.add(listener, () => this.#venue);
  }

  /** Whatever went wrong; the client goes on by itself unless its state is "closed". */
  onError(listener: (error: FeedError) => void): Unsubscribe {
    return this.#errorListeners.add(listener);
  }

  /**
   * Keeps a book. `onChange` gets the same OrderBook each time, at most once per message, also when it falls out of
   * sync (`synced` false).
   */
  subscribeBook(symbol: string, onChange: (book: OrderBook) => void, { conflateMs = 0 }: { conflateMs?: ConflateMs } = {}): Unsubscribe {
    const topic = this.#topic(`book ${symbol}`, BookTopic, () => new BookTopic(symbol));
    return this.#subscribed(topic.add(onChange, conflateMs));
  }

  /** Public trades as they happen, in order. Older ones: RestClient.trades. */
  subscribeTrades(symbol: string, listener: (trades: readonly FeedTrade[]) => void): Unsubscribe {
    return this.#subscribeValue({ key: "trades", symbol, listener, remember: false, subscription: (marketId) => ({ channel: "trades", marketId }) });
  }

  /** Best bid and ask, newest wins. */
  subscribeBookTicker(symbol: string, listener: (ticker: FeedBookTicker) => void): Unsubscribe {
    return this.#subscribeValue({ key: "bookTicker", symbol, listener, remember: true, subscription: (marketId) => ({ channel: "bookTicker", marketId }) });
  }

  /** The running candle at each change, and each closed one once. Older ones: RestClient.klines. */
  subscribeCandles(symbol: string, interval: CandleInterval, listener: (candle: FeedCandle) => void): Unsubscribe {
    const subscription = (marketId: number) => ({ channel: "candles", marketId, interval }) as const;
    return this.#subscribeValue({ key: `candles ${interval}`, symbol, listener, remember: true, subscription });
  }

  /** The rolling 24 hours. */
  subscribeTicker(symbol: string, listener: (ticker: FeedTicker) => void): Unsubscribe {
    return this.#subscribeValue({ key: "ticker", symbol, listener, remember: true, subscription: (marketId) => ({ channel: "ticker", marketId }) });
  }

  /** Halts and resumptions; MarketInfo.status follows while someone listens. */
  subscribeMarketStatus(symbol: string, listener: (status: FeedMarketStatus) => void): Unsubscribe {
    return this.#subscribeValue({ key: "marketStatus", symbol, listener, remember: true, subscription: (marketId) => ({ channel: "marketStatus", marketId }) });
  }

  /** Own orders, fills and balances. Logs on with a ticket from `getTicket`, again after each reconnect. */
  subscribeAccount(listener: AccountListener): Unsubscribe {
    if (this.#getTicket === undefined) throw new TypeError("subscribeAccount needs the getTicket option");
    return this.#subscribed(this.#topic("account", AccountTopic, () => new AccountTopic()).add(listener));
  }

  #subscribeValue<T>(options: {
    key: string;
    symbol: string;
    listener: (value: T) => void;
    remember: boolean;
    subscription: (marketId: number) => WireSubscription;
  }): Unsubscribe {
    const { key, symbol, listener, remember, subscription } = options;
    const topic = this.#topic(`${key} ${symbol}`, ValueTopic<T>, () => new ValueTopic<T>({ symbol, remember, subscription }));
    return this.#subscribed(topic.add(listener));
  }

  #subscribed(remove: () => void): Unsubscribe {
    this.#queueReconcile();
    return () => {
      remove();
      this.#queueReconcile();
    };
  }

  #topic<T extends Topic>(key: string, kind: abstract new (...args: never[]) => T, make: () => T): T {
    const known = this.#topics.get(key);
    if (known instanceof kind) return known;
    const topic = make();
    this.#topics.set(key, topic);
    return topic;
  }

  #onState(state: FeedState): void {
    if (state !== "open") {
      this.#logon = "none";
      this.#accountId = undefined;
      for (const topic of this.#topics.values()) topic.interrupted();
      this.#flush();
    }
    this.#stateListeners.tell(state);
  }

  #onBytes(bytes: Uint8Array): void {
    try {
      for (const frame of decodeBatch(bytes, this.#venue)) this.#onFrame(frame);
    } catch (error) {
      if (!(error instanceof FeedError)) throw error;
      this.#connection.restart(error);
      return;
    }
    this.#flush();
  }

  // After each message: books tell their listeners once, and holes are mended.
  #flush(): void {
    for (const topic of this.#topics.values()) {
      if (topic instanceof BookTopic) topic.flush();
      if (topic.mending === "needed") this.#mend(topic);
    }
  }

  #onFrame(frame: FeedFrame): void {
    switch (frame.kind) {
      case "bookDelta":
        return this.#known(`book ${frame.symbol}`, BookTopic)?.delta(frame.delta);
      case "bookSnapshot":
        return this.#known(`book ${frame.symbol}`, BookTopic)?.snapshot(frame.snapshot);
      case "trades":
        return this.#tell(`trades ${frame.symbol}`, frame.trades);
      case "bookTicker":
        return this.#tell(`bookTicker ${frame.ticker.symbol}`, frame.ticker);
      case "candle":
        return this.#tell(`candles ${frame.candle.interval} ${frame.candle.symbol}`, frame.candle);
      case "ticker":
        return this.#tell(`ticker ${frame.ticker.symbol}`, frame.ticker);
      case "marketStatus":
        this.#venue?.market(frame.status.symbol)?.setStatus(frame.status.status);
        this.#tell(`marketStatus ${frame.status.symbol}`, frame.status);
        if (this.#venue !== undefined) this.#venueListeners.tell(this.#venue);
        return;
      case "accountSnapshot":
        return this.#known("account", AccountTopic)?.snapshot(frame.state);
      case "execution":
        return this.#known("account", AccountTopic)?.execution(frame.execution);
      case "balance":
        return this.#known("account", AccountTopic)?.balance(frame);
      case "welcome":
        return this.#onWelcome(frame);
      case "pong":
        return this.#connection.ponged(frame.clientTimeUs);
      case "loggedOn":
        if (frame.requestNo !== this.#logonRequestNo) return;
        this.#logon = "done";
        this.#accountId = frame.accountId;
        this.#logonBackoff.reset();
        return this.#queueReconcile();
      case "rejected":
        return this.#onRejected(frame);
      case "unreadable":
        // Told once: it may come with every message.
        if (!this.#unreadable.has(frame.error.message)) this.#errorListeners.tell(frame.error);
        this.#unreadable.add(frame.error.message);
        return;
      case "subscribed":
      case "unsubscribed":
        return;
    }
  }

  #known<T extends Topic>(key: string, kind: abstract new (...args: never[]) => T): T | undefined {
    const topic = this.#topics.get(key);
    return topic instanceof kind ? topic : undefined;
  }

  #tell<T>(key: string, value: T): void {
    this.#known(key, ValueTopic<T>)?.tell(value);
  }

  #onWelcome({ venue, protocolVersion }: FeedFrame & { kind: "welcome" }): void {
    if (protocolVersion !== PROTOCOL_VERSION) {
      this.#connection.stop(new FeedError("protocol", `the gateway speaks version ${protocolVersion} of the feed, this client ${PROTOCOL_VERSION}`));
      return;
    }
    this.#venue = venue;
    this.#session++;
    this.#unreadable.clear();
    this.#connection.welcomed();
    this.#venueListeners.tell(venue);
    for (const { symbol, wanted } of this.#topics.values()) {
      if (wanted && symbol !== undefined && venue.market(symbol) === undefined) {
        this.#errorListeners.tell(new FeedError("rejected", `the venue has no market ${symbol}`, { request: "UNKNOWN_MARKET" }));
      }
    }
    this.#queueReconcile();
  }

  #onRejected({ requestNo, error, message }: FeedFrame & { kind: "rejected" }): void {
    if (error === "NOT_SUBSCRIBED") return; // an unsubscribe that was not needed
    this.#errorListeners.tell(new FeedError("rejected", `the gateway refused a request: ${message === "" ? error : message}`, { request: error }));
    if (requestNo === this.#logonRequestNo && this.#logon === "asked") {
      this.#retryLogon();
      return;
    }
    if (!TRANSIENT.has(error) && error !== "NOT_LOGGED_ON") return;
    if (error === "NOT_LOGGED_ON" && this.#logon === "done") this.#logon = "none";
    const session = this.#session;
    setTimeout(() => {
      if (session !== this.#session) return;
      for (const topic of this.#topics.values()) if (topic.sentIn === requestNo) topic.sent = undefined;
      this.#queueReconcile();
    }, REQUEST_RETRY_DELAY_MS);
  }

  #mend(topic: Topic): void {
    const now = performance.now();
    const history = this.#mended.get(topic) ?? { backoff: new Backoff({ minMs: RESYNC_DELAY_MIN_MS, maxMs: RESYNC_DELAY_MAX_MS }), lastMs: -Infinity };
    this.#mended.set(topic, history);
    const calm = now - history.lastMs > RESYNC_CALM_AFTER_MS;
    history.lastMs = now;
    if (calm) {
      history.backoff.reset();
      topic.mending = "due";
      this.#queueReconcile();
      return;
    }
    topic.mending = "waiting";
    const session = this.#session;
    setTimeout(() => {
      if (session !== this.#session || topic.mending !== "waiting") return;
      topic.mending = "due";
      this.#queueReconcile();
    }, history.backoff.next());
  }

  // Once per turn, so that a listener that leaves and comes back in one turn costs nothing on the wire.
  #queueReconcile(): void {
    if (this.#reconcileQueued) return;
    this.#reconcileQueued = true;
    queueMicrotask(() => {
      this.#reconcileQueued = false;
      this.#reconcile();
    });
  }

  #reconcile(): void {
    const unsubscribe: WireSubscription[] = [];
    const subscribe: { readonly topic: Topic; readonly subscription: WireSubscription }[] = [];
    const venue = this.#venue;
    const open = this.state === "open" && venue !== undefined;
    for (const [key, topic] of this.#topics) {
      if (!topic.wanted && topic.sent === undefined) {
        this.#topics.delete(key);
        continue;
      }
      if (!open) continue;
      const wanted = topic.wanted ? this.#wantedSubscription(topic, venue) : undefined;
      if (topic.mending !== "due" && sameSubscription(topic.sent, wanted)) continue;
      topic.mending = "none";
      if (topic.sent !== undefined) unsubscribe.push(topic.sent);
      topic.sent = undefined;
      if (wanted !== undefined) subscribe.push({ topic, subscription: wanted });
      else if (!topic.wanted) this.#topics.delete(key);
    }
    for (const subscriptions of chunks(unsubscribe)) this.#connection.request({ kind: "unsubscribe", subscriptions });
    for (const chunk of chunks(subscribe)) {
      const requestNo = this.#connection.request({ kind: "subscribe", subscriptions: chunk.map((s) => s.subscription) });
      for (const { topic, subscription } of chunk) {
        topic.sent = subscription;
        topic.sentIn = requestNo;
      }
    }
  }

  #wantedSubscription(topic: Topic, venue: Venue): WireSubscription | undefined {
    if (topic instanceof AccountTopic) {
      if (this.#logon === "done") return topic.subscription();
      if (this.#logon === "none") void this.#logOn();
      return undefined;
    }
    return topic.subscription(topic.symbol === undefined ? undefined : venue.market(topic.symbol));
  }

  async #logOn(): Promise<void> {
    const session = this.#session;
    this.#logon = "ticket";
    let request: ClientRequest;
    try {
      request = { kind: "logon", ticket: (await this.#getTicket?.()) ?? "" };
    } catch (cause) {
      if (session !== this.#session || this.#logon !== "ticket") return;
      this.#errorListeners.tell(new FeedError("ticket", `no ticket for the private stream: ${String(cause)}`, { cause }));
      this.#retryLogon();
      return;
    }
    if (session !== this.#session || this.#logon !== "ticket") return;
    this.#logon = "asked";
    this.#logonRequestNo = this.#connection.request(request);
  }

  #retryLogon(): void {
    const session = this.#session;
    this.#logon = "ticket"; // nobody else starts one meanwhile
    setTimeout(() => {
      if (session !== this.#session || this.#logon !== "ticket") return;
      this.#logon = "none";
      this.#queueReconcile();
    }, this.#logonBackoff.next());
  }
}

function sameSubscription(a: WireSubscription | undefined, b: WireSubscription | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.channel !== b.channel) return false;
  // The key of a topic fixes everything but the rate of a book; market ids are fixed within one connection.
  return a.channel !== "book" || b.channel !== "book" || a.conflateMs === b.conflateMs;
}

function* chunks<T>(items: readonly T[]): Generator<T[]> {
  for (let i = 0; i < items.length; i += SUBSCRIPTIONS_PER_REQUEST_MAX) yield items.slice(i, i + SUBSCRIPTIONS_PER_REQUEST_MAX);
}
