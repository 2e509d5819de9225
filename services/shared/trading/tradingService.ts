// What an account can do at the venue, once: REST, the JSON WebSocket API and binary order entry all call this.
//
// Takes integers (ticks, lots, units) and an account id that the server derived; never text, never an account the
// caller named. Invariant: every call ends in exactly one Settled value; a thrown error is a defect.
import { RejectReason, SelfTradePreventionMode, Side, type Balance, type Order, type OrderType, type TimeInForce } from "../../../gen/tickwire/v1/types_pb.ts";
import type { CancelRestriction } from "../../../gen/tickwire/v1/command_pb.ts";
import type { Event, TradeExecuted } from "../../../gen/tickwire/v1/event_pb.ts";
import type { BookSnapshot } from "../../../gen/tickwire/v1/market_data_pb.ts";
import type { QueryResponse } from "../../../gen/tickwire/v1/query_pb.ts";
import { FENCE_PAUSE_MS, FENCE_WAIT_MS } from "../limits.ts";
import type { Lots, Ticks } from "../units.ts";
import { makeClientOrderId } from "./clientOrderId.ts";
import { IngressError, type CommandInit, type Ingress, type IngressFailure, type Outcome, type QueryBody } from "./ingress.ts";

/** A place in the venue's history. */
export interface Position {
  readonly epoch: number;
  /** Log entry: what "read your own writes" waits for. */
  readonly entry: bigint;
  readonly seq: bigint;
  readonly timeUs: bigint;
}

/**
 * How a call ended.
 * - `accepted`: done, at `at`.
 * - `rejected`: the engine refused it, for a reason of its closed list; nothing changed.
 * - `failed`: no word from the engine. "unknown" may still happen; "unavailable" and "busy" certainly did not.
 */
export type Settled<T> =
  | { readonly kind: "accepted"; readonly value: T; readonly at: Position }
  | { readonly kind: "rejected"; readonly reason: RejectReason; readonly at: Position }
  | { readonly kind: "failed"; readonly failure: IngressFailure };

export interface PlaceOrderRequest {
  readonly accountId: bigint;
  readonly marketId: number;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** 0 for a market order. */
  readonly priceTicks: Ticks;
  /** 0 when quoteOrderUnits is given. */
  readonly quantityLots: Lots;
  /** Market orders only, instead of quantityLots. */
  readonly quoteOrderUnits: bigint;
  /** Made up when absent. */
  readonly clientOrderId?: string | undefined;
  readonly selfTradePreventionMode?: SelfTradePreventionMode | undefined;
  /** Refused when the engine's time is past it; 0n: no deadline. */
  readonly deadlineUs: bigint;
}

/** One trade of the placed order, as its taker. */
export type Fill = Pick<TradeExecuted, "tradeId" | "priceTicks" | "quantityLots" | "quoteUnits"> & {
  readonly feeUnits: bigint;
  readonly feeAssetId: number;
};

export interface PlacedOrder {
  /** As it stands after its command. */
  readonly order: Order;
  readonly fills: readonly Fill[];
}

/** Names an order of the account: by id, by client order id, or by both (then both must name the same order). */
export interface OrderName {
  readonly orderId?: bigint | undefined;
  readonly clientOrderId?: string | undefined;
}

export interface CancelOrderRequest extends OrderName {
  readonly accountId: bigint;
  readonly marketId: number;
  readonly restriction?: CancelRestriction | undefined;
  readonly deadlineUs: bigint;
}

export interface CancelAllRequest {
  readonly accountId: bigint;
  /** 0: every market. */
  readonly marketId: number;
  readonly deadlineUs: bigint;
}

export interface AccountState {
  readonly balances: readonly Balance[];
  readonly openOrders: readonly Order[];
}

/** Every order an event speaks of. */
function ordersOf({ body }: Event): readonly (Order | undefined)[] {
  switch (body.case) {
    case "orderAccepted":
    case "orderCanceled":
    case "orderExpired":
    case "orderAmended":
    case "orderTriggered":
      return [body.value.order];
    case "tradeExecuted":
      return [body.value.maker?.order, body.value.taker?.order];
    case "tradePrevented":
      return [body.value.maker, body.value.taker];
    default:
      return [];
  }
}

function refusalOf(events: readonly Event[]): RejectReason | undefined {
  for (const { body } of events) {
    switch (body.case) {
      case "orderRejected":
      case "cancelRejected":
      case "amendRejected":
      case "commandRejected":
        return body.value.reason;
      default:
    }
  }
  return undefined;
}

const positionOfOutcome = ({ epoch, entry, timeUs, group }: Outcome): Position => ({ epoch, entry, seq: group.seq, timeUs });
const positionOfAnswer = ({ epoch, entry, seq, timeUs }: QueryResponse): Position => ({ epoch, entry, seq, timeUs });

export class TradingService {
  readonly #ingress: Ingress;
  #lastAcknowledged: Position | undefined;

  constructor(ingress: Ingress) {
    this.#ingress = ingress;
  }

  /** The latest place in history that any caller of this service was told; undefined before the first. */
  get lastAcknowledged(): Position | undefined {
    return this.#lastAcknowledged;
  }

  /** Places an order; accepted also when it expired unfilled, as an IOC order may. */
  async placeOrder(request: PlaceOrderRequest): Promise<Settled<PlacedOrder>> {
    const clientOrderId = request.clientOrderId ?? makeClientOrderId();
    const value = {
      marketId: request.marketId,
      side: request.side,
      type: request.type,
      timeInForce: request.timeInForce,
      priceTicks: BigInt(request.priceTicks),
      quantityLots: BigInt(request.quantityLots),
      quoteOrderUnits: request.quoteOrderUnits,
      clientOrderId,
      selfTradePreventionMode: request.selfTradePreventionMode ?? SelfTradePreventionMode.UNSPECIFIED,
    };
    return await this.#submit(
      { accountId: request.accountId, deadlineUs: request.deadlineUs, body: { case: "placeOrder", value } },
      (events) => placedOrder(events, clientOrderId),
    );
  }

  /** Cancels one open order; the value is the order as it ended. */
  async cancelOrder({ accountId, marketId, orderId, clientOrderId, restriction, deadlineUs }: CancelOrderRequest): Promise<Settled<Order>> {
    const value = { marketId, orderId: orderId ?? 0n, clientOrderId: clientOrderId ?? "", ...(restriction === undefined ? {} : { restriction }) };
    return await this.#submit({ accountId, deadlineUs, body: { case: "cancelOrder", value } }, (events) => {
      // A group may open with what a timer ended, of this account or another: ours is the one that was named.
      for (const { body } of events) {
        if (body.case !== "orderCanceled" || body.value.order?.accountId !== accountId) continue;
        const named = orderId === undefined ? body.value.order.clientOrderId === clientOrderId : body.value.order.orderId === orderId;
        if (named) return body.value.order;
      }
      return undefined;
    });
  }

  /** Cancels every open order of the account in a market, or in all; the value is the orders as they ended. */
  async cancelAllOrders({ accountId, marketId, deadlineUs }: CancelAllRequest): Promise<Settled<readonly Order[]>> {
    const body = { case: "cancelAllOrders", value: { marketId, side: Side.UNSPECIFIED } } as const;
    return await this.#submit({ accountId, deadlineUs, body }, (events) =>
      events.flatMap(({ body: event }) => (event.case === "orderCanceled" && event.value.order?.accountId === accountId ? [event.value.order] : [])),
    );
  }

  /**
   * One open order, as it stands after all that stood in the log when this was called: a caller in doubt about an order, or
   * about its cancel, is told the truth. An order that is not open is refused as UNKNOWN_ORDER: history as of that position
   * knows it, or nobody does.
   */
  async openOrder({ accountId, orderId, clientOrderId }: OrderName & { readonly accountId: bigint }): Promise<Settled<Order>> {
    const value = { accountId, orderId: orderId ?? 0n, clientOrderId: clientOrderId ?? "" };
    const ask = (): Promise<Settled<Order>> => this.#ask({ case: "order", value }, ({ body }) => (body.case === "order" ? body.value : undefined));
    const untilMs = performance.now() + FENCE_WAIT_MS;
    try {
      const logged = await this.#ingress.lastLogged();
      let answer = await ask();
      while (answer.kind !== "failed" && answer.at.entry < logged) {
        if (performance.now() > untilMs) return { kind: "failed", failure: "unavailable" };
        await new Promise((resolve) => setTimeout(resolve, FENCE_PAUSE_MS));
        answer = await ask();
      }
      return answer;
    } catch (error) {
      return failed(error);
    }
  }

  /** The account's open orders, by order id; of one market when marketId is not 0. */
  async openOrders({ accountId, marketId }: { readonly accountId: bigint; readonly marketId: number }): Promise<Settled<readonly Order[]>> {
    const state = await this.account(accountId);
    if (state.kind !== "accepted") return state;
    const value = state.value.openOrders
      .filter((order) => marketId === 0 || order.marketId === marketId)
      .toSorted((a, b) => (a.orderId < b.orderId ? -1 : 1));
    return { kind: "accepted", value, at: state.at };
  }

  /** The account's balances and open orders, as of one moment. */
  async account(accountId: bigint): Promise<Settled<AccountState>> {
    return await this.#ask({ case: "account", value: { accountId } }, ({ body }) =>
      body.case === "account" ? { balances: body.value.balances, openOrders: body.value.openOrders } : undefined,
    );
  }

  /** A market's book, `depth` levels a side (0: all), with the sequence number its deltas continue from. */
  async book({ marketId, depth }: { readonly marketId: number; readonly depth: number }): Promise<Settled<BookSnapshot>> {
    return await this.#ask({ case: "book", value: { marketId, depth } }, ({ body }) => (body.case === "book" ? body.value : undefined));
  }

  /** Where the venue's history stands: everything the engine has applied by now is at or before it. */
  async position(): Promise<Settled<Position>> {
    const settled = await this.#ask({ case: "venue", value: {} }, ({ body }) => (body.case === "venue" ? true : undefined));
    return settled.kind === "accepted" ? { ...settled, value: settled.at } : settled;
  }

  /** Opens an account, or finds the one with this external id; the value is its id. */
  async openAccount({ externalId, name }: { readonly externalId: string; readonly name: string }): Promise<Settled<bigint>> {
    return await this.#submit({ accountId: 0n, body: { case: "openAccount", value: { externalId, name } } }, (events) => {
      for (const { body } of events) if (body.case === "accountOpened") return body.value.accountId;
      return undefined;
    });
  }

  /** Credits an account, once per transferId: a repetition is refused as DUPLICATE_TRANSFER and moves nothing. */
  async deposit(request: { readonly accountId: bigint; readonly assetId: number; readonly amountUnits: bigint; readonly transferId: string }): Promise<Settled<true>> {
    const { accountId, ...value } = request;
    return await this.#submit({ accountId, body: { case: "deposit", value } }, (events) =>
      events.some(({ body }) => body.case === "depositPosted") ? true : undefined,
    );
  }

  /** `read` finds the value in the events of a command that was not refused. */
  async #submit<T>(command: CommandInit, read: (events: readonly Event[]) => T | undefined): Promise<Settled<T>> {
    try {
      const outcome = await this.#ingress.submit(command);
      const at = positionOfOutcome(outcome);
      this.#acknowledge(at);
      const reason = refusalOf(outcome.group.events);
      if (reason !== undefined) return { kind: "rejected", reason, at };
      const value = read(outcome.group.events);
      if (value === undefined) throw new Error(`the engine answered ${String(command.body?.case)} (seq ${at.seq}) with events of another kind`);
      return { kind: "accepted", value, at };
    } catch (error) {
      return failed(error);
    }
  }

  #acknowledge(at: Position): void {
    const last = this.#lastAcknowledged;
    if (last === undefined || at.epoch !== last.epoch || at.entry > last.entry) this.#lastAcknowledged = at;
  }

  async #ask<T>(query: QueryBody, read: (response: QueryResponse) => T | undefined): Promise<Settled<T>> {
    try {
      const response = await this.#ingress.query(query);
      const at = positionOfAnswer(response);
      if (response.body.case === "rejected") return { kind: "rejected", reason: response.body.value.reason, at };
      const value = read(response);
      if (value === undefined) throw new Error(`the engine answered a query for ${String(query.case)} with ${String(response.body.case)}`);
      return { kind: "accepted", value, at };
    } catch (error) {
      return failed(error);
    }
  }
}

function failed(error: unknown): { readonly kind: "failed"; readonly failure: IngressFailure } {
  if (error instanceof IngressError) return { kind: "failed", failure: error.failure };
  throw error;
}

// Of the orders a place command touches, ours is the one with our client order id that the first event accepts; the
// last event that carries it carries its final state.
function placedOrder(events: readonly Event[], clientOrderId: string): PlacedOrder | undefined {
  let placed: Order | undefined;
  const fills: Fill[] = [];
  for (const event of events) {
    if (event.body.case === "orderAccepted" && placed === undefined) placed = event.body.value.order;
    const orderId = placed?.orderId;
    if (orderId === undefined) continue;
    for (const order of ordersOf(event)) if (order?.orderId === orderId) placed = order;
    if (event.body.case !== "tradeExecuted") continue;
    const { taker, tradeId, priceTicks, quantityLots, quoteUnits } = event.body.value;
    if (taker?.order?.orderId !== orderId) continue;
    fills.push({ tradeId, priceTicks, quantityLots, quoteUnits, feeUnits: taker.feeUnits, feeAssetId: taker.feeAssetId });
  }
  return placed === undefined || placed.clientOrderId !== clientOrderId ? undefined : { order: placed, fills };
}
