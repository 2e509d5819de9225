// What one client of a crash run sends: resting orders on both sides, some that trade at once, and cancels of its own.
//
// Seeded, so two runs make the same decisions. An id is never used twice, and an order is cancelled once at most: so
// each id tells its own story in the log. (A cancel that the engine never saw may be sent again.)
import { Side } from "../gen/tickwire/v1/types_pb.ts";
import { seededRandom } from "../bench/orderTape.ts";
import { OPEN_PER_MARKET_MAX } from "./limits.ts";

/** A market of the default venue, in its own numbers. */
export interface CrashMarket {
  readonly marketId: number;
  readonly symbol: string;
  /** Where trading goes on. */
  readonly middleTicks: number;
  readonly lotsPerCoin: number;
  /** A usual order. */
  readonly lots: number;
}

export const MARKETS: readonly CrashMarket[] = [
  { marketId: 1, symbol: "BTCUSDT", middleTicks: 6_500_000, lotsPerCoin: 100_000, lots: 100 },
  { marketId: 2, symbol: "ETHUSDT", middleTicks: 300_000, lotsPerCoin: 10_000, lots: 200 },
  { marketId: 3, symbol: "SOLUSDT", middleTicks: 15_000, lotsPerCoin: 1_000, lots: 400 },
];

export type Request =
  | { readonly kind: "place"; readonly id: string; readonly market: CrashMarket; readonly side: Side; readonly priceTicks: number; readonly quantityLots: number; readonly rests: boolean }
  | { readonly kind: "cancel"; readonly id: string; readonly market: CrashMarket };

const CANCEL_SHARE = 0.35;
const CROSSING_SHARE = 0.25;
/** How far from the middle orders rest, as a share of the price. */
const SPREAD = 0.004;

export class OrderTape {
  readonly #random: () => number;
  readonly #name: string;
  readonly #open = MARKETS.map((): string[] => []);
  #count = 0;

  constructor(name: string, seed: number) {
    this.#name = name;
    this.#random = seededRandom(seed);
  }

  next(): Request {
    const which = this.#random() < 0.6 ? 0 : this.#random() < 0.6 ? 1 : 2;
    const market = MARKETS[which] as CrashMarket;
    const open = this.#open[which] as string[];
    const draw = this.#random();
    const canceled = open.length > OPEN_PER_MARKET_MAX || draw < CANCEL_SHARE ? open.splice(Math.floor(this.#random() * open.length), 1)[0] : undefined;
    if (canceled !== undefined) return { kind: "cancel", id: canceled, market };
    const side = this.#random() < 0.5 ? Side.BUY : Side.SELL;
    const crosses = draw > 1 - CROSSING_SHARE;
    const distance = Math.ceil(this.#random() * SPREAD * market.middleTicks);
    const away = crosses ? -Math.ceil(distance / 2) : distance;
    const priceTicks = market.middleTicks + (side === Side.BUY ? -away : away);
    const quantityLots = market.lots * (1 + Math.floor(this.#random() * 4));
    return { kind: "place", id: `${this.#name}-${++this.#count}`, market, side, priceTicks, quantityLots, rests: !crosses };
  }

  /** A resting order is known to be there: it may be cancelled from now on. */
  acknowledged(request: Request): void {
    if (request.kind === "place" && request.rests) this.#open[request.market.marketId - 1]?.push(request.id);
  }

  /** A cancel did not reach the engine: it may be sent again. */
  turnedAway(request: Request): void {
    if (request.kind === "cancel") this.#open[request.market.marketId - 1]?.push(request.id);
  }
}
