// Request weight per address and minute, told in every answer and refused beyond the limit.
//
// One fixed window per calendar minute, in this process's memory. What a route weighs is said where the route is.
import { createMiddleware } from "hono/factory";
import type { ApiEnv } from "../apiEnv.ts";
import { ApiError } from "../errors.ts";
import { clientAddress } from "../request/clientAddress.ts";

const WINDOW_MS = 60_000;
const HEADER = "X-MBX-USED-WEIGHT-1M";

export class RequestMeter {
  readonly #limit: number;
  readonly #nowMs: () => number;
  // Thrown away whole when the minute is over, so it is bounded by what one minute can bring.
  #used = new Map<string, number>();
  #window = -1;

  /** @param limit weight per address and minute; 0: off. */
  constructor({ limit, nowMs }: { readonly limit: number; readonly nowMs?: () => number }) {
    this.#limit = limit;
    this.#nowMs = nowMs ?? Date.now;
  }

  /** Adds to what the address has used. @throws ApiError TOO_MUCH_WEIGHT beyond the limit */
  use(address: string, weight: number): number {
    const nowMs = this.#nowMs();
    const window = Math.floor(nowMs / WINDOW_MS);
    if (window !== this.#window) {
      this.#window = window;
      this.#used = new Map();
    }
    const used = (this.#used.get(address) ?? 0) + weight;
    this.#used.set(address, used);
    if (this.#limit > 0 && used > this.#limit) {
      const retryAfterS = Math.ceil(((window + 1) * WINDOW_MS - nowMs) / 1_000);
      throw new ApiError("TOO_MUCH_WEIGHT", { limit: this.#limit }, retryAfterS);
    }
    return used;
  }

  get limit(): number {
    return this.#limit;
  }

  /** Middleware of a route that weighs so much. */
  weigh(weight: number) {
    return createMiddleware<ApiEnv>(async (c, next) => {
      c.header(HEADER, String(this.use(clientAddress(c), weight)));
      await next();
    });
  }
}
