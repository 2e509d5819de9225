/** An answer of the REST API that is not a success, or no answer at all. */
export class TickwireApiError extends Error {
  override readonly name = "TickwireApiError";
  /** HTTP status; 0 when there was no answer (refused, timed out, aborted). */
  readonly status: number;
  /** The API's error code, such as -2010; 0 when the answer carried none. */
  readonly code: number;
  /** From Retry-After, when the API asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor({ status, code, message, retryAfterMs, cause }: { status: number; code: number; message: string; retryAfterMs?: number; cause?: unknown }) {
    super(message, { cause });
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
