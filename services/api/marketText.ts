// Integers of the engine as the text of /api/v3: decimal strings with all the places of their asset, times in milliseconds.
//
// Exact: the only division is where Binance itself gives an average or a percentage, and it truncates.
import { OrderType, type Asset, type Balance, type Order } from "../../gen/tickwire/v1/types_pb.ts";
import type { Fill } from "../shared/trading/tradingService.ts";
import type { ListedMarket } from "../shared/trading/venueDirectory.ts";
import { ORDER_STATUSES, ORDER_TYPES, SELF_TRADE_PREVENTION_MODES, SIDES, TIMES_IN_FORCE } from "../shared/trading/words.ts";
import { formatPrice, formatQuantity, formatUnits } from "../shared/units.ts";

export const milliseconds = (timeUs: bigint): number => Number(timeUs / 1_000n);

/** Units of the market's quote asset. */
export const formatQuote = (units: bigint, { quoteScale }: ListedMarket): string => formatUnits(units, quoteScale);

/** Parts per million as the fraction they are: 1000 is "0.00100000". */
export const formatFeeRate = (ppm: number): string => formatUnits(BigInt(ppm) * 100n, 8);

/** Quote amount over base quantity, truncated: the average price of a volume. "0" places when there was none. */
export function formatAveragePrice({ quoteUnits, lots }: { readonly quoteUnits: bigint; readonly lots: bigint }, listed: ListedMarket): string {
  const baseUnits = lots * listed.market.lotSizeUnits;
  return formatUnits(baseUnits === 0n ? 0n : (quoteUnits * 10n ** BigInt(listed.baseScale)) / baseUnits, listed.quoteScale);
}

// A market order by quote amount has no quantity of its own: what it executed is what it was for.
const originalLots = (order: Order): bigint => (order.quantityLots === 0n ? order.executedLots : order.quantityLots);

/** What every answer about an order says of it. */
export function orderFields(order: Order, listed: ListedMarket) {
  return {
    symbol: listed.market.symbol,
    orderId: Number(order.orderId),
    orderListId: order.orderListId === 0n ? -1 : Number(order.orderListId),
    clientOrderId: order.clientOrderId,
    price: formatPrice(order.priceTicks, listed),
    origQty: formatQuantity(originalLots(order), listed),
    executedQty: formatQuantity(order.executedLots, listed),
    origQuoteOrderQty: formatQuote(order.quoteOrderUnits, listed),
    cummulativeQuoteQty: formatQuote(order.executedQuoteUnits, listed),
    status: ORDER_STATUSES.wordOf(order.status),
    // Binance says GTC of a market order, whatever that means.
    timeInForce: order.type === OrderType.MARKET ? "GTC" : TIMES_IN_FORCE.wordOf(order.timeInForce) || "GTC",
    type: ORDER_TYPES.wordOf(order.type),
    side: SIDES.wordOf(order.side),
    workingTime: order.workingUs === 0n ? -1 : milliseconds(order.workingUs),
    selfTradePreventionMode: SELF_TRADE_PREVENTION_MODES.wordOf(order.selfTradePreventionMode) || "NONE",
  };
}

/** An order as a query answers it. */
export const orderRow = (order: Order, listed: ListedMarket) => ({
  ...orderFields(order, listed),
  stopPrice: formatPrice(order.stopPriceTicks, listed),
  icebergQty: formatQuantity(order.icebergLots, listed),
  time: milliseconds(order.createdUs),
  updateTime: milliseconds(order.updatedUs),
  isWorking: order.stopPriceTicks === 0n || order.workingUs !== 0n,
});

/** A fill as FULL answers list it. `feeAsset` is the asset the taker received. */
export const fillRow = (fill: Fill, listed: ListedMarket, feeAsset: Asset) => ({
  price: formatPrice(fill.priceTicks, listed),
  qty: formatQuantity(fill.quantityLots, listed),
  commission: formatUnits(fill.feeUnits, feeAsset.scale),
  commissionAsset: feeAsset.code,
  tradeId: Number(fill.tradeId),
});

export const balanceRow = (asset: Asset, balance: Balance | undefined) => ({
  asset: asset.code,
  free: formatUnits(balance?.availableUnits ?? 0n, asset.scale),
  locked: formatUnits(balance?.heldUnits ?? 0n, asset.scale),
});
