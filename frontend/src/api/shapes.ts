// The api's answers as this page reads them: only the members it uses, checked at the door.
import { z } from "zod";
import { placesOf, type Market } from "../feed/market.ts";
import { unitsOf } from "../feed/decimalText.ts";
import type { MarketStatus } from "../feed/feedMessages.ts";
import type { AccountSeed, OpenOrder } from "../stores/accountStore.ts";
import type { CandleRow } from "../stores/candleStore.ts";
import type { Ticker } from "../stores/tickerStore.ts";
import type { TradeRow } from "../stores/tradesStore.ts";

const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);
const side = z.enum(["BUY", "SELL"]);

const symbolInfo = z.object({
  symbol: z.string(),
  status: z.string(),
  baseAsset: z.string(),
  baseAssetPrecision: z.number(),
  quoteAsset: z.string(),
  quoteAssetPrecision: z.number(),
  filters: z.array(z.looseObject({ filterType: z.string() })),
});
export const exchangeInfo = z.object({ symbols: z.array(symbolInfo) });
export type ExchangeInfo = z.infer<typeof exchangeInfo>;

const ticker24h = z.object({
  symbol: z.string(),
  lastPrice: decimal,
  openPrice: decimal,
  highPrice: decimal,
  lowPrice: decimal,
  volume: decimal,
  quoteVolume: decimal,
});
export const tickers24h = z.array(ticker24h);

const level = z.tuple([decimal, decimal]);
export const depth = z.object({ lastUpdateId: z.number(), bids: z.array(level), asks: z.array(level) });
export type Depth = z.infer<typeof depth>;

export const publicTrades = z.array(z.object({ id: z.number(), price: decimal, qty: decimal, time: z.number(), isBuyerMaker: z.boolean() }));

// Open time, open, high, low, close, volume; the rest is not shown.
export const klines = z.array(z.tuple([z.number(), decimal, decimal, decimal, decimal, decimal]).rest(z.unknown()));

export const session = z.looseObject({ accountId: z.union([z.number(), z.string()]).optional(), email: z.string().optional() });
export type Session = z.infer<typeof session>;

export const account = z.object({ balances: z.array(z.object({ asset: z.string(), free: decimal, locked: decimal })) });
export type Account = z.infer<typeof account>;

const order = z.object({
  symbol: z.string(),
  orderId: z.number(),
  side,
  type: z.string(),
  timeInForce: z.string(),
  status: z.string(),
  price: decimal,
  origQty: decimal,
  executedQty: decimal,
  cummulativeQuoteQty: decimal,
});
export const orderRow = order.extend({ time: z.number(), updateTime: z.number() });
export const orderRows = z.array(orderRow);
export type OrderRow = z.infer<typeof orderRow>;

export const placedOrder = order.extend({
  fills: z.array(z.object({ price: decimal, qty: decimal, commission: decimal, commissionAsset: z.string() })).optional(),
});
export type PlacedOrder = z.infer<typeof placedOrder>;

export const myTrades = z.array(
  z.object({
    symbol: z.string(),
    id: z.number(),
    orderId: z.number(),
    price: decimal,
    qty: decimal,
    quoteQty: decimal,
    commission: decimal,
    commissionAsset: z.string(),
    time: z.number(),
    isBuyer: z.boolean(),
    isMaker: z.boolean(),
  }),
);

/** Any answer to a request whose success is all that matters. */
export const done = z.unknown();

function textMember(filters: ExchangeInfo["symbols"][number]["filters"], types: readonly string[], member: string): string {
  for (const filter of filters) {
    const value = filter[member];
    if (types.includes(filter.filterType) && typeof value === "string") return value;
  }
  return "0";
}

const MARKET_STATUSES: readonly MarketStatus[] = ["TRADING", "HALT", "CANCEL_ONLY", "POST_ONLY", "AUCTION"];

/** The markets of an exchangeInfo answer; one without tick and lot sizes is left out, since nothing can be ordered there. */
export function marketsOf(info: ExchangeInfo): Market[] {
  return info.symbols.flatMap((symbol): Market[] => {
    const { filters } = symbol;
    const tickSize = textMember(filters, ["PRICE_FILTER"], "tickSize");
    const stepSize = textMember(filters, ["LOT_SIZE"], "stepSize");
    const tickUnits = unitsOf(tickSize, symbol.quoteAssetPrecision) ?? 0n;
    const lotUnits = unitsOf(stepSize, symbol.baseAssetPrecision) ?? 0n;
    if (tickUnits === 0n || lotUnits === 0n) return [];
    return [
      {
        symbol: symbol.symbol,
        base: symbol.baseAsset,
        quote: symbol.quoteAsset,
        baseScale: symbol.baseAssetPrecision,
        quoteScale: symbol.quoteAssetPrecision,
        tickUnits,
        lotUnits,
        priceDecimals: placesOf(tickSize),
        quantityDecimals: placesOf(stepSize),
        minPrice: textMember(filters, ["PRICE_FILTER"], "minPrice"),
        maxPrice: textMember(filters, ["PRICE_FILTER"], "maxPrice"),
        minQuantity: textMember(filters, ["LOT_SIZE"], "minQty"),
        maxQuantity: textMember(filters, ["LOT_SIZE"], "maxQty"),
        minNotional: textMember(filters, ["NOTIONAL", "MIN_NOTIONAL"], "minNotional"),
        maxNotional: textMember(filters, ["NOTIONAL"], "maxNotional"),
        // A word this page does not know is a state it cannot trade in.
        status: MARKET_STATUSES.find((word) => word === symbol.status) ?? "HALT",
      },
    ];
  });
}

const places = (text: string, count: number): string => {
  const [whole = "0", fraction = ""] = text.split(".");
  return count === 0 ? whole : `${whole}.${fraction.padEnd(count, "0").slice(0, count)}`;
};

export const tickerOf = (market: Market, row: z.infer<typeof ticker24h>): Ticker => ({
  symbol: row.symbol,
  last: places(row.lastPrice, market.priceDecimals),
  open: places(row.openPrice, market.priceDecimals),
  high: places(row.highPrice, market.priceDecimals),
  low: places(row.lowPrice, market.priceDecimals),
  volume: row.volume,
  quoteVolume: row.quoteVolume,
});

export const tradeRowsOf = (market: Market, rows: z.infer<typeof publicTrades>): TradeRow[] =>
  rows.map((row) => ({
    id: row.id,
    price: places(row.price, market.priceDecimals),
    quantity: places(row.qty, market.quantityDecimals),
    takerSide: row.isBuyerMaker ? "SELL" : "BUY",
    timeMs: row.time,
  }));

export const candleRowsOf = (rows: z.infer<typeof klines>): CandleRow[] =>
  rows.map(([openTimeMs, open, high, low, close, volume]) => ({ openTimeMs, open, high, low, close, volume }));

const openOrdersOf = (markets: ReadonlyMap<string, Market>, rows: readonly OrderRow[]): OpenOrder[] =>
  rows.flatMap((row): OpenOrder[] => {
    const market = markets.get(row.symbol);
    if (market === undefined) return [];
    return [
      {
        orderId: row.orderId,
        symbol: row.symbol,
        side: row.side,
        type: row.type,
        timeInForce: row.timeInForce,
        price: places(row.price, market.priceDecimals),
        quantity: places(row.origQty, market.quantityDecimals),
        executed: places(row.executedQty, market.quantityDecimals),
        timeMs: row.time,
      },
    ];
  });

export const accountSeedOf = (
  markets: ReadonlyMap<string, Market>,
  { account, openOrders }: { account: Account | undefined; openOrders: readonly OrderRow[] | undefined },
): AccountSeed => ({
  balances: account?.balances,
  openOrders: openOrders === undefined ? undefined : openOrdersOf(markets, openOrders),
});

/** API keys as listed; the secret is only ever in the answer to their creation. */
export const apiKeys = z.array(z.looseObject({ id: z.union([z.string(), z.number()]).optional(), apiKey: z.string().optional(), label: z.string().nullish(), createdAt: z.union([z.string(), z.number()]).optional() }));
export const newApiKey = z.looseObject({ apiKey: z.string(), apiSecret: z.string() });
