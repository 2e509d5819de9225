// What the clients of simulated and of crash runs ask for: orders and lists of every kind that a run has an appetite for,
// near the market.
//
// Mostly such as fit; what the venue refuses is an answer like any other. Never: gives two orders one id.
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { PlaceOrderListSchema, PlaceOrderSchema } from "../gen/tickwire/v1/command_pb.ts";
import { OrderListType, OrderType, PegType, SelfTradePreventionMode, Side, TimeInForce } from "../gen/tickwire/v1/types_pb.ts";
import type { Roll } from "../services/engine/suite/random.ts";

export type PlaceOrderInit = MessageInitShape<typeof PlaceOrderSchema> & { readonly clientOrderId: string; readonly marketId: number };
export type PlaceOrderListInit = MessageInitShape<typeof PlaceOrderListSchema> & { readonly clientOrderListId: string; readonly orders: PlaceOrderInit[] };

/** A market as its traders see it at the moment. */
export interface TradedMarket {
  readonly marketId: number;
  readonly middleTicks: number;
  /** How far from there orders stand; prices are waited for a little nearer, so that they are met. */
  readonly spreadTicks: number;
  /** Of the smallest and of the largest usual order. */
  readonly lotsMin: number;
  readonly lotsMax: number;
}

/** Which kinds a run uses besides plain orders: each by itself, so that every combination comes up. */
export interface Appetite {
  /** Stop, take-profit and trailing orders. */
  readonly triggers: boolean;
  readonly goodTillDate: boolean;
  readonly icebergs: boolean;
  readonly pegs: boolean;
  readonly lists: boolean;
  readonly amendments: boolean;
  readonly replacements: boolean;
  /** An operator who halts markets and opens them again by auction. */
  readonly auctions: boolean;
}

export const EVERYTHING: Appetite = { triggers: true, goodTillDate: true, icebergs: true, pegs: true, lists: true, amendments: true, replacements: true, auctions: true };

export function drawAppetite(roll: Roll): Appetite {
  const has = (): boolean => roll(3) > 0;
  return { triggers: has(), goodTillDate: has(), icebergs: has(), pegs: has(), lists: has(), amendments: has(), replacements: has(), auctions: has() };
}

/** Of the spread. */
const LEAN = 0.5;
const STOP_DISTANCE = 0.75;
const GOOD_FOR_MIN_MS = 500;
const MODES = [SelfTradePreventionMode.UNSPECIFIED, SelfTradePreventionMode.EXPIRE_TAKER, SelfTradePreventionMode.EXPIRE_MAKER, SelfTradePreventionMode.EXPIRE_BOTH, SelfTradePreventionMode.DECREMENT] as const;

type Trigger = typeof OrderType.STOP_LOSS | typeof OrderType.TAKE_PROFIT;

export class OrderKinds {
  readonly #roll: Roll;
  readonly #market: (marketId?: number) => TradedMarket;
  readonly #appetite: Appetite;
  readonly #nextId: (kind: string) => string;
  readonly #nowUs: () => number;
  readonly #goodForMs: number;

  /** `market` answers the market named, or any; `goodForMs` is the longest that a good-till-date order lasts. */
  constructor(options: { roll: Roll; market: (marketId?: number) => TradedMarket; appetite: Appetite; nextId: (kind: string) => string; nowUs: () => number; goodForMs: number }) {
    this.#goodForMs = options.goodForMs;
    this.#roll = options.roll;
    this.#market = options.market;
    this.#appetite = options.appetite;
    this.#nextId = options.nextId;
    this.#nowUs = options.nowUs;
  }

  /** One order, of the market named or of any. */
  order(marketId?: number): PlaceOrderInit {
    const roll = this.#roll;
    const { triggers, goodTillDate, icebergs, pegs } = this.#appetite;
    const market = this.#market(marketId);
    const side = this.#side();
    const common = this.#common(market, side, this.#lots(market));
    const limit = { ...common, type: OrderType.LIMIT, priceTicks: this.#price(market, side) };
    const kind = roll(100);
    if (kind < 8) return { ...limit, timeInForce: TimeInForce.IOC };
    if (kind < 12) return { ...limit, timeInForce: TimeInForce.FOK };
    if (kind < 20) return { ...common, type: OrderType.LIMIT_MAKER, priceTicks: limit.priceTicks };
    if (kind < 28) return { ...common, type: OrderType.MARKET };
    if (kind < 36 && goodTillDate) return { ...limit, timeInForce: TimeInForce.GTD, expireTimeUs: this.#soonUs() };
    if (kind < 50 && triggers) return this.#waiting(market, side);
    if (kind < 60 && icebergs) return this.#iceberg({ ...limit, timeInForce: TimeInForce.GTC });
    if (kind < 68 && pegs) return { ...common, type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, ...this.#peg() };
    return { ...limit, timeInForce: TimeInForce.GTC };
  }

  list(): PlaceOrderListInit {
    const roll = this.#roll;
    const market = this.#market();
    const side = this.#side();
    const quantityLots = this.#lots(market);
    const clientOrderListId = this.#nextId("l");
    const pair = (): PlaceOrderInit[] => this.#pair(market, side, quantityLots);
    if (roll(2) === 0) return { type: OrderListType.OCO, clientOrderListId, orders: pair() };
    // What the working order brings, the pending ones give away again.
    const works: PlaceOrderInit = { ...this.#common(market, opposite(side), quantityLots), type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks: this.#price(market, opposite(side)) };
    if (roll(2) === 0) return { type: OrderListType.OTOCO, clientOrderListId, orders: [works, ...pair()] };
    const pending: PlaceOrderInit = roll(2) === 0 ? this.#trigger(market, side, OrderType.STOP_LOSS, quantityLots) : { ...this.#common(market, side, quantityLots), type: OrderType.LIMIT, timeInForce: TimeInForce.GTC, priceTicks: this.#price(market, side) };
    return { type: OrderListType.OTO, clientOrderListId, orders: [works, pending] };
  }

  // One gains on the one side of the market, the other stops a loss on the other side.
  #pair(market: TradedMarket, side: Side, quantityLots: bigint): PlaceOrderInit[] {
    const away = 1 + this.#roll(market.spreadTicks * STOP_DISTANCE);
    const gains: PlaceOrderInit = { ...this.#common(market, side, quantityLots), type: OrderType.LIMIT_MAKER, priceTicks: BigInt(market.middleTicks + (side === Side.SELL ? away : -away)) };
    const stops = this.#adorned(this.#trigger(market, side, OrderType.STOP_LOSS, quantityLots));
    return side === Side.SELL ? [gains, stops] : [stops, gains];
  }

  #waiting(market: TradedMarket, side: Side): PlaceOrderInit {
    return this.#adorned(this.#trigger(market, side, this.#roll(2) === 0 ? OrderType.STOP_LOSS : OrderType.TAKE_PROFIT, this.#lots(market)));
  }

  // An order with a limit, which only the price that wakes it turns into one, or which then shows a part of itself.
  #adorned(order: PlaceOrderInit): PlaceOrderInit {
    const limited = order.type === OrderType.STOP_LOSS_LIMIT || order.type === OrderType.TAKE_PROFIT_LIMIT;
    const what = this.#roll(6);
    if (limited && what === 0 && this.#appetite.pegs) return { ...order, priceTicks: 0n, ...this.#peg() };
    return limited && what === 1 && this.#appetite.icebergs ? this.#iceberg(order) : order;
  }

  // With or without a limit, with or without a trailing delta, which may do without a stop price.
  #trigger(market: TradedMarket, side: Side, type: Trigger, quantityLots: bigint): PlaceOrderInit {
    const roll = this.#roll;
    const rises = (type === OrderType.STOP_LOSS) === (side === Side.BUY);
    const stopPriceTicks = BigInt(market.middleTicks + (rises ? 1 : -1) * (1 + roll(market.spreadTicks * STOP_DISTANCE)));
    const trails = roll(3) === 0;
    const common = {
      ...this.#common(market, side, quantityLots),
      stopPriceTicks: trails && roll(2) === 0 ? 0n : stopPriceTicks,
      trailingDeltaBips: trails ? 10 + roll(20) : 0,
    };
    if (roll(2) === 0) return { ...common, type };
    return { ...common, type: type === OrderType.STOP_LOSS ? OrderType.STOP_LOSS_LIMIT : OrderType.TAKE_PROFIT_LIMIT, timeInForce: TimeInForce.GTC, priceTicks: this.#price(market, side) };
  }

  #iceberg<T extends PlaceOrderInit>(order: T): T {
    const lots = Number(order.quantityLots);
    return { ...order, icebergLots: BigInt(Math.ceil(lots / 6) + this.#roll(lots / 2)) };
  }

  #peg(): { pegType: PegType; pegOffsetLevels: number } {
    return { pegType: this.#roll(3) > 0 ? PegType.PRIMARY : PegType.MARKET, pegOffsetLevels: this.#roll(3) };
  }

  #common({ marketId }: TradedMarket, side: Side, quantityLots: bigint): PlaceOrderInit {
    return { marketId, side, quantityLots, clientOrderId: this.#nextId("o"), selfTradePreventionMode: MODES[this.#roll(MODES.length)] ?? MODES[0] };
  }

  #side(): Side {
    return this.#roll(2) === 0 ? Side.BUY : Side.SELL;
  }

  #lots({ lotsMin, lotsMax }: TradedMarket): bigint {
    return BigInt(lotsMin + this.#roll(lotsMax - lotsMin));
  }

  // Mostly on the own side of the middle, so that books fill; often enough beyond it.
  #price({ middleTicks, spreadTicks }: TradedMarket, side: Side): bigint {
    const lean = this.#roll(3) === 0 ? 0 : Math.round(spreadTicks * LEAN) * (side === Side.BUY ? -1 : 1);
    return BigInt(middleTicks + lean + this.#roll(2 * spreadTicks + 1) - spreadTicks);
  }

  #soonUs(): bigint {
    return BigInt(this.#nowUs() + 1_000 * (GOOD_FOR_MIN_MS + this.#roll(this.#goodForMs - GOOD_FOR_MIN_MS)));
  }
}

const opposite = (side: Side): Side => (side === Side.BUY ? Side.SELL : Side.BUY);

/** Whether an order may still be there a while after it was accepted. */
export const mayStay = ({ type, timeInForce }: PlaceOrderInit): boolean => type !== OrderType.MARKET && timeInForce !== TimeInForce.IOC && timeInForce !== TimeInForce.FOK;
