// Clients on the gateway's sockets through a crash run: the SDK as a trader uses it, which must be right again by itself,
// and a bare probe that measures when a new client is served.
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { WebSocket } from "ws";
import { Channel, ClientFrameSchema } from "../gen/tickwire/v1/client_pb.ts";
import { ServerBatchSchema } from "../gen/tickwire/v1/server_pb.ts";
import type { Account } from "../bench/privateExchange.ts";
import { FeedClient, RestClient, type AccountState, type FeedBalance, type FeedExecution, type Level, type OrderBook } from "../sdk/typescript/src/index.ts";
import type { Findings } from "./checker/findings.ts";
import type { LiveBookOrder, LiveState } from "./checker/liveState.ts";
import { MARKETS } from "./orderTape.ts";

const PROBE_TIMEOUT_MS = 2_000;
const LEVELS_ALL = 1_000_000;

export interface FeedAddress {
  readonly feedUrl: string;
  readonly apiUrl: string;
}

/** One trader's screen: every book, and the trader's own account. */
export class FeedWatcher {
  snapshots = 0;
  executions = 0;
  readonly #feed: FeedClient;
  readonly #accountId: number;
  readonly #books = new Map<number, OrderBook>();
  readonly #openOrders = new Set<number>();
  readonly #balances = new Map<number, FeedBalance>();
  /** Numbers of the executions told since the last snapshot: each one more than the one before. */
  #executionSeq = 0;
  readonly #wrong: string[] = [];

  constructor({ feedUrl, apiUrl }: FeedAddress, account: Account) {
    this.#accountId = Number(account.accountId);
    const rest = new RestClient({ baseUrl: apiUrl, apiKey: account.apiKey, apiSecret: account.apiSecret });
    this.#feed = new FeedClient({ url: feedUrl, WebSocket, getTicket: async () => (await rest.streamTicket()).ticket });
    for (const { marketId, symbol } of MARKETS) this.#feed.subscribeBook(symbol, (book) => this.#books.set(marketId, book));
    this.#feed.subscribeAccount({ onSnapshot: (state) => this.#snapshot(state), onExecution: (execution) => this.#execution(execution), onBalance: (balance) => this.#balances.set(balance.assetId, balance) });
    this.#feed.connect();
  }

  #snapshot({ openOrders, balances, executionSeq }: AccountState): void {
    this.snapshots++;
    this.#openOrders.clear();
    for (const { orderId } of openOrders) this.#openOrders.add(orderId);
    for (const balance of balances) this.#balances.set(balance.assetId, balance);
    if (executionSeq < this.#executionSeq) this.#wrong.push(`a snapshot went back from execution ${this.#executionSeq} to ${executionSeq}`);
    this.#executionSeq = executionSeq;
  }

  #execution({ executionSeq, order }: FeedExecution): void {
    this.executions++;
    if (executionSeq !== this.#executionSeq + 1) this.#wrong.push(`execution ${executionSeq} followed ${this.#executionSeq}`);
    this.#executionSeq = executionSeq;
    if (order.status === "NEW" || order.status === "PARTIALLY_FILLED" || order.status === "PENDING_NEW") this.#openOrders.add(order.orderId);
    else this.#openOrders.delete(order.orderId);
  }

  /** Whether the screen shows what the venue, at rest, shows. */
  agrees(state: LiveState): boolean {
    return this.#differences(state).length === 0;
  }

  check(state: LiveState, findings: Findings): void {
    for (const text of [...this.#wrong, ...this.#differences(state)]) findings.add("live state", `the socket client of account ${this.#accountId}: ${text}`);
  }

  #differences(state: LiveState): string[] {
    const found: string[] = [];
    for (const { marketId, bids, asks } of state.books) {
      const book = this.#books.get(marketId);
      if (book?.synced !== true) found.push(`its book of market ${marketId} is not in step`);
      else if (!sameLevels(book.bids(LEVELS_ALL), bids) || !sameLevels(book.asks(LEVELS_ALL), asks)) found.push(`its book of market ${marketId} is another than the engine's`);
    }
    const open = state.openOrders.filter(({ accountId }) => Number(accountId) === this.#accountId).map(({ orderId }) => Number(orderId));
    if (open.length !== this.#openOrders.size || open.some((orderId) => !this.#openOrders.has(orderId))) found.push(`it shows ${this.#openOrders.size} open orders, there are ${open.length}`);
    for (const { accountId, assetId, available, held } of state.balances) {
      if (accountId !== this.#accountId) continue;
      const shown = this.#balances.get(assetId);
      if ((shown?.availableUnits ?? 0n) !== available || (shown?.heldUnits ?? 0n) !== held) found.push(`it shows another balance of asset ${assetId}`);
    }
    return found;
  }

  close(): void {
    this.#feed.close();
  }
}

function sameLevels(levels: readonly Level[], orders: readonly LiveBookOrder[]): boolean {
  const sums = new Map<number, number>();
  for (const { priceTicks, quantityLots } of orders) sums.set(priceTicks, (sums.get(priceTicks) ?? 0) + quantityLots);
  return levels.length === sums.size && levels.every(({ priceTicks, quantityLots }) => sums.get(priceTicks) === quantityLots);
}

/** Whether a new client gets a book from the gateway now. */
export function bookIsServed(feedUrl: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(feedUrl, { handshakeTimeout: PROBE_TIMEOUT_MS });
    const end = (served: boolean): void => {
      clearTimeout(timer);
      socket.removeAllListeners();
      socket.on("error", () => undefined);
      socket.terminate();
      resolve(served);
    };
    const timer = setTimeout(() => end(false), PROBE_TIMEOUT_MS);
    socket.on("error", () => end(false));
    socket.on("close", () => end(false));
    socket.on("open", () => {
      const subscriptions = [{ channel: Channel.BOOK, marketId: 1 }];
      socket.send(toBinary(ClientFrameSchema, create(ClientFrameSchema, { requestNo: 1n, body: { case: "subscribe", value: { subscriptions } } })));
    });
    socket.on("message", (data: Buffer) => {
      for (const { body } of fromBinary(ServerBatchSchema, data).frames) {
        if (body.case === "bookSnapshot") return end(true);
        if (body.case === "requestRejected") return end(false);
      }
    });
  });
}
