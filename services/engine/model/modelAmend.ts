// Changing an order that stands in the book, and replacing one by another, written from the rules: fewer lots keep the
// order's place, another price is a new arrival, more lots are refused.
import { CancelReplaceMode, type AmendOrder, type CancelReplaceOrder, type Command } from "../../../gen/tickwire/v1/command_pb.ts";
import { CancelReason, MarketStatus, OrderType, RejectReason, type Order } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "./modelEngine.ts";
import type { ModelRules } from "./modelRules.ts";
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
    const movesBack = priceTicks !== order.priceTicks;
    const fewer = order.quantityLots - quantityLots;
    if (remainingLots(order) <= fewer) {
      // The new quantity has traded already: what is left is not wanted.
      engine.cancel(order, CancelReason.REQUESTED);
      return;
    }
    if (asked.newClientOrderId !== "") {
      order.clientOrderId = asked.newClientOrderId;
      engine.dedupe.remember(command.accountId, asked.newClientOrderId);
    }
    order.amendCount++;
    order.quantityLots = quantityLots;
    order.updatedUs = engine.timeUs;
    if (movesBack || fewer > 0n) market.bookSeq = engine.seq;
    if (movesBack) {
      engine.leave(order);
      order.priceTicks = priceTicks;
      order.workingUs = engine.timeUs;
    }
    engine.tell("orderAmended", { executionSeq: engine.nextExecution(order), order: { ...order }, keptPriority: !movesBack });
    if (movesBack) {
      const matchTicks = this.#rules.withinBand(order.side, priceTicks, market);
      engine.matching.carryOut(order, { ...NO_PLAN, timeInForce: order.timeInForce, limitTicks: priceTicks, matchTicks, lots: remainingLots(order) });
    }
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
    if (!engine.orders.includes(order) || order.icebergLots !== 0n || order.orderListId !== 0n) return RejectReason.UNSUPPORTED_COMBINATION;
    const { newClientOrderId, newPriceTicks, newQuantityLots } = asked;
    if (newClientOrderId !== "") {
      if (!this.#rules.isClientId(newClientOrderId)) return RejectReason.INVALID_CLIENT_ORDER_ID;
      if (this.#rules.isTaken(command.accountId, newClientOrderId)) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
    }
    if (account.frozen) return RejectReason.ACCOUNT_FROZEN;
    const priceTicks = newPriceTicks === 0n ? order.priceTicks : newPriceTicks;
    const quantityLots = newQuantityLots === 0n ? order.quantityLots : newQuantityLots;
    const moves = priceTicks !== order.priceTicks;
    const posts = order.type === OrderType.LIMIT_MAKER;
    const { rules } = market;
    if (rules.status !== MarketStatus.TRADING && rules.status !== MarketStatus.POST_ONLY) return RejectReason.MARKET_CLOSED;
    if (rules.status === MarketStatus.POST_ONLY && moves && !posts) return RejectReason.MARKET_POST_ONLY;
    if (!moves && quantityLots === order.quantityLots && newClientOrderId === "") return RejectReason.AMEND_CHANGES_NOTHING;
    if (quantityLots > order.quantityLots) return RejectReason.AMEND_INCREASES_QUANTITY;
    if (rules.maxNumOrderAmends !== 0 && order.amendCount >= rules.maxNumOrderAmends) return RejectReason.MAX_NUM_ORDER_AMENDS;
    if (moves && (priceTicks < rules.minPriceTicks || priceTicks > rules.maxPriceTicks)) return RejectReason.PRICE_FILTER;
    const lots = remainingLots(order) - (order.quantityLots - quantityLots);
    // An order that ends by it need not obey the rules of those that stay.
    if (lots <= 0n) return { order, market, priceTicks, quantityLots };
    if (quantityLots < rules.minQuantityLots || quantityLots > rules.maxQuantityLots) return RejectReason.LOT_SIZE;
    const notional = this.#rules.checkNotional(priceTicks * quantityLots * rules.notionalUnits, rules);
    if (notional !== OK) return notional;
    if (moves) {
      if (!this.#rules.nearReference(order.side, priceTicks, market)) return RejectReason.PERCENT_PRICE_BY_SIDE;
      if (this.#rules.levelLots(order.marketId, order.side, priceTicks) + lots > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
      const best = engine.makers(order.marketId, order.side, priceTicks)[0];
      if (best !== undefined && !isBuy(order) && best.priceTicks * lots * rules.notionalUnits > EXACT_MAX) return RejectReason.NOTIONAL_OVERFLOW;
      if (best !== undefined && posts) return RejectReason.WOULD_TAKE;
    }
    // What it holds now is its own to spend.
    const needs = isBuy(order) ? priceTicks * lots * rules.notionalUnits : 0n;
    if (needs > engine.hold(order)[1] && needs - engine.hold(order)[1] > engine.available(command.accountId, rules.quoteAssetId)) return RejectReason.INSUFFICIENT_BALANCE;
    return { order, market, priceTicks, quantityLots };
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
    if (canceled || (known && !stops)) engine.placeOrder(command, place, late);
    else engine.refusePlace(place, RejectReason.NOT_ATTEMPTED);
  }
}

const NO_PLAN = { rests: true, runsOut: false, unfillable: false, pending: false, needsUnits: 0n };
