import { fromBinary } from "@bufbuild/protobuf";
import { beforeEach, describe, expect, it } from "vitest";
import type { Candle } from "../../gen/tickwire/v1/market_data_pb.ts";
import { ServerBatchSchema, type ServerFrame } from "../../gen/tickwire/v1/server_pb.ts";
import { CandleInterval } from "../../gen/tickwire/v1/types_pb.ts";
import { OpenCandles } from "./candles.ts";
import { Publisher } from "./publisher.ts";
import { SUNDAY_US } from "./testing/handWrittenLog.ts";
import { TickerWindows } from "./tickers.ts";

const MINUTE_US = 60_000_000n;
let sent: { symbol: string; frames: ServerFrame[] }[] = [];
let open: OpenCandles;
let tickers: TickerWindows;
let publisher: Publisher;
let tradeId = 0n;

beforeEach(() => {
  sent = [];
  tradeId = 0n;
  open = new OpenCandles();
  tickers = new TickerWindows();
  publisher = new Publisher({
    tickers,
    candles: [],
    symbols: [[1, "BTCUSDT"]],
    send: (symbol, bytes) => sent.push({ symbol, frames: fromBinary(ServerBatchSchema, bytes).frames }),
  });
});

function trade(sinceUs: bigint, priceTicks: bigint, live = true): void {
  tradeId += 1n;
  const candles = open.add([{ marketId: 1, tradeId, priceTicks, quantityLots: 2n, quoteUnits: priceTicks * 2n, takerSide: 1, seq: tradeId, timeUs: SUNDAY_US + sinceUs }]);
  for (const candle of candles) tickers.addCandle(candle);
  tickers.setLastLots(1, 2n);
  publisher.candlesStored(candles, live);
}

/** The minute candles sent since the last look: [minute, close, trades, closed]. */
function minutesSent(): [number, number, number, boolean][] {
  const candles = sent.flatMap(({ frames }) => frames.flatMap(({ body }): Candle[] => (body.case === "candle" ? [body.value] : [])));
  sent = [];
  return candles
    .filter((candle) => candle.interval === CandleInterval.MINUTE_1)
    .map((candle) => [Number((candle.openTimeUs - SUNDAY_US) / MINUTE_US), Number(candle.closeTicks), Number(candle.tradeCount), candle.closed]);
}

const clock = (sinceUs: bigint) => publisher.publishCandles(SUNDAY_US + sinceUs);

describe("live candles", () => {
  it("are sent together when the clock ticks, and only those that changed", () => {
    trade(1n, 100n);
    trade(2n, 101n);
    expect(minutesSent()).toEqual([]);
    clock(100_000n);
    expect(minutesSent()).toEqual([[0, 101, 2, false]]);
    clock(350_000n);
    expect(minutesSent()).toEqual([]);
  });

  it("of one market go out in one message on its channel", () => {
    trade(1n, 100n);
    clock(100_000n);
    expect(sent.map(({ symbol, frames }) => [symbol, frames.length])).toEqual([["BTCUSDT", 16]]);
  });

  it("are closed at once by a trade of the next interval", () => {
    trade(1n, 100n);
    trade(MINUTE_US, 105n);
    expect(minutesSent()).toEqual([[0, 100, 1, true]]);
    clock(MINUTE_US + 100_000n);
    expect(minutesSent()).toEqual([[1, 105, 1, false]]);
  });

  it("are closed by the wall clock when nobody trades, and the next repeats the close with no volume", () => {
    trade(1n, 100n);
    clock(MINUTE_US);
    expect(minutesSent()).toEqual([[0, 100, 1, false]]);
    clock(MINUTE_US + 250_000n);
    expect(minutesSent()).toEqual([
      [0, 100, 1, true],
      [1, 100, 0, false],
    ]);
    clock(2n * MINUTE_US + 250_000n);
    expect(minutesSent()).toEqual([
      [1, 100, 0, true],
      [2, 100, 0, false],
    ]);
    trade(2n * MINUTE_US + 300_000n, 90n);
    clock(2n * MINUTE_US + 500_000n);
    expect(minutesSent()).toEqual([[2, 90, 1, false]]);
  });

  it("are corrected when a trade of their last moment comes after the clock has closed them", () => {
    trade(1n, 100n);
    clock(MINUTE_US + 250_000n);
    minutesSent();
    trade(MINUTE_US - 1n, 120n);
    expect(minutesSent()).toEqual([[0, 120, 2, true]]);
    clock(MINUTE_US + 500_000n);
    expect(minutesSent()).toEqual([[1, 120, 0, false]]);
  });

  it("are not sent one by one for the past that is being caught up with", () => {
    for (let minute = 0n; minute < 100n; minute += 1n) trade(minute * MINUTE_US, 100n + minute, false);
    expect(minutesSent()).toEqual([]);
    clock(99n * MINUTE_US + 1n);
    expect(minutesSent()).toEqual([[99, 199, 1, false]]);
  });

  it("after a long pause of the process: a few empty ones, then the newest", () => {
    trade(1n, 100n);
    clock(1_000n * MINUTE_US + 1_000_000n);
    const minutes = minutesSent();
    expect(minutes.length).toBeLessThan(15);
    expect(minutes.at(-1)).toEqual([1_000, 100, 0, false]);
  });
});

describe("the live ticker", () => {
  it("is sent each time, changed or not, for every market", () => {
    trade(1n, 100n);
    trade(2n, 130n);
    for (let second = 1n; second <= 2n; second += 1n) publisher.publishTickers(SUNDAY_US + second * 1_000_000n);
    publisher.addMarket(2, "ETHUSDT");
    publisher.publishTickers(SUNDAY_US + 3_000_000n);
    const told = sent.map(({ symbol, frames }) => [symbol, frames.map(({ body }) => (body.case === "ticker" ? body.value.lastTicks : undefined))]);
    expect(told).toEqual([
      ["BTCUSDT", [130n]],
      ["BTCUSDT", [130n]],
      ["BTCUSDT", [130n]],
      ["ETHUSDT", [0n]],
    ]);
  });
});
