"use client";
// All orders of the account in the market on show, newest first.
import { useSuspenseQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { orderHistoryQuery } from "../../api/queries.ts";
import type { OrderRow } from "../../api/shapes.ts";
import { cutTo, formatUnits, grouped, unitsOf } from "../../feed/decimalText.ts";
import type { Market } from "../../feed/market.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { LocalTime } from "../LocalTime.tsx";
import styles from "./activity.module.css";
import { sideWord, statusWord, typeWord } from "./orderWords.ts";
import { useHistoryFollowsExecutions } from "./useHistory.ts";

export function OrderHistory(): ReactNode {
  const { transport } = useExchange();
  const { market } = useMarketStores();
  useHistoryFollowsExecutions();
  const { data } = useSuspenseQuery(orderHistoryQuery(transport, market.symbol));
  const orders = [...data].sort((a, b) => b.orderId - a.orderId);
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th>Time</th>
            <th>Market</th>
            <th>Type</th>
            <th>Side</th>
            <th className={styles.figure}>Price</th>
            <th className={styles.figure}>Average</th>
            <th className={styles.figure}>Quantity</th>
            <th className={styles.figure}>Filled</th>
            <th className={styles.action}>Status</th>
          </tr>
        </thead>
        <tbody data-testid="order-history">
          {orders.map((order) => (
            <tr key={order.orderId} data-order-id={order.orderId} data-status={order.status}>
              <td className={styles.dim}>
                <LocalTime timeMs={order.time} day />
              </td>
              <td>
                {market.base}/{market.quote}
              </td>
              <td className={styles.dim}>{typeWord(order.type, order.timeInForce)}</td>
              <td className={order.side === "BUY" ? styles.buy : styles.sell}>{sideWord(order.side)}</td>
              <td className={styles.figure}>{Number(order.price) === 0 ? "Market" : grouped(cutTo(order.price, market.priceDecimals))}</td>
              <td className={styles.figure}>{averagePrice(market, order)}</td>
              <td className={styles.figure}>{Number(order.origQty) === 0 ? "—" : cutTo(order.origQty, market.quantityDecimals)}</td>
              <td className={styles.figure}>{cutTo(order.executedQty, market.quantityDecimals)}</td>
              <td className={styles.action}>{statusWord(order.status)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {orders.length === 0 ? <p className={styles.none}>No orders in {market.symbol} yet</p> : null}
    </div>
  );
}

/** Quote spent per base received, cut to the market's places; for the eye. */
function averagePrice(market: Market, { executedQty, cummulativeQuoteQty }: OrderRow): string {
  const base = unitsOf(executedQty, market.baseScale) ?? 0n;
  const quote = unitsOf(cummulativeQuoteQty, market.quoteScale) ?? 0n;
  if (base === 0n) return "—";
  return grouped(cutTo(formatUnits((quote * 10n ** BigInt(market.baseScale)) / base, market.quoteScale), market.priceDecimals));
}
