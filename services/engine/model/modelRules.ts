// The rules of the venue in the order in which they are asked, each a plain sentence with the reason it refuses by.
//
// Never: changes anything.
import { CancelRestriction, type CancelAllOrders, type CancelOrder, type Command, type PlaceOrder } from "../../../gen/tickwire/v1/command_pb.ts";
import { CancelReason, MarketStatus, OrderStatus, OrderType, PegType, RejectReason, SelfTradePreventionMode, Side, TimeInForce, type Asset, type Market, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "./modelEngine.ts";
import { EXACT_MAX, isBuy, referenceTicks, remainingLots, smaller, type ModelMarket } from "./modelState.ts";

const OK = RejectReason.UNSPECIFIED;
const PRICE_TICKS_MAX = 2n ** 31n - 2n;
const FEE_PPM_MAX = 100_000;
const MULTIPLIER_BIPS_MAX = 10_000_000;
const TRAILING_BIPS_MAX = 9_999;
const ICEBERG_PARTS_MAX = 1_000n;
const PEG_OFFSET_LEVELS_MAX = 100;

/** What an order that may be placed will do. */
export interface Plan {
  readonly timeInForce: TimeInForce;
  /** What does not trade stays in the book. */
  readonly rests: boolean;
  readonly limitTicks: bigint;
  /** How much it trades or rests. */
  readonly lots: bigint;
  /** A quote amount that the whole book cannot use up. */
  readonly runsOut: boolean;
  /** FOK, and the book holds too little. */
  readonly unfillable: boolean;
  /** The worst price it may trade at: its limit, or the end of the market's price band before that. */
  readonly matchTicks: bigint;
  /** Waits for a price instead of being carried out: what it holds meanwhile. */
  readonly waitingUnits?: bigint;
  /** Waits for the working order of its list. */
  readonly pending: boolean;
  /** What the order must be able to hold by itself. */
  readonly needsUnits: bigint;
}

type Draft = Omit<Plan, "pending" | "needsUnits">;

/** An order that is to meet the book. */
export interface Taker {
  readonly accountId: bigint;
  readonly marketId: number;
  readonly side: Side;
  readonly selfTradePreventionMode: SelfTradePreventionMode;
}

export class ModelRules {
  readonly #engine: ModelEngine;

  constructor(engine: ModelEngine) {
    this.#engine = engine;
  }

  isClientId(text: string): boolean {
    return /^[.A-Z:/a-z0-9_-]{1,36}$/.test(text);
  }

  /** A text that is not a client order id is not repeated: it may be anything. */
  echo(text: string): string {
    return this.isClientId(text) ? text : "";
  }

  /** Whether the account may not use this client order id. */
  isTaken(accountId: bigint, clientOrderId: string): boolean {
    return this.#engine.dedupe.remembers(accountId, clientOrderId) || this.#engine.openOrders(accountId).some((o) => o.clientOrderId === clientOrderId);
  }

  /** `pending`: the order waits for its list, so nothing is asked of it yet that depends on the book or on money. */
  checkPlace(command: Command, asked: PlaceOrder, late: boolean, pending = false): RejectReason | Plan {
    const engine = this.#engine;
    const account = engine.account(command.accountId);
    if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    if (late) return RejectReason.DEADLINE_PASSED;
    const market = engine.market(asked.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    if (!this.isClientId(asked.clientOrderId)) return RejectReason.INVALID_CLIENT_ORDER_ID;
    if (this.isTaken(command.accountId, asked.clientOrderId)) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;

    const shape = this.#checkShape(asked);
    if (shape !== OK) return shape;
    const timeInForce = effectiveTimeInForce(asked);

    if (account.frozen) return RejectReason.ACCOUNT_FROZEN;
    const { status } = market.rules;
    const open: MarketStatus[] = [MarketStatus.TRADING, MarketStatus.POST_ONLY, MarketStatus.AUCTION];
    if (!open.includes(status)) return RejectReason.MARKET_CLOSED;
    const collects = engine.auctions.checkPlace(market, asked, timeInForce, pending);
    if (collects !== OK) return collects;
    if (status === MarketStatus.POST_ONLY && asked.type !== OrderType.LIMIT_MAKER) return RejectReason.MARKET_POST_ONLY;

    const taker: Taker = { accountId: command.accountId, marketId: asked.marketId, side: asked.side, selfTradePreventionMode: asked.selfTradePreventionMode };
    // A peg becomes a price here, once; every rule then sees that price. An order that waits gets its price later.
    const becomesPrice = asked.pegType !== PegType.UNSPECIFIED && !waits(asked.type) && !pending;
    const pegged = becomesPrice ? { ...asked, priceTicks: this.pegTicks(asked) } : asked;
    if (becomesPrice && pegged.priceTicks === 0n) return RejectReason.PEG_NO_LIQUIDITY;
    const priced = asked.postOnlySlide ? { ...asked, priceTicks: this.#slidTicks(asked, market) } : pegged;
    const plan = this.#plan(priced, taker, market, timeInForce, pending);
    if (typeof plan === "number") return plan;

    if (isBuy(asked) && this.exceedsPosition(command.accountId, market, plan.lots)) return RejectReason.MAX_POSITION;
    const count = engine.openOrders(command.accountId).filter((o) => o.marketId === asked.marketId).length;
    if ((plan.rests || plan.waitingUnits !== undefined || pending) && count >= market.rules.maxNumOrders) return RejectReason.MAX_NUM_ORDERS;
    if (pending) return { ...plan, pending, needsUnits: 0n };
    const [assetId, units] = this.#needs(priced, taker, market, plan);
    return engine.available(command.accountId, assetId) < units ? RejectReason.INSUFFICIENT_BALANCE : { ...plan, pending, needsUnits: units };
  }

  #plan(asked: PlaceOrder, taker: Taker, market: ModelMarket, timeInForce: TimeInForce, pending: boolean): RejectReason | Draft {
    if (waits(asked.type)) return this.#planWaiting(asked, taker, market, timeInForce, pending);
    const unpriced = asked.type === OrderType.MARKET || (pending && asked.pegType !== PegType.UNSPECIFIED);
    if (!unpriced) return this.#planLimit(asked, taker, market, timeInForce, pending);
    return pending ? this.#planWaitingMarket(asked, taker, market, timeInForce, pending) : this.#planMarket(asked, taker, market, timeInForce);
  }

  /**
   * The price of the level that the order names, counted from the best one of its own side or the other; 0: there is none.
   * `partner`, which the order is about to end, stands there no longer.
   */
  pegTicks({ marketId, side, pegType, pegOffsetLevels }: Pick<Order, "marketId" | "side" | "pegType" | "pegOffsetLevels">, partner?: Order): bigint {
    const other = side === Side.BUY ? Side.SELL : Side.BUY;
    const queue = this.#engine.side(marketId, pegType === PegType.PRIMARY ? side : other).filter((o) => o !== partner);
    const levels = [...new Set(queue.map((o) => o.priceTicks))];
    return levels[pegOffsetLevels] ?? 0n;
  }

  // A post-only order that would take moves one tick away from the best price it would meet, if there is room.
  #slidTicks({ marketId, side, priceTicks }: PlaceOrder, { rules }: ModelMarket): bigint {
    const met = this.#engine.makers(marketId, side, priceTicks)[0];
    if (met === undefined || priceTicks < rules.minPriceTicks || priceTicks > rules.maxPriceTicks) return priceTicks;
    const away = met.priceTicks + (side === Side.BUY ? -1n : 1n);
    return away < rules.minPriceTicks || away > rules.maxPriceTicks ? priceTicks : away;
  }

  #checkShape(asked: PlaceOrder): RejectReason {
    const { type, timeInForce } = asked;
    if (asked.side !== Side.BUY && asked.side !== Side.SELL) return RejectReason.INVALID_SIDE;
    if (type < OrderType.LIMIT || type > OrderType.TAKE_PROFIT_LIMIT) return RejectReason.INVALID_ORDER_TYPE;
    if (!timesAllowed(type).includes(timeInForce)) return RejectReason.INVALID_TIME_IN_FORCE;
    const mode = asked.selfTradePreventionMode;
    const triggered = asked.stopPriceTicks !== 0n || asked.trailingDeltaBips !== 0;
    const unsupported =
      // Only what stays may show less than it is, and only a limit order has a price to be pegged.
      (asked.icebergLots !== 0n && (isMarketType(type) || effectiveTimeInForce(asked) !== TimeInForce.GTC)) ||
      !mayPeg(asked) ||
      (asked.postOnlySlide && (type !== OrderType.LIMIT_MAKER || asked.pegType !== PegType.UNSPECIFIED)) ||
      mode < 0 ||
      mode > SelfTradePreventionMode.DECREMENT ||
      (isMarketType(type) ? asked.priceTicks !== 0n || (asked.quantityLots !== 0n && asked.quoteOrderUnits !== 0n) : asked.quoteOrderUnits !== 0n) ||
      (asked.expireTimeUs !== 0n) !== (timeInForce === TimeInForce.GTD) ||
      triggered !== waits(type) ||
      (waits(type) && asked.quoteOrderUnits !== 0n);
    if (unsupported) return RejectReason.UNSUPPORTED_COMBINATION;
    if (timeInForce === TimeInForce.GTD && (asked.expireTimeUs <= this.#engine.timeUs || asked.expireTimeUs > EXACT_MAX)) return RejectReason.EXPIRE_TIME_OUT_OF_RANGE;
    return OK;
  }

  #planLimit(asked: PlaceOrder, taker: Taker, market: ModelMarket, timeInForce: TimeInForce, pending: boolean): RejectReason | Draft {
    const engine = this.#engine;
    const { rules } = market;
    const { priceTicks, quantityLots, side } = asked;
    if (priceTicks < rules.minPriceTicks || priceTicks > rules.maxPriceTicks) return RejectReason.PRICE_FILTER;
    if (quantityLots < rules.minQuantityLots || quantityLots > rules.maxQuantityLots) return RejectReason.LOT_SIZE;
    const notional = this.checkNotional(priceTicks * quantityLots * rules.notionalUnits, rules);
    if (notional !== OK) return notional;
    if (!this.nearReference(side, priceTicks, market)) return RejectReason.PERCENT_PRICE_BY_SIDE;
    const iceberg = this.#checkIceberg(asked, taker.accountId, rules);
    if (iceberg !== OK) return iceberg;
    if (this.levelLots(asked.marketId, side, priceTicks) + quantityLots > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    const matchTicks = this.withinBand(side, priceTicks, market);
    const plan = { timeInForce, rests: rests(timeInForce), limitTicks: priceTicks, matchTicks, lots: quantityLots, runsOut: false, unfillable: false };
    if (waits(asked.type)) return { ...plan, waitingUnits: isBuy(asked) ? priceTicks * quantityLots * rules.notionalUnits : quantityLots * rules.lotSizeUnits };
    if (pending) return plan;
    const overflow = engine.auctions.checkMoved({ ...asked, executedQuoteUnits: 0n }, priceTicks, quantityLots);
    if (overflow !== OK) return overflow;
    if (rules.status === MarketStatus.AUCTION) return plan;
    const best = engine.makers(asked.marketId, side, priceTicks)[0];
    // A seller may be paid as much as the best bid for all of it.
    if (best !== undefined && !isBuy(asked) && best.priceTicks * quantityLots * rules.notionalUnits > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (best !== undefined && asked.type === OrderType.LIMIT_MAKER) return RejectReason.WOULD_TAKE;
    return { ...plan, unfillable: timeInForce === TimeInForce.FOK && !this.#fillsWholly(taker, matchTicks, quantityLots) };
  }

  #planMarket(asked: PlaceOrder, taker: Taker, market: ModelMarket, timeInForce: TimeInForce): RejectReason | Draft {
    const { rules } = market;
    const limitTicks = endOfScale(asked.side);
    const matchTicks = this.withinBand(asked.side, limitTicks, market);
    const best = this.#engine.makers(asked.marketId, asked.side, limitTicks)[0];
    const plan = { timeInForce, rests: false, limitTicks, matchTicks, unfillable: false };
    if (asked.quoteOrderUnits !== 0n) {
      const notional = this.checkNotional(asked.quoteOrderUnits, rules);
      if (notional !== OK) return notional;
      if (best === undefined) return RejectReason.NO_LIQUIDITY;
      const { lots, runsOut } = worth(asked.quoteOrderUnits, this.#offers(taker, matchTicks), rules);
      if (lots < rules.minQuantityLots) return runsOut ? RejectReason.NO_LIQUIDITY : RejectReason.LOT_SIZE;
      if (lots < rules.minMarketQuantityLots || lots > rules.maxMarketQuantityLots) return RejectReason.MARKET_LOT_SIZE;
      return { ...plan, lots, runsOut };
    }
    const lots = asked.quantityLots;
    if (lots < rules.minQuantityLots || lots > rules.maxQuantityLots) return RejectReason.LOT_SIZE;
    if (lots < rules.minMarketQuantityLots || lots > rules.maxMarketQuantityLots) return RejectReason.MARKET_LOT_SIZE;
    if (best !== undefined && best.priceTicks * lots * rules.notionalUnits > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    // Measured by the last price; before any trade, by the best one.
    const measure = market.lastPriceTicks === 0n ? (best?.priceTicks ?? 0n) : market.lastPriceTicks;
    const notional = measure * lots * rules.notionalUnits;
    if (measure !== 0n && notional < rules.minNotionalUnits) return RejectReason.MIN_NOTIONAL;
    if (notional > rules.maxNotionalUnits) return RejectReason.MAX_NOTIONAL;
    if (isBuy(asked) && costOf(lots, this.#offers(taker, matchTicks), rules) > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    return { ...plan, lots, runsOut: false };
  }

  #planWaiting(asked: PlaceOrder, taker: Taker, market: ModelMarket, timeInForce: TimeInForce, pending: boolean): RejectReason | Draft {
    const { rules } = market;
    const { stopPriceTicks, trailingDeltaBips } = asked;
    if (stopPriceTicks !== 0n && (stopPriceTicks < rules.minPriceTicks || stopPriceTicks > rules.maxPriceTicks)) return RejectReason.PRICE_FILTER;
    const above = wakesOnRise(asked.type, asked.side);
    if (trailingDeltaBips !== 0) {
      const [least, most] = above ? [rules.minTrailingAboveBips, rules.maxTrailingAboveBips] : [rules.minTrailingBelowBips, rules.maxTrailingBelowBips];
      if (trailingDeltaBips < least || trailingDeltaBips > (most === 0 ? TRAILING_BIPS_MAX : most)) return RejectReason.TRAILING_DELTA;
    }
    const unpriced = isMarketType(asked.type) || asked.pegType !== PegType.UNSPECIFIED;
    const plan = unpriced ? this.#planWaitingMarket(asked, taker, market, timeInForce, pending) : this.#planLimit(asked, taker, market, timeInForce, pending);
    if (typeof plan === "number") return plan;
    if (rules.maxNumAlgoOrders !== 0 && this.algoOrders(taker.accountId, asked.marketId) >= rules.maxNumAlgoOrders) return RejectReason.MAX_NUM_ALGO_ORDERS;
    if (pending) return plan;
    const last = market.lastPriceTicks;
    const met = stopPriceTicks !== 0n && last !== 0n && (above ? last >= stopPriceTicks : last <= stopPriceTicks);
    return met ? RejectReason.WOULD_TRIGGER_IMMEDIATELY : plan;
  }

  // A buyer holds what the quantity costs at the stop price, or where a trailing order without one would wake now.
  #planWaitingMarket(asked: PlaceOrder, taker: Taker, market: ModelMarket, timeInForce: TimeInForce, pending: boolean): RejectReason | Draft {
    const { rules, lastPriceTicks } = market;
    const lots = asked.quantityLots;
    if (lots < rules.minQuantityLots || lots > rules.maxQuantityLots) return RejectReason.LOT_SIZE;
    if (isMarketType(asked.type) && (lots < rules.minMarketQuantityLots || lots > rules.maxMarketQuantityLots)) return RejectReason.MARKET_LOT_SIZE;
    const ticks = asked.stopPriceTicks !== 0n ? asked.stopPriceTicks : lastPriceTicks === 0n ? 0n : trailingTicks(asked.side, lastPriceTicks, asked.trailingDeltaBips);
    const notional = ticks * lots * rules.notionalUnits;
    if (notional > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (ticks !== 0n && notional < rules.minNotionalUnits) return RejectReason.MIN_NOTIONAL;
    if (notional > rules.maxNotionalUnits) return RejectReason.MAX_NOTIONAL;
    const iceberg = this.#checkIceberg(asked, taker.accountId, rules);
    if (iceberg !== OK) return iceberg;
    if (isBuy(asked) && ticks === 0n && !pending) return RejectReason.NO_LIQUIDITY;
    const limitTicks = endOfScale(asked.side);
    return { timeInForce, rests: !isMarketType(asked.type) && rests(timeInForce), limitTicks, matchTicks: limitTicks, lots, runsOut: false, unfillable: false, waitingUnits: isBuy(asked) ? notional : lots * rules.lotSizeUnits };
  }

  /** How an order that a price woke goes on; undefined when its numbers would leave the exact range. */
  planWoken(order: Order, heldUnits: bigint): Plan | undefined {
    const engine = this.#engine;
    const market = engine.market(order.marketId) as ModelMarket;
    const { rules } = market;
    const lots = remainingLots(order);
    const market0 = isMarketType(order.type);
    const limitTicks = market0 ? endOfScale(order.side) : order.priceTicks;
    const matchTicks = this.withinBand(order.side, limitTicks, market);
    const plan = { timeInForce: order.timeInForce, rests: rests(order.timeInForce), limitTicks, matchTicks, pending: false, needsUnits: 0n, unfillable: order.timeInForce === TimeInForce.FOK && !this.#fillsWholly(order, matchTicks, lots) };
    if (order.pegType !== PegType.UNSPECIFIED && !this.mayEnterPegged(order, heldUnits, market)) return undefined;
    const best = engine.makers(order.marketId, order.side, limitTicks)[0];
    if (!isBuy(order) && best !== undefined && best.priceTicks * lots * rules.notionalUnits > EXACT_MAX) return undefined;
    if (plan.rests && this.levelLots(order.marketId, order.side, limitTicks) + lots > EXACT_MAX) return undefined;
    if (!isBuy(order) || !market0) return { ...plan, lots, runsOut: false };
    // What it holds and what the account has besides.
    const budget = smaller(EXACT_MAX, heldUnits + smaller(EXACT_MAX, engine.available(order.accountId, rules.quoteAssetId)));
    const affordable = worth(budget, this.#offers(order, matchTicks), rules, lots).lots;
    return { ...plan, lots: affordable, runsOut: affordable < lots };
  }

  /** What nobody could ask of a pegged order before its price was known. */
  mayEnterPegged(order: Order, heldUnits: bigint, market: ModelMarket): boolean {
    const { rules } = market;
    const { priceTicks } = order;
    if (priceTicks < rules.minPriceTicks || priceTicks > rules.maxPriceTicks) return false;
    const units = priceTicks * remainingLots(order) * rules.notionalUnits;
    if (this.checkNotional(units, rules) !== OK || !this.nearReference(order.side, priceTicks, market)) return false;
    return !isBuy(order) || units <= heldUnits + this.#engine.available(order.accountId, rules.quoteAssetId);
  }

  /** Lots that rest at one price of one side. */
  levelLots(marketId: number, side: Side, priceTicks: bigint): bigint {
    return sumLots(this.#engine.side(marketId, side).filter((o) => o.priceTicks === priceTicks));
  }

  // ICEBERG_PARTS and its neighbours; the part that shows obeys LOT_SIZE as the whole does.
  #checkIceberg({ icebergLots, quantityLots, marketId }: PlaceOrder, accountId: bigint, rules: Market): RejectReason {
    if (icebergLots === 0n) return OK;
    if (icebergLots > quantityLots) return RejectReason.ICEBERG_EXCEEDS_QUANTITY;
    if (icebergLots < rules.minQuantityLots) return RejectReason.LOT_SIZE;
    const parts = (quantityLots + icebergLots - 1n) / icebergLots;
    if (parts > (rules.maxIcebergParts === 0 ? ICEBERG_PARTS_MAX : BigInt(rules.maxIcebergParts))) return RejectReason.ICEBERG_PARTS;
    return rules.maxNumIcebergOrders !== 0 && this.icebergs(accountId, marketId) >= rules.maxNumIcebergOrders ? RejectReason.MAX_NUM_ICEBERG_ORDERS : OK;
  }

  /** Stop and take-profit orders that no price woke yet, pending ones included. */
  algoOrders(accountId: bigint, marketId: number): number {
    return this.#engine.outsideTheBook().filter((o) => o.accountId === accountId && o.marketId === marketId && waits(o.type)).length;
  }

  /** Open icebergs. */
  icebergs(accountId: bigint, marketId: number): number {
    return this.#engine.openOrders(accountId).filter((o) => o.marketId === marketId && o.icebergLots !== 0n).length;
  }

  /** MAX_POSITION: what the account has of the base asset, what it bids for, and so many lots more. A pair counts once. */
  exceedsPosition(accountId: bigint, { rules }: ModelMarket, lots: bigint): boolean {
    if (rules.maxPositionLots === 0n) return false;
    const engine = this.#engine;
    const sameBase = engine.openOrders(accountId).filter((o) => isBuy(o) && engine.market(o.marketId)?.rules.baseAssetId === rules.baseAssetId);
    const bids = sameBase.filter((o) => {
      const partner = engine.lists.partnerOf(o);
      return partner === undefined || o.orderId < partner.orderId;
    });
    const bidUnits = bids.reduce((sum, o) => sum + remainingLots(o) * (engine.market(o.marketId)?.rules.lotSizeUnits ?? 0n), 0n);
    const owned = engine.account(accountId)?.owned.get(rules.baseAssetId) ?? 0n;
    return owned + bidUnits + lots * rules.lotSizeUnits > rules.maxPositionLots * rules.lotSizeUnits;
  }

  /** PERCENT_PRICE_BY_SIDE. */
  nearReference(side: Side, priceTicks: bigint, market: ModelMarket): boolean {
    const { rules } = market;
    const [up, down] = side === Side.BUY ? [rules.bidMultiplierUpBips, rules.bidMultiplierDownBips] : [rules.askMultiplierUpBips, rules.askMultiplierDownBips];
    const reference = referenceTicks(market, this.#engine.timeUs);
    if (reference === 0n) return true;
    return (up === 0 || priceTicks * 10_000n <= reference * BigInt(up)) && (down === 0 || priceTicks * 10_000n >= reference * BigInt(down));
  }

  /** The limit, or the end of the execution price band before it. */
  withinBand(side: Side, limitTicks: bigint, market: ModelMarket): bigint {
    const bips = BigInt(market.rules.priceBandBips);
    const reference = referenceTicks(market, this.#engine.timeUs);
    if (bips === 0n || reference === 0n) return limitTicks;
    if (side === Side.BUY) return smaller(limitTicks, (reference * (10_000n + bips)) / 10_000n);
    const lowest = bips > 10_000n ? 0n : (reference * (10_000n - bips) + 9_999n) / 10_000n;
    return lowest > limitTicks ? lowest : limitTicks;
  }

  // The orders that a taker may trade with: where its own are simply ended, others' only.
  #offers(taker: Taker, matchTicks: bigint): Order[] {
    const makers = this.#engine.makers(taker.marketId, taker.side, matchTicks);
    return taker.selfTradePreventionMode === SelfTradePreventionMode.EXPIRE_MAKER ? makers.filter((o) => !this.#engine.sameOwner(o.accountId, taker.accountId)) : makers;
  }

  // Whether a FOK order finds all its lots before it meets one of its own owner.
  #fillsWholly(taker: Taker, matchTicks: bigint, lots: bigint): boolean {
    const parts = this.#engine.icebergs.parts(this.#offers(taker, matchTicks));
    const own = prevents(taker.selfTradePreventionMode) ? parts.findIndex(({ order }) => this.#engine.sameOwner(order.accountId, taker.accountId)) : -1;
    return (own < 0 ? parts : parts.slice(0, own)).reduce((sum, part) => sum + part.lots, 0n) >= lots;
  }

  checkNotional(units: bigint, rules: Market): RejectReason {
    if (units > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (units < rules.minNotionalUnits) return RejectReason.MIN_NOTIONAL;
    return units > rules.maxNotionalUnits ? RejectReason.MAX_NOTIONAL : OK;
  }

  // What the account must have: [asset, units].
  #needs(asked: PlaceOrder, taker: Taker, { rules }: ModelMarket, plan: Draft): readonly [number, bigint] {
    if (plan.waitingUnits !== undefined) return [isBuy(asked) ? rules.quoteAssetId : rules.baseAssetId, plan.waitingUnits];
    if (!isBuy(asked)) return [rules.baseAssetId, plan.lots * rules.lotSizeUnits];
    if (asked.quoteOrderUnits !== 0n) return [rules.quoteAssetId, asked.quoteOrderUnits];
    if (asked.type !== OrderType.MARKET) return [rules.quoteAssetId, asked.priceTicks * plan.lots * rules.notionalUnits];
    return [rules.quoteAssetId, costOf(plan.lots, this.#offers(taker, plan.matchTicks), rules)];
  }

  checkCancel(command: Command, asked: CancelOrder, late: boolean): RejectReason | Order {
    const engine = this.#engine;
    if (engine.account(command.accountId) === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    if (late) return RejectReason.DEADLINE_PASSED;
    const market = engine.market(asked.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    const { UNSPECIFIED, ONLY_NEW, ONLY_PARTIALLY_FILLED } = CancelRestriction;
    if (![UNSPECIFIED, ONLY_NEW, ONLY_PARTIALLY_FILLED].some((known) => known === asked.restriction)) return RejectReason.UNSUPPORTED_COMBINATION;
    const order = this.find(command.accountId, asked.orderId, asked.clientOrderId);
    if (order === undefined || order.marketId !== asked.marketId) return RejectReason.UNKNOWN_ORDER;
    if (market.rules.status === MarketStatus.HALT) return RejectReason.MARKET_CLOSED;
    const restricted =
      (asked.restriction === ONLY_NEW && order.status !== OrderStatus.NEW) || (asked.restriction === ONLY_PARTIALLY_FILLED && order.status !== OrderStatus.PARTIALLY_FILLED);
    return restricted ? RejectReason.CANCEL_RESTRICTED : order;
  }

  /** The account's open order that both ids name, of those that are given. */
  find(accountId: bigint, orderId: bigint, clientOrderId: string): Order | undefined {
    if (orderId === 0n && clientOrderId === "") return undefined;
    return this.#engine
      .openOrders(accountId)
      .find((o) => (orderId === 0n || o.orderId === orderId) && (clientOrderId === "" || o.clientOrderId === clientOrderId));
  }

  checkCancelAll(command: Command, asked: CancelAllOrders, late: boolean): RejectReason {
    const engine = this.#engine;
    const market = engine.market(asked.marketId);
    if (engine.account(command.accountId) === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    if (late) return RejectReason.DEADLINE_PASSED;
    if (asked.marketId !== 0 && market === undefined) return RejectReason.UNKNOWN_MARKET;
    const reasons: CancelReason[] = [CancelReason.UNSPECIFIED, CancelReason.DISCONNECT, CancelReason.OPERATOR];
    if (!reasons.includes(asked.reason)) return RejectReason.UNSUPPORTED_COMBINATION;
    if (asked.side < 0 || asked.side > Side.SELL) return RejectReason.INVALID_SIDE;
    return market?.rules.status === MarketStatus.HALT ? RejectReason.MARKET_CLOSED : OK;
  }

  checkTransfer(accountId: bigint, asked: { readonly assetId: number; readonly amountUnits: bigint; readonly transferId: string }): RejectReason {
    if (asked.transferId.length < 1 || asked.transferId.length > 64) return RejectReason.MALFORMED_COMMAND;
    const account = this.#engine.account(accountId);
    if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    if (account.transferIds.includes(asked.transferId)) return RejectReason.DUPLICATE_TRANSFER;
    if (this.#engine.assets[asked.assetId - 1] === undefined) return RejectReason.UNKNOWN_ASSET;
    return asked.amountUnits < 1n || asked.amountUnits > EXACT_MAX ? RejectReason.AMOUNT_OUT_OF_RANGE : OK;
  }

  isStatus(status: MarketStatus): boolean {
    const known: MarketStatus[] = [MarketStatus.TRADING, MarketStatus.HALT, MarketStatus.CANCEL_ONLY, MarketStatus.POST_ONLY];
    return known.includes(status);
  }

  checkAsset(asset: Asset): RejectReason {
    if (!/^[A-Z0-9]{1,16}$/.test(asset.code) || asset.name.length > 64 || asset.scale > 18) return RejectReason.INVALID_DEFINITION;
    return this.#engine.assets.some((a) => a.code === asset.code) ? RejectReason.ALREADY_EXISTS : OK;
  }

  checkMarket(market: Market): RejectReason {
    const base = this.#engine.assets[market.baseAssetId - 1];
    const quote = this.#engine.assets[market.quoteAssetId - 1];
    if (base === undefined || quote === undefined) return RejectReason.UNKNOWN_ASSET;
    if (base === quote || !/^[A-Z0-9]{2,32}$/.test(market.symbol)) return RejectReason.INVALID_DEFINITION;
    if (this.#engine.markets.some((m) => m.rules.symbol === market.symbol)) return RejectReason.ALREADY_EXISTS;
    const whole = 10n ** BigInt(base.scale);
    const tickTimesLot = market.tickSizeUnits * market.lotSizeUnits;
    const valid =
      inOrder(market.tickSizeUnits) &&
      inOrder(market.lotSizeUnits) &&
      tickTimesLot % whole === 0n &&
      inOrder(tickTimesLot / whole) &&
      this.#areRules(market, market.lotSizeUnits) &&
      (market.status === MarketStatus.UNSPECIFIED || this.isStatus(market.status));
    return valid ? OK : RejectReason.INVALID_DEFINITION;
  }

  checkUpdate(asked: Market): RejectReason {
    const rules = this.#engine.market(asked.marketId)?.rules;
    if (rules === undefined) return RejectReason.UNKNOWN_MARKET;
    // What is fixed may be left out, or repeated.
    const same = (["symbol", "baseAssetId", "quoteAssetId", "tickSizeUnits", "lotSizeUnits", "notionalUnits", "status"] as const).every((field) => !asked[field] || asked[field] === rules[field]);
    return same && this.#areRules(asked, rules.lotSizeUnits) ? OK : RejectReason.INVALID_DEFINITION;
  }

  #areRules(market: Market, lotSizeUnits: bigint): boolean {
    // 0 leaves an end open.
    const inBounds = (low: number, high: number): boolean => high === 0 || low <= high;
    const tiers = market.feeTiers.map(({ tier }) => tier);
    return (
      inOrder(market.minPriceTicks, market.maxPriceTicks, PRICE_TICKS_MAX) &&
      inOrder(market.minQuantityLots, market.maxMarketQuantityLots, market.maxQuantityLots) &&
      market.maxQuantityLots * lotSizeUnits <= EXACT_MAX &&
      market.minMarketQuantityLots <= market.maxMarketQuantityLots &&
      inOrder(market.minNotionalUnits, market.maxNotionalUnits) &&
      market.makerFeePpm <= FEE_PPM_MAX &&
      market.takerFeePpm <= FEE_PPM_MAX &&
      market.maxNumOrders >= 1 &&
      market.maxPositionLots * lotSizeUnits <= EXACT_MAX &&
      inBounds(market.bidMultiplierDownBips, market.bidMultiplierUpBips) &&
      inBounds(market.askMultiplierDownBips, market.askMultiplierUpBips) &&
      inBounds(market.minTrailingAboveBips, market.maxTrailingAboveBips) &&
      inBounds(market.minTrailingBelowBips, market.maxTrailingBelowBips) &&
      [market.minTrailingAboveBips, market.maxTrailingAboveBips, market.minTrailingBelowBips, market.maxTrailingBelowBips].every((bips) => bips <= TRAILING_BIPS_MAX) &&
      [market.bidMultiplierUpBips, market.bidMultiplierDownBips, market.askMultiplierUpBips, market.askMultiplierDownBips, market.priceBandBips].every((bips) => bips <= MULTIPLIER_BIPS_MAX) &&
      tiers.length <= 100 &&
      new Set(tiers).size === tiers.length &&
      !tiers.includes(0) &&
      market.feeTiers.every(({ makerFeePpm, takerFeePpm }) => makerFeePpm <= FEE_PPM_MAX && takerFeePpm <= FEE_PPM_MAX)
    );
  }
}

const inOrder = (...values: bigint[]): boolean => values.every((v, i) => v >= 1n && v <= EXACT_MAX && v >= (values[i - 1] ?? 0n));

/** Quote units that buying so many lots costs, as far as the book reaches. */
function costOf(lots: bigint, makers: readonly Order[], rules: Market): bigint {
  let left = lots;
  let cost = 0n;
  for (const maker of makers) {
    const take = smaller(left, remainingLots(maker));
    left -= take;
    cost += take * maker.priceTicks * rules.notionalUnits;
  }
  return cost;
}

/** The most lots that can be had for so many quote units, best price first, and whether the book ends before the money does. */
function worth(units: bigint, makers: readonly Order[], rules: Market, most = EXACT_MAX): { lots: bigint; runsOut: boolean } {
  let left = units;
  let lots = 0n;
  for (const maker of makers) {
    const each = maker.priceTicks * rules.notionalUnits;
    const take = smaller(smaller(left / each, most - lots), remainingLots(maker));
    lots += take;
    left -= take * each;
    if (take < remainingLots(maker)) return { lots, runsOut: false };
  }
  return { lots, runsOut: left > 0n };
}

const sumLots = (orders: readonly Order[]): bigint => orders.reduce((sum, o) => sum + remainingLots(o), 0n);

const endOfScale = (side: Side): bigint => (side === Side.BUY ? PRICE_TICKS_MAX : 1n);

/** Whether a mode of self-trade prevention prevents anything. */
export const prevents = (mode: SelfTradePreventionMode): boolean => mode !== SelfTradePreventionMode.UNSPECIFIED && mode !== SelfTradePreventionMode.NONE;

/** Orders without a limit price. */
export const isMarketType = (type: OrderType): boolean => type === OrderType.MARKET || type === OrderType.STOP_LOSS || type === OrderType.TAKE_PROFIT;

/** Orders that wait for a price. */
export const waits = (type: OrderType): boolean => type >= OrderType.STOP_LOSS;

/** A stop-loss buy and a take-profit sell wait above the market, the other two below it. */
export function wakesOnRise(type: OrderType, side: Side): boolean {
  const takesProfit = type === OrderType.TAKE_PROFIT || type === OrderType.TAKE_PROFIT_LIMIT;
  return takesProfit !== (side === Side.BUY);
}

/** Where a trailing order wakes that has seen this price: a buy above it, a sell below, rounded away from it. */
export function trailingTicks(side: Side, extremeTicks: bigint, deltaBips: number): bigint {
  const delta = BigInt(deltaBips);
  return side === Side.BUY ? (extremeTicks * (10_000n + delta) + 9_999n) / 10_000n : (extremeTicks * (10_000n - delta)) / 10_000n;
}

const rests = (timeInForce: TimeInForce): boolean => timeInForce === TimeInForce.GTC || timeInForce === TimeInForce.GTD;

// A peg takes the place of the price. One of the order's own side is for orders that stay; a post-only one may have no other.
function mayPeg({ type, timeInForce, pegType, pegOffsetLevels, priceTicks }: PlaceOrder): boolean {
  if (pegType === PegType.UNSPECIFIED) return pegOffsetLevels === 0;
  if ((pegType !== PegType.PRIMARY && pegType !== PegType.MARKET) || pegOffsetLevels > PEG_OFFSET_LEVELS_MAX || priceTicks !== 0n) return false;
  if (type === OrderType.LIMIT_MAKER) return pegType === PegType.PRIMARY;
  return !isMarketType(type) && (pegType === PegType.MARKET || timeInForce === TimeInForce.GTC);
}

/** The times in force that may be named with a type of order. */
function timesAllowed(type: OrderType): TimeInForce[] {
  switch (type) {
    case OrderType.LIMIT:
    case OrderType.STOP_LOSS_LIMIT:
    case OrderType.TAKE_PROFIT_LIMIT:
      return [TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK, TimeInForce.GTD];
    case OrderType.LIMIT_MAKER:
      return [TimeInForce.UNSPECIFIED, TimeInForce.GTC, TimeInForce.GTD];
    default:
      return [TimeInForce.UNSPECIFIED, TimeInForce.IOC];
  }
}

/** The time in force of the order when none, or only the obvious one, was named. */
function effectiveTimeInForce({ type, timeInForce }: PlaceOrder): TimeInForce {
  if (timeInForce !== TimeInForce.UNSPECIFIED) return timeInForce;
  return isMarketType(type) ? TimeInForce.IOC : TimeInForce.GTC;
}
