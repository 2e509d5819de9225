// GET /api/v3/order, /openOrders, /allOrders, /myTrades: what is open from the engine, what is over from history, and
// history only once it holds everything the engine had applied when it was asked.
import { Hono } from "hono";
import { z } from "zod";
import { RejectReason, Side, type Order } from "../../../../gen/tickwire/v1/types_pb.ts";
import { accountTrades, type AccountTrade } from "../../../shared/history/accountTrades.ts";
import { allOrders, orderByClientOrderId, orderById } from "../../../shared/history/orders.ts";
import type { OrderName, TradingService } from "../../../shared/trading/tradingService.ts";
import type { ListedMarket, VenueDirectory } from "../../../shared/trading/venueDirectory.ts";
import { formatPrice, formatQuantity, formatUnits } from "../../../shared/units.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { ApiError } from "../../errors.ts";
import { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from "../../limits.ts";
import { formatQuote, milliseconds, orderRow } from "../../marketText.ts";
import { endTimeParam, idParam, limitParam, readParams, sentParams, symbolParam, timeParam } from "../../request/params.ts";
import { accepted } from "../../settled.ts";
import type { VenueHistory } from "../../venueHistory.ts";
import { marketOf } from "../markets.ts";
import { orderName, orderNameParams } from "./orderName.ts";

const SPAN_HOURS_MAX = 24;
const SPAN_MAX_US = BigInt(SPAN_HOURS_MAX) * 3_600_000_000n;

const orderParams = z.strictObject({ symbol: symbolParam, ...orderNameParams });
const openOrdersParams = z.strictObject({ symbol: symbolParam.optional() });
const pageParams = {
  symbol: symbolParam,
  orderId: idParam.optional(),
  startTime: timeParam.optional(),
  endTime: endTimeParam.optional(),
  limit: limitParam({ fallback: PAGE_ROWS_DEFAULT, max: PAGE_ROWS_MAX }),
};
const allOrdersParams = z.strictObject(pageParams);
const myTradesParams = z.strictObject({ ...pageParams, fromId: idParam.optional() });

interface Span {
  readonly startTime?: bigint | undefined;
  readonly endTime?: bigint | undefined;
}

function checkSpan({ startTime, endTime }: Span): void {
  if (startTime === undefined || endTime === undefined) return;
  if (endTime < startTime) throw new ApiError("INVALID_PARAMETER", { param: "endTime" });
  if (endTime - startTime > SPAN_MAX_US + 999n) throw new ApiError("LOOKUP_INTERVAL_TOO_BIG", { hours: SPAN_HOURS_MAX });
}

const spanOf = ({ startTime, endTime }: Span) => ({
  ...(startTime === undefined ? {} : { startTimeUs: startTime }),
  ...(endTime === undefined ? {} : { endTimeUs: endTime }),
});

const listedOf = (directory: VenueDirectory, marketId: number): ListedMarket => {
  const listed = directory.marketById(marketId);
  if (listed === undefined) throw new Error(`an order is in market ${marketId}, which the directory does not know`);
  return listed;
};

const myTradeRow = (trade: AccountTrade, listed: ListedMarket, directory: VenueDirectory) => {
  const feeAsset = directory.assetById(trade.feeAssetId);
  if (feeAsset === undefined) throw new Error(`trade ${trade.tradeId} was charged in asset ${trade.feeAssetId}, which the directory does not know`);
  return {
    symbol: listed.market.symbol,
    id: Number(trade.tradeId),
    orderId: Number(trade.orderId),
    orderListId: -1,
    price: formatPrice(trade.priceTicks, listed),
    qty: formatQuantity(trade.quantityLots, listed),
    quoteQty: formatQuote(trade.quoteUnits, listed),
    commission: formatUnits(trade.feeUnits, feeAsset.scale),
    commissionAsset: feeAsset.code,
    time: milliseconds(trade.timeUs),
    isBuyer: trade.side === Side.BUY,
    isMaker: trade.maker,
    isBestMatch: true,
  };
};

/** One order of the account, open or over. @throws ApiError NO_SUCH_ORDER */
async function findOrder(
  { trading, history }: { readonly trading: TradingService; readonly history: VenueHistory },
  { accountId, marketId, orderId, clientOrderId }: OrderName & { readonly accountId: bigint; readonly marketId: number },
): Promise<Order> {
  const live = await trading.openOrder({ accountId, orderId, clientOrderId });
  let found: Order | undefined;
  if (live.kind === "rejected" && live.reason === RejectReason.UNKNOWN_ORDER) {
    // Not open at that point: by then its end, if it ever was, is in the log, and here once history is there.
    const past = await history.upTo(live.at);
    if (orderId !== undefined) found = await orderById(past, { accountId, marketId, orderId });
    else if (clientOrderId !== undefined) found = await orderByClientOrderId(past, { accountId, marketId, clientOrderId });
  } else found = accepted(live, "query");
  if (found === undefined || found.marketId !== marketId) throw new ApiError("NO_SUCH_ORDER");
  if (clientOrderId !== undefined && found.clientOrderId !== clientOrderId) throw new ApiError("NO_SUCH_ORDER");
  return found;
}

export const orderQueryRoutes = ({ directory, trading, history, authenticator, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .get("/order", meter.weigh(4), authenticator.account, async (c) => {
      const params = readParams(orderParams, sentParams(c.get("sent")));
      const listed = marketOf(directory, params.symbol);
      const { accountId } = c.get("caller");
      const order = await findOrder({ trading, history }, { accountId, marketId: listed.market.marketId, ...orderName(params) });
      return c.json(orderRow(order, listed));
    })
    .get("/openOrders", meter.weigh(6), authenticator.account, async (c) => {
      const { symbol } = readParams(openOrdersParams, sentParams(c.get("sent")));
      const marketId = symbol === undefined ? 0 : marketOf(directory, symbol).market.marketId;
      const orders = accepted(await trading.openOrders({ accountId: c.get("caller").accountId, marketId }), "query");
      return c.json(orders.map((order) => orderRow(order, listedOf(directory, order.marketId))));
    })
    .get("/allOrders", meter.weigh(20), authenticator.account, async (c) => {
      const params = readParams(allOrdersParams, sentParams(c.get("sent")));
      const listed = marketOf(directory, params.symbol);
      checkSpan(params);
      const orders = await allOrders(await history.upToNow(), {
        accountId: c.get("caller").accountId,
        marketId: listed.market.marketId,
        limit: params.limit,
        ...(params.orderId === undefined ? {} : { fromOrderId: params.orderId }),
        ...spanOf(params),
      });
      return c.json(orders.map((order) => orderRow(order, listed)));
    })
    .get("/myTrades", meter.weigh(20), authenticator.account, async (c) => {
      const params = readParams(myTradesParams, sentParams(c.get("sent")));
      const listed = marketOf(directory, params.symbol);
      checkSpan(params);
      if (params.fromId !== undefined && (params.startTime !== undefined || params.endTime !== undefined)) throw new ApiError("BAD_COMBINATION");
      const trades = await accountTrades(await history.upToNow(), {
        accountId: c.get("caller").accountId,
        marketId: listed.market.marketId,
        limit: params.limit,
        ...(params.orderId === undefined ? {} : { orderId: params.orderId }),
        ...(params.fromId === undefined ? {} : { fromTradeId: params.fromId }),
        ...spanOf(params),
      });
      return c.json(trades.map((trade) => myTradeRow(trade, listed, directory)));
    });
