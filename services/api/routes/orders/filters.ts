// The filters of exchangeInfo, for order/test alone: an order that is really placed is judged by the engine, whose
// ladder is the rule. Balance and the state of the book are not looked at.
import { OrderType } from "../../../../gen/tickwire/v1/types_pb.ts";
import type { PlaceOrderRequest } from "../../../shared/trading/tradingService.ts";
import type { ListedMarket } from "../../../shared/trading/venueDirectory.ts";
import type { ErrorName } from "../../errors.ts";

/** The filter the order would fail; undefined when it passes those that need no book. */
export function failedFilter(request: PlaceOrderRequest, { market }: ListedMarket): ErrorName | undefined {
  const lots = BigInt(request.quantityLots);
  const outside = (value: bigint, min: bigint, max: bigint): boolean => value < min || value > max;
  const notionalFails = (units: bigint): boolean => outside(units, market.minNotionalUnits, market.maxNotionalUnits);
  if (request.type === OrderType.MARKET) {
    if (request.quoteOrderUnits > 0n) return notionalFails(request.quoteOrderUnits) ? "NOTIONAL" : undefined;
    if (outside(lots, market.minQuantityLots, market.maxQuantityLots)) return "LOT_SIZE";
    return lots > market.maxMarketQuantityLots ? "MARKET_LOT_SIZE" : undefined;
  }
  const ticks = BigInt(request.priceTicks);
  if (outside(ticks, market.minPriceTicks, market.maxPriceTicks)) return "PRICE_FILTER";
  if (outside(lots, market.minQuantityLots, market.maxQuantityLots)) return "LOT_SIZE";
  return notionalFails(ticks * lots * market.notionalUnits) ? "NOTIONAL" : undefined;
}
