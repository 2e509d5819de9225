// One taker in one market: small orders that trade at once, in the direction the market is thought to go, and back
// against whatever position has piled up.
import type { FeedBookTicker, MarketInfo, NewOrder, Side } from "../../sdk/typescript/src/index.ts";
import { lotsWorth } from "./ladder.ts";
import type { MarketProfile } from "./profiles.ts";
import type { Random } from "./random.ts";
import type { Trader } from "./trader.ts";

const SIZE_SIGMA = 1.25;
/** Sizes are drawn again in spirit, not in fact: the tail is cut at this many medians. */
const SIZE_TAIL_MAX = 60;
const MARKET_SHARE = 0.55;
const QUOTE_AMOUNT_SHARE = 0.15;
/** How far beyond the reference price a limit IOC may reach, as a part of it. */
const REACH = 4e-4;
/** How often a taker who sees a price better than it thinks right takes it, instead of following the crowd. */
const INFORMED_SHARE = 0.6;
/** How strongly a full position pushes against itself. */
const INVENTORY_PUSH = 0.35;

export interface TakerView {
  readonly market: MarketInfo;
  readonly profile: MarketProfile;
  readonly reference: number;
  readonly top: FeedBookTicker | undefined;
  /** The maker's: positive when it holds too much, so that takers should rather buy. */
  readonly inventory: number;
}

export class Taker {
  readonly #trader: Trader;
  readonly #random: Random;
  readonly #session = Date.now().toString(36);
  #count = 0;

  constructor(options: { trader: Trader; random: Random }) {
    this.#trader = options.trader;
    this.#random = options.random;
  }

  step(view: TakerView): void {
    if (!this.#trader.free) return;
    const order = this.#draw(view);
    if (order === undefined) return;
    void this.#trader.send("taker order", () => this.#trader.rest.placeOrder(order));
  }

  /** The next order; undefined when the side it would take from is empty. */
  #draw(view: TakerView): NewOrder | undefined {
    const { market, profile, top } = view;
    const random = this.#random;
    const side = this.#side(view);
    const [touchTicks, touchLots] = side === "BUY" ? [top?.askTicks, top?.askLots] : [top?.bidTicks, top?.bidLots];
    const notional = Math.min(profile.takerNotional * SIZE_TAIL_MAX, random.logNormal({ median: profile.takerNotional, sigma: SIZE_SIGMA }));
    const kind = random.uniform();
    if (touchTicks === undefined || touchLots === undefined || touchLots === 0) return undefined;
    const common = { symbol: market.symbol, side, newClientOrderId: `t.${this.#session}.${(++this.#count).toString(36)}`, newOrderRespType: "RESULT" } as const;
    const quantity = market.formatQuantity(lotsWorth(market, { notional, priceTicks: touchTicks }));
    if (kind < MARKET_SHARE) return { ...common, type: "MARKET", quantity };
    if (kind < MARKET_SHARE + QUOTE_AMOUNT_SHARE && side === "BUY") {
      return { ...common, type: "MARKET", quoteOrderQty: Math.max(notional, 2 * Number(market.filters.minNotional)).toFixed(2) };
    }
    const limit = (view.reference * (side === "BUY" ? 1 + REACH : 1 - REACH)) / market.priceNumber(1);
    return { ...common, type: "LIMIT", timeInForce: "IOC", price: market.formatPrice(Math.round(limit)), quantity };
  }

  #side({ market, reference, top, inventory }: TakerView): Side {
    const random = this.#random;
    const informed = random.chance(INFORMED_SHARE);
    const buys = random.chance(0.5 + INVENTORY_PUSH * inventory);
    const referenceTicks = reference / market.priceNumber(1);
    if (informed && top !== undefined && top.askLots > 0 && top.askTicks < referenceTicks) return "BUY";
    if (informed && top !== undefined && top.bidLots > 0 && top.bidTicks > referenceTicks) return "SELL";
    return buys ? "BUY" : "SELL";
  }
}
