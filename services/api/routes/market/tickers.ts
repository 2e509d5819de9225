// GET /api/v3/ticker/24hr and /ticker/price: the last 24 hours from history, the best prices from the live book.
import { Hono } from "hono";
import { z } from "zod";
import type { BookSnapshot, Ticker } from "../../../../gen/tickwire/v1/market_data_pb.ts";
import { nowUs } from "../../../shared/clock.ts";
import { tickers24h } from "../../../shared/history/tickers.ts";
import { recentTrades } from "../../../shared/history/trades.ts";
import type { ListedMarket } from "../../../shared/trading/venueDirectory.ts";
import { formatPrice, formatQuantity, formatUnits } from "../../../shared/units.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { formatAveragePrice, formatQuote, milliseconds } from "../../marketText.ts";
import { readParams, sentParams } from "../../request/params.ts";
import { chosenMarkets, oneOrAll, symbolChoice } from "../markets.ts";
import { bestLevels, liveBook } from "./book.ts";

const PERCENT_PLACES = 3;

const tickerParams = z.strictObject({ ...symbolChoice, type: z.enum(["FULL", "MINI"]).default("FULL") });
const priceParams = z.strictObject(symbolChoice);

const miniRow = (ticker: Ticker, listed: ListedMarket) => ({
  symbol: listed.market.symbol,
  openPrice: formatPrice(ticker.openTicks, listed),
  highPrice: formatPrice(ticker.highTicks, listed),
  lowPrice: formatPrice(ticker.lowTicks, listed),
  lastPrice: formatPrice(ticker.lastTicks, listed),
  volume: formatQuantity(ticker.volumeLots, listed),
  quoteVolume: formatQuote(ticker.quoteVolumeUnits, listed),
  openTime: milliseconds(ticker.openTimeUs),
  closeTime: milliseconds(ticker.closeTimeUs),
  firstId: ticker.tradeCount === 0n ? -1 : Number(ticker.firstTradeId),
  lastId: ticker.tradeCount === 0n ? -1 : Number(ticker.lastTradeId),
  count: Number(ticker.tradeCount),
});

function fullRow(ticker: Ticker, book: BookSnapshot, listed: ListedMarket) {
  const changeTicks = ticker.lastTicks - ticker.openTicks;
  const scaledPercent = ticker.openTicks === 0n ? 0n : (changeTicks * 100n * 10n ** BigInt(PERCENT_PLACES)) / ticker.openTicks;
  return {
    ...miniRow(ticker, listed),
    priceChange: formatPrice(changeTicks, listed),
    priceChangePercent: formatUnits(scaledPercent, PERCENT_PLACES),
    weightedAvgPrice: formatAveragePrice({ quoteUnits: ticker.quoteVolumeUnits, lots: ticker.volumeLots }, listed),
    prevClosePrice: formatPrice(ticker.prevCloseTicks, listed),
    lastQty: formatQuantity(ticker.lastLots, listed),
    ...bestLevels(book, listed),
  };
}

export const tickerRoutes = ({ directory, trading, history, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .get("/ticker/24hr", meter.weigh(2), async (c) => {
      const { type, ...choice } = readParams(tickerParams, sentParams(c.get("sent")));
      const { one, markets } = chosenMarkets(directory, choice);
      const past = await history.public();
      const tickers = await tickers24h(past, { marketIds: markets.map(({ market }) => market.marketId), nowUs: BigInt(nowUs()) });
      const rows = await Promise.all(
        tickers.map(async (ticker, index) => {
          const listed = markets[index];
          if (listed === undefined) throw new Error("there are more tickers than markets");
          return type === "MINI" ? miniRow(ticker, listed) : fullRow(ticker, await liveBook(trading, listed, 1), listed);
        }),
      );
      return c.json(oneOrAll(one, rows));
    })
    .get("/ticker/price", meter.weigh(2), async (c) => {
      const { one, markets } = chosenMarkets(directory, readParams(priceParams, sentParams(c.get("sent"))));
      const past = await history.public();
      const rows = await Promise.all(
        markets.map(async (listed) => {
          const [last] = await recentTrades(past, { marketId: listed.market.marketId, limit: 1 });
          return { symbol: listed.market.symbol, price: formatPrice(last?.priceTicks ?? 0n, listed) };
        }),
      );
      return c.json(oneOrAll(one, rows));
    });
