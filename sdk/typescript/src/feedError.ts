import type { RequestError } from "./words.ts";

/**
 * What went wrong on the feed.
 * - `connection`: the socket failed or was closed; `closeCode` is set when the gateway gave one.
 * - `rejected`: the gateway refused a request; `request` names the reason.
 * - `ticket`: getTicket failed.
 * - `protocol`: the gateway sent something that this version cannot read.
 */
export type FeedErrorKind = "connection" | "rejected" | "ticket" | "protocol";

export class FeedError extends Error {
  override readonly name = "FeedError";
  readonly kind: FeedErrorKind;
  readonly closeCode: number | undefined;
  readonly request: RequestError | undefined;

  constructor(kind: FeedErrorKind, message: string, detail: { closeCode?: number; request?: RequestError; cause?: unknown } = {}) {
    super(message, { cause: detail.cause });
    this.kind = kind;
    this.closeCode = detail.closeCode;
    this.request = detail.request;
  }
}
