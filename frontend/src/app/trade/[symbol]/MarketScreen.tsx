"use client";
// The screen of one market: makes its stores from what the server sent, tells the feed to watch it, lays out the panels.
import { useQueryClient } from "@tanstack/react-query";
import { useContext, useEffect, useState, type ReactNode } from "react";
import { depthQuery, tradesQuery } from "../../../api/queries.ts";
import { tradeRowsOf } from "../../../api/shapes.ts";
import type { CandleInterval } from "../../../feed/feedMessages.ts";
import type { Market } from "../../../feed/market.ts";
import { ActivityPanel } from "../../../panels/activity/ActivityPanel.tsx";
import { AssetsPanel } from "../../../panels/activity/AssetsPanel.tsx";
import { BookPanel } from "../../../panels/book/BookPanel.tsx";
import { ChartPanel } from "../../../panels/chart/ChartPanel.tsx";
import { ApiKeysDialog } from "../../../panels/dialogs/ApiKeysDialog.tsx";
import { AuthDialog } from "../../../panels/dialogs/AuthDialog.tsx";
import { OnRampDialog } from "../../../panels/dialogs/OnRampDialog.tsx";
import { MarketContext, useExchange } from "../../../panels/exchangeContext.tsx";
import { ConnectionBanner } from "../../../panels/header/ConnectionBanner.tsx";
import { TickerBar } from "../../../panels/header/TickerBar.tsx";
import { TopBar } from "../../../panels/header/TopBar.tsx";
import { Notices } from "../../../panels/Notices.tsx";
import { OrderForm } from "../../../panels/orderForm/OrderForm.tsx";
import { TradesPanel } from "../../../panels/trades/TradesPanel.tsx";
import { createMarketStores } from "../../../stores/marketStores.ts";
import { DialogContext } from "../dialogContext.ts";
import { FIRST_INTERVAL } from "./firstInterval.ts";
import { PriceTitle } from "./PriceTitle.tsx";
import styles from "./marketScreen.module.css";

/** A book fetched longer ago than this (another visit) is not shown as if it were now's. */
const SEED_AGE_MS_MAX = 5_000;

export function MarketScreen({ symbol }: { readonly symbol: string }): ReactNode {
  const { exchange } = useExchange();
  const market = exchange.markets.get(symbol);
  if (market === undefined) throw new Error(`${symbol} is not a market of this venue`);
  return <Screen market={market} />;
}

function Screen({ market }: { readonly market: Market }): ReactNode {
  const { exchange, transport } = useExchange();
  const queryClient = useQueryClient();
  const [stores] = useState(() => {
    const depth = queryClient.getQueryState(depthQuery(transport, market.symbol).queryKey);
    const trades = queryClient.getQueryData(tradesQuery(transport, market.symbol).queryKey);
    const fresh = depth?.data !== undefined && Date.now() - depth.dataUpdatedAt < SEED_AGE_MS_MAX;
    return createMarketStores(market, {
      depth: fresh ? depth.data : undefined,
      trades: trades === undefined ? undefined : tradeRowsOf(market, trades),
    });
  });
  const [interval, setInterval] = useState<CandleInterval>(FIRST_INTERVAL);
  const [groupTicks, setGroupTicks] = useState(1);
  const [section, setSection] = useState<"chart" | "book" | "trades">("chart");
  useEffect(() => exchange.view({ stores, interval, groupTicks }), [exchange, stores, interval, groupTicks]);

  return (
    <MarketContext value={stores}>
      <PriceTitle />
      <div className={styles.page}>
        <TopBar />
        <ConnectionBanner />
        <main className={styles.grid} data-section={section}>
          <div className={styles.summary}>
            <TickerBar />
          </div>
          <div className={styles.sections} role="tablist" aria-label="Market data">
            {(["chart", "book", "trades"] as const).map((name) => (
              <button key={name} type="button" role="tab" aria-selected={section === name} onClick={() => setSection(name)}>
                {name === "chart" ? "Chart" : name === "book" ? "Order book" : "Trades"}
              </button>
            ))}
          </div>
          <ChartPanel className={styles.chart} interval={interval} onInterval={setInterval} />
          <BookPanel className={styles.book} groupTicks={groupTicks} onGroupTicks={setGroupTicks} />
          <TradesPanel className={styles.trades} />
          <div className={styles.side} id="place-order">
            <OrderForm className={styles.order} />
            <AssetsPanel className={styles.assets} />
          </div>
          <ActivityPanel className={styles.activity} />
        </main>
        <TradeBar />
        <footer className={styles.footer}>
          <span>Tickwire · all balances are demo funds</span>
          <a href="https://www.tradingview.com/" rel="noreferrer" target="_blank">
            Charts: TradingView Lightweight Charts™
          </a>
        </footer>
      </div>
      <OpenDialog />
      <Notices />
    </MarketContext>
  );
}

/** On a phone: buying and selling stay in reach of the thumb. */
function TradeBar(): ReactNode {
  const { exchange } = useExchange();
  const go = (side: "BUY" | "SELL"): void => {
    exchange.draft.pick({ side });
    document.getElementById("place-order")?.scrollIntoView({ behavior: "smooth", block: "start" });
  };
  return (
    <div className={styles.tradeBar}>
      <button type="button" data-side="BUY" onClick={() => go("BUY")}>
        Buy
      </button>
      <button type="button" data-side="SELL" onClick={() => go("SELL")}>
        Sell
      </button>
    </div>
  );
}

function OpenDialog(): ReactNode {
  const { dialog, closeDialog } = useContext(DialogContext);
  switch (dialog) {
    case undefined:
      return null;
    case "sign-up":
    case "log-in":
      return <AuthDialog key={dialog} mode={dialog} onClose={closeDialog} />;
    case "on-ramp":
      return <OnRampDialog onClose={closeDialog} />;
    case "api-keys":
      return <ApiKeysDialog onClose={closeDialog} />;
  }
}
