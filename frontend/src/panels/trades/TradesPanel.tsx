"use client";
// The latest trades of the market, newest first, coloured by who crossed the spread.
import { useQuery } from "@tanstack/react-query";
import { memo, useEffect, type ReactNode } from "react";
import { tradesQuery } from "../../api/queries.ts";
import { tradeRowsOf } from "../../api/shapes.ts";
import { grouped } from "../../feed/decimalText.ts";
import type { TradeRow } from "../../stores/tradesStore.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import { LocalTime } from "../LocalTime.tsx";
import { Panel, Skeleton } from "../Panel.tsx";
import { useRowsThatFit } from "../useRowsThatFit.ts";
import styles from "./trades.module.css";

const ROW_PX = 20;

export function TradesPanel({ className }: { readonly className?: string | undefined }): ReactNode {
  return (
    <Panel name="Trades" className={className}>
      <TradeList />
    </Panel>
  );
}

function TradeList(): ReactNode {
  const { transport } = useExchange();
  const { market, trades } = useMarketStores();
  const { rows, filled, holes } = useStore(trades);
  const { data, refetch } = useQuery(tradesQuery(transport, market.symbol));
  useEffect(() => {
    if (holes > 0) void refetch();
  }, [holes, refetch]);
  useEffect(() => {
    if (data !== undefined) trades.seed(tradeRowsOf(market, data));
  }, [data, market, trades]);
  const [list, rowsMax] = useRowsThatFit<HTMLDivElement>({ rowPx: ROW_PX, guess: 14, least: 4 });
  return (
    <>
      <div className={styles.columns} aria-hidden="true">
        <span>Price ({market.quote})</span>
        <span>Size ({market.base})</span>
        <span>Time</span>
      </div>
      <div className={styles.list} data-testid="trades" ref={list}>
        {filled ? rows.slice(0, rowsMax).map((row, place) => <Row key={place} {...row} />) : <Skeleton rows={10} />}
        {filled && rows.length === 0 ? <p className={styles.none}>No trades yet</p> : null}
      </div>
    </>
  );
}

const Row = memo(function Row({ id, price, quantity, takerSide, timeMs }: TradeRow): ReactNode {
  return (
    <div className={styles.row} data-trade-id={id}>
      <span className={takerSide === "BUY" ? styles.buy : styles.sell}>{grouped(price)}</span>
      <span>{quantity}</span>
      <span className={styles.time}>
        <LocalTime timeMs={timeMs} />
      </span>
    </div>
  );
});
