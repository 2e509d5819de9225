"use client";
// The market on show in one line: which, its last price, and what the last 24 hours were.
import type { ReactNode } from "react";
import { compact, grouped } from "../../feed/decimalText.ts";
import { changeOf } from "../../stores/tickerStore.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { useLastPrice } from "../useLastPrice.ts";
import styles from "./header.module.css";
import { MarketPicker } from "./MarketPicker.tsx";

export function TickerBar(): ReactNode {
  const { exchange } = useExchange();
  const { market } = useMarketStores();
  const ticker = useStore(exchange.tickers).get(market.symbol);
  const { price, direction } = useLastPrice();
  const change = ticker === undefined ? undefined : changeOf(market, { last: price ?? ticker.last, open: ticker.open });
  const tone = change === undefined || change.direction === "flat" ? "" : styles[change.direction];
  return (
    <section className={styles.ticker} aria-label="Market summary">
      <MarketPicker />
      <span className={`${styles.lastPrice} ${price === undefined ? "" : styles[direction]}`} data-testid="last-price">
        {price === undefined ? "—" : grouped(price)}
      </span>
      <dl className={styles.stats}>
        <Stat name="24h change" width={17}>
          <span className={tone}>{change === undefined ? "—" : `${grouped(change.difference)}  ${change.percent}`}</span>
        </Stat>
        <Stat name="24h high" width={10}>
          {ticker === undefined ? "—" : grouped(ticker.high)}
        </Stat>
        <Stat name="24h low" width={10}>
          {ticker === undefined ? "—" : grouped(ticker.low)}
        </Stat>
        <Stat name={`24h volume (${market.base})`} width={13}>
          {ticker === undefined ? "—" : compact(ticker.volume)}
        </Stat>
        <Stat name={`24h volume (${market.quote})`} width={14}>
          {ticker === undefined ? "—" : compact(ticker.quoteVolume)}
        </Stat>
      </dl>
    </section>
  );
}

function Stat({ name, width, children }: { readonly name: string; readonly width: number; readonly children: ReactNode }): ReactNode {
  return (
    <div className={styles.stat} style={{ minWidth: `${width}ch` }}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
