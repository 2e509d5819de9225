"use client";
// The order book: asks above, bids below, the last price between. A click on a level puts its price into the order form.
import { memo, useMemo, type ReactNode } from "react";
import { grouped } from "../../feed/decimalText.ts";
import { priceText } from "../../feed/market.ts";
import type { BookRow } from "../../stores/bookStore.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { Panel, Skeleton } from "../Panel.tsx";
import { useLastPrice } from "../useLastPrice.ts";
import { useRowsThatFit } from "../useRowsThatFit.ts";
import styles from "./book.module.css";

const ROW_PX = 20;
const ROWS_GUESS = 14;
const ROWS_LEAST = 4;
const GROUPS = [1, 10, 100, 1_000, 10_000];

interface Props {
  readonly className?: string | undefined;
  readonly groupTicks: number;
  readonly onGroupTicks: (groupTicks: number) => void;
}

export function BookPanel({ className, groupTicks, onGroupTicks }: Props): ReactNode {
  const { market } = useMarketStores();
  const header = (
    <>
      <h2 className={styles.title}>Order book</h2>
      <select
        className={styles.group}
        aria-label="Price step"
        value={groupTicks}
        onChange={(event) => onGroupTicks(Number(event.target.value))}
      >
        {GROUPS.map((ticks) => (
          <option key={ticks} value={ticks}>
            {priceText(market, ticks).replace(/\.0+$/, "")}
          </option>
        ))}
      </select>
    </>
  );
  return (
    <Panel name="Order book" className={className} header={header}>
      <Ladder />
    </Panel>
  );
}

function Ladder(): ReactNode {
  const { exchange } = useExchange();
  const { market, book } = useMarketStores();
  useStore(book);
  const account = useStore(exchange.account);
  const [askList, rowsMax] = useRowsThatFit<HTMLDivElement>({ rowPx: ROW_PX, guess: ROWS_GUESS, least: ROWS_LEAST });
  const bids = book.bids(rowsMax);
  const asks = book.asks(rowsMax);
  const deepestLots = Math.max(bids.at(-1)?.totalLots ?? 0, asks.at(-1)?.totalLots ?? 0, 1);
  const own = useMemo(
    () => new Set(account.openOrders.filter((order) => order.symbol === market.symbol).map((order) => order.price)),
    // The store is one object; its version says when the orders are others.
    [account.version(), market],
  );
  const pick = (price: string): void => exchange.draft.pick({ price });
  const rows = (side: "bid" | "ask", levels: readonly BookRow[]): ReactNode =>
    // Keyed by place, not by price: levels come and go, the rows of the ladder stay where they are.
    levels.map((row, place) => (
      <Row key={place} side={side} {...row} share={row.totalLots / deepestLots} own={own.has(row.price)} onPick={pick} />
    ));
  return (
    <div className={styles.ladder}>
      <div className={styles.columns} aria-hidden="true">
        <span>Price ({market.quote})</span>
        <span>Size ({market.base})</span>
        <span>Total</span>
      </div>
      <div className={styles.asks} data-testid="book-asks" ref={askList} aria-label="Asks">
        {book.filled ? rows("ask", asks) : <Skeleton rows={ROWS_GUESS} />}
      </div>
      <Middle />
      <div className={styles.bids} data-testid="book-bids" aria-label="Bids">
        {book.filled ? rows("bid", bids) : <Skeleton rows={ROWS_GUESS} />}
      </div>
    </div>
  );
}

function Middle(): ReactNode {
  const { book } = useMarketStores();
  const { price, direction } = useLastPrice();
  const spread = book.spread();
  return (
    <div className={styles.middle}>
      <span className={`${styles.last} ${styles[direction]}`}>
        {price === undefined ? "—" : grouped(price)}
        <span className={styles.arrow} aria-hidden="true">
          {price === undefined ? "" : direction === "up" ? "↑" : "↓"}
        </span>
      </span>
      <span className={styles.spread}>{spread === undefined ? "" : `Spread ${grouped(spread.text)} · ${spread.percent}`}</span>
    </div>
  );
}

interface RowProps extends BookRow {
  readonly side: "bid" | "ask";
  readonly share: number;
  readonly own: boolean;
  readonly onPick: (price: string) => void;
}

const sameRow = (a: RowProps, b: RowProps): boolean =>
  a.price === b.price && a.quantity === b.quantity && a.total === b.total && a.share === b.share && a.own === b.own && a.side === b.side;

const Row = memo(function Row({ side, price, quantity, total, share, own, onPick }: RowProps): ReactNode {
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`${styles.row} ${styles[side]}`}
      data-price={price}
      data-quantity={quantity}
      data-own={own || undefined}
      onClick={() => onPick(price)}
    >
      <span className={styles.bar} style={{ transform: `scaleX(${share.toFixed(4)})` }} />
      <span className={styles.price}>{grouped(price)}</span>
      <span>{quantity}</span>
      <span className={styles.total}>{total}</span>
    </button>
  );
}, sameRow);
