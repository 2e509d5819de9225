// What the person at the screen owns and has open. First what REST said, then the private feed, which replaces it all
// with its snapshot and keeps it current. Invariant: once live, nothing but the feed changes it.
import type { AccountState, FeedBalance, FeedExecution, FeedOrder } from "../feed/feedMessages.ts";
import { formatUnits } from "../feed/decimalText.ts";
import { priceText, quantityText, type Market } from "../feed/market.ts";
import { Store } from "./store.ts";

/** Text with the market's places. */
export interface OpenOrder {
  readonly orderId: number;
  readonly symbol: string;
  readonly side: "BUY" | "SELL";
  readonly type: string;
  readonly timeInForce: string;
  readonly price: string;
  readonly quantity: string;
  readonly executed: string;
  readonly timeMs: number;
}

/** Exact text with the asset's places, as the api writes it. */
export interface Balance {
  readonly asset: string;
  readonly free: string;
  readonly locked: string;
}

export interface AccountSeed {
  readonly balances: readonly Balance[] | undefined;
  readonly openOrders: readonly OpenOrder[] | undefined;
}

const isOpen = (order: FeedOrder): boolean => order.status === "NEW" || order.status === "PARTIALLY_FILLED" || order.status === "PENDING_NEW";

export class AccountStore extends Store {
  readonly #markets: ReadonlyMap<string, Market>;
  readonly #orders = new Map<number, OpenOrder>();
  readonly #balances = new Map<string, Balance>();
  /** Every asset some market trades, with its scale: an asset not owned is shown as zero, not left out. */
  readonly #scales = new Map<string, number>();
  /** The private feed speaks. */
  live = false;
  /** There are balances, or open orders, to show. */
  balancesKnown = false;
  ordersKnown = false;
  /** Counts executions: when it moves, order and trade history have grown. */
  executions = 0;

  constructor(markets: ReadonlyMap<string, Market>, seed: AccountSeed) {
    super();
    this.#markets = markets;
    for (const { quote, quoteScale } of markets.values()) this.#scales.set(quote, quoteScale);
    for (const { base, baseScale } of markets.values()) this.#scales.set(base, baseScale);
    this.#fill(seed);
  }

  /** What REST says; ignored once the feed is live, which is never behind it. */
  seed(seed: AccountSeed): void {
    if (this.live) return;
    this.#fill(seed);
    this.changed();
  }

  #fill({ balances, openOrders }: AccountSeed): void {
    if (balances !== undefined) {
      this.#startBalances();
      for (const balance of balances) this.#balances.set(balance.asset, balance);
      this.balancesKnown = true;
    }
    if (openOrders !== undefined) {
      this.#orders.clear();
      for (const order of openOrders) this.#orders.set(order.orderId, order);
      this.ordersKnown = true;
    }
  }

  snapshot(account: AccountState): void {
    this.#orders.clear();
    this.#startBalances();
    for (const order of account.openOrders) this.#keep(order);
    for (const balance of account.balances) this.#setBalance(balance);
    this.live = this.balancesKnown = this.ordersKnown = true;
    this.executions++;
    this.changed();
  }

  execution({ order }: FeedExecution): void {
    if (isOpen(order)) this.#keep(order);
    else this.#orders.delete(order.orderId);
    this.executions++;
    this.changed();
  }

  balance(balance: FeedBalance): void {
    this.#setBalance(balance);
    this.changed();
  }

  /** The feed was lost: REST may speak again until it is back. */
  interrupted(): void {
    if (!this.live) return;
    this.live = false;
    this.changed();
  }

  /** Nobody is logged in any more. */
  clear(): void {
    this.#orders.clear();
    this.#balances.clear();
    this.live = this.balancesKnown = this.ordersKnown = false;
    this.changed();
  }

  /** Newest first. */
  get openOrders(): OpenOrder[] {
    return [...this.#orders.values()].sort((a, b) => b.timeMs - a.timeMs || b.orderId - a.orderId);
  }

  get openOrderCount(): number {
    return this.#orders.size;
  }

  get balances(): Balance[] {
    return [...this.#balances.values()];
  }

  balanceOf(asset: string): Balance | undefined {
    return this.#balances.get(asset);
  }

  #startBalances(): void {
    this.#balances.clear();
    for (const [asset, scale] of this.#scales) this.#balances.set(asset, { asset, free: formatUnits(0n, scale), locked: formatUnits(0n, scale) });
  }

  #keep(order: FeedOrder): void {
    const market = this.#markets.get(order.symbol);
    if (market === undefined) return;
    this.#orders.set(order.orderId, {
      orderId: order.orderId,
      symbol: order.symbol,
      side: order.side,
      type: order.type,
      timeInForce: order.timeInForce,
      price: priceText(market, order.priceTicks),
      quantity: quantityText(market, order.quantityLots),
      executed: quantityText(market, order.executedLots),
      timeMs: Math.floor(order.createdUs / 1000),
    });
  }

  #setBalance(balance: FeedBalance): void {
    this.#balances.set(balance.asset, {
      asset: balance.asset,
      free: formatUnits(balance.availableUnits, balance.scale),
      locked: formatUnits(balance.heldUnits, balance.scale),
    });
  }
}
