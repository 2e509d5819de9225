// GET /api/v3/depth and /ticker/bookTicker: the live book, asked of the engine each time. No cache: an answer must never
// be older than what the feed has already sent.
import { Hono } from "hono";
import { z } from "zod";
import type { BookSnapshot } from "../../../../gen/tickwire/v1/market_data_pb.ts";
import type { TradingService } from "../../../shared/trading/tradingService.ts";
import type { ListedMarket } from "../../../shared/trading/venueDirectory.ts";
import { formatPrice, formatQuantity } from "../../../shared/units.ts";
import type { ApiEnv } from "../../apiEnv.ts";
import type { ApiParts } from "../../apiParts.ts";
import { DEPTH_LEVELS_DEFAULT, DEPTH_LEVELS_MAX } from "../../limits.ts";
import { clientAddress } from "../../request/clientAddress.ts";
import { limitParam, readParams, sentParams, symbolParam } from "../../request/params.ts";
import { accepted } from "../../settled.ts";
import { chosenMarkets, marketOf, oneOrAll, symbolChoice } from "../markets.ts";

const depthParams = z.strictObject({ symbol: symbolParam, limit: limitParam({ fallback: DEPTH_LEVELS_DEFAULT, max: DEPTH_LEVELS_MAX }) });
const bookTickerParams = z.strictObject(symbolChoice);

/** Binance's weights: a deep book costs more. */
const depthWeight = (levels: number): number => (levels <= 100 ? 5 : levels <= 500 ? 25 : levels <= 1_000 ? 50 : 250);

const levelRows = (ticks: readonly bigint[], lots: readonly bigint[], listed: ListedMarket) =>
  ticks.map((priceTicks, level) => [formatPrice(priceTicks, listed), formatQuantity(lots[level] ?? 0n, listed)] as const);

/** The best bid and ask; "0" with all places on an empty side, as Binance has it. */
export const bestLevels = (book: BookSnapshot, listed: ListedMarket) => ({
  bidPrice: formatPrice(book.bidTicks[0] ?? 0n, listed),
  bidQty: formatQuantity(book.bidLots[0] ?? 0n, listed),
  askPrice: formatPrice(book.askTicks[0] ?? 0n, listed),
  askQty: formatQuantity(book.askLots[0] ?? 0n, listed),
});

/** The live book of a market. @throws ApiError when no engine answers */
export const liveBook = async (trading: TradingService, { market }: ListedMarket, depth: number): Promise<BookSnapshot> =>
  accepted(await trading.book({ marketId: market.marketId, depth }), "query");

export const bookRoutes = ({ directory, trading, meter }: ApiParts) =>
  new Hono<ApiEnv>()
    .get("/depth", async (c) => {
      const { symbol, limit } = readParams(depthParams, sentParams(c.get("sent")));
      c.header("X-MBX-USED-WEIGHT-1M", String(meter.use(clientAddress(c), depthWeight(limit))));
      const listed = marketOf(directory, symbol);
      const book = await liveBook(trading, listed, limit);
      // No "T": clients that see one expect update ids to count by one.
      return c.json({ lastUpdateId: Number(book.seq), bids: levelRows(book.bidTicks, book.bidLots, listed), asks: levelRows(book.askTicks, book.askLots, listed) });
    })
    .get("/ticker/bookTicker", meter.weigh(2), async (c) => {
      const { one, markets } = chosenMarkets(directory, readParams(bookTickerParams, sentParams(c.get("sent"))));
      const rows = await Promise.all(markets.map(async (listed) => ({ symbol: listed.market.symbol, ...bestLevels(await liveBook(trading, listed, 1), listed) })));
      return c.json(oneOrAll(one, rows));
    });
