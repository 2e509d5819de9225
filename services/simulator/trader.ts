// One account that sends requests: how many at a time, and what it does when they fail. A refusal is an answer; an
// exchange that is busy or away is waited for. Never sends a request twice.
import { TickwireApiError, type RestClient } from "../../sdk/typescript/src/index.ts";
import type { Answer, RequestKind } from "./flowReport.ts";
import { IN_FLIGHT_MAX, PAUSE_MAX_MS, PAUSE_MIN_MS, REFUSALS_IN_A_ROW_MAX } from "./limits.ts";

/** Why an account is no longer of use: its key is refused, or its money is gone. */
export type TraderEnd = "refused" | "poor";

// Signature, key and permission errors of API.md.
const KEY_ERRORS: ReadonlySet<number> = new Set([-1002, -1022, -2008, -2014, -2015]);
const INSUFFICIENT_BALANCE = "Account has insufficient balance";

export type Sent<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: TickwireApiError };

export class Trader {
  readonly rest: RestClient;
  readonly symbol: string;
  readonly #onAnswer: (answer: Answer) => void;
  readonly #onEnd: (end: TraderEnd) => void;
  #inFlight = 0;
  #pausedUntilMs = 0;
  #pauses = 0;
  #refusals = 0;

  constructor(options: { rest: RestClient; symbol: string; onAnswer: (answer: Answer) => void; onEnd: (end: TraderEnd) => void }) {
    this.rest = options.rest;
    this.symbol = options.symbol;
    this.#onAnswer = options.onAnswer;
    this.#onEnd = options.onEnd;
  }

  /** Whether another request may be sent now. */
  get free(): boolean {
    return this.#inFlight < IN_FLIGHT_MAX && performance.now() >= this.#pausedUntilMs;
  }

  async send<T>(kind: RequestKind, request: () => Promise<T>): Promise<Sent<T>> {
    this.#inFlight++;
    const startedAtMs = performance.now();
    try {
      const value = await request();
      this.#pauses = 0;
      this.#refusals = 0;
      this.#answered(kind, startedAtMs, undefined);
      return { ok: true, value };
    } catch (error) {
      if (!(error instanceof TickwireApiError)) throw error;
      this.#answered(kind, startedAtMs, error);
      this.#failed(error);
      return { ok: false, error };
    } finally {
      this.#inFlight--;
    }
  }

  #answered(kind: RequestKind, startedAtMs: number, error: TickwireApiError | undefined): void {
    this.#onAnswer({ kind, symbol: this.symbol, startedAtMs, latencyMs: performance.now() - startedAtMs, error });
  }

  #failed(error: TickwireApiError): void {
    const { status, code } = error;
    if (status === 0 || status >= 500 || status === 429 || status === 418) this.#pause(error.retryAfterMs);
    else if (status === 401 || KEY_ERRORS.has(code)) {
      this.#pause(undefined);
      this.#onEnd("refused");
    } else if (error.message.startsWith(INSUFFICIENT_BALANCE)) {
      this.#pause(undefined);
      this.#onEnd("poor");
    } else if (++this.#refusals >= REFUSALS_IN_A_ROW_MAX) {
      this.#refusals = 0;
      this.#pause(undefined);
    }
  }

  #pause(askedMs: number | undefined): void {
    // All that were in flight when the exchange went away fail together: that is one failure.
    if (performance.now() < this.#pausedUntilMs) return;
    const pauseMs = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** Math.min(this.#pauses++, 20));
    this.#pausedUntilMs = performance.now() + Math.max(askedMs ?? 0, pauseMs);
  }
}
