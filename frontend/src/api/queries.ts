// What the page reads, by name: one TanStack Query per resource, the same on the server (which fills the cache before
// the page is sent) and in the browser. The keys are the contract between the two.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { CandleInterval } from "../feed/feedMessages.ts";
import { ApiError, call, type Transport } from "./http.ts";
import * as shapes from "./shapes.ts";

/** Enough for a 100-level ladder on the tallest screen. */
const DEPTH_LEVELS = 100;
const TRADES = 60;
/** One answer of candles; the chart asks for older ones when it is scrolled to them. */
export const CANDLES_PAGE = 500;
const HISTORY_ROWS = 100;

export const venueQuery = (transport: Transport) =>
  queryOptions({
    queryKey: ["venue"],
    queryFn: ({ signal }) => call(transport, { path: "/api/v3/exchangeInfo", schema: shapes.exchangeInfo, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const tickersQuery = (transport: Transport) =>
  queryOptions({
    queryKey: ["tickers"],
    queryFn: ({ signal }) => call(transport, { path: "/api/v3/ticker/24hr", schema: shapes.tickers24h, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const depthQuery = (transport: Transport, symbol: string) =>
  queryOptions({
    queryKey: ["depth", symbol],
    queryFn: ({ signal }) => call(transport, { path: "/api/v3/depth", query: { symbol, limit: DEPTH_LEVELS }, schema: shapes.depth, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const tradesQuery = (transport: Transport, symbol: string) =>
  queryOptions({
    queryKey: ["trades", symbol],
    queryFn: ({ signal }) => call(transport, { path: "/api/v3/trades", query: { symbol, limit: TRADES }, schema: shapes.publicTrades, signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const klinesQuery = (transport: Transport, { symbol, interval }: { symbol: string; interval: CandleInterval }) =>
  queryOptions({
    queryKey: ["klines", symbol, interval],
    queryFn: ({ signal }) =>
      call(transport, { path: "/api/v3/klines", query: { symbol, interval, limit: CANDLES_PAGE }, schema: shapes.klines, signal }),
    // The live candle continues these; another visit to the interval fetches anew.
    staleTime: 10_000,
  });

/** Candles before a moment, for a chart scrolled into the past. */
export const olderKlines = (transport: Transport, { symbol, interval, endTime }: { symbol: string; interval: CandleInterval; endTime: number }) =>
  call(transport, { path: "/api/v3/klines", query: { symbol, interval, endTime, limit: CANDLES_PAGE }, schema: shapes.klines });

/** Who is logged in; null when nobody is. */
export const sessionQuery = (transport: Transport) =>
  queryOptions({
    queryKey: ["session"],
    queryFn: async ({ signal }) => {
      try {
        return await call(transport, { path: "/api/tickwire/v1/session", schema: shapes.session, signal });
      } catch (error) {
        if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return null;
        throw error;
      }
    },
    staleTime: 60_000,
  });

export const accountQuery = (transport: Transport) =>
  queryOptions({
    queryKey: ["account"],
    queryFn: ({ signal }) => call(transport, { path: "/api/v3/account", schema: shapes.account, signal }),
  });

export const openOrdersQuery = (transport: Transport) =>
  queryOptions({
    queryKey: ["openOrders"],
    queryFn: ({ signal }) => call(transport, { path: "/api/v3/openOrders", schema: shapes.orderRows, signal }),
  });

export const orderHistoryQuery = (transport: Transport, symbol: string) =>
  queryOptions({
    queryKey: ["history", "orders", symbol],
    queryFn: ({ signal }) => call(transport, { path: "/api/v3/allOrders", query: { symbol, limit: HISTORY_ROWS }, schema: shapes.orderRows, signal }),
    placeholderData: keepPreviousData,
  });

export const tradeHistoryQuery = (transport: Transport, symbol: string) =>
  queryOptions({
    queryKey: ["history", "trades", symbol],
    queryFn: ({ signal }) => call(transport, { path: "/api/v3/myTrades", query: { symbol, limit: HISTORY_ROWS }, schema: shapes.myTrades, signal }),
    placeholderData: keepPreviousData,
  });

export const apiKeysQuery = (transport: Transport) =>
  queryOptions({
    queryKey: ["apiKeys"],
    queryFn: ({ signal }) => call(transport, { path: "/api/tickwire/v1/api-keys", schema: shapes.apiKeys, signal }),
  });
