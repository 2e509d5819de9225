// What a Redis server answers, as values, and as the bytes of protocol version 2 or 3.
//
// Invariant: the same value gives the bytes that redis-server sends for it (memoryRedis.test.ts holds both together).

export type Reply =
  | { readonly kind: "status" | "error"; readonly text: string }
  | { readonly kind: "integer"; readonly value: number }
  | { readonly kind: "bulk"; readonly bytes: Buffer }
  /** Nothing where one value would stand, and nothing where a list would: version 3 does not tell them apart. */
  | { readonly kind: "nil" | "nilList" }
  | { readonly kind: "list"; readonly items: readonly Reply[] }
  | { readonly kind: "map"; readonly items: readonly Reply[] }
  /** A message nobody asked for: Pub/Sub. */
  | { readonly kind: "push"; readonly items: readonly Reply[] };

export type Protocol = 2 | 3;

export const OK: Reply = { kind: "status", text: "OK" };
export const NIL: Reply = { kind: "nil" };
export const NIL_LIST: Reply = { kind: "nilList" };
export const failure = (text: string): Reply => ({ kind: "error", text });
export const integer = (value: number): Reply => ({ kind: "integer", value });
export const bulk = (bytes: Buffer | string): Reply => ({ kind: "bulk", bytes: typeof bytes === "string" ? Buffer.from(bytes) : bytes });
export const list = (items: readonly Reply[]): Reply => ({ kind: "list", items });

/** The bytes of a reply. */
export function encodeReply(reply: Reply, protocol: Protocol): Buffer {
  const parts: Buffer[] = [];
  write(reply, protocol, parts);
  return Buffer.concat(parts);
}

function write(reply: Reply, protocol: Protocol, parts: Buffer[]): void {
  const line = (text: string): number => parts.push(Buffer.from(`${text}\r\n`, "latin1"));
  switch (reply.kind) {
    case "status":
      line(`+${reply.text}`);
      return;
    case "error":
      line(`-${reply.text}`);
      return;
    case "integer":
      line(`:${reply.value}`);
      return;
    case "bulk":
      line(`$${reply.bytes.length}`);
      parts.push(reply.bytes);
      line("");
      return;
    case "nil":
      line(protocol === 3 ? "_" : "$-1");
      return;
    case "nilList":
      line(protocol === 3 ? "_" : "*-1");
      return;
    case "list":
      line(`*${reply.items.length}`);
      break;
    case "map":
      line(protocol === 3 ? `%${reply.items.length / 2}` : `*${reply.items.length}`);
      break;
    case "push":
      line(`${protocol === 3 ? ">" : "*"}${reply.items.length}`);
      break;
    default:
      reply satisfies never;
      return;
  }
  for (const item of reply.items) write(item, protocol, parts);
}

/** Takes whole requests out of a stream of bytes, however it was cut. */
export class RequestParser {
  #rest: Buffer = Buffer.alloc(0);

  /** The requests that are complete now, each as its words. */
  take(bytes: Buffer): Buffer[][] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const requests: Buffer[][] = [];
    for (;;) {
      const request = this.#next();
      if (request === undefined) return requests;
      requests.push(request);
    }
  }

  #next(): Buffer[] | undefined {
    const rest = this.#rest;
    let at = 0;
    const number = (sign: string): number | undefined => {
      const end = rest.indexOf("\r\n", at, "latin1");
      if (end < 0) return undefined;
      if (rest.toString("latin1", at, at + 1) !== sign) throw new Error(`not a request: ${JSON.stringify(rest.toString("latin1", at, end))}`);
      const value = Number(rest.toString("latin1", at + 1, end));
      at = end + 2;
      return value;
    };
    if (rest.length === 0) return undefined;
    const count = number("*");
    if (count === undefined) return undefined;
    const words: Buffer[] = [];
    for (let i = 0; i < count; i++) {
      const length = number("$");
      if (length === undefined || rest.length < at + length + 2) return undefined;
      words.push(rest.subarray(at, at + length));
      at += length + 2;
    }
    this.#rest = rest.subarray(at);
    return words;
  }
}
