// An order as the events about it tell it, and what can be said of it from that alone.
import { OrderStatus, OrderType, Side, TimeInForce, type Market, type Order } from "../../gen/tickwire/v1/types_pb.ts";

/**
 * Where an order is in its life while it is open.
 * - `pending`: of a list, not placed yet. It holds nothing.
 * - `waiting`: for a price that wakes it.
 * - `working`: it meets the book, rests in it, or is collected for an auction.
 */
export type Stage = "pending" | "waiting" | "working";

/** Small, because a long run has a million. */
export interface FoldedOrder {
  readonly orderId: number;
  readonly accountId: number;
  readonly marketId: number;
  clientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  /** Whether what does not trade at once stays. */
  readonly stays: boolean;
  /** Absent where the order is nothing but side, price and quantity. */
  readonly terms?: FoldedTerms;
  stage: Stage;
  priceTicks: number;
  quantityLots: number;
  executedLots: number;
  preventedLots: number;
  executedQuoteUnits: number;
  status: number;
  open: boolean;
  /** Ended because its owner asked for just that: not replaced, nor swept away with all others. */
  canceled: boolean;
  lastSeq: number;
}

export interface FoldedTerms {
  readonly stopPriceTicks: number;
  readonly pegged: boolean;
  /** 0: none. */
  readonly orderListId: number;
  /** 0: it shows all of itself. */
  readonly icebergLots: number;
  /** Of an iceberg: what is left of the part that shows. */
  visibleLots: number;
}

const LIMIT_TYPES: ReadonlySet<OrderType> = new Set([OrderType.LIMIT, OrderType.LIMIT_MAKER, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT]);

/** The order that an acceptance tells of, at `seq`. */
export function foldedOrder(order: Order, seq: number): FoldedOrder {
  const { stopPriceTicks, pegType, orderListId, icebergLots } = order;
  const terms = stopPriceTicks !== 0n || pegType !== 0 || orderListId !== 0n || icebergLots !== 0n;
  return {
    orderId: Number(order.orderId),
    accountId: Number(order.accountId),
    marketId: order.marketId,
    clientOrderId: order.clientOrderId,
    side: order.side,
    type: order.type,
    stays: order.timeInForce === TimeInForce.GTC || order.timeInForce === TimeInForce.GTD,
    ...(terms && { terms: { stopPriceTicks: Number(stopPriceTicks), pegged: pegType !== 0, orderListId: Number(orderListId), icebergLots: Number(icebergLots), visibleLots: Number(icebergLots) } }),
    stage: stageOf(order),
    priceTicks: Number(order.priceTicks),
    quantityLots: Number(order.quantityLots),
    executedLots: 0,
    preventedLots: 0,
    executedQuoteUnits: 0,
    status: order.status,
    open: true,
    canceled: false,
    lastSeq: seq,
  };
}

/** An order works from its `working_us` on. */
export const stageOf = ({ status, workingUs }: Order): Stage => (status === OrderStatus.PENDING_NEW ? "pending" : workingUs === 0n ? "waiting" : "working");

export const hasLimit = ({ type }: FoldedOrder): boolean => LIMIT_TYPES.has(type);

/** What of an order neither traded nor was prevented from it. */
export const remainingLots = ({ quantityLots, executedLots, preventedLots }: FoldedOrder): number => quantityLots - executedLots - preventedLots;

/** What others see of an order that rests. */
export const visibleLots = (order: FoldedOrder): number => (order.terms === undefined || order.terms.icebergLots === 0 ? remainingLots(order) : order.terms.visibleLots);

/** The asset an order pays with. */
export const paysWith = ({ side }: FoldedOrder, { baseAssetId, quoteAssetId }: Market): number => (side === Side.BUY ? quoteAssetId : baseAssetId);

/**
 * What an open order must hold in that asset. A buyer pays at most his limit; one who waits without a limit that is known
 * holds what his quantity costs at the stop price. Undefined where that depends on where the market stood when he began to
 * wait: a trailing order without stop price.
 */
export function neededUnits(order: FoldedOrder, market: Market): bigint | undefined {
  if (order.stage === "pending") return 0n;
  const lots = BigInt(remainingLots(order));
  if (order.side === Side.SELL) return lots * market.lotSizeUnits;
  const limited = hasLimit(order) && (order.stage === "working" || order.terms?.pegged !== true);
  const ticks = limited ? order.priceTicks : (order.terms?.stopPriceTicks ?? 0);
  return ticks === 0 ? undefined : BigInt(ticks) * lots * market.notionalUnits;
}
