// REST calls of a trader: public market data, and orders signed with an API key or carried by the session cookie.
// Never retries by itself: whether a request may be repeated is the caller's to know (an order, by its client order id).
import { TickwireApiError } from "./apiError.ts";
import type {
  Account,
  AccountTrade,
  CanceledOrder,
  Depth,
  ExchangeInfo,
  Kline,
  KlinesQuery,
  MyTradesQuery,
  NewOrder,
  OrderName,
  OrderRow,
  PlacedOrder,
  PublicTrade,
  StreamTicket,
  Ticker24hr,
} from "./restMessages.ts";
import { Signer } from "./signature.ts";

/** The part of `fetch` that is used; the platform's own fits. */
export type Fetch = (
  url: string,
  init: { method: string; headers: Record<string, string>; body?: string; credentials?: "include"; signal: AbortSignal },
) => Promise<{ readonly status: number; readonly headers: { get(name: string): string | null }; text(): Promise<string> }>;

export interface RestClientOptions {
  /** "http://127.0.0.1:3001", no path. */
  readonly baseUrl: string;
  /** With apiSecret: private calls are signed. Without: they go unsigned and carry the browser's session cookie. */
  readonly apiKey?: string;
  readonly apiSecret?: string;
  /** Default: globalThis.fetch. */
  readonly fetch?: Fetch;
  /** After which a request is given up; the order it carried may still be executed. Default 10 000. */
  readonly timeoutMs?: number;
  /** How old a signed request may be when it arrives. Default 5 000. */
  readonly recvWindowMs?: number;
}

type Method = "GET" | "POST" | "DELETE";
type Parameters = Readonly<Record<string, string | number | undefined>>;

interface Request {
  readonly method: Method;
  readonly path: string;
  readonly query: string;
  readonly headers?: Record<string, string>;
  readonly credentials?: "include";
}

const TIMEOUT_DEFAULT_MS = 10_000;
const RECV_WINDOW_DEFAULT_MS = 5_000;

function encode(parameters: Parameters): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) parts.push(`${name}=${encodeURIComponent(String(value))}`);
  }
  return parts.join("&");
}

/** All methods throw TickwireApiError when the answer is not a success. */
export class RestClient {
  readonly #baseUrl: string;
  readonly #apiKey: string | undefined;
  readonly #signer: Signer | undefined;
  readonly #fetch: Fetch;
  readonly #timeoutMs: number;
  readonly #recvWindowMs: number;

  constructor({ baseUrl, apiKey, apiSecret, fetch, timeoutMs, recvWindowMs }: RestClientOptions) {
    if ((apiKey === undefined) !== (apiSecret === undefined)) throw new TypeError("apiKey and apiSecret go together");
    this.#baseUrl = baseUrl.replace(/\/+$/, "");
    this.#apiKey = apiKey;
    this.#signer = apiSecret === undefined ? undefined : new Signer(apiSecret);
    this.#fetch = fetch ?? ((url, init) => globalThis.fetch(url, init));
    this.#timeoutMs = timeoutMs ?? TIMEOUT_DEFAULT_MS;
    this.#recvWindowMs = recvWindowMs ?? RECV_WINDOW_DEFAULT_MS;
  }

  async ping(): Promise<void> {
    await this.#public("/api/v3/ping", {});
  }

  /** The exchange's clock, milliseconds. */
  async time(): Promise<number> {
    return (await this.#public<{ serverTime: number }>("/api/v3/time", {})).serverTime;
  }

  /** All markets, or one. */
  exchangeInfo(query: { symbol?: string } = {}): Promise<ExchangeInfo> {
    return this.#public("/api/v3/exchangeInfo", { symbol: query.symbol });
  }

  /** The best `limit` levels of each side (default 100). */
  depth(query: { symbol: string; limit?: number }): Promise<Depth> {
    return this.#public("/api/v3/depth", { symbol: query.symbol, limit: query.limit });
  }

  /** The newest trades, oldest first. */
  trades(query: { symbol: string; limit?: number }): Promise<PublicTrade[]> {
    return this.#public("/api/v3/trades", { symbol: query.symbol, limit: query.limit });
  }

  /** Candles, oldest first. */
  klines(query: KlinesQuery): Promise<Kline[]> {
    const { symbol, interval, limit, startTime, endTime } = query;
    return this.#public("/api/v3/klines", { symbol, interval, limit, startTime, endTime });
  }

  /** The last 24 hours of one market. */
  ticker24hr(query: { symbol: string }): Promise<Ticker24hr> {
    return this.#public("/api/v3/ticker/24hr", { symbol: query.symbol });
  }

  /** The last 24 hours of every market. */
  tickers24hr(): Promise<Ticker24hr[]> {
    return this.#public("/api/v3/ticker/24hr", {});
  }

  /**
   * Places an order. An answer means it is durable. Status 0, 503 and 504 mean that nobody knows: ask `order` by client
   * order id before trying again.
   */
  placeOrder(order: NewOrder): Promise<PlacedOrder> {
    return this.#private("POST", "/api/v3/order", { newOrderRespType: "FULL", ...order });
  }

  cancelOrder(name: OrderName): Promise<CanceledOrder> {
    return this.#private("DELETE", "/api/v3/order", name);
  }

  /** Cancels every open order of one market; -2011 when there is none. */
  cancelAllOrders(query: { symbol: string }): Promise<CanceledOrder[]> {
    return this.#private("DELETE", "/api/v3/openOrders", { symbol: query.symbol });
  }

  /** One order, open or not; -2013 when there is no such order. */
  order(name: OrderName): Promise<OrderRow> {
    return this.#private("GET", "/api/v3/order", name);
  }

  /** Open orders of one market, or of all. */
  openOrders(query: { symbol?: string } = {}): Promise<OrderRow[]> {
    return this.#private("GET", "/api/v3/openOrders", { symbol: query.symbol });
  }

  account(): Promise<Account> {
    return this.#private("GET", "/api/v3/account", {});
  }

  /** This account's trades in one market, oldest first. */
  myTrades(query: MyTradesQuery): Promise<AccountTrade[]> {
    const { symbol, limit, startTime, fromId, orderId } = query;
    return this.#private("GET", "/api/v3/myTrades", { symbol, limit, startTime, fromId, orderId });
  }

  /** A one-use ticket for FeedClient's `getTicket`: `async () => (await rest.streamTicket()).ticket`. */
  streamTicket(): Promise<StreamTicket> {
    return this.#private("POST", "/api/tickwire/v1/stream-ticket", {});
  }

  #public<T>(path: string, parameters: Parameters): Promise<T> {
    return this.#send({ method: "GET", path, query: encode(parameters) });
  }

  async #private<T>(method: Method, path: string, parameters: Parameters): Promise<T> {
    if (this.#signer === undefined || this.#apiKey === undefined) {
      return this.#send({ method, path, query: encode(parameters), credentials: "include" });
    }
    const query = encode({ ...parameters, recvWindow: this.#recvWindowMs, timestamp: Date.now() });
    const signature = await this.#signer.sign(query);
    return this.#send({ method, path, query: `${query}&signature=${signature}`, headers: { "X-MBX-APIKEY": this.#apiKey } });
  }

  async #send<T>({ method, path, query, headers = {}, credentials }: Request): Promise<T> {
    const url = `${this.#baseUrl}${path}${query === "" ? "" : `?${query}`}`;
    let status: number;
    let text: string;
    let retryAfterMs: number | undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error(`none within ${this.#timeoutMs} ms`)), this.#timeoutMs);
    try {
      const cookies = credentials === undefined ? {} : { credentials };
      const response = await this.#fetch(url, { method, headers, ...cookies, signal: abort.signal });
      status = response.status;
      text = await response.text();
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      if (Number.isFinite(seconds)) retryAfterMs = seconds * 1000;
    } catch (cause) {
      throw new TickwireApiError({ status: 0, code: 0, message: `no answer to ${method} ${path}: ${String(cause)}`, cause });
    } finally {
      clearTimeout(timer);
    }
    let body: unknown;
    try {
      body = JSON.parse(text);
    } catch {
      body = undefined;
    }
    if (status >= 200 && status < 300 && body !== undefined) return body as T;
    const { code, msg } = (typeof body === "object" && body !== null ? body : {}) as { code?: unknown; msg?: unknown };
    throw new TickwireApiError({
      status,
      code: typeof code === "number" ? code : 0,
      message: typeof msg === "string" ? msg : `${method} ${path} was answered ${status}`,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
}
