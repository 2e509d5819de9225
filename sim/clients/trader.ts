// A client of the exchange: places, amends and cancels orders, moves money, and asks again with the same id when nobody
// told it what became of something. It writes down every call and every answer.
import { RejectReason } from "../../gen/tickwire/v1/types_pb.ts";
import { OrderType, SelfTradePreventionMode, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import type { Call, CallKind } from "../../crash/checker/calls.ts";
import type { Roll } from "../../services/engine/suite/random.ts";
import type { CommandInit, Outcome } from "../../services/shared/trading/ingress.ts";
import { RETRY_FOR_MS } from "../limits.ts";
import { WORLD_BEGINS_MS, type World } from "../world/world.ts";
import type { Answer, Requests } from "./requests.ts";

type Body = NonNullable<CommandInit["body"]>;

/** What all clients together were told. */
export interface ClientRecord {
  readonly calls: Call[];
  readonly told: Outcome[];
}

/** Which kinds of order a run uses: what the checkers can follow differs. */
export interface Appetite {
  /** Stops and good-till-date orders besides plain ones. */
  readonly conditional: boolean;
  readonly amends: boolean;
}

interface TradedMarket {
  readonly marketId: number;
  readonly middle: number;
  readonly lots: number;
}

const MARKETS: readonly [TradedMarket, ...TradedMarket[]] = [
  { marketId: 1, middle: 6_400_000, lots: 2_000 },
  { marketId: 2, middle: 340_000, lots: 2_000 },
];
const KNOWN_MAX = 30;
const MICROSECONDS = 1_000;

export class Trader {
  readonly accountId: bigint;
  readonly #world: World;
  readonly #requests: Requests;
  readonly #record: ClientRecord;
  readonly #appetite: Appetite;
  readonly #roll: Roll;
  #ids = 0;
  /** Client order ids of orders that were accepted, the newest last. */
  readonly #known: { readonly marketId: number; readonly id: string }[] = [];
  /** Retries that are still to come. */
  waiting = 0;

  constructor(options: { accountId: bigint; world: World; requests: Requests; record: ClientRecord; appetite: Appetite }) {
    this.accountId = options.accountId;
    this.#world = options.world;
    this.#requests = options.requests;
    this.#record = options.record;
    this.#appetite = options.appetite;
    this.#roll = options.world.chance(`trader ${options.accountId}`);
  }

  /** Does one thing. */
  act(): void {
    const what = this.#roll(100);
    if (what < 66) this.#place();
    else if (what < 80) this.#cancel();
    else if (what < 86) this.#amend();
    else if (what < 89) this.#once({ case: "cancelAllOrders", value: { marketId: this.#pick(MARKETS).marketId, side: this.#pick([Side.UNSPECIFIED, Side.BUY, Side.SELL]) } });
    else if (what < 95) this.#transfer("deposit", BigInt(1 + this.#roll(1_000_000)));
    else if (what < 98) this.#transfer("withdraw", BigInt(1 + this.#roll(100_000)));
    else this.#once({ case: "setDeadMansSwitch", value: { timeoutUs: this.#roll(3) === 0 ? 0n : BigInt(5_000_000 + this.#roll(30_000_000)) } });
  }

  /** Brings money, again and again until it has arrived. */
  fund(assetId: number, amountUnits: bigint): void {
    this.#untilKnown("deposit", `fund-${assetId}`, { case: "deposit", value: { assetId, amountUnits, transferId: `fund-${assetId}` } }, Number.POSITIVE_INFINITY);
  }

  /** An order far from the market and its cancellation: every book changes, so that whoever missed something notices. */
  stir(marketId: number): void {
    const { middle } = MARKETS.find((market) => market.marketId === marketId) ?? { middle: 17_000 };
    const clientOrderId = this.#nextId("stir");
    const placed: Body = { case: "placeOrder", value: { marketId, side: Side.BUY, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks: BigInt(Math.floor(middle * 0.7)), quantityLots: 1_000n, clientOrderId } };
    this.#untilKnown("place", clientOrderId, placed, RETRY_FOR_MS, () => this.#once({ case: "cancelOrder", value: { marketId, clientOrderId } }));
  }

  #place(): void {
    const market = this.#pick(MARKETS);
    const { marketId } = market;
    const buys = this.#roll(2) === 0;
    const clientOrderId = this.#nextId("o");
    const quantityLots = BigInt(20 + this.#roll(market.lots));
    const priceTicks = BigInt(market.middle + this.#roll(41) - 20);
    const common = {
      marketId,
      side: buys ? Side.BUY : Side.SELL,
      quantityLots,
      clientOrderId,
      selfTradePreventionMode: this.#pick([SelfTradePreventionMode.UNSPECIFIED, SelfTradePreventionMode.EXPIRE_TAKER, SelfTradePreventionMode.EXPIRE_MAKER, SelfTradePreventionMode.EXPIRE_BOTH, SelfTradePreventionMode.DECREMENT]),
    };
    const limit = { ...common, type: OrderType.LIMIT, priceTicks };
    const what = this.#roll(100);
    const conditional = this.#appetite.conditional;
    const value =
      what < 50
        ? { ...limit, timeInForce: TimeInForce.GTC }
        : what < 60
          ? { ...limit, timeInForce: TimeInForce.IOC }
          : what < 65
            ? { ...limit, timeInForce: TimeInForce.FOK }
            : what < 75
              ? { ...common, type: OrderType.LIMIT_MAKER, priceTicks }
              : what < 83 || !conditional
                ? { ...common, type: OrderType.MARKET }
                : what < 92
                  ? { ...limit, timeInForce: TimeInForce.GTD, expireTimeUs: BigInt(Math.round((WORLD_BEGINS_MS + this.#world.nowMs + 500 + this.#roll(20_000)) * MICROSECONDS)) }
                  : { ...common, type: OrderType.STOP_LOSS, stopPriceTicks: BigInt(market.middle + (buys ? 1 : -1) * (1 + this.#roll(25))) };
    this.#untilKnown("place", clientOrderId, { case: "placeOrder", value }, RETRY_FOR_MS);
  }

  #cancel(): void {
    const known = this.#pick(this.#known);
    if (known === undefined) return;
    const { marketId, id } = known;
    this.#send({ case: "cancelOrder", value: { marketId, clientOrderId: id } }, (answer) => {
      // A cancel that is refused says nothing about the order: it may have ended by itself. Only these two can be judged.
      if (answer.kind === "outcome" && this.#canceled(answer.outcome, id)) this.#note("cancel", id, "accepted");
      else if (isUnknown(answer)) this.#note("cancel", id, "unknown");
    });
  }

  #canceled({ group }: Outcome, clientOrderId: string): boolean {
    return group.events.some(({ body }) => body.case === "orderCanceled" && body.value.order?.clientOrderId === clientOrderId && body.value.order.accountId === this.accountId);
  }

  #amend(): void {
    const known = this.#pick(this.#known);
    if (known === undefined || !this.#appetite.amends) return;
    const { marketId, id } = known;
    const newQuantityLots = BigInt(10 + this.#roll(400));
    this.#once({ case: "amendOrder", value: { marketId, clientOrderId: id, newQuantityLots } });
  }

  #transfer(kind: "deposit" | "withdraw", amountUnits: bigint): void {
    const transferId = this.#nextId("t");
    this.#untilKnown(kind, transferId, { case: kind, value: { assetId: this.#pick([1, 2, 4]), amountUnits, transferId } }, RETRY_FOR_MS);
  }

  #once(body: Body): void {
    this.#send(body, () => undefined);
  }

  // Until somebody says what became of it, with the same id, as long as `forMs`.
  #untilKnown(kind: CallKind, id: string, body: Body, forMs: number, known: () => void = () => undefined): void {
    const untilMs = this.#world.nowMs + forMs;
    const attempt = (): void => {
      this.#send(body, (answer) => {
        const result = this.#read(kind, id, answer);
        this.#note(kind, id, result.result, result.told);
        if (result.result === "accepted" || result.result === "duplicate") {
          if (body.case === "placeOrder") this.#remember(Number(body.value.marketId), id);
          known();
          return;
        }
        const certain = answer.kind === "outcome";
        if (certain || this.#world.nowMs > untilMs) return;
        this.waiting++;
        this.#world.after(50 + this.#roll(3_000), undefined, () => {
          this.waiting--;
          attempt();
        });
      });
    };
    attempt();
  }

  #read(kind: CallKind, id: string, answer: Answer): { readonly result: Call["result"]; readonly told?: Partial<Call> } {
    if (answer.kind === "believed") return { result: "accepted" };
    if (isUnknown(answer)) return { result: "unknown" };
    if (answer.kind !== "outcome") return { result: "refused" };
    const { events } = answer.outcome.group;
    for (const { body } of events) {
      if (body.case === "orderRejected" || body.case === "commandRejected") {
        const { reason } = body.value;
        return { result: reason === RejectReason.DUPLICATE_CLIENT_ORDER_ID || reason === RejectReason.DUPLICATE_TRANSFER ? "duplicate" : "refused" };
      }
      if (kind === "place" && body.case === "orderAccepted" && body.value.order?.clientOrderId === id && body.value.order.accountId === this.accountId) {
        const orderId = Number(body.value.order.orderId);
        const tradeIds = events.flatMap(({ body: event }) => (event.case === "tradeExecuted" && Number(event.value.taker?.order?.orderId) === orderId ? [Number(event.value.tradeId)] : []));
        return { result: "accepted", told: { orderId, tradeIds } };
      }
      if ((body.case === "depositPosted" || body.case === "withdrawalPosted") && body.value.transferId === id) return { result: "accepted" };
    }
    return { result: "refused" };
  }

  #note(kind: CallKind, id: string, result: Call["result"], told: Partial<Call> = {}): void {
    this.#world.note(`account ${this.accountId} ${kind} ${id}: ${result}`);
    this.#record.calls.push({ kind, accountId: Number(this.accountId), id, result, ...told });
  }

  #send(body: Body, answered: (answer: Answer) => void): void {
    this.#requests.send(this.#roll(1 << 20), { accountId: this.accountId, body }, (answer) => {
      if (answer.kind === "outcome") this.#record.told.push(answer.outcome);
      answered(answer);
    });
  }

  #remember(marketId: number, id: string): void {
    this.#known.push({ marketId, id });
    if (this.#known.length > KNOWN_MAX) this.#known.shift();
  }

  #nextId(kind: string): string {
    return `${kind}-${this.accountId}-${++this.#ids}`;
  }

  #pick<T>(items: readonly [T, ...T[]]): T;
  #pick<T>(items: readonly T[]): T | undefined;
  #pick<T>(items: readonly T[]): T | undefined {
    return items[this.#roll(items.length)];
  }
}

const isUnknown = (answer: Answer): boolean => answer.kind === "lost" || (answer.kind === "failed" && answer.failure === "unknown");
