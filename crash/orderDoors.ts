// The two ways in which a crash run sends orders: signed REST, as any client does, and the ingress that the api is
// built on, run in this process, for more orders a second than this machine signs.
//
// Never: sends anything twice. Every answer is one of four, and "refused" is said only where the venue, or the socket,
// said that nothing happened.
import type { EventGroup } from "../gen/tickwire/v1/event_pb.ts";
import { OrderType, RejectReason, Side, TimeInForce } from "../gen/tickwire/v1/types_pb.ts";
import type { Account } from "../bench/privateExchange.ts";
import type { RestClient } from "../bench/restClient.ts";
import { IngressError, type Ingress } from "../services/shared/trading/ingress.ts";
import type { CallResult } from "./checker/calls.ts";
import type { Request } from "./orderTape.ts";

export interface Answer {
  readonly result: CallResult;
  readonly orderId?: number;
  readonly tradeIds?: readonly number[];
  /** Why not, in a word or a code: counted. */
  readonly why?: string;
  /** Refused before the engine saw it: what it asked for may be asked for again. */
  readonly turnedAway?: boolean;
}

export interface OrderDoor {
  send(request: Request): Promise<Answer>;
}

/** Refused before a byte left this machine. */
const NEVER_SENT = new Set(["ECONNREFUSED", "EADDRNOTAVAIL", "EMFILE"]);
const DUPLICATE = "Duplicate order sent.";
// Answered by the api without an opinion of the engine: nobody knows.
const UNKNOWN_STATUS = new Set([500, 502, 504]);

export class RestDoor implements OrderDoor {
  readonly #client: RestClient;
  readonly #account: Account;

  constructor(client: RestClient, account: Account) {
    this.#client = client;
    this.#account = account;
  }

  async send(request: Request): Promise<Answer> {
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

export class LogDoor implements OrderDoor {
  readonly #ingress: Ingress;
  readonly #accountId: bigint;

  constructor(ingress: Ingress, accountId: bigint) {
    this.#ingress = ingress;
    this.#accountId = accountId;
  }

  async send(request: Request): Promise<Answer> {
    const { marketId } = request.market;
    try {
      const { group } = await this.#ingress.submit({
        accountId: this.#accountId,
        body:
          request.kind === "cancel"
            ? { case: "cancelOrder", value: { marketId, clientOrderId: request.id } }
            : {
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
              },
      });
      return answerOf(group, request.id);
    } catch (error) {
      if (!(error instanceof IngressError)) throw error;
      const turnedAway = error.failure !== "unknown";
      return { result: turnedAway ? "refused" : "unknown", why: error.failure, turnedAway };
    }
  }
}

// A group may open with what a timer ended; ours is the order with our id.
function answerOf({ events }: EventGroup, id: string): Answer {
  let orderId: number | undefined;
  const tradeIds: number[] = [];
  for (const { body } of events) {
    switch (body.case) {
      case "orderAccepted":
      case "orderCanceled":
        if (body.value.order?.clientOrderId === id) orderId ??= Number(body.value.order.orderId);
        break;
      case "tradeExecuted":
        if (Number(body.value.taker?.order?.orderId) === orderId) tradeIds.push(Number(body.value.tradeId));
        break;
      case "orderRejected":
      case "cancelRejected":
      case "commandRejected": {
        const { reason } = body.value;
        return { result: reason === RejectReason.DUPLICATE_CLIENT_ORDER_ID ? "duplicate" : "refused", why: `reason ${reason}` };
      }
      default:
    }
  }
  return orderId === undefined ? { result: "unknown", why: "no word of it" } : { result: "accepted", orderId, tradeIds };
}
