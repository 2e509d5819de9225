// One maker in one market: keeps a ladder of post-only orders on both sides and moves the one that stands most out of
// place. Knows its orders from its private stream alone, so it is right again after any loss.
// Invariant: open orders and placements under way together never exceed the market's allowance.
import type { AccountState, FeedBookTicker, FeedExecution, FeedOrder, Side } from "../../sdk/typescript/src/index.ts";
import { drawQuote, levelTicks, type LadderView } from "./ladder.ts";
import { LADDER_LEVELS, OPEN_ORDERS_SHARE_MAX, PENDING_MAX_MS, RETREATS_PER_STEP_MAX } from "./limits.ts";
import type { Random } from "./random.ts";
import type { Trader } from "./trader.ts";

const SIDES: readonly Side[] = ["BUY", "SELL"];
const OPEN: ReadonlySet<string> = new Set(["NEW", "PARTIALLY_FILLED"]);
const UNKNOWN_ORDER = -2011;

/** An order nearer to the reference price than this part of the half spread is about to be picked off. */
const ENDANGERED_PART = 0.4;
/** An empty level is worse than any order out of place, and worst near the top. */
const EMPTY_SCORE = 100;
/** An order is moved when it stands this many level steps off. */
const OUT_OF_PLACE = 0.6;
/** Less than this part of it left counts as this much out of place. */
const NEARLY_FILLED = { part: 0.3, score: 1.5 };

interface Slot {
  readonly side: Side;
  readonly level: number;
}
interface OpenOrder extends Slot {
  readonly priceTicks: number;
  quantityLots: number;
  openLots: number;
  canceling: boolean;
}
interface Placement extends Slot {
  readonly atMs: number;
}

export class MarketMaker {
  readonly #trader: Trader;
  readonly #random: Random;
  readonly #levels: number;
  readonly #openMax: number;
  // Makes client order ids of this start differ from those of the last; says nothing about the flow.
  readonly #session = Date.now().toString(36);
  readonly #orders = new Map<number, OpenOrder>();
  readonly #placements = new Map<string, Placement>();
  #count = 0;

  constructor(options: { trader: Trader; random: Random; maxNumOrders: number }) {
    this.#trader = options.trader;
    this.#random = options.random;
    this.#openMax = Math.max(2, Math.floor(options.maxNumOrders * OPEN_ORDERS_SHARE_MAX));
    this.#levels = Math.max(1, Math.min(LADDER_LEVELS, Math.floor(this.#openMax / 3)));
  }

  get openOrders(): number {
    return this.#orders.size;
  }

  onSnapshot(state: AccountState): void {
    this.#orders.clear();
    this.#placements.clear();
    for (const order of state.openOrders) this.#onOrder(order);
  }

  onExecution({ order }: FeedExecution): void {
    this.#onOrder(order);
  }

  /** Does one thing about the ladder: fills its worst gap, or moves the order most out of place. */
  step(view: LadderView, top: FeedBookTicker | undefined): void {
    if (!this.#trader.free) return;
    this.#forgetLostPlacements();
    const worst = this.#worstSlot(view);
    if (worst === undefined || this.#orders.size + this.#placements.size >= this.#openMax) return;
    void this.#place(view, top, worst);
  }

  /** Cancels orders that the reference price has come too near to. */
  retreat(view: LadderView): void {
    const referenceTicks = view.reference / view.market.priceNumber(1);
    const margin = referenceTicks * view.profile.halfSpread * ENDANGERED_PART;
    let retreats = 0;
    for (const [orderId, order] of this.#orders) {
      const room = order.side === "BUY" ? referenceTicks - order.priceTicks : order.priceTicks - referenceTicks;
      if (order.canceling || (room >= margin && order.level >= 0)) continue;
      if (retreats++ === RETREATS_PER_STEP_MAX || !this.#trader.free) return;
      void this.#cancel(orderId, order);
    }
  }

  #onOrder(order: FeedOrder): void {
    if (order.symbol !== this.#trader.symbol) return;
    this.#placements.delete(order.clientOrderId);
    if (!OPEN.has(order.status)) {
      this.#orders.delete(order.orderId);
      return;
    }
    const known = this.#orders.get(order.orderId);
    const openLots = order.quantityLots - order.executedLots;
    if (known !== undefined) known.openLots = openLots;
    else {
      const { side, priceTicks, quantityLots } = order;
      this.#orders.set(order.orderId, { side, level: levelOf(order.clientOrderId), priceTicks, quantityLots, openLots, canceling: false });
    }
  }

  #forgetLostPlacements(): void {
    const before = performance.now() - PENDING_MAX_MS;
    for (const [id, { atMs }] of this.#placements) {
      if (atMs > before) return; // in the order they were made
      this.#placements.delete(id);
    }
  }

  #worstSlot(view: LadderView): (Slot & { readonly replaces: number | undefined }) | undefined {
    const taken = new Set<string>();
    for (const { side, level } of this.#placements.values()) taken.add(`${side}${level}`);
    const standing = new Map<string, readonly [number, OpenOrder]>();
    for (const entry of this.#orders) if (!entry[1].canceling) standing.set(`${entry[1].side}${entry[1].level}`, entry);
    const stepTicks = (view.reference * view.profile.levelStep) / view.market.priceNumber(1);
    let worst: (Slot & { readonly replaces: number | undefined }) | undefined;
    let worstScore = -1;
    for (const side of SIDES) {
      for (let level = 0; level < this.#levels; level++) {
        const slot = `${side}${level}`;
        if (taken.has(slot)) continue;
        const entry = standing.get(slot);
        const score = entry === undefined ? EMPTY_SCORE + this.#levels - level : this.#outOfPlace(view, entry[1], stepTicks);
        if (score <= worstScore) continue;
        worstScore = score;
        worst = { side, level, replaces: entry?.[0] };
      }
    }
    return worst;
  }

  #outOfPlace(view: LadderView, order: OpenOrder, stepTicks: number): number {
    const steps = Math.abs(order.priceTicks - levelTicks(view, order.side, order.level)) / Math.max(1, stepTicks);
    const eaten = order.openLots < order.quantityLots * NEARLY_FILLED.part ? NEARLY_FILLED.score : 0;
    // Far levels may lag; and when all stand well, chance picks which one is drawn anew, so that the book breathes.
    const score = steps / (1 + 0.1 * order.level) + eaten;
    return score > OUT_OF_PLACE ? score : OUT_OF_PLACE * this.#random.uniform();
  }

  async #place(view: LadderView, top: FeedBookTicker | undefined, slot: Slot & { readonly replaces: number | undefined }): Promise<void> {
    const { side, level, replaces } = slot;
    const { market } = view;
    const quote = drawQuote(view, { side, level, random: this.#random });
    let { priceTicks } = quote;
    // Post-only: stay behind whoever stands on the other side.
    if (side === "BUY" && top !== undefined && top.askLots > 0) priceTicks = Math.min(priceTicks, top.askTicks - 1);
    if (side === "SELL" && top !== undefined && top.bidLots > 0) priceTicks = Math.max(priceTicks, top.bidTicks + 1);
    if (priceTicks < market.filters.minPriceTicks) return;
    const newClientOrderId = `m.${side === "BUY" ? "b" : "s"}.${level}.${this.#session}.${(++this.#count).toString(36)}`;
    this.#placements.set(newClientOrderId, { side, level, atMs: performance.now() });
    const sent = await this.#trader.send("maker order", () =>
      this.#trader.rest.placeOrder({
        symbol: market.symbol,
        side,
        type: "LIMIT_MAKER",
        price: market.formatPrice(priceTicks),
        quantity: market.formatQuantity(quote.quantityLots),
        newClientOrderId,
        newOrderRespType: "ACK",
      }),
    );
    const refused = !sent.ok && sent.error.status >= 400 && sent.error.status < 500;
    if (refused) this.#placements.delete(newClientOrderId);
    // The old order goes when the new one stands, so that the level is never bare; a crossing new one needs it gone first.
    const old = replaces === undefined ? undefined : this.#orders.get(replaces);
    if (replaces !== undefined && old !== undefined && !old.canceling && (sent.ok || refused)) await this.#cancel(replaces, old);
  }

  async #cancel(orderId: number, order: OpenOrder): Promise<void> {
    order.canceling = true;
    const sent = await this.#trader.send("cancel", () => this.#trader.rest.cancelOrder({ symbol: this.#trader.symbol, orderId }));
    if (sent.ok) return; // the private stream takes it out
    if (sent.error.code === UNKNOWN_ORDER) this.#orders.delete(orderId);
    else order.canceling = false;
  }
}

/** The level that a client order id of ours names; -1 for any other order, which is then cancelled. */
function levelOf(clientOrderId: string): number {
  const match = /^m\.[bs]\.(\d{1,3})\./.exec(clientOrderId);
  return match === null ? -1 : Number(match[1]);
}
