"use client";
// The last price of the market on show: its latest trade, or the ticker's while no trade is known; and whether the
// last move was up or down.
import { useExchange, useMarketStores } from "./exchangeContext.tsx";
import { useStore } from "../stores/useStore.ts";

export interface LastPrice {
  readonly price: string | undefined;
  readonly direction: "up" | "down";
}

export function useLastPrice(): LastPrice {
  const { exchange } = useExchange();
  const { market, trades } = useMarketStores();
  const { rows } = useStore(trades);
  const ticker = useStore(exchange.tickers).get(market.symbol);
  const price = rows[0]?.price ?? ticker?.last;
  const before = rows.find((row) => row.price !== price)?.price;
  return { price, direction: before !== undefined && price !== undefined && Number(price) < Number(before) ? "down" : "up" };
}
