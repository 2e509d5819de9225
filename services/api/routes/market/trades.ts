// GET /api/v3/trades, /historicalTrades, /aggTrades: public trades, from history.
import { Hono } from "hono";
import { z } from "zod";
import { Side } from "../../../../gen/tickwire/v1/types_pb.ts";
import { aggregateTrades, recentTrades, tradesFrom, type AggregateTrade, type HistoricTrade } from "../../../shared/history/trades.ts";
import type { ListedMarket } from "../../../shared/trading/venueDirectory.ts";
import { formatPrice, formatQuantity } from "../../../shared/units.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { ApiError } from "../../errors.ts";
import { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from "../../limits.ts";
import { formatQuote, milliseconds } from "../../marketText.ts";
import { endTimeParam, idParam, limitParam, readParams, sentParams, symbolParam, timeParam } from "../../request/params.ts";
import { marketOf } from "../markets.ts";

const limit = limitParam({ fallback: PAGE_ROWS_DEFAULT, max: PAGE_ROWS_MAX });
const tradesParams = z.strictObject({ symbol: symbolParam, limit });
const historicalParams = z.strictObject({ symbol: symbolParam, limit, fromId: idParam.optional() });
const aggregateParams = z.strictObject({ symbol: symbolParam, limit, fromId: idParam.optional(), startTime: timeParam.optional(), endTime: endTimeParam.optional() });

const tradeRow = (trade: HistoricTrade, listed: ListedMarket) => ({
  id: Number(trade.tradeId),
  price: formatPrice(trade.priceTicks, listed),
  qty: formatQuantity(trade.quantityLots, listed),
  quoteQty: formatQuote(trade.quoteUnits, listed),
  time: milliseconds(trade.timeUs),
  isBuyerMaker: trade.takerSide === Side.SELL,
  isBestMatch: true,
});

const aggregateRow = (trade: AggregateTrade, listed: ListedMarket) => ({
  a: Number(trade.firstTradeId),
  p: formatPrice(trade.priceTicks, listed),
  q: formatQuantity(trade.quantityLots, listed),
  f: Number(trade.firstTradeId),
  l: Number(trade.lastTradeId),
  T: milliseconds(trade.timeUs),
  m: trade.takerSide === Side.SELL,
  M: true,
});

export const tradeRoutes = ({ directory, history, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .get("/trades", meter.weigh(25), async (c) => {
      const params = readParams(tradesParams, sentParams(c.get("sent")));
      const listed = marketOf(directory, params.symbol);
      const rows = await recentTrades(await history.public(), { marketId: listed.market.marketId, limit: params.limit });
      return c.json(rows.map((trade) => tradeRow(trade, listed)));
    })
    .get("/historicalTrades", meter.weigh(25), async (c) => {
      const params = readParams(historicalParams, sentParams(c.get("sent")));
      const listed = marketOf(directory, params.symbol);
      const page = { marketId: listed.market.marketId, limit: params.limit };
      const past = await history.public();
      const rows = params.fromId === undefined ? await recentTrades(past, page) : await tradesFrom(past, { ...page, fromTradeId: params.fromId });
      return c.json(rows.map((trade) => tradeRow(trade, listed)));
    })
    .get("/aggTrades", meter.weigh(4), async (c) => {
      const params = readParams(aggregateParams, sentParams(c.get("sent")));
      const listed = marketOf(directory, params.symbol);
      if (params.fromId !== undefined && (params.startTime !== undefined || params.endTime !== undefined)) throw new ApiError("BAD_COMBINATION");
      const rows = await aggregateTrades(await history.public(), {
        marketId: listed.market.marketId,
        limit: params.limit,
        ...(params.fromId === undefined ? {} : { fromTradeId: params.fromId }),
        ...(params.startTime === undefined ? {} : { startTimeUs: params.startTime }),
        ...(params.endTime === undefined ? {} : { endTimeUs: params.endTime }),
      });
      return c.json(rows.map((trade) => aggregateRow(trade, listed)));
    });
