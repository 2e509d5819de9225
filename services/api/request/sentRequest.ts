// A request exactly as it was sent. Signatures cover the raw text, so nothing here may decode, reorder or repair it.
//
// Never: reads more than BODY_BYTES_MAX of a body, whatever its Content-Length says.
import type { Context } from "hono";
import type { ApiEnv } from "../apiEnv.ts";
import { ApiError } from "../errors.ts";
import { BODY_BYTES_MAX, QUERY_CHARS_MAX } from "../limits.ts";
import { headerOf } from "./header.ts";

export interface SentRequest {
  /** Without the question mark. */
  readonly query: string;
  readonly body: string;
  /** Media type in lower case, without parameters; "" when none was named. */
  readonly contentType: string;
}

// The listener's own text: URL parsing, as in Request.url, already rewrites some characters of a query.
function rawQuery(c: Context<ApiEnv>): string {
  const url = c.env?.incoming?.url ?? c.req.url;
  const mark = url.indexOf("?");
  if (mark < 0) return "";
  const fragment = url.indexOf("#", mark);
  return fragment < 0 ? url.slice(mark + 1) : url.slice(mark + 1, fragment);
}

async function rawBody(c: Context<ApiEnv>): Promise<string> {
  if (c.req.method === "GET" || c.req.method === "HEAD") return "";
  const announced = headerOf(c, "content-length");
  if (announced !== undefined && Number(announced) > BODY_BYTES_MAX) throw new ApiError("BODY_TOO_LARGE", { bytes: BODY_BYTES_MAX });
  const incoming = c.env?.incoming;
  // On the wire, a body has a length or a transfer encoding, or is not there.
  if (incoming !== undefined && (announced === "0" || (announced === undefined && incoming.headers["transfer-encoding"] === undefined))) return "";
  // Not destroyed when reading stops early: the refusal still has to be sent on its socket.
  const stream: AsyncIterable<Uint8Array> | null = incoming?.iterator({ destroyOnReturn: false }) ?? c.req.raw.body;
  if (stream === null) return "";
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new ApiError("BODY_TOO_LARGE", { bytes: BODY_BYTES_MAX });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Reads the request's raw text. @throws ApiError when it is longer than the limits allow. */
export async function readSentRequest(c: Context<ApiEnv>): Promise<SentRequest> {
  const query = rawQuery(c);
  if (query.length > QUERY_CHARS_MAX) throw new ApiError("TOO_MANY_PARAMETERS", { expected: QUERY_CHARS_MAX, received: query.length });
  const contentType = (headerOf(c, "content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
  return { query, body: await rawBody(c), contentType };
}
