// The opening auction, written from the rules: orders are collected beside the book; when trading begins, an owner's own
// crossing orders are parted, every price that could be the best is tried, and at the best one both sides trade in the
// order of price and time until nobody is left who accepts it.
import type { PlaceOrder } from "../../../gen/tickwire/v1/command_pb.ts";
import { ExpiryReason, MarketStatus, OrderStatus, OrderType, PegType, RejectReason, SelfTradePreventionMode, Side, TimeInForce, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "./modelEngine.ts";
import { prevents, waits } from "./modelRules.ts";
import { EXACT_MAX, isBuy, remainingLots, smaller, type ModelMarket } from "./modelState.ts";

const OK = RejectReason.UNSPECIFIED;
const PRICE_TICKS_MAX = 2n ** 31n - 2n;

export class ModelAuctions {
  /** What auctions have collected; of two at one price the earlier in this array goes first. */
  collected: Order[] = [];
  readonly #engine: ModelEngine;

  constructor(engine: ModelEngine) {
    this.#engine = engine;
  }

  /** Whether the market's state lets it take this order. */
  checkPlace({ rules }: ModelMarket, asked: PlaceOrder, timeInForce: TimeInForce, pending: boolean): RejectReason {
    if (rules.status !== MarketStatus.AUCTION) return OK;
    const stays = timeInForce === TimeInForce.GTC || timeInForce === TimeInForce.GTD;
    const fits = waits(asked.type) || pending || (asked.type === OrderType.LIMIT && stays && asked.pegType === PegType.UNSPECIFIED);
    return fits ? OK : RejectReason.MARKET_AUCTION;
  }

  /** The same for an amendment; `posts`: it moves a post-only order. */
  checkAmend({ rules }: ModelMarket, posts: boolean): RejectReason {
    if (rules.status === MarketStatus.AUCTION) return posts ? RejectReason.MARKET_AUCTION : OK;
    return rules.status === MarketStatus.TRADING || rules.status === MarketStatus.POST_ONLY ? OK : RejectReason.MARKET_CLOSED;
  }

  /** Whether every number stays exact if this order is collected at this price. */
  checkMoved(order: Pick<Order, "marketId" | "side" | "executedQuoteUnits">, priceTicks: bigint, lots: bigint): RejectReason {
    const market = this.#engine.market(order.marketId) as ModelMarket;
    if (market.rules.status !== MarketStatus.AUCTION) return OK;
    const level = this.#side(market, order.side).filter((o) => o.priceTicks === priceTicks);
    if (level.reduce((sum, o) => sum + remainingLots(o), lots) > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (isBuy(order)) return priceTicks > market.auctionCapTicks ? RejectReason.NOTIONAL_OVERFLOW : OK;
    const best = this.#side(market, Side.BUY)[0]?.priceTicks ?? 0n;
    return best > capTicks(lots, order.executedQuoteUnits, market) ? RejectReason.NOTIONAL_OVERFLOW : OK;
  }

  mayBecome({ rules, auctionCapTicks }: ModelMarket, next: MarketStatus): boolean {
    if (next === MarketStatus.AUCTION) return auctionCapTicks !== 0n || rules.status === MarketStatus.HALT;
    return this.#engine.rules.isStatus(next) && (auctionCapTicks === 0n || next !== MarketStatus.POST_ONLY);
  }

  /** The market has changed its state: an auction begins, or ends. */
  statusChanged(market: ModelMarket): void {
    const { status, marketId } = market.rules;
    if (status === MarketStatus.AUCTION && market.auctionCapTicks === 0n) {
      market.auctionCapTicks = PRICE_TICKS_MAX;
      for (const order of this.#engine.side(marketId, Side.SELL)) this.#cap(market, order);
    } else if (status === MarketStatus.TRADING && market.auctionCapTicks !== 0n) {
      market.auctionCapTicks = 0n;
      this.#uncross(market);
    }
  }

  collect(order: Order): void {
    this.collected.push(order);
    this.#engine.icebergs.showPart(order);
    if (!isBuy(order)) this.#cap(this.#engine.market(order.marketId) as ModelMarket, order);
  }

  leave(order: Order): void {
    this.collected = this.collected.filter((o) => o !== order);
  }

  // No seller is to receive more than is exact.
  #cap(market: ModelMarket, sell: Order): void {
    market.auctionCapTicks = smaller(market.auctionCapTicks, capTicks(remainingLots(sell), sell.executedQuoteUnits, market));
  }

  /** What is collected of one side, best first; of two at one price the older. */
  queue(marketId: number, side: Side): Order[] {
    const mine = this.collected.filter((o) => o.marketId === marketId && o.side === side);
    return mine.sort((a, b) => Number(side === Side.BUY ? b.priceTicks - a.priceTicks : a.priceTicks - b.priceTicks));
  }

  // Book and collected orders of a side as one queue: what rested before is older.
  #side(market: ModelMarket, side: Side): Order[] {
    const { marketId } = market.rules;
    const all = [...this.#engine.side(marketId, side), ...this.collected.filter((o) => o.marketId === marketId && o.side === side)];
    return all.sort((a, b) => Number(side === Side.BUY ? b.priceTicks - a.priceTicks : a.priceTicks - b.priceTicks));
  }

  #uncross(market: ModelMarket): void {
    const engine = this.#engine;
    const { marketId } = market.rules;
    const bookSeq = market.bookSeq;
    const before = this.#bookPicture(market);
    this.#partOwners(market);
    const { priceTicks, lots } = this.#clearing(market);
    engine.tell("auctionUncrossed", { marketId, priceTicks, quantityLots: lots });
    const [bids, asks] = [this.#side(market, Side.BUY), this.#side(market, Side.SELL)];
    if (lots > 0n) this.#trade(market, bids, asks, priceTicks);
    // What is left rests, in the order in which it stands in the queue.
    engine.orders = [...engine.orders.filter((o) => o.marketId !== marketId), ...bids, ...asks];
    this.collected = this.collected.filter((o) => o.marketId !== marketId);
    market.bookSeq = this.#bookPicture(market) === before ? bookSeq : engine.seq;
  }

  // What the public sees of the book.
  #bookPicture({ rules }: ModelMarket): string {
    const engine = this.#engine;
    return [...engine.side(rules.marketId, Side.BUY), ...engine.side(rules.marketId, Side.SELL)].map((o) => `${o.orderId} ${engine.icebergs.visibleLots(o)}`).join();
  }

  // Owners in the order of their best bids; of each owner the orders in the order in which they came.
  #partOwners(market: ModelMarket): void {
    const engine = this.#engine;
    const done: bigint[] = [];
    for (const { accountId } of this.#side(market, Side.BUY)) {
      if (done.some((other) => engine.sameOwner(other, accountId))) continue;
      done.push(accountId);
      const own = [...this.#side(market, Side.BUY), ...this.#side(market, Side.SELL)].filter((o) => engine.sameOwner(o.accountId, accountId));
      const came: Order[] = [];
      for (const younger of own.sort(byAge)) {
        if (prevents(younger.selfTradePreventionMode)) {
          for (let older = bestMet(younger, came); older !== undefined && remainingLots(younger) > 0n; older = bestMet(younger, came)) {
            this.#prevent(younger, older);
            if (remainingLots(older) === 0n) came.splice(came.indexOf(older), 1);
          }
        }
        if (remainingLots(younger) > 0n) came.push(younger);
      }
    }
  }

  #prevent(younger: Order, older: Order): void {
    const engine = this.#engine;
    const { EXPIRE_TAKER, EXPIRE_MAKER, EXPIRE_BOTH, DECREMENT } = SelfTradePreventionMode;
    const mode = younger.selfTradePreventionMode;
    const both = smaller(remainingLots(younger), remainingLots(older));
    const losses = [
      { order: older, lots: mode === DECREMENT ? both : mode === EXPIRE_MAKER || mode === EXPIRE_BOTH ? remainingLots(older) : 0n },
      { order: younger, lots: mode === DECREMENT ? both : mode === EXPIRE_TAKER || mode === EXPIRE_BOTH ? remainingLots(younger) : 0n },
    ];
    for (const { order, lots } of losses) {
      if (lots === 0n) continue;
      order.preventedLots += lots;
      order.updatedUs = engine.timeUs;
      // First what does not show.
      const visible = engine.icebergs.visibleLots(order);
      if (order.icebergLots !== 0n && remainingLots(order) < visible) engine.icebergs.lessen(order, visible - remainingLots(order));
      if (remainingLots(order) === 0n) order.status = OrderStatus.EXPIRED_IN_MATCH;
    }
    const executionSeq = engine.nextExecution(younger);
    engine.tell("tradePrevented", { executionSeq, taker: { ...younger }, maker: { ...older }, preventedLots: both, priceTicks: older.priceTicks, makerExecutionSeq: engine.nextExecution(older) });
    for (const { order, lots } of losses) if (lots > 0n && remainingLots(order) > 0n) engine.lists.endPartner(order);
    for (const { order } of losses) {
      if (remainingLots(order) > 0n) continue;
      engine.leave(order);
      engine.expire(order, ExpiryReason.SELF_TRADE_PREVENTION);
    }
  }

  // Tries each price at which something changes, and the ones beside it.
  #clearing(market: ModelMarket): { priceTicks: bigint; lots: bigint } {
    const [bids, asks] = [this.#side(market, Side.BUY), this.#side(market, Side.SELL)];
    const sum = (orders: readonly Order[]): bigint => orders.reduce((lots, o) => lots + remainingLots(o), 0n);
    const prices = new Set([...bids, ...asks].flatMap((o) => [o.priceTicks - 1n, o.priceTicks, o.priceTicks + 1n]));
    let best: { lots: bigint; left: bigint; prices: bigint[] } = { lots: 0n, left: 0n, prices: [] };
    for (const price of prices) {
      const bought = sum(bids.filter((o) => o.priceTicks >= price));
      const sold = sum(asks.filter((o) => o.priceTicks <= price));
      const lots = smaller(bought, sold);
      const left = bought + sold - 2n * lots;
      if (lots > best.lots || (lots === best.lots && left < best.left)) best = { lots, left, prices: [price] };
      else if (lots === best.lots && left === best.left) best.prices.push(price);
    }
    if (best.lots === 0n) return { priceTicks: 0n, lots: 0n };
    const ascending = best.prices.sort((a, b) => Number(a - b));
    const low = ascending[0] as bigint;
    const high = ascending.at(-1) as bigint;
    const last = market.lastPriceTicks;
    return { lots: best.lots, priceTicks: last === 0n ? (low + high) / 2n : last < low ? low : last > high ? high : last };
  }

  // Both queues are used up from the front, and keep what is left.
  #trade(market: ModelMarket, bids: Order[], asks: Order[], priceTicks: bigint): void {
    const engine = this.#engine;
    for (;;) {
      const [buy] = bids;
      const [sell] = asks;
      if (buy === undefined || sell === undefined || buy.priceTicks < priceTicks || sell.priceTicks > priceTicks) return;
      const lots = smaller(engine.icebergs.visibleLots(buy), engine.icebergs.visibleLots(sell));
      const [maker, taker] = byAge(buy, sell) < 0 ? [buy, sell] : [sell, buy];
      engine.matching.tradeInAuction(market, maker, taker, lots, priceTicks);
      engine.lists.endPartner(maker);
      engine.lists.endPartner(taker);
      for (const [order, queue] of [[buy, bids], [sell, asks]] as const) {
        engine.icebergs.lessen(order, lots);
        if (remainingLots(order) === 0n) {
          queue.shift();
          engine.leave(order);
          engine.ended(order);
        } else if (engine.icebergs.visibleLots(order) === 0n) {
          // The next part goes behind all others at its price.
          queue.shift();
          engine.icebergs.showPart(order);
          const behind = queue.findIndex((o) => o.priceTicks !== order.priceTicks);
          queue.splice(behind < 0 ? queue.length : behind, 0, order);
        }
      }
    }
  }
}

/** The price up to which a seller of so many lots receives an exact amount, on top of what it has. */
function capTicks(lots: bigint, receivedUnits: bigint, { rules }: ModelMarket): bigint {
  const cap = (EXACT_MAX - receivedUnits) / (lots * rules.notionalUnits);
  return cap < 1n ? 1n : smaller(cap, PRICE_TICKS_MAX);
}

const byAge = (a: Order, b: Order): number => Number(a.workingUs - b.workingUs) || Number(a.orderId - b.orderId);

// The best of the owner's other orders that this one's limit crosses; of two at one price the older.
function bestMet(order: Order, came: readonly Order[]): Order | undefined {
  const met = came.filter((o) => o.side !== order.side && (isBuy(order) ? o.priceTicks <= order.priceTicks : o.priceTicks >= order.priceTicks));
  return met.sort((a, b) => Number(isBuy(order) ? a.priceTicks - b.priceTicks : b.priceTicks - a.priceTicks) || byAge(a, b))[0];
}
