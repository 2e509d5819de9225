// How an order meets the book: it trades with the best order, the oldest at its price, one after the other, until it or
// what it may take is gone; what is left rests or ends.
import { ExpiryReason, MarketStatus, OrderStatus, OrderType, SelfTradePreventionMode, type Market, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "./modelEngine.ts";
import { isMarketType, prevents, type Plan } from "./modelRules.ts";
import { countTrade, fee, HOUSE, isBuy, remainingLots, smaller, type ModelMarket } from "./modelState.ts";

interface ModelTrade {
  readonly maker: Order;
  readonly taker: Order;
  readonly lots: bigint;
  readonly takerDone: boolean;
  readonly priceTicks: bigint;
  readonly makerPpm: number;
  readonly takerPpm: number;
}

export class ModelMatching {
  readonly #engine: ModelEngine;

  constructor(engine: ModelEngine) {
    this.#engine = engine;
  }

  /** An accepted order starts to work. */
  carryOut(order: Order, plan: Plan): void {
    if (this.#engine.market(order.marketId)?.rules.status === MarketStatus.AUCTION) this.#engine.auctions.collect(order);
    else if (plan.unfillable) this.#engine.expire(order, ExpiryReason.UNFILLED_FOK);
    else this.#take(order, plan);
  }

  #take(order: Order, plan: Plan): void {
    const engine = this.#engine;
    const market = engine.market(order.marketId) as ModelMarket;
    const best = (ticks: bigint): Order | undefined => engine.makers(order.marketId, order.side, ticks)[0];
    let left = plan.lots;
    let prevented = false;
    for (let maker = best(plan.matchTicks); left > 0n && maker !== undefined; maker = best(plan.matchTicks)) {
      if (prevents(order.selfTradePreventionMode) && engine.sameOwner(maker.accountId, order.accountId)) {
        left = this.#prevent(market, maker, order, left);
        prevented = left === 0n;
        continue;
      }
      const lots = smaller(left, engine.icebergs.visibleLots(maker));
      left -= lots;
      this.#trade(market, maker, order, lots, left === 0n && !plan.runsOut);
      engine.lists.endPartner(maker);
      this.#lessen(maker, lots);
    }
    if (left === 0n && !plan.runsOut && !prevented) {
      engine.ended(order);
      return;
    }
    // Nothing within the price band, though something within its limit.
    const outside = best(plan.matchTicks) === undefined && best(plan.limitTicks) !== undefined;
    if (prevented) engine.expire(order, ExpiryReason.SELF_TRADE_PREVENTION);
    else if (outside) engine.expire(order, ExpiryReason.PRICE_BAND_EXCEEDED);
    else if (plan.rests) engine.rest(order);
    else engine.expire(order, isMarketType(order.type) ? ExpiryReason.INSUFFICIENT_LIQUIDITY : ExpiryReason.UNFILLED_IOC);
  }

  // A resting order has less than before: it may be over, or its next part shows.
  #lessen(maker: Order, lots: bigint): void {
    const engine = this.#engine;
    engine.icebergs.lessen(maker, lots);
    if (remainingLots(maker) === 0n) {
      engine.leave(maker);
      engine.ended(maker);
    } else if (engine.icebergs.visibleLots(maker) === 0n) engine.toTheBack(maker);
  }

  // Two orders of one owner meet: the taker's mode says which of them ends, whole, or by how much both get smaller.
  // Answers what is left of the taker.
  #prevent(market: ModelMarket, maker: Order, taker: Order, left: bigint): bigint {
    const engine = this.#engine;
    const mode = taker.selfTradePreventionMode;
    const lots = smaller(left, engine.icebergs.visibleLots(maker));
    const ends = (...modes: SelfTradePreventionMode[]): boolean => modes.includes(mode);
    const { EXPIRE_TAKER, EXPIRE_MAKER, EXPIRE_BOTH, DECREMENT } = SelfTradePreventionMode;
    const takerLoses = ends(EXPIRE_TAKER, EXPIRE_BOTH) ? left : ends(DECREMENT) ? lots : 0n;
    const makerLoses = ends(EXPIRE_MAKER, EXPIRE_BOTH) ? remainingLots(maker) : ends(DECREMENT) ? lots : 0n;
    taker.preventedLots += takerLoses;
    maker.preventedLots += makerLoses;
    const makerOver = remainingLots(maker) === 0n;
    if (takerLoses === left) taker.status = OrderStatus.EXPIRED_IN_MATCH;
    if (makerLoses > 0n) {
      maker.updatedUs = engine.timeUs;
      market.bookSeq = engine.seq;
    }
    if (makerOver) maker.status = OrderStatus.EXPIRED_IN_MATCH;
    const executionSeq = engine.nextExecution(taker);
    engine.tell("tradePrevented", { executionSeq, taker: { ...taker }, maker: { ...maker }, preventedLots: lots, priceTicks: maker.priceTicks, makerExecutionSeq: engine.nextExecution(maker) });
    if (makerOver) {
      engine.leave(maker);
      engine.expire(maker, ExpiryReason.SELF_TRADE_PREVENTION);
    } else if (makerLoses > 0n) {
      engine.lists.endPartner(maker);
      this.#lessen(maker, lots);
    }
    return left - takerLoses;
  }

  /** Both sides pay as takers, but for post-only orders. */
  tradeInAuction(market: ModelMarket, maker: Order, taker: Order, lots: bigint, priceTicks: bigint): void {
    const rate = (order: Order): number => {
      const { makerFeePpm, takerFeePpm } = this.#rates(order, market.rules);
      return order.type === OrderType.LIMIT_MAKER ? makerFeePpm : takerFeePpm;
    };
    this.#tell(market, { maker, taker, lots, takerDone: remainingLots(taker) === lots, priceTicks, makerPpm: rate(maker), takerPpm: rate(taker) });
  }

  #trade(market: ModelMarket, maker: Order, taker: Order, lots: bigint, takerDone: boolean): void {
    const makerPpm = this.#rates(maker, market.rules).makerFeePpm;
    this.#tell(market, { maker, taker, lots, takerDone, priceTicks: maker.priceTicks, makerPpm, takerPpm: this.#rates(taker, market.rules).takerFeePpm });
  }

  #tell(market: ModelMarket, { maker, taker, lots, takerDone, priceTicks, makerPpm, takerPpm }: ModelTrade): void {
    const engine = this.#engine;
    const { rules } = market;
    const quoteUnits = priceTicks * lots * rules.notionalUnits;
    const baseUnits = lots * rules.lotSizeUnits;
    for (const order of [maker, taker]) {
      order.executedLots += lots;
      order.executedQuoteUnits += quoteUnits;
      order.updatedUs = engine.timeUs;
    }
    maker.status = remainingLots(maker) === 0n ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
    taker.status = takerDone ? OrderStatus.FILLED : OrderStatus.PARTIALLY_FILLED;
    const side = (order: Order, ratePpm: number) => {
      const [payAsset, payUnits, getAsset, getUnits] = isBuy(order)
        ? ([rules.quoteAssetId, quoteUnits, rules.baseAssetId, baseUnits] as const)
        : ([rules.baseAssetId, baseUnits, rules.quoteAssetId, quoteUnits] as const);
      const feeUnits = fee(getUnits, ratePpm);
      engine.move(order.accountId, payAsset, -payUnits);
      engine.move(order.accountId, getAsset, getUnits - feeUnits);
      engine.move(HOUSE, getAsset, feeUnits);
      return { executionSeq: engine.nextExecution(order), order: { ...order }, feeUnits, feeAssetId: getAsset };
    };
    engine.traded(market, priceTicks);
    countTrade(market, priceTicks, lots, engine.timeUs);
    engine.tell("tradeExecuted", {
      marketId: rules.marketId,
      tradeId: market.nextTradeId++,
      priceTicks,
      quantityLots: lots,
      quoteUnits,
      takerSide: taker.side,
      maker: side(maker, makerPpm),
      taker: side(taker, takerPpm),
    });
  }

  // The market's own rates, unless the account's tier is listed.
  #rates(order: Order, rules: Market): { makerFeePpm: number; takerFeePpm: number } {
    const tier = this.#engine.account(order.accountId)?.feeTier;
    return rules.feeTiers.find((rates) => rates.tier === tier) ?? rules;
  }
}
