"use client";
// Candles and volume of the market on show. Drawing comes in its own bundle, loaded in the browser only.
import { lazy, Suspense, useSyncExternalStore, type ReactNode } from "react";
import type { CandleInterval } from "../../feed/feedMessages.ts";
import { Panel } from "../Panel.tsx";
import styles from "./chart.module.css";

const CandleChart = lazy(() => import("./CandleChart.tsx"));
const INTERVALS: readonly CandleInterval[] = ["1m", "5m", "15m", "1h", "4h", "1d"];
const never = (): (() => void) => () => undefined;

interface Props {
  readonly className?: string | undefined;
  readonly interval: CandleInterval;
  readonly onInterval: (interval: CandleInterval) => void;
}

export function ChartPanel({ className, interval, onInterval }: Props): ReactNode {
  const inBrowser = useSyncExternalStore(never, () => true, () => false);
  const header = (
    <div className={styles.intervals} role="radiogroup" aria-label="Candle interval">
      {INTERVALS.map((each) => (
        <button
          key={each}
          type="button"
          role="radio"
          aria-checked={each === interval}
          className={styles.interval}
          data-testid={`interval-${each}`}
          onClick={() => onInterval(each)}
        >
          {each === "1d" ? "1D" : each}
        </button>
      ))}
    </div>
  );
  return (
    <Panel name="Chart" className={className} header={header}>
      {inBrowser ? (
        <Suspense fallback={<ChartSkeleton />}>
          <CandleChart interval={interval} />
        </Suspense>
      ) : (
        <ChartSkeleton />
      )}
    </Panel>
  );
}

function ChartSkeleton(): ReactNode {
  return <div className={styles.waiting} aria-label="The chart is loading" />;
}
