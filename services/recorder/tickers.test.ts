import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpenCandles, type CandleTrade } from "./candles.ts";
import { SUNDAY_US } from "./testing/handWrittenLog.ts";
import { TickerWindows } from "./tickers.ts";

const MINUTE_US = 60_000_000n;

describe("the 24 h ticker", () => {
  it("agrees with the trades of the minute under way and the 1439 before it, at every moment", () => {
    const step = fc.record({
      pauseUs: fc.oneof(fc.bigInt(0n, 90_000_000n), fc.bigInt(0n, 50_000_000_000n)),
      priceTicks: fc.bigInt(1n, 1_000n),
      quantityLots: fc.bigInt(1n, 1_000n),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.bigInt(0n, 100_000_000_000n), (steps, waitUs) => {
        const open = new OpenCandles();
        const windows = new TickerWindows();
        const trades: CandleTrade[] = [];
        let timeUs = SUNDAY_US;
        const look = (nowUs: bigint) => {
          const openUs = (nowUs / MINUTE_US) * MINUTE_US - 1_439n * MINUTE_US;
          const inside = trades.filter((trade) => trade.timeUs >= openUs);
          const before = trades.findLast((trade) => trade.timeUs < openUs);
          const last = trades.at(-1)?.priceTicks ?? 0n;
          const prices = inside.length === 0 ? [last] : inside.map((trade) => trade.priceTicks);
          expect(windows.ticker(1, nowUs)).toMatchObject({
            openTimeUs: openUs,
            closeTimeUs: nowUs,
            openTicks: prices[0],
            highTicks: prices.reduce((a, b) => (a > b ? a : b)),
            lowTicks: prices.reduce((a, b) => (a < b ? a : b)),
            lastTicks: last,
            lastLots: trades.at(-1)?.quantityLots ?? 0n,
            volumeLots: inside.reduce((sum, trade) => sum + trade.quantityLots, 0n),
            quoteVolumeUnits: inside.reduce((sum, trade) => sum + trade.quoteUnits, 0n),
            tradeCount: BigInt(inside.length),
            firstTradeId: inside[0]?.tradeId ?? 0n,
            lastTradeId: inside.at(-1)?.tradeId ?? 0n,
            prevCloseTicks: before?.priceTicks ?? 0n,
          });
        };
        for (const { pauseUs, priceTicks, quantityLots } of steps) {
          timeUs += pauseUs;
          const tradeId = BigInt(trades.length + 1);
          const trade: CandleTrade = { marketId: 1, tradeId, priceTicks, quantityLots, quoteUnits: priceTicks * quantityLots, takerSide: 1, seq: tradeId, timeUs };
          trades.push(trade);
          for (const candle of open.add([trade])) windows.addCandle(candle);
          windows.setLastLots(1, quantityLots);
          look(timeUs);
        }
        look(timeUs + waitUs);
      }),
      { numRuns: 100 },
    );
  });
});
