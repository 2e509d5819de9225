// Orders that belong together: OCO (one ends the other), OTO (one is placed when the other is filled), OTOCO (both).
//
// Rules. A fill or the waking of one order of a pair expires the other (OCO_TRIGGERED); so does self-trade prevention that
// lessens it. A pending order holds nothing
// until the working one is wholly filled; then it is placed like a new order, and expires (EXCHANGE) if it cannot be
// paid, would take though it must not, or would wake at once. A working order that ends otherwise expires the pending
// ones. Cancelling one order of a list cancels the list. A pair holds the larger of what its two orders need.
// Any order with a limit may be pegged, as on Binance (faqs/pegged_orders). The peg becomes a price when the order enters
// the book: at once, when it is woken, or when it is placed; a pending order whose peg finds none then expires
// (INSUFFICIENT_LIQUIDITY), and of a pair the other one with it. None is pegged to the partner that it ends. The two of a new
// OCO stand around the last price; of a pair that is placed later only the one that waits must not wake at once.
// This file keeps which orders belong together and checks a new list's shape; trading.ts carries the rules out.
import { OrderListSchema, OrderListStatus, OrderListType, OrderType, RejectReason, type OrderList as OrderListMessage } from "../../gen/tickwire/v1/types_pb.ts";
import { create, toBinary } from "@bufbuild/protobuf";
import type { PlaceOrder } from "../../gen/tickwire/v1/command_pb.ts";
import { BUY } from "./orderBook.ts";

const CLIENT_LIST_ID = /^[.A-Z:/a-z0-9_-]{1,36}$/;

export interface OrderList {
  readonly id: number;
  /** Row of the account. */
  readonly account: number;
  /** Row of the market. */
  readonly market: number;
  readonly type: OrderListType;
  readonly clientId: string;
  /** In the order of the command: a pair is above, below; the working order comes first. */
  readonly orderIds: readonly number[];
}

/** Place of the working order, or -1 in a list without one. */
export const workingIndex = (list: OrderList): number => (list.type === OrderListType.OCO ? -1 : 0);

/** Whether these two places of a list are the two orders of a pair. */
export const isPair = (list: OrderList, a: number, b: number): boolean =>
  a !== b && (list.type === OrderListType.OCO || (list.type === OrderListType.OTOCO && a > 0 && b > 0));

/** Whether this place of a list is the later one of its pair. */
export const isSecondOfPair = (type: OrderListType, at: number): boolean => (type === OrderListType.OCO ? at === 1 : type === OrderListType.OTOCO && at === 2);

// What one account has open: client ids are its own, and how many lists there may be goes by market.
interface ListsOfAccount {
  readonly byClientId: Map<string, OrderList>;
  readonly inMarket: Map<number, number>;
}

/** The lists that have an order open or pending. */
export class OrderLists {
  nextId = 1;
  readonly #lists = new Map<number, OrderList>();
  // Each as a snapshot has it: a list does not change, so it is encoded when it comes and not while a snapshot waits.
  readonly #encoded = new Map<number, Uint8Array>();
  readonly #ofAccount = new Map<number, ListsOfAccount>();

  add(list: OrderList): OrderList {
    this.#lists.set(list.id, list);
    let own = this.#ofAccount.get(list.account);
    if (own === undefined) this.#ofAccount.set(list.account, (own = { byClientId: new Map(), inMarket: new Map() }));
    own.byClientId.set(list.clientId, list);
    own.inMarket.set(list.market, (own.inMarket.get(list.market) ?? 0) + 1);
    this.#encoded.set(list.id, toBinary(OrderListSchema, listMessage(list, OrderListStatus.EXECUTING, 0)));
    return list;
  }

  remove(list: OrderList): void {
    this.#lists.delete(list.id);
    this.#encoded.delete(list.id);
    const own = this.#ofAccount.get(list.account);
    own?.byClientId.delete(list.clientId);
    own?.inMarket.set(list.market, (own.inMarket.get(list.market) ?? 0) - 1);
    if (own?.byClientId.size === 0) this.#ofAccount.delete(list.account);
  }

  /** All lists as OrderList messages, one after the other, and where each ends. */
  freeze(): { bytes: Uint8Array; ends: Float64Array } {
    const ends = new Float64Array(this.#encoded.size);
    let end = 0;
    let i = 0;
    for (const bytes of this.#encoded.values()) ends[i++] = end += bytes.length;
    const all = new Uint8Array(end);
    i = 0;
    for (const bytes of this.#encoded.values()) all.set(bytes, (ends[i++] as number) - bytes.length);
    return { bytes: all, ends };
  }

  byId(id: number): OrderList | undefined {
    return this.#lists.get(id);
  }

  /** In the order of their ids. */
  all(): IterableIterator<OrderList> {
    return this.#lists.values();
  }

  findClientId(account: number, clientId: string): OrderList | undefined {
    return this.#ofAccount.get(account)?.byClientId.get(clientId);
  }

  /** Open lists of an account in a market. */
  count(account: number, market: number): number {
    return this.#ofAccount.get(account)?.inMarket.get(market) ?? 0;
  }
}

/** Whether the orders of a new list fit together; each by itself is checked by the rules. */
export function checkListShape(type: OrderListType, clientId: string, orders: readonly PlaceOrder[]): RejectReason {
  if (!CLIENT_LIST_ID.test(clientId)) return RejectReason.INVALID_CLIENT_ORDER_ID;
  const [first, second, third] = orders;
  // Binance (rest-api, orderList/oto): a pending order may be any, but for MARKET by a quote amount. And where the orders of a
  // list stand is said by whoever sends it: none slides.
  if (first === undefined || second === undefined || orders.some((o) => o.marketId !== first.marketId || o.quoteOrderUnits !== 0n || o.postOnlySlide)) return RejectReason.ORDER_LIST_SHAPE;
  if (new Set(orders.map((o) => o.clientOrderId)).size !== orders.length) return RejectReason.DUPLICATE_CLIENT_ORDER_ID;
  const works = first.type === OrderType.LIMIT || first.type === OrderType.LIMIT_MAKER;
  let fits = false;
  if (type === OrderListType.OCO) fits = orders.length === 2 && arePair(first, second);
  else if (type === OrderListType.OTO) fits = orders.length === 2 && works;
  else if (type === OrderListType.OTOCO) fits = orders.length === 3 && works && third !== undefined && arePair(second, third);
  if (!fits) return RejectReason.ORDER_LIST_SHAPE;
  const [above, below] = type === OrderListType.OCO ? [first, second] : [second, third];
  return type === OrderListType.OTO || below === undefined || standApart(standsAt(above), standsAt(below)) ? RejectReason.UNSPECIFIED : RejectReason.ORDER_LIST_PRICES;
}

const standsAt = (order: PlaceOrder): bigint => (order.type === OrderType.LIMIT_MAKER ? order.priceTicks : order.stopPriceTicks);

// Above the market a seller takes his profit and below it he stops his loss; a buyer the other way round.
function arePair(above: PlaceOrder, below: PlaceOrder): boolean {
  if (above.side !== below.side || above.quantityLots !== below.quantityLots) return false;
  const [gains, stops] = above.side === BUY ? [below, above] : [above, below];
  const gainsFits = gains.type === OrderType.LIMIT_MAKER || gains.type === OrderType.TAKE_PROFIT || gains.type === OrderType.TAKE_PROFIT_LIMIT;
  return gainsFits && (stops.type === OrderType.STOP_LOSS || stops.type === OrderType.STOP_LOSS_LIMIT);
}

/**
 * Whether the one order of a pair stands above the other: a LIMIT_MAKER where it rests, any other where it wakes. 0 is a
 * price that nobody knows yet: of a trailing order without stop price, or of a peg.
 */
export const standApart = (aboveTicks: bigint | number, belowTicks: bigint | number): boolean => Number(aboveTicks) === 0 || Number(belowTicks) === 0 || aboveTicks > belowTicks;

/**
 * Whether the two orders of a new OCO stand around the last price, each on its side, as on Binance (errors: limit maker and
 * stop price of an OCO). 0 is again a price that nobody knows yet; the last price is 0 before any trade.
 */
export const standAround = (lastTicks: number, aboveTicks: number, belowTicks: number): boolean =>
  standApart(aboveTicks, belowTicks) && (lastTicks === 0 || ((aboveTicks === 0 || aboveTicks > lastTicks) && belowTicks < lastTicks));

/** The list as the wire tells it. */
export function listMessage(list: OrderList, status: OrderListStatus, timeUs: number): OrderListMessage {
  return create(OrderListSchema, {
    orderListId: BigInt(list.id),
    accountId: BigInt(list.account + 1),
    marketId: list.market + 1,
    type: list.type,
    status,
    clientOrderListId: list.clientId,
    orderIds: list.orderIds.map(BigInt),
    updatedUs: BigInt(timeUs),
  });
}
