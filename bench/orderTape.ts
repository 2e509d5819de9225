// The mix of orders one measured account sends: mostly resting limits and their cancels, some that trade at once.
//
// Seeded, so two runs send the same decisions. Keeps few orders open, far below what the venue allows an account.
import type { Account } from "./privateExchange.ts";

export type RequestKind = "rest" | "cross" | "cancel";

export interface PlannedRequest {
  readonly kind: RequestKind;
  readonly method: "POST" | "DELETE";
  readonly params: string;
  /** The client order id it places or cancels. */
  readonly clientOrderId: string;
}

const OPEN_ORDERS_MAX = 20;
const CROSSING_SHARE = 0.15;
const CANCEL_SHARE = 0.35;
const QUANTITY = "0.001";
const CENTS = 100;

/** mulberry32: 32 bits of state are plenty for a mix of orders. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class OrderTape {
  readonly account: Account;
  readonly #random: () => number;
  readonly #name: string;
  /** Acknowledged, resting, nothing sent about them yet. */
  readonly #open: string[] = [];
  #count = 0;

  constructor(account: Account, seed: number) {
    this.account = account;
    this.#random = seededRandom(seed);
    this.#name = `bench-${seed}`;
  }

  /** What to send next, given the best prices in cents. */
  next(symbol: string, { bidCents, askCents }: { bidCents: number; askCents: number }): PlannedRequest {
    const draw = this.#random();
    const oldest = this.#open.length > OPEN_ORDERS_MAX || draw < CANCEL_SHARE ? this.#open.shift() : undefined;
    if (oldest !== undefined) {
      return { kind: "cancel", method: "DELETE", clientOrderId: oldest, params: `symbol=${symbol}&origClientOrderId=${oldest}` };
    }
    const clientOrderId = `${this.#name}-${++this.#count}`;
    const buy = this.#random() < 0.5;
    const cross = draw > 1 - CROSSING_SHARE;
    // Resting: up to 1 % behind the touch. Crossing: 0.1 % through it, and gone if nobody is there.
    const away = cross ? -0.001 : 0.0005 + this.#random() * 0.01;
    const cents = Math.round(buy ? (cross ? askCents : bidCents) * (1 - away) : (cross ? bidCents : askCents) * (1 + away));
    const price = `${Math.floor(cents / CENTS)}.${String(cents % CENTS).padStart(2, "0")}`;
    const params = `symbol=${symbol}&side=${buy ? "BUY" : "SELL"}&type=LIMIT&timeInForce=${cross ? "IOC" : "GTC"}&quantity=${QUANTITY}&price=${price}&newClientOrderId=${clientOrderId}`;
    return { kind: cross ? "cross" : "rest", method: "POST", clientOrderId, params };
  }

  /** A resting order was acknowledged: it may be canceled from now on. */
  acknowledged({ kind, clientOrderId }: PlannedRequest): void {
    if (kind === "rest") this.#open.push(clientOrderId);
  }
}
