// Orders that belong together, written from the rules: OCO (one ends the other), OTO (the second is placed when the
// first is filled), OTOCO (a pair is placed when the first is filled).
//
// A list is nothing but its orders' ids; whatever else one asks of it is looked up in the orders each time.
import { create } from "@bufbuild/protobuf";
import type { CancelOrderList, Command, PlaceOrder, PlaceOrderList } from "../../../gen/tickwire/v1/command_pb.ts";
import { CancelReason, ExpiryReason, MarketStatus, OrderListSchema, OrderListStatus, OrderListType, OrderStatus, OrderType, PegType, RejectReason, type Order, type OrderList } from "../../../gen/tickwire/v1/types_pb.ts";
import type { ModelEngine } from "./modelEngine.ts";
import { trailingTicks, waits, wakesOnRise, type ModelRules, type Plan } from "./modelRules.ts";
import { EXACT_MAX, isBuy, larger, remainingLots, type ModelMarket } from "./modelState.ts";

const OK = RejectReason.UNSPECIFIED;

export class ModelOrderLists {
  /** Lists with an order that is open or pending, by id. */
  open: OrderList[] = [];
  nextOrderListId = 1n;
  /** Lists whose working order was filled by the running command. */
  filled: OrderList[] = [];
  readonly #engine: ModelEngine;
  readonly #rules: ModelRules;

  constructor(engine: ModelEngine, rules: ModelRules) {
    this.#engine = engine;
    this.#rules = rules;
  }

  place(command: Command, asked: PlaceOrderList): RejectReason {
    const engine = this.#engine;
    const rules = this.#rules;
    const shape = this.#checkShape(asked);
    if (shape !== OK) return shape;
    const plans: Plan[] = [];
    for (const [i, order] of asked.orders.entries()) {
      const plan = rules.checkPlace(command, order, false, asked.type !== OrderListType.OCO && i > 0);
      if (typeof plan === "number") return plan;
      plans.push(plan);
    }
    // Now a pegged post-only order has a price, too.
    const priced = asked.orders.map((order, i) => (order.type === OrderType.LIMIT_MAKER ? { ...order, priceTicks: (plans[i] as Plan).limitTicks } : order));
    const { accountId } = command;
    const marketId = asked.orders[0]?.marketId ?? 0;
    const market = engine.market(marketId) as ModelMarket;
    if (asked.type === OrderListType.OCO && !areAround(market.lastPriceTicks, priced)) return RejectReason.ORDER_LIST_PRICES;
    const { maxNumOrderLists, maxNumOrders, maxNumAlgoOrders, maxNumIcebergOrders } = market.rules;
    const mine = this.open.filter((list) => list.accountId === accountId);
    if (engine.dedupe.remembers(accountId, asked.clientOrderListId, true) || mine.some((list) => list.clientOrderListId === asked.clientOrderListId)) return RejectReason.DUPLICATE_CLIENT_ORDER_LIST_ID;
    if (maxNumOrderLists !== 0 && mine.filter((list) => list.marketId === marketId).length >= maxNumOrderLists) return RejectReason.MAX_NUM_ORDER_LISTS;
    if (engine.openOrders(accountId).filter((o) => o.marketId === marketId).length + plans.length > maxNumOrders) return RejectReason.MAX_NUM_ORDERS;
    if (maxNumAlgoOrders !== 0 && rules.algoOrders(accountId, marketId) + asked.orders.filter((o) => waits(o.type)).length > maxNumAlgoOrders) return RejectReason.MAX_NUM_ALGO_ORDERS;
    // With the others of this very list.
    const icebergs = asked.orders.filter((o) => o.icebergLots !== 0n).length;
    if (maxNumIcebergOrders !== 0 && icebergs > 0 && rules.icebergs(accountId, marketId) + icebergs > maxNumIcebergOrders) return RejectReason.MAX_NUM_ICEBERG_ORDERS;
    // All but the last order of a list with a pair: of a pair only one will ever trade.
    const buys = (asked.type === OrderListType.OTO ? asked.orders : asked.orders.slice(0, -1)).flatMap((order, i) => (isBuy(order) ? [(plans[i] as Plan).lots] : []));
    if (buys.length > 0 && rules.exceedsPosition(accountId, market, buys.reduce((a, b) => a + b))) return RejectReason.MAX_POSITION;

    if (asked.type === OrderListType.OCO) shareHolds(asked.orders, plans);
    const list = create(OrderListSchema, {
      orderListId: this.nextOrderListId++,
      accountId,
      marketId,
      type: asked.type,
      status: OrderListStatus.EXECUTING,
      clientOrderListId: asked.clientOrderListId,
      orderIds: plans.map((_, i) => engine.nextOrderId + BigInt(i)),
    });
    this.open.push(list);
    engine.dedupe.remember(accountId, asked.clientOrderListId, true);
    this.#tell(list, OrderListStatus.EXECUTING);
    const orders = asked.orders.map((order, i) => engine.accept(command, order, plans[i] as Plan, list.orderListId));
    for (const [i, plan] of plans.entries()) if (!plan.pending && plan.waitingUnits === undefined) engine.matching.carryOut(orders[i] as Order, plan);
    return OK;
  }

  // Whether the orders fit together.
  #checkShape({ type, clientOrderListId, orders }: PlaceOrderList): RejectReason {
    if (!this.#rules.isClientId(clientOrderListId)) return RejectReason.INVALID_CLIENT_ORDER_ID;
    const [first, second, third] = orders;
    if (first === undefined || second === undefined) return RejectReason.ORDER_LIST_SHAPE;
    if (orders.some((o) => o.marketId !== first.marketId || o.quoteOrderUnits !== 0n || o.postOnlySlide)) return RejectReason.ORDER_LIST_SHAPE;
    if (new Set(orders.map((o) => o.clientOrderId)).size < orders.length) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
    const works = first.type === OrderType.LIMIT || first.type === OrderType.LIMIT_MAKER;
    const fits =
      (type === OrderListType.OCO && orders.length === 2 && arePair(first, second)) ||
      (type === OrderListType.OTO && orders.length === 2 && works) ||
      (type === OrderListType.OTOCO && orders.length === 3 && works && third !== undefined && arePair(second, third));
    if (!fits) return RejectReason.ORDER_LIST_SHAPE;
    return type === OrderListType.OTO || areApart(type === OrderListType.OCO ? orders : orders.slice(1)) ? OK : RejectReason.ORDER_LIST_PRICES;
  }

  cancel(accountId: bigint, asked: CancelOrderList): RejectReason {
    const engine = this.#engine;
    if (engine.account(accountId) === undefined) return RejectReason.UNKNOWN_ACCOUNT;
    const market = engine.market(asked.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    const { orderListId, clientOrderListId } = asked;
    const list = this.open.find(
      (l) =>
        l.accountId === accountId &&
        l.marketId === asked.marketId &&
        (orderListId === 0n || l.orderListId === orderListId) &&
        (clientOrderListId === "" ? orderListId !== 0n : l.clientOrderListId === clientOrderListId),
    );
    if (list === undefined) return RejectReason.UNKNOWN_ORDER_LIST;
    if (market.rules.status === MarketStatus.HALT) return RejectReason.MARKET_CLOSED;
    for (const order of this.#openOf(list)) engine.cancel(order, CancelReason.REQUESTED);
    return OK;
  }

  /** One order of a list is over: what that means for the others, and for the list. */
  orderEnded(order: Order): void {
    const engine = this.#engine;
    const list = this.open.find((l) => l.orderListId === order.orderListId);
    if (list === undefined) return;
    const worked = list.type !== OrderListType.OCO && list.orderIds[0] === order.orderId;
    if (worked && order.status === OrderStatus.FILLED) this.filled.push(list);
    else if (worked) for (const other of this.#openOf(list)) engine.expireOpen(other, ExpiryReason.OTO_WORKING_LEG_ENDED);
    else if (order.status === OrderStatus.CANCELED) for (const other of this.#openOf(list)) engine.cancel(other, order.cancelReason);
    else if (order.expiryReason !== ExpiryReason.OCO_TRIGGERED) this.endPartner(order);
    if (this.#openOf(list).length > 0) return;
    this.open = this.open.filter((l) => l !== list);
    this.#tell(list, OrderListStatus.ALL_DONE);
  }

  /** The order trades, was woken or ended: the other one of its pair, if it is of a pair, is over. */
  endPartner(order: Order): void {
    const partner = this.partnerOf(order);
    if (partner !== undefined) this.#engine.expireOpen(partner, ExpiryReason.OCO_TRIGGERED);
  }

  /** The other open order of a pair. */
  partnerOf(order: Order): Order | undefined {
    const list = this.open.find((l) => l.orderListId === order.orderListId);
    if (list === undefined) return undefined;
    const pair = list.type === OrderListType.OCO ? list.orderIds : list.type === OrderListType.OTOCO ? list.orderIds.slice(1) : [];
    if (!pair.includes(order.orderId)) return undefined;
    return this.#openOf(list).find((other) => other !== order && pair.includes(other.orderId));
  }

  /** The other one of its pair is over: this one will be, too, as soon as their list hears of it. */
  hasLostPartner(order: Order): boolean {
    const list = this.open.find((l) => l.orderListId === order.orderListId);
    return list !== undefined && list.type !== OrderListType.OTO && this.partnerOf(order) === undefined;
  }

  /** The working order of a list is filled: its pending orders are placed, all or none. */
  placePending(list: OrderList): void {
    const engine = this.#engine;
    const pending = this.#openOf(list);
    const [first] = pending;
    if (first === undefined) return;
    const market = engine.market(list.marketId) as ModelMarket;
    // The turn of those that are pegged has come, but for those that go on to wait for a price.
    const pegged = pending.filter((order) => order.pegType !== PegType.UNSPECIFIED && !waits(order.type));
    for (const order of pegged) order.priceTicks = this.#rules.pegTicks(order);
    if (pegged.some((order) => order.priceTicks === 0n)) {
      for (const order of pending) engine.expireOpen(order, ExpiryReason.INSUFFICIENT_LIQUIDITY);
      return;
    }
    const needs = pending.map((order) => needed(order, market));
    const most = needs.reduce(larger);
    // A buyer without a limit takes what he can pay; every other order is paid in full or not placed.
    const takesWhatItCan = isBuy(first) && first.type === OrderType.MARKET;
    const asset = isBuy(first) ? market.rules.quoteAssetId : market.rules.baseAssetId;
    const enters =
      pending.length === list.orderIds.length - 1 &&
      most <= EXACT_MAX &&
      pending.every((order) => this.#mayEnter(order, market)) &&
      pegged.every((order) => this.#rules.mayEnterPegged(order, 0n, market)) &&
      (list.type !== OrderListType.OTOCO || areApart(pending)) &&
      (takesWhatItCan || engine.available(list.accountId, asset) >= most);
    if (!enters) {
      for (const order of pending) engine.expireOpen(order, ExpiryReason.EXCHANGE);
      return;
    }
    // First the one that goes to the book, which holds all it needs; then the one that waits, for what it needs more.
    const toTheBook = pending.filter((order) => !waits(order.type));
    let held = 0n;
    for (const order of [...toTheBook, ...pending.filter((o) => waits(o.type))]) {
      const need = needed(order, market);
      engine.pending = engine.pending.filter((o) => o !== order);
      order.status = OrderStatus.NEW;
      order.updatedUs = engine.timeUs;
      if (waits(order.type)) {
        engine.wait(order, need > held ? need - held : 0n);
        engine.tellOrder("orderAccepted", order);
      } else {
        order.workingUs = engine.timeUs;
        engine.tellOrder("orderAccepted", order);
        const plan = this.#rules.planWoken(order, 0n);
        if (plan === undefined) engine.expire(order, ExpiryReason.EXCHANGE);
        else engine.matching.carryOut(order, plan);
      }
      held = larger(held, need);
    }
  }

  // It would not take though it must not, nor wake at once.
  #mayEnter(order: Order, market: ModelMarket): boolean {
    if (order.type === OrderType.LIMIT_MAKER) return this.#engine.makers(order.marketId, order.side, order.priceTicks).length === 0;
    if (order.stopPriceTicks === 0n) return true;
    return wakesOnRise(order.type, order.side) ? market.lastPriceTicks < order.stopPriceTicks : market.lastPriceTicks > order.stopPriceTicks;
  }

  // The list's orders that are not over, in the order of the command.
  #openOf(list: OrderList): Order[] {
    const open = this.#engine.allOpen();
    return list.orderIds.flatMap((id) => open.filter((order) => order.orderId === id));
  }

  #tell(list: OrderList, status: OrderListStatus): void {
    this.#engine.tell("orderListChanged", { list: { ...list, status, updatedUs: this.#engine.timeUs } });
  }
}

// Above the market a seller takes his profit and below it he stops his loss; a buyer the other way round.
function arePair(above: PlaceOrder, below: PlaceOrder): boolean {
  if (above.side !== below.side || above.quantityLots !== below.quantityLots) return false;
  const [gains, stops] = isBuy(above) ? [below, above] : [above, below];
  const gainTypes: OrderType[] = [OrderType.LIMIT_MAKER, OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT];
  const stopTypes: OrderType[] = [OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT];
  return gainTypes.includes(gains.type) && stopTypes.includes(stops.type);
}

// The one above is at a higher price than the one below. A trailing order without stop price is at no price yet, nor is
// an order whose peg has not become one.
function areApart(pair: readonly Placed[]): boolean {
  const [above = 0n, below = 0n] = pair.map(placeOf);
  return above === 0n || below === 0n || above > below;
}

// The one above is also above the last price, the other one below it, if there is a last price.
function areAround(last: bigint, pair: readonly Placed[]): boolean {
  const [above = 0n, below = 0n] = pair.map(placeOf);
  const meetsLast = last !== 0n && ((above !== 0n && above <= last) || (below !== 0n && below >= last));
  return areApart(pair) && !meetsLast;
}

type Placed = Pick<PlaceOrder, "type" | "priceTicks" | "stopPriceTicks">;

const placeOf = (order: Placed): bigint => (order.type === OrderType.LIMIT_MAKER ? order.priceTicks : order.stopPriceTicks);

// Only one of a pair will ever be carried out: what is held is the larger of both needs. The one that stands in the
// book (or else the first) holds all it needs, the other what it needs more.
function shareHolds(orders: readonly PlaceOrder[], plans: Plan[]): void {
  const [first, second] = plans as [Plan, Plan];
  const secondStands = orders[1] !== undefined && !waits(orders[1].type);
  const more = (order: Plan, base: Plan): Plan => ({ ...order, waitingUnits: order.needsUnits > base.needsUnits ? order.needsUnits - base.needsUnits : 0n });
  if (secondStands) plans[0] = more(first, second);
  else plans[1] = more(second, first);
}

// What an order must hold that is placed now; a buy without limit what it costs at the price that will wake it, if one will.
function needed(order: Order, { rules, lastPriceTicks }: ModelMarket): bigint {
  const lots = remainingLots(order);
  if (!isBuy(order)) return lots * rules.lotSizeUnits;
  const trails = order.stopPriceTicks === 0n && order.trailingDeltaBips !== 0 && lastPriceTicks !== 0n;
  const waking = trails ? trailingTicks(order.side, lastPriceTicks, order.trailingDeltaBips) : order.stopPriceTicks;
  return (order.priceTicks === 0n ? waking : order.priceTicks) * lots * rules.notionalUnits;
}
