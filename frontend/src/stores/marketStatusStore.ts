// Whether the watched market is open, and while an opening auction collects orders, what it would come to now.
import type { FeedMarketStatus, MarketStatus, Side } from "../feed/feedMessages.ts";
import { priceText, quantityText, type Market } from "../feed/market.ts";
import { Store } from "./store.ts";

/** Decimal text, with the market's places. */
export interface AuctionOutlook {
  /** The one price all would trade at; undefined while nothing would match, or nothing is known yet. */
  readonly price: string | undefined;
  readonly quantity: string | undefined;
  /** What would be left over at that price, and on which side. */
  readonly unmatched: { readonly side: Side; readonly quantity: string } | undefined;
}

export class MarketStatusStore extends Store {
  readonly #market: Market;
  #told: FeedMarketStatus | undefined;

  constructor(market: Market) {
    super();
    this.#market = market;
  }

  set(told: FeedMarketStatus): void {
    this.#told = told;
    this.changed();
  }

  get status(): MarketStatus {
    return this.#told?.status ?? this.#market.status;
  }

  /** Undefined unless the market is in auction. */
  get auction(): AuctionOutlook | undefined {
    if (this.status !== "AUCTION") return undefined;
    const outlook = this.#told?.auction;
    if (outlook === undefined || outlook.priceTicks === 0) return { price: undefined, quantity: undefined, unmatched: undefined };
    const { priceTicks, quantityLots, surplusSide, surplusLots } = outlook;
    return {
      price: priceText(this.#market, priceTicks),
      quantity: quantityText(this.#market, quantityLots),
      unmatched: surplusSide === undefined ? undefined : { side: surplusSide, quantity: quantityText(this.#market, surplusLots) },
    };
  }
}
