"use client";
// The drawing: owns one lightweight-charts chart. History comes from REST, the candle being formed from the store; the
// two meet by open time. Prices become floats here, for pixels, and nowhere flow back.
import { useQuery } from "@tanstack/react-query";
import {
  CandlestickSeries,
  ColorType,
  createChart,
  CrosshairMode,
  HistogramSeries,
  LineStyle,
  type CandlestickData,
  type HistogramData,
  type IChartApi,
  type ISeriesApi,
  type UTCTimestamp,
} from "lightweight-charts";
import { useEffect, useRef, useState, type ReactNode, type RefObject } from "react";
import { CANDLES_PAGE, klinesQuery, olderKlines } from "../../api/queries.ts";
import { candleRowsOf } from "../../api/shapes.ts";
import { grouped, withoutTrailingZeros } from "../../feed/decimalText.ts";
import type { CandleInterval } from "../../feed/feedMessages.ts";
import type { CandleRow } from "../../stores/candleStore.ts";
import { useStore } from "../../stores/useStore.ts";
import { useExchange, useMarketStores } from "../exchangeContext.tsx";
import styles from "./chart.module.css";
import { ChartLegend } from "./ChartLegend.tsx";
import { chartTheme, localTick, localTime } from "./chartTheme.ts";

const COLORS = chartTheme();
/** Shown at first: as many as there are, within what looks like a chart. */
const FIRST_CANDLES_MIN = 50;
const FIRST_CANDLES_MAX = 140;
/** Scrolled this near to the oldest candle, older ones are asked for. */
const OLDER_WHEN_WITHIN = 20;
/** A chart scrolled for ever stops here. */
const CANDLES_MAX = 10_000;
/** More lines of own orders than this would hide the candles. */
const OWN_LINES_MAX = 12;

const timeOf = (row: CandleRow): UTCTimestamp => Math.floor(row.openTimeMs / 1000) as UTCTimestamp;
const candleOf = (row: CandleRow): CandlestickData<UTCTimestamp> => ({
  time: timeOf(row),
  open: Number(row.open),
  high: Number(row.high),
  low: Number(row.low),
  close: Number(row.close),
});
const volumeOf = (row: CandleRow): HistogramData<UTCTimestamp> => ({
  time: timeOf(row),
  value: Number(row.volume),
  color: Number(row.close) >= Number(row.open) ? COLORS.volumeUp : COLORS.volumeDown,
});

interface Drawing {
  readonly chart: IChartApi;
  readonly candles: ISeriesApi<"Candlestick", UTCTimestamp>;
  readonly volume: ISeriesApi<"Histogram", UTCTimestamp>;
}

export default function CandleChart({ interval }: { readonly interval: CandleInterval }): ReactNode {
  const { exchange, transport } = useExchange();
  const { market, candles: live } = useMarketStores();
  const { symbol } = market;
  const container = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | undefined>(undefined);
  // Every candle drawn, by open time: what the legend and older pages need.
  const rows = useRef(new Map<number, CandleRow>());
  const [hovered, setHovered] = useState<CandleRow | undefined>(undefined);
  const [latest, setLatest] = useState<CandleRow | undefined>(undefined);
  const [drawn, setDrawn] = useState<string | undefined>(undefined);
  const { data: history, isError, refetch } = useQuery(klinesQuery(transport, { symbol, interval }));

  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const chart = createChart(element, {
      autoSize: true,
      layout: {
        background: { type: ColorType.Solid, color: COLORS.surface },
        textColor: COLORS.text,
        fontFamily: getComputedStyle(document.body).fontFamily,
        fontSize: 11,
        attributionLogo: false,
      },
      grid: { vertLines: { color: COLORS.grid }, horzLines: { color: COLORS.grid } },
      crosshair: {
        mode: CrosshairMode.Normal,
        vertLine: { color: COLORS.crosshair, labelBackgroundColor: COLORS.label },
        horzLine: { color: COLORS.crosshair, labelBackgroundColor: COLORS.label },
      },
      rightPriceScale: { borderVisible: false, scaleMargins: { top: 0.12, bottom: 0.24 }, minimumWidth: 80 },
      timeScale: { borderColor: COLORS.grid, rightOffset: 6, timeVisible: true, secondsVisible: false, minBarSpacing: 1.5, tickMarkFormatter: localTick },
      localization: { timeFormatter: localTime, priceFormatter: (price: number) => grouped(price.toFixed(market.priceDecimals)) },
    });
    const candles = chart.addSeries(CandlestickSeries, {
      upColor: COLORS.up,
      downColor: COLORS.down,
      wickUpColor: COLORS.up,
      wickDownColor: COLORS.down,
      borderVisible: false,
      priceLineWidth: 1,
      priceFormat: { type: "price", precision: market.priceDecimals, minMove: 10 ** -market.priceDecimals },
    }) as Drawing["candles"];
    const volume = chart.addSeries(HistogramSeries, {
      priceFormat: { type: "volume" },
      priceScaleId: "volume",
      lastValueVisible: false,
      priceLineVisible: false,
    }) as Drawing["volume"];
    chart.priceScale("volume").applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    chart.subscribeCrosshairMove(({ time }) => {
      setHovered(typeof time === "number" ? rows.current.get(time * 1000) : undefined);
    });
    drawing.current = { chart, candles, volume };
    return () => {
      drawing.current = undefined;
      chart.remove();
    };
  }, [market.priceDecimals]);

  // History: the whole series anew, for another interval or after an interruption.
  useEffect(() => {
    const target = drawing.current;
    if (target === undefined || history === undefined) return;
    const name = `${symbol} ${interval}`;
    const kept = drawn === name ? rows.current : new Map<number, CandleRow>();
    for (const row of candleRowsOf(history)) kept.set(row.openTimeMs, row);
    // What the feed said while the answer was on its way is newer than the answer.
    for (const row of live.take()) kept.set(row.openTimeMs, row);
    const all = [...kept.values()].sort((a, b) => a.openTimeMs - b.openTimeMs);
    rows.current = new Map(all.map((row) => [row.openTimeMs, row]));
    target.candles.setData(all.map(candleOf));
    target.volume.setData(all.map(volumeOf));
    setLatest(all.at(-1));
    if (drawn !== name) {
      target.chart.timeScale().setVisibleLogicalRange({ from: all.length - Math.min(Math.max(all.length, FIRST_CANDLES_MIN), FIRST_CANDLES_MAX), to: all.length + 5 });
      target.chart.priceScale("right").applyOptions({ autoScale: true });
      setDrawn(name);
    }
    // `drawn` is what this effect decides.
  }, [history, symbol, interval, live]);

  // The live candle.
  const followed = useRef<UTCTimestamp | undefined>(undefined);
  const liveVersion = useStore(live).version();
  const shown = drawn === `${symbol} ${interval}`;
  useEffect(() => {
    const target = drawing.current;
    if (target === undefined || !shown) return;
    for (const row of live.take()) {
      const newest = target.candles.data().at(-1)?.time;
      if (newest !== undefined && timeOf(row) < newest) {
        // A candle the series has passed already: it closed while the page slept. Its place is in the history.
        if (rows.current.has(row.openTimeMs)) rows.current.set(row.openTimeMs, row);
        continue;
      }
      // A new candle, but the one before it was not followed to its end: fetch how it ended.
      if (newest !== undefined && timeOf(row) > newest && followed.current !== newest) void refetch();
      followed.current = timeOf(row);
      rows.current.set(row.openTimeMs, row);
      target.candles.update(candleOf(row));
      target.volume.update(volumeOf(row));
      setLatest(row);
    }
  }, [liveVersion, live, shown, refetch]);

  useOwnOrderLines(drawing, shown);

  // After an interruption candles are missing: fetch again.
  const { opens } = useStore(exchange.connection);
  const opensSeen = useRef(opens);
  useEffect(() => {
    if (opens === opensSeen.current) return;
    const first = opensSeen.current === 0;
    opensSeen.current = opens;
    if (!first) void refetch();
  }, [opens, refetch]);

  // Older candles, when scrolled near the oldest.
  const asking = useRef(false);
  useEffect(() => {
    const target = drawing.current;
    if (target === undefined || !shown) return;
    let ended = false;
    const onRange = (range: { from: number } | null): void => {
      if (range === null || range.from > OLDER_WHEN_WITHIN || asking.current || ended || rows.current.size >= CANDLES_MAX) return;
      // Fewer than one answer holds: the first answer had them all.
      if (rows.current.size < CANDLES_PAGE) return;
      const oldest = rows.current.keys().next().value;
      if (oldest === undefined) return;
      asking.current = true;
      olderKlines(transport, { symbol, interval, endTime: oldest - 1 })
        .then((answer) => {
          const older = candleRowsOf(answer).filter((row) => row.openTimeMs < oldest);
          if (older.length < CANDLES_PAGE) ended = true;
          if (older.length === 0 || drawing.current !== target) return;
          const all = [...older, ...rows.current.values()].sort((a, b) => a.openTimeMs - b.openTimeMs);
          rows.current = new Map(all.map((row) => [row.openTimeMs, row]));
          target.candles.setData(all.map(candleOf));
          target.volume.setData(all.map(volumeOf));
        })
        .catch(() => {
          ended = true;
        })
        .finally(() => {
          asking.current = false;
        });
    };
    target.chart.timeScale().subscribeVisibleLogicalRangeChange(onRange);
    return () => {
      ended = true;
      target.chart.timeScale().unsubscribeVisibleLogicalRangeChange(onRange);
    };
  }, [shown, symbol, interval, transport]);

  return (
    <div className={styles.chart}>
      <ChartLegend market={market} interval={interval} row={hovered ?? latest} />
      <div ref={container} className={styles.canvas} data-testid="chart" />
      {isError && history === undefined ? (
        <p className={styles.problem} role="status">
          No candles yet: the exchange does not answer.
        </p>
      ) : null}
    </div>
  );
}

/** The person's own open orders of this market, as lines at their prices. */
function useOwnOrderLines(drawing: RefObject<Drawing | undefined>, shown: boolean): void {
  const { exchange } = useExchange();
  const { market } = useMarketStores();
  const account = useStore(exchange.account);
  const own = account.openOrders.filter((order) => order.symbol === market.symbol).slice(0, OWN_LINES_MAX);
  // What the lines show, as text: they are drawn anew only when it differs.
  const wanted = own.map(({ side, price, quantity, executed }) => `${side} ${price} ${quantity} ${executed}`).join("|");
  useEffect(() => {
    const series = drawing.current?.candles;
    if (series === undefined || !shown || wanted === "") return;
    const lines = wanted.split("|").map((text) => {
      const [side = "", price = "", quantity = ""] = text.split(" ");
      return series.createPriceLine({
        price: Number(price),
        color: side === "BUY" ? COLORS.ownBuy : COLORS.ownSell,
        lineWidth: 1,
        lineStyle: LineStyle.Dotted,
        axisLabelVisible: true,
        axisLabelColor: COLORS.label,
        axisLabelTextColor: side === "BUY" ? COLORS.up : COLORS.down,
        title: `${side === "BUY" ? "Buy" : "Sell"} ${withoutTrailingZeros(quantity)}`,
      });
    });
    return () => {
      // The chart may be gone by now, and its lines with it.
      if (drawing.current?.candles === series) for (const line of lines) series.removePriceLine(line);
    };
  }, [drawing, shown, wanted]);
}
