"use client";
// The account's own trades in the market on show, newest first, with what each cost.
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { tradeHistoryQuery } from "../../api/queries.ts";
import { cutTo, grouped, withoutTrailingZeros } from "../../feed/decimalText.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { LocalTime } from "../LocalTime.tsx";
import styles from "./activity.module.css";
import { useHistoryFollowsExecutions } from "./useHistory.ts";

export function TradeHistory(): ReactNode {
  const { transport } = useExchange();
  const { market } = useMarketStores();
  useHistoryFollowsExecutions();
  const { data } = useSuspenseQuery(tradeHistoryQuery(transport, market.symbol));
  const trades = [...data].sort((a, b) => b.id - a.id);
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>Time</th>
            <th>Market</th>
            <th>Side</th>
            <th className={styles.figure}>Price</th>
            <th className={styles.figure}>Quantity</th>
            <th className={styles.figure}>Total</th>
            <th className={styles.figure}>Fee</th>
            <th className={styles.action}>Role</th>
          </tr>
        </thead>
        <tbody data-testid="trade-history">
          {trades.map((trade) => (
            <tr key={`${trade.id} ${trade.orderId}`} data-trade-id={trade.id}>
              <td className={styles.dim}>
                <LocalTime timeMs={trade.time} day />
              </td>
              <td>
                {market.base}/{market.quote}
              </td>
              <td className={trade.isBuyer ? styles.buy : styles.sell}>{trade.isBuyer ? "Buy" : "Sell"}</td>
              <td className={styles.figure}>{grouped(cutTo(trade.price, market.priceDecimals))}</td>
              <td className={styles.figure}>{cutTo(trade.qty, market.quantityDecimals)}</td>
              <td className={styles.figure}>{grouped(withoutTrailingZeros(trade.quoteQty))}</td>
              <td className={styles.figure}>
                {withoutTrailingZeros(trade.commission)} <span className={styles.dim}>{trade.commissionAsset}</span>
              </td>
              <td className={styles.action}>{trade.isMaker ? "Maker" : "Taker"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {trades.length === 0 ? <p className={styles.none}>No trades in {market.symbol} yet</p> : null}
    </div>
  );
}
