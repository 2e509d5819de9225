"use client";
// Open, high, low, close, change and volume of the candle under the crosshair, or of the newest.
import type { ReactNode } from "react";
import { compact, cutTo, grouped } from "../../feed/decimalText.ts";
import type { CandleInterval } from "../../feed/feedMessages.ts";
import type { Market } from "../../feed/market.ts";
import type { CandleRow } from "../../stores/candleStore.ts";
import { changeOf } from "../../stores/tickerStore.ts";
import styles from "./chart.module.css";

interface Props {
  readonly market: Market;
  readonly interval: CandleInterval;
  readonly row: CandleRow | undefined;
}

export function ChartLegend({ market, interval, row }: Props): ReactNode {
  const name = `${market.base}/${market.quote} · ${interval === "1d" ? "1D" : interval}`;
  if (row === undefined) return <p className={styles.legend}>{name}</p>;
  const price = (text: string): string => grouped(cutTo(text, market.priceDecimals));
  const change = changeOf(market, { last: row.close, open: row.open });
  const tone = change.direction === "down" ? styles.down : styles.up;
  return (
    <p className={styles.legend}>
      <b>{name}</b>
      <span>
        O <i className={tone}>{price(row.open)}</i>
      </span>
      <span>
        H <i className={tone}>{price(row.high)}</i>
      </span>
      <span>
        L <i className={tone}>{price(row.low)}</i>
      </span>
      <span>
        C <i className={tone}>{price(row.close)}</i>
      </span>
      <span>
        <i className={tone}>{change.percent}</i>
      </span>
      <span>
        Vol <i>{compact(row.volume)}</i>
      </span>
    </p>
  );
}
