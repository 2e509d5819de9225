"use client";
// What the person has open and has done: open orders live from the feed, histories from REST when they are looked at.
import { useMutation } from "@tanstack/react-query";
import { Suspense, useState, type ReactNode } from "react";
import { cancelAllOrders } from "../../api/commands.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores, useSession } from "../exchangeContext.tsx";
import { Panel, Skeleton } from "../Panel.tsx";
import { PanelBoundary } from "../PanelBoundary.tsx";
import styles from "./activity.module.css";
import { OpenOrders } from "./OpenOrders.tsx";
import { OrderHistory } from "./OrderHistory.tsx";
import { TradeHistory } from "./TradeHistory.tsx";

type Tab = "open" | "orders" | "trades";

export function ActivityPanel({ className }: { readonly className?: string | undefined }): ReactNode {
  const { exchange, openDialog } = useExchange();
  const { market } = useMarketStores();
  const account = useStore(exchange.account);
  const session = useSession();
  const [tab, setTab] = useState<Tab>("open");
  const [thisMarketOnly, setThisMarketOnly] = useState(false);
  const loggedIn = session !== null && session !== undefined;
  const tabs: readonly (readonly [Tab, string])[] = [
    ["open", `Open orders${account.openOrderCount > 0 ? ` (${account.openOrderCount})` : ""}`],
    ["orders", "Order history"],
    ["trades", "Trade history"],
  ];
  const header = (
    <div className={styles.header}>
      <div className={styles.tabs} role="tablist" aria-label="Your activity">
        {tabs.map(([name, label]) => (
          <button key={name} type="button" role="tab" aria-selected={tab === name} data-testid={`activity-${name}`} onClick={() => setTab(name)}>
            {label}
          </button>
        ))}
      </div>
      {tab === "open" && loggedIn ? (
        <div className={styles.tools}>
          <label className={styles.filter}>
            <input type="checkbox" checked={thisMarketOnly} onChange={(event) => setThisMarketOnly(event.target.checked)} />
            {market.base}/{market.quote} only
          </label>
          <CancelAll thisMarketOnly={thisMarketOnly} />
        </div>
      ) : null}
    </div>
  );
  return (
    <Panel name="Your activity" className={className} header={header}>
      {session === null ? (
        <p className={styles.none}>
          <button type="button" className={styles.link} onClick={() => openDialog("log-in")}>
            Log in
          </button>{" "}
          or{" "}
          <button type="button" className={styles.link} onClick={() => openDialog("sign-up")}>
            sign up
          </button>{" "}
          to see your orders and trades.
        </p>
      ) : (
        <PanelBoundary key={tab} name="Your activity">
          <Suspense fallback={<Skeleton rows={4} />}>
            {tab === "open" ? <OpenOrders thisMarketOnly={thisMarketOnly} /> : null}
            {tab === "orders" && loggedIn ? <OrderHistory /> : null}
            {tab === "trades" && loggedIn ? <TradeHistory /> : null}
          </Suspense>
        </PanelBoundary>
      )}
    </Panel>
  );
}

function CancelAll({ thisMarketOnly }: { readonly thisMarketOnly: boolean }): ReactNode {
  const { exchange, transport } = useExchange();
  const { market } = useMarketStores();
  const { openOrders } = useStore(exchange.account);
  const symbols = [...new Set(openOrders.map((order) => order.symbol))].filter((symbol) => !thisMarketOnly || symbol === market.symbol);
  const cancel = useMutation({
    mutationFn: () => Promise.all(symbols.map((symbol) => cancelAllOrders(transport, symbol))),
    onError: (error) => exchange.notices.add({ tone: "bad", title: "Orders not cancelled", detail: error.message }),
  });
  return (
    <button type="button" className={styles.cancelAll} data-testid="cancel-all" disabled={symbols.length === 0 || cancel.isPending} onClick={() => cancel.mutate()}>
      Cancel all
    </button>
  );
}
