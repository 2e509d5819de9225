// Signed requests: HMAC-SHA256 over the query string and the body as sent, joined, without the signature parameter.
//
// Invariant: nothing of the outcome can be learned from how long the comparison takes: digests of equal length,
// compared in constant time, and computed for unknown keys too.
import { createHmac, timingSafeEqual, type KeyObject } from "node:crypto";
import { ApiError } from "../errors.ts";
import { RECV_WINDOW_DEFAULT_MS, RECV_WINDOW_MAX_MS, TIMESTAMP_AHEAD_MS } from "../limits.ts";
import type { SentParams } from "../request/params.ts";
import type { SentRequest } from "../request/sentRequest.ts";

const SIGNATURE_PREFIX = "signature=";
const HEX_DIGEST = /^[0-9a-f]{64}$/i;

const withoutSignature = (form: string): string =>
  form.includes(SIGNATURE_PREFIX) ? form.split("&").filter((part) => !part.startsWith(SIGNATURE_PREFIX)).join("&") : form;

/** What the signature of a request covers. */
export const signedPayload = ({ query, body }: Pick<SentRequest, "query" | "body">): string => withoutSignature(query) + withoutSignature(body);

/** Whether `signature` (hex, either case) is the payload's under this secret. */
export function signatureMatches({ payload, signature, secret }: { readonly payload: string; readonly signature: string; readonly secret: KeyObject }): boolean {
  const expected = createHmac("sha256", secret).update(payload).digest();
  const wellFormed = HEX_DIGEST.test(signature);
  const given = wellFormed ? Buffer.from(signature, "hex") : Buffer.alloc(expected.length);
  return timingSafeEqual(given, expected) && wellFormed;
}

/** When a signed request was made, and until when it is good; microseconds. */
export interface Validity {
  readonly timestampUs: number;
  readonly deadlineUs: number;
}

/**
 * Reads timestamp and recvWindow. A timestamp of 16 digits is in microseconds, as some clients send.
 * @throws ApiError when one is missing or malformed.
 */
export function readValidity(params: SentParams): Validity {
  const timestamp = params.get("timestamp") ?? "";
  if (!/^\d{13}(\d{3})?$/.test(timestamp)) throw new ApiError("MANDATORY_PARAMETER", { param: "timestamp" });
  const timestampUs = timestamp.length === 16 ? Number(timestamp) : Number(timestamp) * 1_000;
  const recvWindow = params.get("recvWindow") ?? String(RECV_WINDOW_DEFAULT_MS);
  if (!/^\d{1,20}(\.\d{1,3})?$/.test(recvWindow)) throw new ApiError("ILLEGAL_CHARACTERS", { param: "recvWindow", range: "^[0-9]{1,20}(\\.[0-9]{1,3})?$" });
  if (Number(recvWindow) > RECV_WINDOW_MAX_MS) throw new ApiError("BAD_RECV_WINDOW");
  return { timestampUs, deadlineUs: timestampUs + Math.round(Number(recvWindow) * 1_000) };
}

/** @throws ApiError when the request is too old, or from the future. */
export function checkValidity({ timestampUs, deadlineUs }: Validity, nowUs: number): void {
  if (timestampUs >= nowUs + TIMESTAMP_AHEAD_MS * 1_000) throw new ApiError("TIMESTAMP_AHEAD");
  if (nowUs > deadlineUs) throw new ApiError("OUTSIDE_RECV_WINDOW");
}
