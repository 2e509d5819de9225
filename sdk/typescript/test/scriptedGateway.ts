// A WebSocket server that says exactly what a test tells it to, holes and refusals included: what the real gateway
// does not do on demand. Speaks the real wire over a real socket.
import type { AddressInfo } from "node:net";
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { WebSocketServer, type WebSocket } from "ws";
import { Channel, ClientFrameSchema, type ClientFrame, type Subscription } from "../../../gen/tickwire/v1/client_pb.ts";
import { ServerBatchSchema, type ServerFrameSchema, type RequestError } from "../../../gen/tickwire/v1/server_pb.ts";
import { MarketStatus } from "../../../gen/tickwire/v1/types_pb.ts";

export type Body = NonNullable<MessageInitShape<typeof ServerFrameSchema>["body"]>;

export const WELCOME = {
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

export class ScriptedGateway {
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
