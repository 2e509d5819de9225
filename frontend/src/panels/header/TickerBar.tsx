"use client";
// The market on show in one line: which, its last price, and what the last 24 hours were.
import type { ReactNode } from "react";
import { compact, grouped } from "../../feed/decimalText.ts";
import type { MarketStatus } from "../../feed/feedMessages.ts";
import { changeOf } from "../../stores/tickerStore.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { useLastPrice } from "../useLastPrice.ts";
import styles from "./header.module.css";
import { MarketPicker } from "./MarketPicker.tsx";

/** What is said of a market that does not trade as usual. */
const STATUS_WORDS: Readonly<Record<MarketStatus, string | undefined>> = {
  TRADING: undefined,
  HALT: "Halted",
  CANCEL_ONLY: "Cancel only",
  POST_ONLY: "Post only",
  AUCTION: "Opening auction",
};

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
      <StatusBadge />
      <dl className={styles.stats}>
        <AuctionStats />
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

function StatusBadge(): ReactNode {
  const { status } = useStore(useMarketStores().status);
  const word = STATUS_WORDS[status];
  return (
    <span className={styles.status} data-testid="market-status" data-status={status} role="status" hidden={word === undefined}>
      {word}
    </span>
  );
}

/** While orders are collected: what they would come to if the market opened now. */
function AuctionStats(): ReactNode {
  const { market, status } = useMarketStores();
  const { auction } = useStore(status);
  if (auction === undefined) return null;
  const { price, quantity, unmatched } = auction;
  return (
    <>
      <Stat name={`Indicative price (${market.quote})`} width={17}>
        <strong data-testid="auction-price">{price === undefined ? "—" : grouped(price)}</strong>
      </Stat>
      <Stat name={`Indicative volume (${market.base})`} width={17}>
        <strong data-testid="auction-volume">{quantity === undefined ? "—" : grouped(quantity)}</strong>
      </Stat>
      <Stat name={`Unmatched (${market.base})`} width={15}>
        <span data-testid="auction-unmatched" className={unmatched === undefined ? "" : styles[unmatched.side === "BUY" ? "up" : "down"]}>
          {unmatched === undefined ? "—" : `${grouped(unmatched.quantity)} ${unmatched.side === "BUY" ? "to buy" : "to sell"}`}
        </span>
      </Stat>
    </>
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
