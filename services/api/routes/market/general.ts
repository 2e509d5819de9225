// GET /api/v3/ping, /time, /exchangeInfo.
import { Hono } from "hono";
import { z } from "zod";
import { nowUs } from "../../../shared/clock.ts";
import type { ListedMarket } from "../../../shared/trading/venueDirectory.ts";
import { MARKET_STATUSES } from "../../../shared/trading/words.ts";
import { formatPrice, formatQuantity, formatUnits } from "../../../shared/units.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { booleanParam, readParams, sentParams } from "../../request/params.ts";
import { chosenMarkets, symbolChoice } from "../markets.ts";

const noParams = z.strictObject({});
// permissions and symbolStatus only ever narrow the list; every market here is SPOT.
const exchangeInfoParams = z.strictObject({ ...symbolChoice, permissions: z.string().optional(), showPermissionSets: booleanParam.optional() });

// A multiplier is told in basis points by the engine, the reference price is an average of five minutes.
const BIPS_SCALE = 4;
const UNBOUNDED_BIPS = 0xffff_ffff;
const REFERENCE_MINUTES = 5;

const serverTime = (): number => Math.floor(nowUs() / 1_000);

/** The rules of a market, named as Binance names its filters. */
function filtersOf(listed: ListedMarket) {
  const { market, baseScale, quoteScale } = listed;
  const stepSize = formatUnits(market.lotSizeUnits, baseScale);
  return [
    {
      filterType: "PRICE_FILTER",
      minPrice: formatPrice(market.minPriceTicks, listed),
      maxPrice: formatPrice(market.maxPriceTicks, listed),
      tickSize: formatUnits(market.tickSizeUnits, quoteScale),
    },
    { filterType: "LOT_SIZE", minQty: formatQuantity(market.minQuantityLots, listed), maxQty: formatQuantity(market.maxQuantityLots, listed), stepSize },
    { filterType: "MARKET_LOT_SIZE", minQty: formatQuantity(market.minMarketQuantityLots > market.minQuantityLots ? market.minMarketQuantityLots : market.minQuantityLots, listed), maxQty: formatQuantity(market.maxMarketQuantityLots, listed), stepSize },
    {
      filterType: "NOTIONAL",
      minNotional: formatUnits(market.minNotionalUnits, quoteScale),
      applyMinToMarket: true,
      maxNotional: formatUnits(market.maxNotionalUnits, quoteScale),
      applyMaxToMarket: true,
      avgPriceMins: 0,
    },
    { filterType: "MAX_NUM_ORDERS", maxNumOrders: market.maxNumOrders },
    ...furtherFiltersOf(listed),
  ];
}

const multiplier = (bips: number): string => formatUnits(BigInt(bips), BIPS_SCALE);
// A bound that is not enforced is told as one that no price reaches.
const upMultiplier = (bips: number): string => multiplier(bips === 0 ? UNBOUNDED_BIPS : bips);

// The rules that a market need not have: told only where they are enforced.
function furtherFiltersOf(listed: ListedMarket): Record<string, string | number>[] {
  const { market } = listed;
  const filters: Record<string, string | number>[] = [];
  if (market.bidMultiplierUpBips + market.bidMultiplierDownBips + market.askMultiplierUpBips + market.askMultiplierDownBips !== 0) {
    filters.push({
      filterType: "PERCENT_PRICE_BY_SIDE",
      bidMultiplierUp: upMultiplier(market.bidMultiplierUpBips),
      bidMultiplierDown: multiplier(market.bidMultiplierDownBips),
      askMultiplierUp: upMultiplier(market.askMultiplierUpBips),
      askMultiplierDown: multiplier(market.askMultiplierDownBips),
      avgPriceMins: REFERENCE_MINUTES,
    });
  }
  if (market.maxIcebergParts !== 0) filters.push({ filterType: "ICEBERG_PARTS", limit: market.maxIcebergParts });
  if (market.maxNumAlgoOrders !== 0) filters.push({ filterType: "MAX_NUM_ALGO_ORDERS", maxNumAlgoOrders: market.maxNumAlgoOrders });
  if (market.maxNumIcebergOrders !== 0) filters.push({ filterType: "MAX_NUM_ICEBERG_ORDERS", maxNumIcebergOrders: market.maxNumIcebergOrders });
  if (market.maxNumOrderLists !== 0) filters.push({ filterType: "MAX_NUM_ORDER_LISTS", maxNumOrderLists: market.maxNumOrderLists });
  if (market.maxNumOrderAmends !== 0) filters.push({ filterType: "MAX_NUM_ORDER_AMENDS", maxNumOrderAmends: market.maxNumOrderAmends });
  if (market.maxPositionLots !== 0n) filters.push({ filterType: "MAX_POSITION", maxPosition: formatQuantity(market.maxPositionLots, listed) });
  if (market.maxTrailingAboveBips !== 0 || market.maxTrailingBelowBips !== 0) {
    filters.push({
      filterType: "TRAILING_DELTA",
      minTrailingAboveDelta: market.minTrailingAboveBips,
      maxTrailingAboveDelta: market.maxTrailingAboveBips,
      minTrailingBelowDelta: market.minTrailingBelowBips,
      maxTrailingBelowDelta: market.maxTrailingBelowBips,
    });
  }
  return filters;
}

const symbolInfo = (listed: ListedMarket) => ({
  symbol: listed.market.symbol,
  status: MARKET_STATUSES.wordOf(listed.market.status),
  baseAsset: listed.base.code,
  baseAssetPrecision: listed.baseScale,
  quoteAsset: listed.quote.code,
  quotePrecision: listed.quoteScale,
  quoteAssetPrecision: listed.quoteScale,
  baseCommissionPrecision: listed.baseScale,
  quoteCommissionPrecision: listed.quoteScale,
  orderTypes: ["LIMIT", "LIMIT_MAKER", "MARKET"],
  icebergAllowed: false,
  ocoAllowed: false,
  otoAllowed: false,
  quoteOrderQtyMarketAllowed: true,
  allowTrailingStop: false,
  cancelReplaceAllowed: false,
  amendAllowed: false,
  isSpotTradingAllowed: true,
  isMarginTradingAllowed: false,
  filters: filtersOf(listed),
  permissions: [],
  permissionSets: [["SPOT"]],
  defaultSelfTradePreventionMode: "NONE",
  allowedSelfTradePreventionModes: ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"],
});

export const generalRoutes = ({ directory, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .get("/ping", meter.weigh(1), (c) => {
      readParams(noParams, sentParams(c.get("sent")));
      return c.json({});
    })
    .get("/time", meter.weigh(1), (c) => {
      readParams(noParams, sentParams(c.get("sent")));
      return c.json({ serverTime: serverTime() });
    })
    .get("/exchangeInfo", meter.weigh(20), (c) => {
      const { markets } = chosenMarkets(directory, readParams(exchangeInfoParams, sentParams(c.get("sent"))));
      const rateLimits = meter.limit === 0 ? [] : [{ rateLimitType: "REQUEST_WEIGHT", interval: "MINUTE", intervalNum: 1, limit: meter.limit }];
      return c.json({ timezone: "UTC", serverTime: serverTime(), rateLimits, exchangeFilters: [], symbols: markets.map(symbolInfo) });
    });
