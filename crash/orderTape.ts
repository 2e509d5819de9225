// What one client of a crash run sends: resting orders on both sides, some that trade at once, and cancels of its own; to the
// log, where every kind has a way in, also orders and lists of all other kinds, amendments and replacements.
//
// Seeded, so two runs make the same decisions. An id is never used twice, and an order is cancelled once at most: so
// each id tells its own story in the log. (A cancel that the engine never saw may be sent again.) Hence a client either
// cancels its orders one by one, or sweeps: all at once, and by the dead man's switch.
import { CancelReplaceMode } from "../gen/tickwire/v1/command_pb.ts";
import { Side } from "../gen/tickwire/v1/types_pb.ts";
import { seededRandom } from "../bench/orderTape.ts";
import type { Roll } from "../services/engine/suite/random.ts";
import type { CommandInit } from "../services/shared/trading/ingress.ts";
import { OPEN_PER_MARKET_MAX, TIMERS_MAX_MS } from "./limits.ts";
import { EVERYTHING, mayStay, OrderKinds, type TradedMarket } from "./orderKinds.ts";

/** A market of the default venue, in its own numbers. */
export interface CrashMarket {
  readonly marketId: number;
  readonly symbol: string;
  /** Where trading goes on. */
  readonly middleTicks: number;
  readonly lotsPerCoin: number;
  /** A usual order. */
  readonly lots: number;
}

export const MARKETS: readonly [CrashMarket, ...CrashMarket[]] = [
  { marketId: 1, symbol: "BTCUSDT", middleTicks: 6_500_000, lotsPerCoin: 100_000, lots: 100 },
  { marketId: 2, symbol: "ETHUSDT", middleTicks: 300_000, lotsPerCoin: 10_000, lots: 200 },
  { marketId: 3, symbol: "SOLUSDT", middleTicks: 15_000, lotsPerCoin: 1_000, lots: 400 },
];

/** What REST is asked. */
export type PlainRequest =
  | { readonly kind: "place"; readonly id: string; readonly market: CrashMarket; readonly side: Side; readonly priceTicks: number; readonly quantityLots: number; readonly rests: boolean }
  | { readonly kind: "cancel"; readonly id: string; readonly market: CrashMarket };

/** A command of any other kind, for the log. */
export interface CommandRequest {
  readonly kind: "command";
  /** As what it is judged, by its id; undefined: by the plainly written engine alone. */
  readonly judgedAs: "place" | "place list" | undefined;
  readonly id: string;
  readonly market: CrashMarket;
  readonly body: NonNullable<CommandInit["body"]>;
  /** Client order id of an order that exists if it was done. */
  readonly makes: string;
  /** What may be cancelled by id once it was done. */
  readonly opens: readonly string[];
  /** What it ends. */
  readonly closes: readonly string[];
}

export type Request = PlainRequest | CommandRequest;

const CANCEL_SHARE = 0.35;
const CROSSING_SHARE = 0.25;
/** How far from the middle orders rest, as a share of the price; those of other kinds stand nearer, so that much is woken and traded. */
const SPREAD = 0.004;
const NEAR = 0.001;
/** Of what goes to the log. */
const OTHER_KINDS_SHARE = 0.3;

export class OrderTape {
  readonly #random: () => number;
  readonly #roll: Roll;
  readonly #name: string;
  readonly #sweeps: boolean;
  readonly #kinds: OrderKinds;
  readonly #open = MARKETS.map((): string[] => []);
  #count = 0;

  /** `sweeps`: never cancels one order by its id, but all of them now and then. */
  constructor(name: string, seed: number, { sweeps }: { readonly sweeps: boolean }) {
    this.#name = name;
    this.#sweeps = sweeps;
    this.#random = seededRandom(seed);
    this.#roll = (below) => Math.floor(this.#random() * below);
    this.#kinds = new OrderKinds({
      roll: this.#roll,
      market: (marketId) => traded(MARKETS.find((market) => market.marketId === marketId) ?? this.#market()),
      appetite: EVERYTHING,
      nextId: () => this.#nextId(),
      goodForMs: TIMERS_MAX_MS,
      nowUs: () => Date.now() * 1_000,
    });
  }

  /** For REST. */
  next(): PlainRequest {
    const market = this.#market();
    const open = this.#openIn(market);
    const draw = this.#random();
    const cancels = !this.#sweeps && (open.length > OPEN_PER_MARKET_MAX || draw < CANCEL_SHARE);
    const canceled = cancels ? this.#taken(open) : undefined;
    if (canceled !== undefined) return { kind: "cancel", id: canceled, market };
    const side = this.#random() < 0.5 ? Side.BUY : Side.SELL;
    const crosses = draw > 1 - CROSSING_SHARE;
    const distance = Math.ceil(this.#random() * SPREAD * market.middleTicks);
    const away = crosses ? -Math.ceil(distance / 2) : distance;
    const priceTicks = market.middleTicks + (side === Side.BUY ? -away : away);
    const quantityLots = market.lots * (1 + Math.floor(this.#random() * 4));
    return { kind: "place", id: this.#nextId(), market, side, priceTicks, quantityLots, rests: !crosses };
  }

  /** For the log. */
  nextForLog(): Request {
    if (this.#random() >= OTHER_KINDS_SHARE) return this.next();
    const what = this.#roll(20);
    if (this.#sweeps && what < 5) return this.#sweep();
    if (what < 9) return this.#list();
    const open = this.#openIn(this.#market());
    if (what < 11 && open.length > 0) return this.#amend(open);
    if (what < 13 && !this.#sweeps && open.length > 0) return this.#replace(open);
    const value = this.#kinds.order();
    const { clientOrderId } = value;
    return { ...nothing(value.marketId), judgedAs: "place", id: clientOrderId, body: { case: "placeOrder", value }, makes: clientOrderId, opens: mayStay(value) ? [clientOrderId] : [] };
  }

  // Only the last leg is ever cancelled: all others go with it, told as cancelled though nobody named them.
  #list(): CommandRequest {
    const value = this.#kinds.list();
    const [first, last] = [value.orders[0], value.orders.at(-1)];
    return { ...nothing(first?.marketId), judgedAs: "place list", id: value.clientOrderListId, body: { case: "placeOrderList", value }, makes: first?.clientOrderId ?? "", opens: [last?.clientOrderId ?? ""] };
  }

  // To fewer lots than it has traded is to cancel it: only where orders are not cancelled by their ids.
  #amend(open: readonly string[]): CommandRequest {
    const market = MARKETS.find((one) => this.#openIn(one) === open) ?? MARKETS[0];
    const clientOrderId = open[this.#roll(open.length)] ?? "";
    const moved = !this.#sweeps || this.#roll(2) === 0;
    const newPriceTicks = BigInt(market.middleTicks + Math.round((this.#random() * 2 - 1) * NEAR * market.middleTicks));
    return { ...nothing(market.marketId), body: { case: "amendOrder", value: { marketId: market.marketId, clientOrderId, newQuantityLots: moved ? 0n : BigInt(market.lots), newPriceTicks: moved ? newPriceTicks : 0n } } };
  }

  #replace(open: string[]): CommandRequest {
    const market = MARKETS.find((one) => this.#openIn(one) === open) ?? MARKETS[0];
    const { marketId } = market;
    const closes = this.#taken(open) ?? "";
    const place = this.#kinds.order(marketId);
    const mode = this.#roll(2) === 0 ? CancelReplaceMode.STOP_ON_FAILURE : CancelReplaceMode.ALLOW_FAILURE;
    const value = { mode, cancel: { marketId, clientOrderId: closes }, place };
    const { clientOrderId } = place;
    return { ...nothing(marketId), judgedAs: "place", id: clientOrderId, body: { case: "cancelReplaceOrder", value }, makes: clientOrderId, opens: mayStay(place) ? [clientOrderId] : [], closes: [closes] };
  }

  #sweep(): CommandRequest {
    const { marketId } = this.#market();
    if (this.#roll(3) === 0) return { ...nothing(marketId), body: { case: "setDeadMansSwitch", value: { timeoutUs: BigInt(TIMERS_MAX_MS) * 1_000n } } };
    const side = [Side.UNSPECIFIED, Side.BUY, Side.SELL][this.#roll(3)] ?? Side.UNSPECIFIED;
    return { ...nothing(marketId), body: { case: "cancelAllOrders", value: { marketId, side } } };
  }

  /** Resting orders are known to be there: they may be cancelled from now on. */
  acknowledged(request: Request): void {
    const open = this.#openIn(request.market);
    if (request.kind === "command") open.push(...request.opens);
    else if (request.kind === "place" && request.rests) open.push(request.id);
    // What a sweep has ended nobody asks for again; the youngest are the likeliest to be there.
    if (this.#sweeps) open.splice(0, Math.max(0, open.length - OPEN_PER_MARKET_MAX));
  }

  /** What was to end something did not reach the engine: it may be sent again. */
  turnedAway(request: Request): void {
    const open = this.#openIn(request.market);
    if (request.kind === "command") open.push(...request.closes);
    else if (request.kind === "cancel") open.push(request.id);
  }

  #market(): CrashMarket {
    return MARKETS[this.#random() < 0.6 ? 0 : this.#random() < 0.6 ? 1 : 2] ?? MARKETS[0];
  }

  #openIn({ marketId }: CrashMarket): string[] {
    return this.#open[marketId - 1] ?? [];
  }

  #taken(open: string[]): string | undefined {
    return open.splice(Math.floor(this.#random() * open.length), 1)[0];
  }

  #nextId(): string {
    return `${this.#name}-${++this.#count}`;
  }
}

const nothing = (marketId: number | undefined): CommandRequest => ({
  kind: "command",
  judgedAs: undefined,
  id: "",
  market: MARKETS.find((market) => market.marketId === marketId) ?? MARKETS[0],
  body: { case: "advanceTime", value: {} },
  makes: "",
  opens: [],
  closes: [],
});

const traded = ({ marketId, middleTicks, lots }: CrashMarket): TradedMarket => ({ marketId, middleTicks, spreadTicks: Math.ceil(middleTicks * NEAR), lotsMin: lots, lotsMax: 4 * lots });
