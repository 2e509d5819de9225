// The two ways in which a crash run sends orders: signed REST, as any client does, and the ingress that the api is
// built on, run in this process, for more orders a second than this machine signs.
//
// Never: sends anything twice. Every answer is one of four, and "refused" is said only where the venue, or the socket,
// said that nothing happened.
import type { EventGroup } from "../gen/tickwire/v1/event_pb.ts";
import { OrderType, RejectReason, Side, TimeInForce } from "../gen/tickwire/v1/types_pb.ts";
import type { Account } from "../bench/privateExchange.ts";
import type { RestClient } from "../bench/restClient.ts";
import { IngressError, type CommandInit, type Ingress } from "../services/shared/trading/ingress.ts";
import type { CallResult } from "./checker/calls.ts";
import type { PlainRequest, Request } from "./orderTape.ts";

export interface Answer {
  readonly result: CallResult;
  readonly orderId?: number;
  readonly tradeIds?: readonly number[];
  /** Why not, in a word or a code: counted. */
  readonly why?: string;
  /** Refused before the engine saw it: what it asked for may be asked for again. */
  readonly turnedAway?: boolean;
}

export interface OrderDoor<R extends Request> {
  send(request: R): Promise<Answer>;
}

/** Refused before a byte left this machine. */
const NEVER_SENT = new Set(["ECONNREFUSED", "EADDRNOTAVAIL", "EMFILE"]);
const DUPLICATE = "Duplicate order sent.";
// Answered by the api without an opinion of the engine: nobody knows.
const UNKNOWN_STATUS = new Set([500, 502, 504]);

export class RestDoor implements OrderDoor<PlainRequest> {
  readonly #client: RestClient;
  readonly #account: Account;

  constructor(client: RestClient, account: Account) {
    this.#client = client;
    this.#account = account;
  }

  async send(request: PlainRequest): Promise<Answer> {
    const { id, market } = request;
    const params =
      request.kind === "cancel"
        ? `symbol=${market.symbol}&origClientOrderId=${id}`
        : `symbol=${market.symbol}&side=${request.side === Side.BUY ? "BUY" : "SELL"}&type=LIMIT&timeInForce=${request.rests ? "GTC" : "IOC"}&quantity=${(request.quantityLots / market.lotsPerCoin).toFixed(Math.log10(market.lotsPerCoin))}&price=${(request.priceTicks / 100).toFixed(2)}&newClientOrderId=${id}`;
    try {
      const { status, body } = await this.#client.sendSigned(request.kind === "cancel" ? "DELETE" : "POST", "/api/v3/order", params, this.#account);
      const answer = JSON.parse(body) as { orderId?: number; fills?: { tradeId: number }[]; code?: number; msg?: string };
      if (status === 200) return { result: "accepted", ...(answer.orderId !== undefined && { orderId: answer.orderId }), tradeIds: answer.fills?.map(({ tradeId }) => tradeId) ?? [] };
      const why = `${status} ${answer.code ?? ""}`;
      if (UNKNOWN_STATUS.has(status)) return { result: "unknown", why };
      return { result: answer.msg === DUPLICATE ? "duplicate" : "refused", why, turnedAway: status === TURNED_AWAY };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.message : String(error));
      const never = NEVER_SENT.has(code);
      return { result: never ? "refused" : "unknown", why: code, turnedAway: never };
    }
  }

  /** What the venue says became of an order; undefined while it cannot say. */
  async ask(symbol: string, clientOrderId: string): Promise<{ readonly status: string } | "no such order" | undefined> {
    try {
      const { status, body } = await this.#client.sendSigned("GET", "/api/v3/order", `symbol=${symbol}&origClientOrderId=${clientOrderId}`, this.#account);
      const answer = JSON.parse(body) as { status?: string; code?: number };
      if (status === 200 && answer.status !== undefined) return { status: answer.status };
      return answer.code === NO_SUCH_ORDER ? "no such order" : undefined;
    } catch {
      return undefined;
    }
  }
}

const NO_SUCH_ORDER = -2013;
const TURNED_AWAY = 503;

export class LogDoor implements OrderDoor<Request> {
  readonly #ingress: Ingress;
  readonly #accountId: bigint;

  constructor(ingress: Ingress, accountId: bigint) {
    this.#ingress = ingress;
    this.#accountId = accountId;
  }

  async send(request: Request): Promise<Answer> {
    try {
      const { group } = await this.#ingress.submit({ accountId: this.#accountId, body: bodyOf(request) });
      return answerOf(group, request);
    } catch (error) {
      if (!(error instanceof IngressError)) throw error;
      const turnedAway = error.failure !== "unknown";
      return { result: turnedAway ? "refused" : "unknown", why: error.failure, turnedAway };
    }
  }
}

function bodyOf(request: Request): NonNullable<CommandInit["body"]> {
  if (request.kind === "command") return request.body;
  const { marketId } = request.market;
  if (request.kind === "cancel") return { case: "cancelOrder", value: { marketId, clientOrderId: request.id } };
  return {
    case: "placeOrder",
    value: {
      marketId,
      side: request.side,
      type: OrderType.LIMIT,
      timeInForce: request.rests ? TimeInForce.GTC : TimeInForce.IOC,
      priceTicks: BigInt(request.priceTicks),
      quantityLots: BigInt(request.quantityLots),
      clientOrderId: request.id,
    },
  };
}

// A group may open with what a timer ended, and a replacement tells two things; ours is what bears our id.
function answerOf({ events }: EventGroup, request: Request): Answer {
  const { id } = request;
  const kind = request.kind === "command" ? request.judgedAs : request.kind;
  let orderId: number | undefined;
  const tradeIds: number[] = [];
  for (const { body } of events) {
    switch (body.case) {
      case "orderAccepted":
        if (kind === "place" && body.value.order?.clientOrderId === id) orderId ??= Number(body.value.order.orderId);
        break;
      case "orderCanceled":
        if (kind === "cancel" && body.value.order?.clientOrderId === id) orderId ??= Number(body.value.order.orderId);
        break;
      case "tradeExecuted":
        if (Number(body.value.taker?.order?.orderId) === orderId) tradeIds.push(Number(body.value.tradeId));
        break;
      case "orderListChanged":
        if (kind === "place list" && body.value.list?.clientOrderListId === id) return { result: "accepted" };
        break;
      case "cancelRejected":
        if (kind === "place") break;
        return refusal(body.value.reason);
      case "orderRejected":
      case "amendRejected":
      case "commandRejected":
        return refusal(body.value.reason);
      default:
    }
  }
  if (kind === undefined) return { result: "accepted" };
  return orderId === undefined ? { result: "unknown", why: "no word of it" } : { result: "accepted", orderId, tradeIds };
}

const DUPLICATES: ReadonlySet<RejectReason> = new Set([RejectReason.DUPLICATE_CLIENT_ORDER_ID, RejectReason.DUPLICATE_CLIENT_ORDER_LIST_ID]);

const refusal = (reason: RejectReason): Answer => ({ result: DUPLICATES.has(reason) ? "duplicate" : "refused", why: `reason ${reason}` });
