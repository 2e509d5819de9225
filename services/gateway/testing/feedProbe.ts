// For tests: a client of the feed that believes nothing. It keeps every frame, follows the books, and
// writes down each violation of their rules.
import { create, fromBinary, toBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { WebSocket } from "ws";
import { ClientFrameSchema, type SubscriptionSchema } from "../../../gen/tickwire/v1/client_pb.ts";
import { ServerBatchSchema, type ServerFrame } from "../../../gen/tickwire/v1/server_pb.ts";
import { FollowedBooks, type FollowedBook } from "./followedBooks.ts";

type Body = ServerFrame["body"];
export type FrameOf<Case extends Body["case"]> = Extract<Body, { case: Case }> extends { value: infer Value } ? Value : never;
export type SubscriptionInit = MessageInitShape<typeof SubscriptionSchema>;
export type RequestInit = NonNullable<MessageInitShape<typeof ClientFrameSchema>["body"]>;

export class FeedProbe {
  readonly socket: WebSocket;
  readonly bodies: Body[] = [];
  readonly #followed = new FollowedBooks();
  messages = 0;
  closed: { readonly code: number; readonly reason: string } | undefined;
  #requestNo = 0n;
  #unread = new Map<Body["case"], number>();

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.binaryType = "nodebuffer";
    socket.on("message", (data: Buffer) => {
      this.messages++;
      for (const { body } of fromBinary(ServerBatchSchema, data).frames) {
        this.bodies.push(body);
        this.#followed.take(body);
      }
    });
    socket.on("close", (code, reason) => (this.closed = { code, reason: reason.toString() }));
    socket.on("error", () => undefined);
  }

  /** Resolves when the socket is open; rejects with the HTTP status when the handshake is refused. */
  static async connect(url: string, options: { origin?: string } = {}): Promise<FeedProbe> {
    const socket = new WebSocket(url, options);
    const probe = new FeedProbe(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("unexpected-response", (_request, response) => {
        response.resume();
        reject(new Error(`handshake refused: ${response.statusCode}`));
      });
      socket.once("error", reject);
    });
    return probe;
  }

  get books(): ReadonlyMap<number, FollowedBook> {
    return this.#followed.books;
  }
  /** Deltas that did not chain. */
  get violations(): readonly string[] {
    return this.#followed.breaches;
  }

  /** Sends a request; returns its number. */
  send(body: RequestInit): bigint {
    const requestNo = ++this.#requestNo;
    this.socket.send(toBinary(ClientFrameSchema, create(ClientFrameSchema, { requestNo, body })));
    return requestNo;
  }

  subscribe(...subscriptions: SubscriptionInit[]): bigint {
    return this.send({ case: "subscribe", value: { subscriptions } });
  }

  unsubscribe(...subscriptions: SubscriptionInit[]): bigint {
    return this.send({ case: "unsubscribe", value: { subscriptions } });
  }

  /** All frames of a kind so far. */
  all<Case extends Exclude<Body["case"], undefined>>(kind: Case): FrameOf<Case>[] {
    return this.bodies.filter((body) => body.case === kind).map((body) => body.value as FrameOf<Case>);
  }

  /** The next frame of a kind that was not returned before. */
  async next<Case extends Exclude<Body["case"], undefined>>(kind: Case, timeoutMs = 10_000): Promise<FrameOf<Case>> {
    const index = this.#unread.get(kind) ?? 0;
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const frame = this.all(kind)[index];
      if (frame !== undefined) {
        this.#unread.set(kind, index + 1);
        return frame;
      }
      if (performance.now() > deadline) {
        throw new Error(`no ${kind} came; got ${this.bodies.map((body) => body.case).slice(-20).join(", ")}${this.closed ? `; closed ${this.closed.code}` : ""}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** The book as two sorted lists, best first, and its seq. */
  picture(marketId = 1): { seq: number; bids: [number, number][]; asks: [number, number][] } | undefined {
    const book = this.books.get(marketId);
    if (book === undefined) return undefined;
    const list = (side: Map<bigint, bigint>, sign: number) =>
      [...side].map(([ticks, lots]): [number, number] => [Number(ticks), Number(lots)]).sort((a, b) => sign * (a[0] - b[0]));
    return { seq: Number(book.seq), bids: list(book.bids, -1), asks: list(book.asks, 1) };
  }

  close(): void {
    this.socket.terminate();
  }
}
