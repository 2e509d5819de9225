// A client of the exchange: places, amends, replaces and cancels orders and lists of them, moves money, and asks again with
// the same id when nobody told it what became of something. It writes down every call and every answer.
import { CancelReplaceMode } from "../../gen/tickwire/v1/command_pb.ts";
import { OrderListStatus, OrderType, RejectReason, Side, TimeInForce } from "../../gen/tickwire/v1/types_pb.ts";
import type { Call, CallKind } from "../../crash/checker/calls.ts";
import { mayStay, OrderKinds, type Appetite } from "../../crash/orderKinds.ts";
import type { Roll } from "../../services/engine/suite/random.ts";
import type { CommandInit, Outcome } from "../../services/shared/trading/ingress.ts";
import { GOOD_FOR_MS, RETRY_FOR_MS } from "../limits.ts";
import { WORLD_BEGINS_MS, type World } from "../world/world.ts";
import type { Prices } from "./prices.ts";
import type { Answer, Requests } from "./requests.ts";

type Body = NonNullable<CommandInit["body"]>;

/** What all clients together were told. */
export interface ClientRecord {
  readonly calls: Call[];
  readonly told: Outcome[];
}

const KNOWN_MAX = 30;
const RECENT = 6;
/** A price of the market in which nobody trades. */
const NEVER_TRADED_TICKS = 17_000;
const MICROSECONDS = 1_000;
const DUPLICATES: ReadonlySet<RejectReason> = new Set([RejectReason.DUPLICATE_CLIENT_ORDER_ID, RejectReason.DUPLICATE_CLIENT_ORDER_LIST_ID, RejectReason.DUPLICATE_TRANSFER]);

interface Known {
  readonly marketId: number;
  readonly id: string;
}

export class Trader {
  readonly accountId: bigint;
  readonly #world: World;
  readonly #requests: Requests;
  readonly #record: ClientRecord;
  readonly #appetite: Appetite;
  readonly #prices: Prices;
  readonly #kinds: OrderKinds;
  readonly #roll: Roll;
  #ids = 0;
  /** Client ids of orders that were accepted, and of lists, the newest last. */
  readonly #known: Known[] = [];
  readonly #knownLists: Known[] = [];
  /** Retries that are still to come. */
  waiting = 0;

  constructor(options: { accountId: bigint; world: World; requests: Requests; record: ClientRecord; appetite: Appetite; prices: Prices }) {
    this.accountId = options.accountId;
    this.#world = options.world;
    this.#requests = options.requests;
    this.#record = options.record;
    this.#appetite = options.appetite;
    this.#prices = options.prices;
    this.#roll = options.world.chance(`trader ${options.accountId}`);
    this.#kinds = new OrderKinds({
      roll: this.#roll,
      market: (marketId) => this.#prices.market(this.#roll, marketId),
      appetite: this.#appetite,
      nextId: (kind) => this.#nextId(kind),
      goodForMs: GOOD_FOR_MS,
      nowUs: () => Math.round((WORLD_BEGINS_MS + this.#world.nowMs) * MICROSECONDS),
    });
  }

  /** Does one thing. */
  act(): void {
    const { lists, amendments, replacements } = this.#appetite;
    const what = this.#roll(100);
    if (what < 14 && lists) this.#placeList();
    else if (what < 60) this.#place();
    else if (what < 72) this.#cancel();
    else if (what < 74) this.#cancelList();
    else if (what < 81 && amendments) this.#amend();
    else if (what < 87 && replacements) this.#replace();
    else if (what < 90) this.#once({ case: "cancelAllOrders", value: { marketId: this.#prices.market(this.#roll).marketId, side: this.#pick([Side.UNSPECIFIED, Side.BUY, Side.SELL]) } });
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
    const middle = this.#prices.middleTicks(marketId) ?? NEVER_TRADED_TICKS;
    const clientOrderId = this.#nextId("stir");
    const placed: Body = { case: "placeOrder", value: { marketId, side: Side.BUY, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks: BigInt(Math.floor(middle * 0.7)), quantityLots: 1_000n, clientOrderId } };
    this.#untilKnown("place", clientOrderId, placed, RETRY_FOR_MS, () => this.#once({ case: "cancelOrder", value: { marketId, clientOrderId } }));
  }

  #place(): void {
    const value = this.#kinds.order();
    const { marketId, clientOrderId } = value;
    this.#untilKnown("place", clientOrderId, { case: "placeOrder", value }, RETRY_FOR_MS, () => mayStay(value) && remember(this.#known, { marketId, id: clientOrderId }));
  }

  #placeList(): void {
    const value = this.#kinds.list();
    const { clientOrderListId, orders } = value;
    this.#untilKnown("place list", clientOrderListId, { case: "placeOrderList", value }, RETRY_FOR_MS, () => {
      for (const { marketId, clientOrderId } of orders) remember(this.#known, { marketId, id: clientOrderId });
      remember(this.#knownLists, { marketId: orders[0]?.marketId ?? 0, id: clientOrderListId });
    });
  }

  #cancelList(): void {
    const known = this.#pick(this.#knownLists);
    if (known !== undefined) this.#once({ case: "cancelOrderList", value: { marketId: known.marketId, clientOrderListId: known.id } });
  }

  // The cancel is not judged: nobody else can say whether the order had ended before.
  #replace(): void {
    const known = this.#recent();
    if (known === undefined) return;
    const place = this.#kinds.order(known.marketId);
    const mode = this.#pick([CancelReplaceMode.STOP_ON_FAILURE, CancelReplaceMode.ALLOW_FAILURE]);
    const value = { mode, cancel: { marketId: known.marketId, clientOrderId: known.id }, place };
    this.#untilKnown("place", place.clientOrderId, { case: "cancelReplaceOrder", value }, RETRY_FOR_MS, () => mayStay(place) && remember(this.#known, { marketId: known.marketId, id: place.clientOrderId }));
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

  // Less of it, another price, another name, or some of that together.
  #amend(): void {
    const roll = this.#roll;
    const known = this.#recent();
    if (known === undefined) return;
    const { marketId, id } = known;
    const what = roll(8);
    const newClientOrderId = what === 0 ? this.#nextId("a") : "";
    const value = {
      marketId,
      clientOrderId: id,
      newQuantityLots: what > 4 ? 0n : BigInt(10 + roll(400)),
      newPriceTicks: what > 3 ? BigInt((this.#prices.middleTicks(marketId) ?? NEVER_TRADED_TICKS) + roll(41) - 20) : 0n,
      newClientOrderId,
    };
    this.#send({ case: "amendOrder", value }, (answer) => {
      const renamed = answer.kind === "outcome" && answer.outcome.group.events.some(({ body }) => body.case === "orderAmended" && body.value.order?.clientOrderId === newClientOrderId);
      if (renamed) remember(this.#known, { marketId, id: newClientOrderId });
    });
  }

  #transfer(kind: "deposit" | "withdraw", amountUnits: bigint): void {
    const transferId = this.#nextId("t");
    this.#untilKnown(kind, transferId, { case: kind, value: { assetId: this.#pick([1, 2, 4]), amountUnits, transferId } }, RETRY_FOR_MS);
  }

  #once(body: Body): void {
    this.#send(body, () => undefined);
  }

  // Until somebody says what became of it, with the same id, as long as `forMs`.
  #untilKnown(kind: CallKind, id: string, body: Body, forMs: number, known: () => unknown = () => undefined): void {
    const untilMs = this.#world.nowMs + forMs;
    const attempt = (): void => {
      this.#send(body, (answer) => {
        const result = this.#read(kind, id, answer);
        this.#note(kind, id, result.result, result.told);
        if (result.result === "accepted" || result.result === "duplicate") {
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
        return { result: DUPLICATES.has(reason) ? "duplicate" : "refused" };
      }
      if (kind === "place list" && body.case === "orderListChanged" && body.value.list?.clientOrderListId === id && body.value.list.accountId === this.accountId && body.value.list.status === OrderListStatus.EXECUTING) {
        return { result: "accepted" };
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

  /** An order that is likely to be open still. */
  #recent(): Known | undefined {
    return this.#pick(this.#known.slice(-RECENT));
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

function remember(known: Known[], one: Known): void {
  known.push(one);
  if (known.length > KNOWN_MAX) known.shift();
}
