// Changing an open order, and replacing one by another, written from the rules: fewer lots keep the order's place, another
// price is a new arrival for what rests, more lots are refused. The two orders of a pair have one quantity; the price of
// an order of a list stays.
import { CancelReplaceMode, type AmendOrder, type CancelReplaceOrder, type Command } from "../../../gen/tickwire/v1/command_pb.ts";
import { CancelReason, MarketStatus, OrderType, PegType, RejectReason, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "./modelEngine.ts";
import { isMarketType, trailingTicks, type ModelRules } from "./modelRules.ts";
import { EXACT_MAX, isBuy, remainingLots, type ModelMarket } from "./modelState.ts";

const OK = RejectReason.UNSPECIFIED;

export class ModelAmend {
  readonly #engine: ModelEngine;
  readonly #rules: ModelRules;

  constructor(engine: ModelEngine, rules: ModelRules) {
    this.#engine = engine;
    this.#rules = rules;
  }

  amend(command: Command, asked: AmendOrder, late: boolean): void {
    const engine = this.#engine;
    const found = this.#check(command, asked, late);
    if (typeof found === "number") {
      const orderId = asked.orderId <= EXACT_MAX ? asked.orderId : 0n;
      engine.tell("amendRejected", { reason: found, marketId: asked.marketId, orderId, clientOrderId: this.#rules.echo(asked.clientOrderId) });
      return;
    }
    const { order, market, priceTicks, quantityLots } = found;
    const moves = priceTicks !== order.priceTicks;
    const fewer = order.quantityLots - quantityLots;
    const partner = engine.lists.partnerOf(order);
    if (remainingLots(order) <= fewer || (partner !== undefined && remainingLots(partner) <= fewer)) {
      // The new quantity has traded already: what is left is not wanted.
      engine.cancel(order, CancelReason.REQUESTED);
      return;
    }
    if (asked.newClientOrderId !== "" && asked.newClientOrderId !== order.clientOrderId) {
      order.clientOrderId = asked.newClientOrderId;
      engine.dedupe.remember(command.accountId, asked.newClientOrderId);
    }
    if (!moves) {
      // A pair has one quantity.
      for (const each of partner === undefined || fewer === 0n ? [order] : [order, partner]) {
        this.#lessen(each, market, fewer);
        engine.tell("orderAmended", { executionSeq: engine.nextExecution(each), order: { ...each }, keptPriority: true });
      }
      return;
    }
    const waiting = engine.waiting.find((w) => w.order === order);
    if (waiting !== undefined) {
      this.#lessen(order, market, fewer);
      order.priceTicks = priceTicks;
      if (isBuy(order)) waiting.heldUnits = priceTicks * remainingLots(order) * market.rules.notionalUnits;
      engine.tell("orderAmended", { executionSeq: engine.nextExecution(order), order: { ...order }, keptPriority: true });
      return;
    }
    engine.leave(order);
    order.quantityLots = quantityLots;
    order.amendCount++;
    order.priceTicks = priceTicks;
    order.updatedUs = order.workingUs = engine.timeUs;
    engine.tell("orderAmended", { executionSeq: engine.nextExecution(order), order: { ...order }, keptPriority: false });
    const matchTicks = this.#rules.withinBand(order.side, priceTicks, market);
    engine.matching.carryOut(order, { ...NO_PLAN, timeInForce: order.timeInForce, limitTicks: priceTicks, matchTicks, lots: remainingLots(order) });
  }

  // Fewer lots: of an iceberg first those that do not show, of a waiting order with what they hold.
  #lessen(order: Order, market: ModelMarket, fewer: bigint): void {
    const engine = this.#engine;
    order.amendCount++;
    order.updatedUs = engine.timeUs;
    const before = remainingLots(order);
    order.quantityLots -= fewer;
    const waiting = engine.waiting.find((w) => w.order === order);
    if (waiting !== undefined) waiting.heldUnits = (waiting.heldUnits / before) * (before - fewer);
    // Of an iceberg, in a book or collected for an auction, what shows is never more than what is left.
    const shown = order.icebergLots === 0n ? before : engine.icebergs.visibleLots(order);
    if (remainingLots(order) >= shown) return;
    if (order.icebergLots !== 0n) engine.icebergs.lessen(order, shown - remainingLots(order));
    if (engine.orders.includes(order)) market.bookSeq = engine.seq;
  }

  #check(command: Command, asked: AmendOrder, late: boolean): RejectReason | { order: Order; market: ModelMarket; priceTicks: bigint; quantityLots: bigint } {
    const engine = this.#engine;
    const account = engine.account(command.accountId);
    if (account === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    if (late) return RejectReason.DEADLINE_PASSED;
    const market = engine.market(asked.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    const order = this.#rules.find(command.accountId, asked.orderId, asked.clientOrderId);
    if (order === undefined || order.marketId !== asked.marketId) return RejectReason.UNKNOWN_ORDER;
    const { newClientOrderId, newPriceTicks, newQuantityLots } = asked;
    const priceTicks = newPriceTicks === 0n ? order.priceTicks : newPriceTicks;
    const quantityLots = newQuantityLots === 0n ? order.quantityLots : newQuantityLots;
    const moves = priceTicks !== order.priceTicks;
    const unpriced = isMarketType(order.type) || (order.pegType !== PegType.UNSPECIFIED && engine.waiting.some((w) => w.order === order));
    if (moves && (order.orderListId !== 0n || unpriced)) return RejectReason.UNSUPPORTED_COMBINATION;
    if (asked.postOnly && engine.outsideTheBook().includes(order)) return RejectReason.UNSUPPORTED_COMBINATION;
    const renames = newClientOrderId !== "" && newClientOrderId !== order.clientOrderId;
    if (newClientOrderId !== "") {
      if (!this.#rules.isClientId(newClientOrderId)) return RejectReason.INVALID_CLIENT_ORDER_ID;
      if (renames && this.#rules.isTaken(command.accountId, newClientOrderId)) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
    }
    if (account.frozen) return RejectReason.ACCOUNT_FROZEN;
    const posts = order.type === OrderType.LIMIT_MAKER || asked.postOnly;
    const { rules } = market;
    const closed = engine.auctions.checkAmend(market, moves && posts);
    if (closed !== OK) return closed;
    if (rules.status === MarketStatus.POST_ONLY && moves && !posts) return RejectReason.MARKET_POST_ONLY;
    if (!moves && quantityLots === order.quantityLots && !renames) return RejectReason.AMEND_CHANGES_NOTHING;
    if (quantityLots > order.quantityLots) return RejectReason.AMEND_INCREASES_QUANTITY;
    if (rules.maxNumOrderAmends !== 0 && order.amendCount >= rules.maxNumOrderAmends) return RejectReason.MAX_NUM_ORDER_AMENDS;
    if (moves && (priceTicks < rules.minPriceTicks || priceTicks > rules.maxPriceTicks)) return RejectReason.PRICE_FILTER;
    const fewer = order.quantityLots - quantityLots;
    const partner = engine.lists.partnerOf(order);
    const lots = remainingLots(order) - fewer;
    // An order that ends by it need not obey the rules of those that stay.
    if (lots <= 0n || (partner !== undefined && remainingLots(partner) <= fewer)) return { order, market, priceTicks, quantityLots };
    if (quantityLots < rules.minQuantityLots || quantityLots > rules.maxQuantityLots) return RejectReason.LOT_SIZE;
    for (const each of partner === undefined ? [order] : [order, partner]) {
      const notional = this.#checkNotional(each, each === order ? priceTicks : each.priceTicks, quantityLots, market);
      if (notional !== OK) return notional;
    }
    if (!moves) return { order, market, priceTicks, quantityLots };
    if (!this.#rules.nearReference(order.side, priceTicks, market)) return RejectReason.PERCENT_PRICE_BY_SIDE;
    if (this.#rules.levelLots(order.marketId, order.side, priceTicks) + lots > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
    if (!engine.waiting.some((w) => w.order === order)) {
      const overflow = engine.auctions.checkMoved(order, priceTicks, lots);
      if (overflow !== OK) return overflow;
      const best = rules.status === MarketStatus.AUCTION ? undefined : engine.makers(order.marketId, order.side, priceTicks)[0];
      if (best !== undefined && !isBuy(order) && best.priceTicks * lots * rules.notionalUnits > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
      if (best !== undefined && posts) return RejectReason.WOULD_TAKE;
    }
    // What it holds now is its own to spend.
    const needs = isBuy(order) ? priceTicks * lots * rules.notionalUnits : 0n;
    if (needs > engine.hold(order)[1] && needs - engine.hold(order)[1] > engine.available(command.accountId, rules.quoteAssetId)) return RejectReason.INSUFFICIENT_BALANCE;
    return { order, market, priceTicks, quantityLots };
  }

  // An order without a limit, or with one not known yet, is measured where it would wake now, if anybody knows.
  #checkNotional(order: Order, priceTicks: bigint, quantityLots: bigint, { rules, lastPriceTicks }: ModelMarket): RejectReason {
    if (priceTicks !== 0n) return this.#rules.checkNotional(priceTicks * quantityLots * rules.notionalUnits, rules);
    if (isMarketType(order.type) && (quantityLots < rules.minMarketQuantityLots || quantityLots > rules.maxMarketQuantityLots)) return RejectReason.MARKET_LOT_SIZE;
    const trails = order.stopPriceTicks === 0n && order.trailingDeltaBips !== 0 && lastPriceTicks !== 0n;
    const ticks = trails ? trailingTicks(order.side, lastPriceTicks, order.trailingDeltaBips) : order.stopPriceTicks;
    return ticks === 0n ? OK : this.#rules.checkNotional(ticks * quantityLots * rules.notionalUnits, rules);
  }

  cancelReplace(command: Command, { mode, cancel, place }: CancelReplaceOrder, late: boolean): void {
    const engine = this.#engine;
    if (cancel === undefined || place === undefined) {
      engine.tell("commandRejected", { reason: RejectReason.MALFORMED_COMMAND });
      return;
    }
    const stops = mode === CancelReplaceMode.STOP_ON_FAILURE;
    const known = (stops || mode === CancelReplaceMode.ALLOW_FAILURE) && cancel.marketId === place.marketId;
    const canceled = known && engine.cancelOrder(command, cancel, late, CancelReason.REPLACED);
    if (!known) engine.refuseCancel(cancel, RejectReason.UNSUPPORTED_COMBINATION);
    // If it was of a list, the list is over before the new order comes.
    engine.settle();
    if (canceled || (known && !stops)) engine.placeOrder(command, place, late);
    else engine.refusePlace(place, RejectReason.NOT_ATTEMPTED);
  }
}

const NO_PLAN = { rests: true, runsOut: false, unfillable: false, pending: false, needsUnits: 0n };
