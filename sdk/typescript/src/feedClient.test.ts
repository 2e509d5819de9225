import type { AddressInfo } from "node:net";
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import WebSocket, { WebSocketServer } from "ws";
import { Channel, ClientFrameSchema, type ClientFrame, type Subscription } from "../../../gen/tickwire/v1/client_pb.ts";
import { CLOSE_REASONS as GATEWAY_CLOSE_REASONS } from "../../../services/gateway/close.ts";
import { ExecutionType } from "../../../gen/tickwire/v1/private_data_pb.ts";
import { RequestError, ServerBatchSchema, type ServerFrameSchema } from "../../../gen/tickwire/v1/server_pb.ts";
import { MarketStatus, OrderStatus, OrderType, Side, TimeInForce } from "../../../gen/tickwire/v1/types_pb.ts";
import { CLOSE_REASONS, mayReconnect } from "./closeCodes.ts";
import { FeedClient, type AccountState, type FeedError, type FeedExecution, type FeedMarketStatus, type FeedState, type FeedTrade, type OrderBook } from "./index.ts";

// A WebSocket server that says exactly what a test tells it to, holes and refusals included: what the real gateway
// does not do on demand. Speaks the real wire over a real socket.
type Body = NonNullable<MessageInitShape<typeof ServerFrameSchema>["body"]>;

const WELCOME = {
  protocolVersion: 1,
  epoch: 1,
  assets: [
    { assetId: 1, code: "BTC", name: "Bitcoin", scale: 8 },
    { assetId: 2, code: "USDT", name: "Tether", scale: 8 },
  ],
  markets: [
    {
      marketId: 1,
      symbol: "BTCUSDT",
      baseAssetId: 1,
      quoteAssetId: 2,
      tickSizeUnits: 1_000_000n,
      lotSizeUnits: 1_000n,
      notionalUnits: 10n,
      status: MarketStatus.TRADING,
      minNotionalUnits: 500_000_000n,
      maxNotionalUnits: 900_000_000_000_000n,
    },
  ],
};

class ScriptedGateway {
  readonly url: string;
  /** Every request of every socket, in order. */
  readonly requests: ClientFrame[] = [];
  /** Pings are answered and not recorded. */
  connections = 0;
  protocolVersion = 1;
  /** Answers a request instead of the usual acknowledgement; return true when it did. */
  onRequest: (request: ClientFrame) => boolean = () => false;
  readonly #server: WebSocketServer;
  #socket: WebSocket | undefined;

  private constructor(server: WebSocketServer) {
    this.#server = server;
    this.url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/feed/v1`;
    server.on("connection", (socket) => {
      this.#socket = socket;
      this.connections++;
      this.send({ case: "welcome", value: { ...WELCOME, protocolVersion: this.protocolVersion } });
      socket.on("message", (data: Buffer) => this.#onRequest(fromBinary(ClientFrameSchema, data)));
    });
  }

  static async listen(): Promise<ScriptedGateway> {
    const server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    await new Promise((resolve) => server.once("listening", resolve));
    return new ScriptedGateway(server);
  }

  /** All bodies in one message. */
  send(...bodies: Body[]): void {
    this.#socket?.send(toBinary(ServerBatchSchema, create(ServerBatchSchema, { frames: bodies.map((body) => ({ body })) })));
  }

  sendRaw(data: Uint8Array | string): void {
    this.#socket?.send(data);
  }

  reject(request: ClientFrame, error: RequestError): void {
    this.send({ case: "requestRejected", value: { requestNo: request.requestNo, error } });
  }

  drop(code = 1001): void {
    this.#socket?.close(code);
  }

  /** What was subscribed and unsubscribed so far, in order: "+BOOK 1@100" and so on. */
  get wire(): string[] {
    const name = (s: Subscription) => {
      const channel = Object.entries(Channel).find(([, number]) => number === s.channel)?.[0] ?? "?";
      return `${channel}${s.marketId === 0 ? "" : ` ${s.marketId}`}${s.channel === Channel.BOOK ? `@${s.conflateMs}` : ""}`;
    };
    return this.requests.flatMap(({ body }) => {
      if (body.case === "subscribe") return body.value.subscriptions.map((s) => `+${name(s)}`);
      if (body.case === "unsubscribe") return body.value.subscriptions.map((s) => `-${name(s)}`);
      return body.case === "logon" ? [`logon ${body.value.ticket}`] : [];
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #onRequest(request: ClientFrame): void {
    const { body, requestNo } = request;
    if (body.case === "ping") {
      this.send({ case: "pong", value: { requestNo, clientTimeUs: body.value.clientTimeUs, serverTimeUs: 0n } });
      return;
    }
    this.requests.push(request);
    if (this.onRequest(request)) return;
    if (body.case === "subscribe") this.send({ case: "subscribed", value: { requestNo, subscriptions: body.value.subscriptions } });
    if (body.case === "unsubscribe") this.send({ case: "unsubscribed", value: { requestNo, subscriptions: body.value.subscriptions } });
    if (body.case === "logon") this.send({ case: "loggedOn", value: { requestNo, accountId: 7n } });
  }
}

let gateway: ScriptedGateway;
let feed: FeedClient;
let tickets: number;
const errors: FeedError[] = [];

beforeEach(async () => {
  gateway = await ScriptedGateway.listen();
  tickets = 0;
  errors.length = 0;
  feed = new FeedClient({ url: gateway.url, WebSocket, getTicket: async () => `ticket-${++tickets}` });
  feed.onError((error) => errors.push(error));
});
afterEach(async () => {
  feed.close();
  await gateway.close();
});

const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 5_000, interval: 5 });
async function open(): Promise<void> {
  feed.connect();
  await until(() => feed.state === "open");
}
/** Lets everything that is under way on the sockets arrive. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 30));

const snapshot = (seq: number): Body => ({ case: "bookSnapshot", value: { marketId: 1, epoch: 1, seq: BigInt(seq), bidTicks: [100n], bidLots: [5n], askTicks: [101n], askLots: [6n] } });
const delta = ({ prevSeq, seq, bidLots = 5 }: { prevSeq: number; seq: number; bidLots?: number }): Body => ({ case: "bookDelta", value: { marketId: 1, epoch: 1, prevSeq: BigInt(prevSeq), seq: BigInt(seq), bidTicks: [100n], bidLots: [BigInt(bidLots)] } });

describe("connecting", () => {
  it("tells the venue that Welcome announced, and how far away the gateway is", async () => {
    const states: FeedState[] = [];
    feed.onState((state) => states.push(state));
    await open();
    await until(() => feed.latencyMs !== undefined);
    expect(states).toEqual(["connecting", "open"]);
    const market = feed.venue?.market("BTCUSDT");
    expect(market?.formatPrice(6_400_001)).toBe("64000.01");
    expect(market?.base).toBe("BTC");
    expect(feed.latencyMs).toBeLessThan(1_000);
  });

  it("comes back by itself when the gateway goes away, and asks again for everything", async () => {
    await open();
    let book: OrderBook | undefined;
    feed.subscribeBook("BTCUSDT", (b) => (book = b));
    feed.subscribeTrades("BTCUSDT", () => undefined);
    await until(() => gateway.wire.length === 2);
    gateway.send(snapshot(1));
    await until(() => book?.synced === true);
    gateway.requests.length = 0;
    gateway.drop();
    await until(() => book?.synced === false); // told at once that what it shows is stale
    await until(() => gateway.connections === 2 && gateway.wire.length === 2);
    expect(gateway.wire).toEqual(["+BOOK 1@0", "+TRADES 1"]);
    gateway.send(snapshot(50));
    await until(() => book?.synced === true);
    expect(errors[0]?.closeCode).toBe(1001);
  });

  it("stays away when the gateway says not to come back", async () => {
    await open();
    gateway.drop(4500);
    await until(() => feed.state === "closed");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(gateway.connections).toBe(1);
  });

  it("stays away from a gateway of another protocol version", async () => {
    gateway.protocolVersion = 2;
    feed.connect();
    await until(() => errors.length === 1);
    expect(errors[0]?.message).toContain("version 2");
    expect(feed.state).toBe("closed");
  });

  it("gives up a connection on which it cannot read a message, and comes back", async () => {
    await open();
    gateway.sendRaw(new Uint8Array([0xff, 0xff, 0xff]));
    await until(() => gateway.connections === 2);
    expect(errors[0]?.kind).toBe("protocol");
  });

  it("does not come back after close(), even when that is called from a listener", async () => {
    await open();
    feed.onState((state) => {
      if (state === "reconnecting") feed.close();
    });
    gateway.drop();
    await until(() => feed.state === "closed");
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(gateway.connections).toBe(1);
    feed.connect();
    await until(() => feed.state === "open");
  });

  it("knows the gateway's close codes", () => {
    expect([...CLOSE_REASONS].map(([code, { name, reconnect }]) => ({ code, name, reconnect }))).toEqual(
      GATEWAY_CLOSE_REASONS.map(({ code, name, reconnect }) => ({ code, name, reconnect })),
    );
    for (const { code, reconnect } of GATEWAY_CLOSE_REASONS) expect(mayReconnect(code)).toBe(reconnect);
  });
});

describe("subscribing", () => {
  it("shares one subscription between listeners and ends it with the last", async () => {
    await open();
    const heard: FeedTrade[][] = [[], []];
    const first = feed.subscribeTrades("BTCUSDT", (trades) => heard[0]?.push(...trades));
    const second = feed.subscribeTrades("BTCUSDT", (trades) => heard[1]?.push(...trades));
    await until(() => gateway.wire.length === 1);
    gateway.send({ case: "trades", value: { marketId: 1, trades: [{ tradeId: 1n, priceTicks: 100n, quantityLots: 2n, takerSide: Side.SELL, seq: 3n, timeUs: 4n }] } });
    await until(() => heard[1]?.length === 1);
    expect(heard[0]).toEqual([{ tradeId: 1, priceTicks: 100, quantityLots: 2, takerSide: "SELL", seq: 3, timeUs: 4 }]);
    first();
    first();
    await settled();
    expect(gateway.wire).toEqual(["+TRADES 1"]);
    second();
    await until(() => gateway.wire.length === 2);
    expect(gateway.wire).toEqual(["+TRADES 1", "-TRADES 1"]);
  });

  it("costs nothing on the wire when a listener leaves and returns within one turn", async () => {
    await open();
    const leave = feed.subscribeTrades("BTCUSDT", () => undefined);
    await until(() => gateway.wire.length === 1);
    leave();
    feed.subscribeTrades("BTCUSDT", () => undefined);
    await settled();
    expect(gateway.wire).toEqual(["+TRADES 1"]);
  });

  it("may come before the connection, in one request for all", async () => {
    feed.subscribeTicker("BTCUSDT", () => undefined);
    feed.subscribeCandles("BTCUSDT", "1m", () => undefined);
    feed.subscribeBookTicker("BTCUSDT", () => undefined);
    await open();
    await until(() => gateway.wire.length === 3);
    expect(gateway.requests).toHaveLength(1);
  });

  it("gives a late listener the newest value at once", async () => {
    await open();
    feed.subscribeBookTicker("BTCUSDT", () => undefined);
    let first = 0;
    feed.subscribeBookTicker("BTCUSDT", (t) => (first = t.bidTicks));
    await until(() => gateway.wire.length === 1);
    gateway.send({ case: "bookTicker", value: { marketId: 1, bidTicks: 100n } });
    await until(() => first === 100);
    let late = 0;
    feed.subscribeBookTicker("BTCUSDT", (t) => (late = t.bidTicks));
    await settled();
    expect(late).toBe(100);
  });

  it("says so when the venue has no such market, and goes on", async () => {
    feed.subscribeTrades("NOPE", () => undefined);
    feed.subscribeTrades("BTCUSDT", () => undefined);
    await open();
    await until(() => gateway.wire.length === 1);
    expect(errors.map((e) => e.request)).toEqual(["UNKNOWN_MARKET"]);
  });

  it("asks again for what was refused only for the moment", async () => {
    await open();
    gateway.onRequest = (request) => {
      gateway.onRequest = () => false;
      gateway.reject(request, RequestError.UNAVAILABLE);
      return true;
    };
    feed.subscribeTrades("BTCUSDT", () => undefined);
    await until(() => gateway.wire.length === 2);
    expect(gateway.wire).toEqual(["+TRADES 1", "+TRADES 1"]);
  });

  it("keeps the status of a market current", async () => {
    await open();
    feed.subscribeMarketStatus("BTCUSDT", () => undefined);
    await until(() => gateway.wire.length === 1);
    gateway.send({ case: "marketStatus", value: { marketId: 1, seq: 9n, status: MarketStatus.HALT } });
    await until(() => feed.venue?.market("BTCUSDT")?.status === "HALT");
  });

  it("tells what an auction would come to, while there is one", async () => {
    await open();
    const told: FeedMarketStatus[] = [];
    feed.subscribeMarketStatus("BTCUSDT", (status) => told.push(status));
    await until(() => gateway.wire.length === 1);
    const auction = { marketId: 1, status: MarketStatus.AUCTION, auctionPriceTicks: 100n, auctionLots: 7n };
    gateway.send({ case: "marketStatus", value: { ...auction, seq: 9n, auctionSurplusSide: Side.BUY, auctionSurplusLots: 2n } });
    gateway.send({ case: "marketStatus", value: { ...auction, seq: 10n } });
    gateway.send({ case: "marketStatus", value: { marketId: 1, seq: 11n, status: MarketStatus.TRADING } });
    await until(() => told.length === 3);
    expect(told.map(({ status, auction }) => [status, auction])).toEqual([
      ["AUCTION", { priceTicks: 100, quantityLots: 7, surplusSide: "BUY", surplusLots: 2 }],
      ["AUCTION", { priceTicks: 100, quantityLots: 7, surplusSide: undefined, surplusLots: 0 }],
      ["TRADING", undefined],
    ]);
  });

  it("is not disturbed by a listener that throws", async () => {
    const uncaught: unknown[] = [];
    const listeners = process.listeners("uncaughtException");
    process.removeAllListeners("uncaughtException");
    process.on("uncaughtException", (error) => uncaught.push(error));
    try {
      await open();
      let heard = 0;
      feed.subscribeTrades("BTCUSDT", () => {
        throw new Error("a bug of the listener");
      });
      feed.subscribeTrades("BTCUSDT", () => heard++);
      await until(() => gateway.wire.length === 1);
      gateway.send({ case: "trades", value: { marketId: 1 } });
      await until(() => heard === 1 && uncaught.length === 1);
      expect(feed.state).toBe("open");
    } finally {
      process.removeAllListeners("uncaughtException");
      for (const listener of listeners) process.on("uncaughtException", listener);
    }
  });
});

describe("a book on the feed", () => {
  it("is asked for at the finest rate that any listener wants", async () => {
    await open();
    feed.subscribeBook("BTCUSDT", () => undefined, { conflateMs: 1000 });
    await until(() => gateway.wire.length === 1);
    const fine = feed.subscribeBook("BTCUSDT", () => undefined, { conflateMs: 100 });
    await until(() => gateway.wire.length === 3);
    fine();
    await until(() => gateway.wire.length === 5);
    expect(gateway.wire).toEqual(["+BOOK 1@1000", "-BOOK 1@1000", "+BOOK 1@100", "-BOOK 1@100", "+BOOK 1@1000"]);
  });

  it("tells each listener no more often than it asked, and once per message", async () => {
    await open();
    let fast = 0;
    let slow = 0;
    let seen: OrderBook | undefined;
    feed.subscribeBook("BTCUSDT", (book) => (fast++, (seen = book)));
    feed.subscribeBook("BTCUSDT", () => slow++, { conflateMs: 100 });
    await until(() => gateway.wire.length === 1);
    gateway.send(snapshot(1));
    gateway.send(delta({ prevSeq: 1, seq: 2, bidLots: 7 }), delta({ prevSeq: 2, seq: 3, bidLots: 8 }));
    gateway.send(delta({ prevSeq: 3, seq: 4, bidLots: 9 }));
    await until(() => fast === 3);
    expect(seen?.bestBid).toEqual({ priceTicks: 100, quantityLots: 9 });
    expect(slow).toBe(1); // the snapshot, at once
    await until(() => slow === 2);
  });

  it("asks for a fresh snapshot at a hole, and shows nothing in between", async () => {
    await open();
    let book: OrderBook | undefined;
    const seen: boolean[] = [];
    feed.subscribeBook("BTCUSDT", (b) => (seen.push(b.synced), (book = b)));
    await until(() => gateway.wire.length === 1);
    gateway.send(snapshot(1));
    gateway.send(delta({ prevSeq: 5, seq: 6 }));
    await until(() => gateway.wire.length === 3);
    expect(gateway.wire).toEqual(["+BOOK 1@0", "-BOOK 1@0", "+BOOK 1@0"]);
    expect(book?.synced).toBe(false);
    gateway.send(delta({ prevSeq: 6, seq: 7 })); // still of the old subscription
    gateway.send(snapshot(7), delta({ prevSeq: 7, seq: 8, bidLots: 1 }));
    await until(() => book?.seq === 8);
    expect(seen).toEqual([true, false, true]);
  });

  it("waits longer between snapshots when holes do not end", async () => {
    await open();
    gateway.onRequest = (request) => {
      if (request.body.case === "subscribe") gateway.send(snapshot(1), delta({ prevSeq: 5, seq: 6 }));
      return request.body.case === "subscribe";
    };
    feed.subscribeBook("BTCUSDT", () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const asked = gateway.wire.filter((w) => w.startsWith("+")).length;
    expect(asked).toBeGreaterThan(2);
    expect(asked).toBeLessThan(8);
  });
});

describe("the private stream", () => {
  const order = (status: OrderStatus, orderId = 1n) => ({
    orderId,
    marketId: 1,
    clientOrderId: "a",
    side: Side.BUY,
    type: OrderType.LIMIT,
    timeInForce: TimeInForce.GTC,
    status,
    priceTicks: 100n,
    quantityLots: 10n,
  });
  const execution = (executionSeq: number, status: OrderStatus, type: ExecutionType = ExecutionType.NEW): Body => ({ case: "execution", value: { epoch: 1, seq: 9n, executionSeq: BigInt(executionSeq), type, order: order(status) } });
  const state = (executionSeq: number): Body => ({
    case: "accountSnapshot",
    value: { epoch: 1, seq: 5n, executionSeq: BigInt(executionSeq), balanceSeq: 0n, balances: [{ assetId: 2, availableUnits: 150_000_000n, heldUnits: 1n }] },
  });

  it("logs on with a ticket, then gives a snapshot and what follows it", async () => {
    await open();
    const states: AccountState[] = [];
    const executions: FeedExecution[] = [];
    const available: string[] = [];
    feed.subscribeAccount({
      onSnapshot: (s) => states.push(s),
      onExecution: (e) => executions.push(e),
      onBalance: (b) => available.push(`${b.asset} ${b.available}`),
    });
    await until(() => gateway.wire.length === 2);
    expect(gateway.wire).toEqual(["logon ticket-1", "+ACCOUNT"]);
    expect(feed.accountId).toBe(7);
    gateway.send(state(3), execution(3, OrderStatus.NEW), execution(4, OrderStatus.NEW));
    gateway.send({ case: "balanceUpdate", value: { epoch: 1, balanceSeq: 1n, balance: { assetId: 1, availableUnits: 5n } } });
    await until(() => available.length === 1);
    expect(states[0]?.balances[0]?.available).toBe("1.50000000");
    expect(executions.map((e) => e.executionSeq)).toEqual([4]); // 3 is in the snapshot
    expect(executions[0]?.order).toMatchObject({ symbol: "BTCUSDT", side: "BUY", status: "NEW" });
    expect(available).toEqual(["BTC 0.00000005"]);

    const late: AccountState[] = [];
    feed.subscribeAccount({ onSnapshot: (s) => late.push(s), onExecution: () => undefined, onBalance: () => undefined });
    await until(() => late.length === 1);
    expect(late[0]).toMatchObject({ executionSeq: 4, balanceSeq: 1, openOrders: [{ orderId: 1 }] });
    expect(late[0]?.balances).toHaveLength(2);
  });

  it("asks for a new snapshot when an execution is missing", async () => {
    await open();
    let snapshots = 0;
    let executions = 0;
    feed.subscribeAccount({ onSnapshot: () => snapshots++, onExecution: () => executions++, onBalance: () => undefined });
    await until(() => gateway.wire.length === 2);
    gateway.send(state(3), execution(5, OrderStatus.NEW));
    await until(() => gateway.wire.length === 4);
    gateway.send(state(5), execution(6, OrderStatus.CANCELED, ExecutionType.CANCELED));
    await until(() => executions === 1);
    expect(snapshots).toBe(2);
    expect(gateway.wire.slice(2)).toEqual(["-ACCOUNT", "+ACCOUNT"]);
  });

  it("says once that it cannot read an order of a later version, and goes on with all else", async () => {
    await open();
    let ticks = 0;
    feed.subscribeBookTicker("BTCUSDT", (t) => (ticks = t.bidTicks));
    feed.subscribeAccount({ onSnapshot: () => undefined, onExecution: () => undefined, onBalance: () => undefined });
    await until(() => gateway.wire.length === 3);
    const later: Body = { case: "execution", value: { epoch: 1, executionSeq: 1n, type: ExecutionType.NEW, order: { ...order(OrderStatus.NEW), type: 99 as OrderType } } };
    gateway.send(later, later, { case: "bookTicker", value: { marketId: 1, bidTicks: 100n } });
    await until(() => ticks === 100);
    expect(errors.map((e) => e.kind)).toEqual(["protocol"]);
    expect(feed.state).toBe("open");
  });

  it("takes a new ticket when one is refused, and after a reconnect", async () => {
    await open();
    gateway.onRequest = (request) => {
      gateway.onRequest = () => false;
      gateway.reject(request, RequestError.INVALID_TICKET);
      return true;
    };
    feed.subscribeAccount({ onSnapshot: () => undefined, onExecution: () => undefined, onBalance: () => undefined });
    await until(() => gateway.wire.length === 3);
    expect(gateway.wire).toEqual(["logon ticket-1", "logon ticket-2", "+ACCOUNT"]);
    gateway.drop();
    await until(() => gateway.wire.length === 5);
    expect(gateway.wire.slice(3)).toEqual(["logon ticket-3", "+ACCOUNT"]);
  });
});
