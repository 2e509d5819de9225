"use client";
// What the person owns: free, and held by open orders.
import { type ReactNode } from "react";
import { cutTo, formatUnits, grouped, unitsOf, withoutTrailingZeros } from "../../feed/decimalText.ts";
import { notionalUnits } from "../../feed/market.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores, useSession } from "../exchangeContext.tsx";
import { CoinMark } from "../header/CoinMark.tsx";
import { Panel, Skeleton } from "../Panel.tsx";
import styles from "./activity.module.css";

export function AssetsPanel({ className }: { readonly className?: string | undefined }): ReactNode {
  const { openDialog } = useExchange();
  const session = useSession();
  const header = (
    <>
      <h2 className={styles.title}>
        Assets <Worth />
      </h2>
      {session === null || session === undefined ? null : (
        <button type="button" className={styles.link} onClick={() => openDialog("on-ramp")}>
          Add funds
        </button>
      )}
    </>
  );
  return (
    <Panel name="Assets" className={className} header={header}>
      <Balances />
    </Panel>
  );
}

/** What everything would fetch at last prices, in the quote asset of the market on show. */
function Worth(): ReactNode {
  const { exchange } = useExchange();
  const { market: shownMarket } = useMarketStores();
  const account = useStore(exchange.account);
  const tickers = useStore(exchange.tickers);
  if (!account.balancesKnown) return null;
  const { quote, quoteScale } = shownMarket;
  let worth = 0n;
  for (const { asset, free, locked } of account.balances) {
    const market = [...exchange.markets.values()].find((each) => each.base === asset && each.quote === quote);
    const scale = market?.baseScale ?? quoteScale;
    const units = (unitsOf(free, scale) ?? 0n) + (unitsOf(locked, scale) ?? 0n);
    if (asset === quote) worth += units;
    else if (market !== undefined) worth += notionalUnits(market, unitsOf(tickers.get(market.symbol)?.last ?? "0", quoteScale) ?? 0n, units);
  }
  return (
    <span className={styles.worth}>
      ≈ {grouped(cutTo(formatUnits(worth, quoteScale), 2))} {quote}
    </span>
  );
}

function Balances(): ReactNode {
  const { exchange } = useExchange();
  const account = useStore(exchange.account);
  const session = useSession();
  if (session === null) return <p className={styles.none}>Log in to see your balances.</p>;
  if (!account.balancesKnown) return <Skeleton rows={4} />;
  const { balances } = account;
  return (
    <div className={styles.scroll}>
      <table className={`${styles.table} ${styles.assets}`}>
        <thead>
          <tr>
            <th>Asset</th>
            <th className={styles.figure}>Available</th>
            <th className={styles.figure}>In orders</th>
          </tr>
        </thead>
        <tbody data-testid="balances">
          {balances.map(({ asset, free, locked }) => (
            <tr key={asset} data-asset={asset} data-free={free} data-locked={locked} title={`${free} ${asset} available, ${locked} in orders`}>
              <td>
                <span className={styles.asset}>
                  <CoinMark asset={asset} />
                  {asset}
                </span>
              </td>
              <td className={styles.figure}>{grouped(shown(free))}</td>
              <td className={`${styles.figure} ${styles.dim}`}>{grouped(shown(locked))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {balances.length === 0 ? <p className={styles.none}>No funds yet</p> : null}
    </div>
  );
}

/** As many figures as the column has room for, cut, never rounded up; the row's title has them all. */
function shown(text: string): string {
  const whole = text.split(".")[0] ?? "0";
  const plain = withoutTrailingZeros(cutTo(text, whole === "0" ? 8 : Math.max(2, 8 - whole.length)));
  return (plain.split(".")[1]?.length ?? 0) >= 2 ? plain : cutTo(plain, 2);
}
