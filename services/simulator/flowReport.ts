// What the flow did since the last report: for the log, and for whoever measures.
import type { TickwireApiError } from "../../sdk/typescript/src/index.ts";

export type RequestKind = "maker order" | "taker order" | "cancel";

/** One answered request. */
export interface Answer {
  readonly kind: RequestKind;
  readonly symbol: string;
  readonly startedAtMs: number;
  readonly latencyMs: number;
  /** undefined: accepted. */
  readonly error: TickwireApiError | undefined;
}

export class FlowReport {
  #orders = 0;
  #cancels = 0;
  #refusals = new Map<string, number>();
  #latenciesMs: number[] = [];
  #sinceMs = performance.now();

  add({ kind, latencyMs, error }: Answer): void {
    if (error !== undefined) {
      const name = error.code === 0 ? `status ${error.status}` : `${error.code} ${error.message.slice(0, 60)}`;
      this.#refusals.set(name, (this.#refusals.get(name) ?? 0) + 1);
      return;
    }
    if (kind === "cancel") this.#cancels++;
    else this.#orders++;
    this.#latenciesMs.push(latencyMs);
  }

  /** The numbers since the last call. */
  take(): { orders: number; cancels: number; ordersPerSecond: number; p50Ms: number; p99Ms: number; refusals: Record<string, number> } {
    const seconds = Math.max(0.001, (performance.now() - this.#sinceMs) / 1_000);
    const sorted = this.#latenciesMs.sort((a, b) => a - b);
    const at = (part: number): number => Number((sorted[Math.floor(part * (sorted.length - 1))] ?? 0).toFixed(2));
    const taken = {
      orders: this.#orders,
      cancels: this.#cancels,
      ordersPerSecond: Number((this.#orders / seconds).toFixed(1)),
      p50Ms: at(0.5),
      p99Ms: at(0.99),
      refusals: Object.fromEntries(this.#refusals),
    };
    this.#orders = 0;
    this.#cancels = 0;
    this.#refusals = new Map();
    this.#latenciesMs = [];
    this.#sinceMs = performance.now();
    return taken;
  }
}
