"use client";
// The last price in the browser's tab, where traders look for it.
import { useEffect, type ReactNode } from "react";
import { grouped } from "../../../feed/decimalText.ts";
import { useMarketStores } from "../../../panels/exchangeContext.tsx";
import { useLastPrice } from "../../../panels/useLastPrice.ts";

export function PriceTitle(): ReactNode {
  const { market } = useMarketStores();
  const { price } = useLastPrice();
  useEffect(() => {
    document.title = `${price === undefined ? "" : `${grouped(price)} | `}${market.symbol} · Tickwire`;
  }, [price, market]);
  return null;
}
