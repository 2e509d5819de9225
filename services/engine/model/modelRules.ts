// The rules of the venue in the order in which they are asked, each a plain sentence with the reason it refuses by.
//
// Never: changes anything.
import type { CancelAllOrders, CancelOrder, Command, PlaceOrder } from "../../../gen/tickwire/v1/command_pb.ts";
import { MarketStatus, OrderType, RejectReason, SelfTradePreventionMode, Side, TimeInForce, type Asset, type Market, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "./modelEngine.ts";
import { EXACT_MAX, isBuy, remainingLots, smaller, type ModelMarket } from "./modelState.ts";

const OK = RejectReason.UNSPECIFIED;
const PRICE_TICKS_MAX = 2n ** 31n - 2n;
const FEE_PPM_MAX = 100_000;

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

  checkPlace(command: Command, asked: PlaceOrder, late: boolean): RejectReason | Plan {
    const engine = this.#engine;
    const account = engine.account(command.accountId);
    if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    if (late) return RejectReason.DEADLINE_PASSED;
    const market = engine.market(asked.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    if (!this.isClientId(asked.clientOrderId)) return RejectReason.INVALID_CLIENT_ORDER_ID;
    if (engine.openOrders(command.accountId).some((o) => o.clientOrderId === asked.clientOrderId)) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;

    const shape = this.#checkShape(asked);
    if (shape !== OK) return shape;
    const timeInForce = effectiveTimeInForce(asked);

    if (account.frozen) return RejectReason.ACCOUNT_FROZEN;
    const { status } = market.rules;
    if (status !== MarketStatus.TRADING && status !== MarketStatus.POST_ONLY) return RejectReason.MARKET_CLOSED;
    if (status === MarketStatus.POST_ONLY && asked.type !== OrderType.LIMIT_MAKER) return RejectReason.MARKET_POST_ONLY;

    const plan = asked.type === OrderType.MARKET ? this.#planMarket(asked, market, timeInForce) : this.#planLimit(asked, market, timeInForce);
    if (typeof plan === "number") return plan;

    const open = engine.openOrders(command.accountId).filter((o) => o.marketId === asked.marketId).length;
    if (plan.rests && open >= market.rules.maxNumOrders) return RejectReason.MAX_NUM_ORDERS;
    const [assetId, units] = this.#needs(asked, market, plan);
    return engine.available(command.accountId, assetId) < units ? RejectReason.INSUFFICIENT_BALANCE : plan;
  }

  #checkShape(asked: PlaceOrder): RejectReason {
    const { type, timeInForce } = asked;
    if (asked.side !== Side.BUY && asked.side !== Side.SELL) return RejectReason.INVALID_SIDE;
    if (type < OrderType.LIMIT || type > OrderType.TAKE_PROFIT_LIMIT) return RejectReason.INVALID_ORDER_TYPE;
    if (type > OrderType.MARKET) return RejectReason.UNSUPPORTED_COMBINATION;
    if (!timesAllowed(type).includes(timeInForce)) return RejectReason.INVALID_TIME_IN_FORCE;
    const mode = asked.selfTradePreventionMode;
    const unsupported =
      asked.stopPriceTicks !== 0n ||
      asked.trailingDeltaBips !== 0 ||
      asked.icebergLots !== 0n ||
      (asked.expireTimeUs !== 0n) !== (timeInForce === TimeInForce.GTD) ||
      asked.pegType !== 0 ||
      asked.pegOffsetLevels !== 0 ||
      (mode !== SelfTradePreventionMode.UNSPECIFIED && mode !== SelfTradePreventionMode.NONE) ||
      (type === OrderType.MARKET ? asked.priceTicks !== 0n || (asked.quantityLots !== 0n && asked.quoteOrderUnits !== 0n) : asked.quoteOrderUnits !== 0n);
    if (unsupported) return RejectReason.UNSUPPORTED_COMBINATION;
    if (timeInForce === TimeInForce.GTD && (asked.expireTimeUs <= this.#engine.timeUs || asked.expireTimeUs > EXACT_MAX)) return RejectReason.EXPIRE_TIME_OUT_OF_RANGE;
    return OK;
  }

  #planLimit(asked: PlaceOrder, { rules }: ModelMarket, timeInForce: TimeInForce): RejectReason | Plan {
    const engine = this.#engine;
    const { priceTicks, quantityLots, side } = asked;
    if (priceTicks < rules.minPriceTicks || priceTicks > rules.maxPriceTicks) return RejectReason.PRICE_FILTER;
    if (quantityLots < rules.minQuantityLots || quantityLots > rules.maxQuantityLots) return RejectReason.LOT_SIZE;
    const notional = this.#checkNotional(priceTicks * quantityLots * rules.notionalUnits, rules);
    if (notional !== OK) return notional;
    // What a level sums up to stays exact, too.
    const level = engine.side(asked.marketId, side).filter((o) => o.priceTicks === priceTicks);
    if (level.reduce((sum, o) => sum + remainingLots(o), quantityLots) > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    const makers = engine.makers(asked.marketId, side, priceTicks);
    const best = makers[0];
    // A seller may be paid as much as the best bid for all of it.
    if (best !== undefined && !isBuy(asked) && best.priceTicks * quantityLots * rules.notionalUnits > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (best !== undefined && asked.type === OrderType.LIMIT_MAKER) return RejectReason.WOULD_TAKE;
    const there = makers.reduce((sum, o) => sum + remainingLots(o), 0n);
    return { timeInForce, rests: rests(timeInForce), limitTicks: priceTicks, lots: quantityLots, runsOut: false, unfillable: timeInForce === TimeInForce.FOK && there < quantityLots };
  }

  #planMarket(asked: PlaceOrder, { rules }: ModelMarket, timeInForce: TimeInForce): RejectReason | Plan {
    const limitTicks = isBuy(asked) ? PRICE_TICKS_MAX : 1n;
    const makers = this.#engine.makers(asked.marketId, asked.side, limitTicks);
    const best = makers[0];
    if (asked.quoteOrderUnits !== 0n) {
      const notional = this.#checkNotional(asked.quoteOrderUnits, rules);
      if (notional !== OK) return notional;
      if (best === undefined) return RejectReason.NO_LIQUIDITY;
      const { lots, runsOut } = worth(asked.quoteOrderUnits, makers, rules);
      if (lots < rules.minQuantityLots) return runsOut ? RejectReason.NO_LIQUIDITY : RejectReason.LOT_SIZE;
      if (lots > rules.maxMarketQuantityLots) return RejectReason.MARKET_LOT_SIZE;
      return { timeInForce, rests: false, limitTicks, lots, runsOut, unfillable: false };
    }
    const lots = asked.quantityLots;
    if (lots < rules.minQuantityLots || lots > rules.maxQuantityLots) return RejectReason.LOT_SIZE;
    if (lots > rules.maxMarketQuantityLots) return RejectReason.MARKET_LOT_SIZE;
    if (best !== undefined) {
      const notional = this.#checkNotional(best.priceTicks * lots * rules.notionalUnits, rules);
      if (notional !== OK) return notional;
    }
    if (isBuy(asked) && costOf(lots, makers, rules) > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    return { timeInForce, rests: false, limitTicks, lots, runsOut: false, unfillable: false };
  }

  #checkNotional(units: bigint, rules: Market): RejectReason {
    if (units > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (units < rules.minNotionalUnits) return RejectReason.MIN_NOTIONAL;
    return units > rules.maxNotionalUnits ? RejectReason.MAX_NOTIONAL : OK;
  }

  // What the account must have: [asset, units].
  #needs(asked: PlaceOrder, { rules }: ModelMarket, plan: Plan): readonly [number, bigint] {
    if (!isBuy(asked)) return [rules.baseAssetId, plan.lots * rules.lotSizeUnits];
    if (asked.quoteOrderUnits !== 0n) return [rules.quoteAssetId, asked.quoteOrderUnits];
    if (asked.type !== OrderType.MARKET) return [rules.quoteAssetId, asked.priceTicks * plan.lots * rules.notionalUnits];
    return [rules.quoteAssetId, costOf(plan.lots, this.#engine.makers(asked.marketId, asked.side, plan.limitTicks), rules)];
  }

  checkCancel(command: Command, asked: CancelOrder, late: boolean): RejectReason | Order {
    const engine = this.#engine;
    if (engine.account(command.accountId) === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    if (late) return RejectReason.DEADLINE_PASSED;
    const market = engine.market(asked.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    if (asked.restriction !== 0) return RejectReason.UNSUPPORTED_COMBINATION;
    const order = this.find(command.accountId, asked.orderId, asked.clientOrderId);
    if (order === undefined || order.marketId !== asked.marketId) return RejectReason.UNKNOWN_ORDER;
    return market.rules.status === MarketStatus.HALT ? RejectReason.MARKET_CLOSED : order;
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
    if (asked.reason !== 0) return RejectReason.UNSUPPORTED_COMBINATION;
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
    const inOrder = (...values: bigint[]): boolean => values.every((v, i) => v >= 1n && v <= EXACT_MAX && v >= (values[i - 1] ?? 0n));
    const whole = 10n ** BigInt(base.scale);
    const tickTimesLot = market.tickSizeUnits * market.lotSizeUnits;
    const valid =
      inOrder(market.tickSizeUnits) &&
      inOrder(market.lotSizeUnits) &&
      tickTimesLot % whole === 0n &&
      inOrder(tickTimesLot / whole) &&
      inOrder(market.minPriceTicks, market.maxPriceTicks, PRICE_TICKS_MAX) &&
      inOrder(market.minQuantityLots, market.maxMarketQuantityLots, market.maxQuantityLots) &&
      market.maxQuantityLots * market.lotSizeUnits <= EXACT_MAX &&
      inOrder(market.minNotionalUnits, market.maxNotionalUnits) &&
      market.makerFeePpm <= FEE_PPM_MAX &&
      market.takerFeePpm <= FEE_PPM_MAX &&
      market.maxNumOrders >= 1 &&
      (market.status === MarketStatus.UNSPECIFIED || this.isStatus(market.status));
    return valid ? OK : RejectReason.INVALID_DEFINITION;
  }
}

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
function worth(units: bigint, makers: readonly Order[], rules: Market): { lots: bigint; runsOut: boolean } {
  let left = units;
  let lots = 0n;
  for (const maker of makers) {
    const each = maker.priceTicks * rules.notionalUnits;
    const take = smaller(left / each, remainingLots(maker));
    lots += take;
    left -= take * each;
    if (take < remainingLots(maker)) return { lots, runsOut: false };
  }
  return { lots, runsOut: left > 0n };
}

const rests = (timeInForce: TimeInForce): boolean => timeInForce === TimeInForce.GTC || timeInForce === TimeInForce.GTD;

/** The times in force that may be named with a type of order. */
function timesAllowed(type: OrderType): TimeInForce[] {
  switch (type) {
    case OrderType.LIMIT:
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
  return type === OrderType.MARKET ? TimeInForce.IOC : TimeInForce.GTC;
}
