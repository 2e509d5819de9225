"use client";
// Orders that rest in a book, newest first, each with its way out.
import { useMutation } from "@tanstack/react-query";
import { memo, type ReactNode } from "react";
import { cancelOrder } from "../../api/commands.ts";
import { grouped } from "../../feed/decimalText.ts";
import type { OpenOrder } from "../../stores/accountStore.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { LocalTime } from "../LocalTime.tsx";
import { Skeleton } from "../Panel.tsx";
import styles from "./activity.module.css";
import { sideWord, typeWord } from "./orderWords.ts";

export function OpenOrders({ thisMarketOnly }: { readonly thisMarketOnly: boolean }): ReactNode {
  const { exchange } = useExchange();
  const { market } = useMarketStores();
  const account = useStore(exchange.account);
  if (!account.ordersKnown) return <Skeleton rows={4} />;
  const orders = account.openOrders.filter((order) => !thisMarketOnly || order.symbol === market.symbol);
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th className={styles.wide}>Time</th>
            <th>Market</th>
            <th>Type</th>
            <th>Side</th>
            <th className={styles.figure}>Price</th>
            <th className={styles.figure}>Quantity</th>
            <th className={styles.figure}>Filled</th>
            <th className={styles.action}>
              <span className={styles.hidden}>Cancel</span>
            </th>
          </tr>
        </thead>
        <tbody data-testid="open-orders">
          {orders.map((order) => (
            <Row key={order.orderId} {...order} pair={pairOf(exchange.markets.get(order.symbol), order.symbol)} />
          ))}
        </tbody>
      </table>
      {orders.length === 0 ? <p className={styles.none}>No open orders</p> : null}
    </div>
  );
}

const pairOf = (market: { readonly base: string; readonly quote: string } | undefined, symbol: string): string =>
  market === undefined ? symbol : `${market.base}/${market.quote}`;

const Row = memo(function Row({ orderId, symbol, side, type, timeInForce, price, quantity, executed, timeMs, pair }: OpenOrder & { readonly pair: string }): ReactNode {
  const { exchange, transport } = useExchange();
  const cancel = useMutation({
    mutationFn: () => cancelOrder(transport, { symbol, orderId }),
    onError: (error) => exchange.notices.add({ tone: "bad", title: "Order not cancelled", detail: error.message }),
  });
  const percent = Number(quantity) === 0 ? 0 : Math.floor((100 * Number(executed)) / Number(quantity));
  return (
    <tr data-order-id={orderId} data-symbol={symbol} data-side={side} data-price={price} data-quantity={quantity}>
      <td className={`${styles.dim} ${styles.wide}`}>
        <LocalTime timeMs={timeMs} day />
      </td>
      <td>{pair}</td>
      <td className={styles.dim}>{typeWord(type, timeInForce)}</td>
      <td className={side === "BUY" ? styles.buy : styles.sell}>{sideWord(side)}</td>
      <td className={styles.figure}>{grouped(price)}</td>
      <td className={styles.figure}>{quantity}</td>
      <td className={styles.figure}>
        {executed} <span className={styles.dim}>{percent}%</span>
      </td>
      <td className={styles.action}>
        <button
          type="button"
          className={styles.cancel}
          data-testid="cancel-order"
          aria-label={`Cancel ${sideWord(side).toLowerCase()} order ${orderId}`}
          // Once it is cancelled the feed takes the row away.
          disabled={cancel.isPending || cancel.isSuccess}
          onClick={() => cancel.mutate()}
        >
          Cancel
        </button>
      </td>
    </tr>
  );
});
