// GET /api/v3/klines: candles without gaps, from history. GET /api/v3/avgPrice: the average of the last five minutes.
import { Hono } from "hono";
import { z } from "zod";
import type { Candle } from "../../../../gen/tickwire/v1/market_data_pb.ts";
import { CandleInterval } from "../../../../gen/tickwire/v1/types_pb.ts";
import { nowUs } from "../../../shared/clock.ts";
import { candles } from "../../../shared/history/candles.ts";
import type { ListedMarket } from "../../../shared/trading/venueDirectory.ts";
import { CANDLE_INTERVALS } from "../../../shared/trading/words.ts";
import { formatPrice, formatQuantity } from "../../../shared/units.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX } from "../../limits.ts";
import { formatAveragePrice, formatQuote, milliseconds } from "../../marketText.ts";
import { endTimeParam, limitParam, readParams, sentParams, symbolParam, timeParam, wordParam } from "../../request/params.ts";
import { marketOf } from "../markets.ts";

const AVERAGE_PRICE_MINUTES = 5;

const klinesParams = z.strictObject({
  symbol: symbolParam,
  interval: wordParam(CANDLE_INTERVALS, "INVALID_INTERVAL"),
  startTime: timeParam.optional(),
  endTime: endTimeParam.optional(),
  // Candles open by UTC.
  timeZone: z.literal("0").optional(),
  limit: limitParam({ fallback: PAGE_ROWS_DEFAULT, max: PAGE_ROWS_MAX }),
});
const averagePriceParams = z.strictObject({ symbol: symbolParam });

const klineRow = (candle: Candle, listed: ListedMarket) =>
  [
    milliseconds(candle.openTimeUs),
    formatPrice(candle.openTicks, listed),
    formatPrice(candle.highTicks, listed),
    formatPrice(candle.lowTicks, listed),
    formatPrice(candle.closeTicks, listed),
    formatQuantity(candle.volumeLots, listed),
    milliseconds(candle.closeTimeUs),
    formatQuote(candle.quoteVolumeUnits, listed),
    Number(candle.tradeCount),
    formatQuantity(candle.takerBuyLots, listed),
    formatQuote(candle.takerBuyQuoteUnits, listed),
    "0",
  ] as const;

export const klineRoutes = ({ directory, history, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .get("/klines", meter.weigh(2), async (c) => {
      const params = readParams(klinesParams, sentParams(c.get("sent")));
      const listed = marketOf(directory, params.symbol);
      const rows = await candles(await history.public(), {
        marketId: listed.market.marketId,
        interval: params.interval,
        limit: params.limit,
        nowUs: BigInt(nowUs()),
        ...(params.startTime === undefined ? {} : { startTimeUs: params.startTime }),
        ...(params.endTime === undefined ? {} : { endTimeUs: params.endTime }),
      });
      return c.json(rows.map((candle) => klineRow(candle, listed)));
    })
    .get("/avgPrice", meter.weigh(2), async (c) => {
      const listed = marketOf(directory, readParams(averagePriceParams, sentParams(c.get("sent"))).symbol);
      const time = BigInt(nowUs());
      const page = { marketId: listed.market.marketId, interval: CandleInterval.MINUTE_1, limit: AVERAGE_PRICE_MINUTES, nowUs: time };
      const rows = await candles(await history.public(), page);
      const quoteUnits = rows.reduce((sum, { quoteVolumeUnits }) => sum + quoteVolumeUnits, 0n);
      const lots = rows.reduce((sum, { volumeLots }) => sum + volumeLots, 0n);
      const price = lots === 0n ? formatPrice(rows.at(-1)?.closeTicks ?? 0n, listed) : formatAveragePrice({ quoteUnits, lots }, listed);
      return c.json({ mins: AVERAGE_PRICE_MINUTES, price, closeTime: milliseconds(time) });
    });
