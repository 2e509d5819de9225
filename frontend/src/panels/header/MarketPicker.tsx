"use client";
// The name of the market on show, and behind it the list of all with their last 24 hours.
import Link from "next/link";
import { useState, type ReactNode } from "react";
import { compact, grouped } from "../../feed/decimalText.ts";
import { changeOf } from "../../stores/tickerStore.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { useDismiss } from "../useDismiss.ts";
import { CoinMark } from "./CoinMark.tsx";
import styles from "./header.module.css";

export function MarketPicker(): ReactNode {
  const { market } = useMarketStores();
  const [open, setOpen] = useState(false);
  const anchor = useDismiss<HTMLDivElement>(open, () => setOpen(false));
  return (
    <div className={styles.menuAnchor} ref={anchor}>
      <button type="button" className={styles.picker} aria-haspopup="dialog" aria-expanded={open} data-testid="market-picker" onClick={() => setOpen(!open)}>
        <CoinMark asset={market.base} />
        <h1 className={styles.symbol}>
          {market.base}
          <span>/{market.quote}</span>
        </h1>
        <svg width="10" height="6" viewBox="0 0 10 6" aria-hidden="true" className={open ? styles.turned : undefined}>
          <path d="M1 1l4 4 4-4" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
        </svg>
      </button>
      {open ? <MarketList onDone={() => setOpen(false)} /> : null}
    </div>
  );
}

function MarketList({ onDone }: { readonly onDone: () => void }): ReactNode {
  const { exchange } = useExchange();
  const shown = useMarketStores().market.symbol;
  const tickers = useStore(exchange.tickers);
  const [search, setSearch] = useState("");
  const wanted = search.trim().toUpperCase();
  const markets = [...exchange.markets.values()].filter(({ symbol, base, quote }) => symbol.includes(wanted) || `${base}/${quote}`.includes(wanted));
  return (
    <div className={styles.marketList} role="dialog" aria-label="Markets">
      <input
        className={styles.search}
        type="search"
        placeholder="Search markets"
        aria-label="Search markets"
        value={search}
        autoFocus
        onChange={(event) => setSearch(event.target.value)}
      />
      <div className={styles.marketColumns} aria-hidden="true">
        <span>Market</span>
        <span>Last price</span>
        <span>24h change</span>
        <span>24h volume</span>
      </div>
      <ul>
        {markets.map((market) => {
          const ticker = tickers.get(market.symbol);
          const change = ticker === undefined ? undefined : changeOf(market, ticker);
          return (
            <li key={market.symbol}>
              <Link
                href={`/trade/${market.symbol}`}
                className={styles.marketRow}
                aria-current={market.symbol === shown ? "page" : undefined}
                data-testid="market-row"
                data-symbol={market.symbol}
                onClick={onDone}
              >
                <span className={styles.marketName}>
                  <CoinMark asset={market.base} />
                  <b>{market.base}</b>
                  <i>/{market.quote}</i>
                </span>
                <span>{ticker === undefined ? "—" : grouped(ticker.last)}</span>
                <span className={change === undefined || change.direction === "flat" ? undefined : styles[change.direction]}>{change?.percent ?? "—"}</span>
                <span className={styles.muted}>{ticker === undefined ? "—" : compact(ticker.quoteVolume)}</span>
              </Link>
            </li>
          );
        })}
        {markets.length === 0 ? <li className={styles.noMarket}>No market of that name</li> : null}
      </ul>
    </div>
  );
}
