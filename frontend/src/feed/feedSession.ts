// The feed behind its wall: owns the one FeedClient, keeps the book of the watched market, answers commands with
// plain events. Knows no React and no DOM, so that it runs in a worker. It must never hold back an account event;
// books are the only thing it thins out, to one per frame, always the newest.
import { FeedClient, type OrderBook, type Unsubscribe } from "../../../sdk/typescript/src/index.ts";
import { groupedLevels } from "./bookLevels.ts";
import type { CandleInterval, ConnectionState, FeedCommand, FeedEvent } from "./feedMessages.ts";
import { BOOK_FLUSH_MS, BOOK_LEVELS_MAX, LATENCY_REPORT_MS, TICKET_TIMEOUT_MS } from "./limits.ts";

interface Watched {
  readonly symbol: string;
  readonly interval: CandleInterval;
  readonly groupTicks: number;
}

export class FeedSession {
  readonly #emit: (event: FeedEvent) => void;
  #client: FeedClient | undefined;
  #feedUrl = "";
  #ticketUrl = "";
  #watched: Watched | undefined;
  #accountWanted = false;
  #stopMarket: Unsubscribe | undefined;
  #stopCandles: Unsubscribe | undefined;
  #stopAccount: Unsubscribe | undefined;
  #tickerStops = new Map<string, Unsubscribe>();
  #book: OrderBook | undefined;
  #bookTimer: ReturnType<typeof setTimeout> | undefined;
  #latencyTimer: ReturnType<typeof setInterval> | undefined;
  #state: ConnectionState = "closed";

  constructor(emit: (event: FeedEvent) => void) {
    this.#emit = emit;
  }

  handle(command: FeedCommand): void {
    switch (command.type) {
      case "open":
        this.#feedUrl = command.feedUrl;
        this.#ticketUrl = command.ticketUrl;
        this.#connect();
        return;
      case "watch":
        this.#watch(command);
        return;
      case "account":
        this.#setAccount(command.wanted);
        return;
      case "close":
        this.#disconnect();
        return;
    }
  }

  #connect(): void {
    this.#disconnect();
    const client = new FeedClient({ url: this.#feedUrl, getTicket: () => this.#ticket() });
    this.#client = client;
    client.onState((state) => {
      this.#state = state === "reconnecting" ? "connecting" : state;
      this.#reportState();
    });
    client.onVenue((venue) => {
      this.#emit({
        type: "venue",
        markets: venue.markets.map(({ symbol, makerFeePpm, takerFeePpm }) => ({ symbol, makerFeePpm, takerFeePpm })),
      });
      // Every market's ticker, for the market picker.
      for (const { symbol } of venue.markets) {
        if (this.#tickerStops.has(symbol)) continue;
        this.#tickerStops.set(symbol, client.subscribeTicker(symbol, (ticker) => this.#emit({ type: "ticker", ticker })));
      }
    });
    this.#subscribeMarket();
    this.#subscribeCandles();
    if (this.#accountWanted) this.#subscribeAccount();
    client.connect();
    this.#latencyTimer = setInterval(() => this.#reportState(), LATENCY_REPORT_MS);
  }

  #disconnect(): void {
    clearInterval(this.#latencyTimer);
    clearTimeout(this.#bookTimer);
    this.#bookTimer = undefined;
    this.#stopMarket = this.#stopCandles = this.#stopAccount = undefined;
    this.#tickerStops = new Map();
    this.#client?.close();
    this.#client = undefined;
  }

  #reportState(): void {
    this.#emit({ type: "state", state: this.#state, latencyMs: this.#client?.latencyMs });
  }

  #watch({ symbol, interval, groupTicks }: Watched): void {
    const before = this.#watched;
    this.#watched = { symbol, interval, groupTicks };
    if (before?.symbol !== symbol) this.#subscribeMarket();
    else if (before.groupTicks !== groupTicks) this.#flushBook();
    if (before?.symbol !== symbol || before.interval !== interval) this.#subscribeCandles();
  }

  #subscribeMarket(): void {
    this.#stopMarket?.();
    this.#book = undefined;
    const client = this.#client;
    const symbol = this.#watched?.symbol;
    if (client === undefined || symbol === undefined) return;
    const stopBook = client.subscribeBook(symbol, (book) => {
      this.#book = book;
      this.#bookTimer ??= setTimeout(() => this.#flushBook(), BOOK_FLUSH_MS);
    });
    const stopTrades = client.subscribeTrades(symbol, (trades) => this.#emit({ type: "trades", symbol, trades }));
    const stopStatus = client.subscribeMarketStatus(symbol, (status) => this.#emit({ type: "marketStatus", status }));
    this.#stopMarket = () => {
      stopBook();
      stopTrades();
      stopStatus();
    };
  }

  #flushBook(): void {
    clearTimeout(this.#bookTimer);
    this.#bookTimer = undefined;
    const book = this.#book;
    // An unsynced book is not shown; the last synced one stands until the next snapshot, a moment later.
    if (book === undefined || !book.synced || book.symbol !== this.#watched?.symbol) return;
    const { groupTicks } = this.#watched;
    const levels = groupedLevels(book, { groupTicks, levelsMax: BOOK_LEVELS_MAX });
    this.#emit({ type: "book", symbol: book.symbol, seq: book.seq, groupTicks, levels });
  }

  #subscribeCandles(): void {
    this.#stopCandles?.();
    this.#stopCandles = undefined;
    if (this.#client === undefined || this.#watched === undefined) return;
    const { symbol, interval } = this.#watched;
    this.#stopCandles = this.#client.subscribeCandles(symbol, interval, (candle) => this.#emit({ type: "candle", candle }));
  }

  #setAccount(wanted: boolean): void {
    if (wanted === this.#accountWanted) return;
    this.#accountWanted = wanted;
    if (this.#client === undefined) return;
    if (wanted) this.#subscribeAccount();
    // A socket stays bound to the account it logged on to: the next person gets a new one.
    else this.#connect();
  }

  #subscribeAccount(): void {
    this.#stopAccount?.();
    this.#stopAccount = this.#client?.subscribeAccount({
      onSnapshot: (account) => this.#emit({ type: "accountSnapshot", account }),
      onExecution: (execution) => this.#emit({ type: "execution", execution }),
      onBalance: (balance) => this.#emit({ type: "balance", balance }),
    });
  }

  async #ticket(): Promise<string> {
    const response = await fetch(this.#ticketUrl, {
      method: "POST",
      credentials: "include",
      signal: AbortSignal.timeout(TICKET_TIMEOUT_MS),
    });
    if (response.status === 401) {
      this.#emit({ type: "accountLost" });
      throw new Error("not logged in");
    }
    const body: unknown = await response.json();
    if (!response.ok || typeof body !== "object" || body === null || !("ticket" in body) || typeof body.ticket !== "string") {
      throw new Error(`no stream ticket: the api answered ${response.status}`);
    }
    return body.ticket;
  }
}
