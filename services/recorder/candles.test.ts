import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CANDLE_INTERVALS } from "../shared/history/intervals.ts";
import { OpenCandles, type CandleTrade } from "./candles.ts";
import { candlesOf, plain, type PlainCandle } from "./testing/expectedHistory.ts";
import { SUNDAY_US } from "./testing/handWrittenLog.ts";

const key = (candle: PlainCandle) => `${candle.marketId}/${candle.interval}/${candle.openTimeUs}`;

// Trades of two markets with pauses from nothing to weeks, ids contiguous per market.
const tradesArbitrary = fc
  .array(
    fc.record({
      marketId: fc.constantFrom(1, 2),
      pauseUs: fc.oneof(fc.bigInt(0n, 2_000_000n), fc.bigInt(0n, 7_200_000_000n), fc.bigInt(0n, 3_000_000_000_000n)),
      priceTicks: fc.bigInt(1n, 1n << 40n),
      quantityLots: fc.bigInt(1n, 1n << 40n),
      quoteUnits: fc.bigInt(1n, 1n << 53n),
      takerSide: fc.constantFrom(1 as const, 2 as const),
    }),
    { maxLength: 60 },
  )
  .map((steps): CandleTrade[] => {
    let timeUs = SUNDAY_US;
    const ids = [0n, 0n, 0n];
    return steps.map(({ pauseUs, ...trade }, index) => {
      timeUs += pauseUs;
      const tradeId = (ids[trade.marketId] ?? 0n) + 1n;
      ids[trade.marketId] = tradeId;
      return { ...trade, tradeId, timeUs, seq: BigInt(index + 1) };
    });
  });

describe("candles", () => {
  it("of every interval agree with the trades, however these are cut into batches and however often the recorder starts anew", () => {
    fc.assert(
      fc.property(tradesArbitrary, fc.array(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.boolean())), (trades, cuts) => {
        const stored = new Map<string, PlainCandle>();
        let open = new OpenCandles();
        let next = 0;
        for (const [size, restart] of [...cuts, [trades.length, false] as const]) {
          const candles = open.add(trades.slice(next, next + size));
          next += size;
          for (const candle of candles) stored.set(key(plain(candle)), plain(candle));
          if (!restart) continue;
          const newest = new Map<string, PlainCandle>();
          for (const candle of stored.values()) {
            const known = newest.get(`${candle.marketId}/${candle.interval}`);
            if (known === undefined || known.openTimeUs < candle.openTimeUs) newest.set(`${candle.marketId}/${candle.interval}`, candle);
          }
          open = new OpenCandles([...newest.values()].map((candle) => ({ $typeName: "tickwire.v1.Candle", closed: false, closeTimeUs: 0n, ...candle })));
        }
        const expected = CANDLE_INTERVALS.flatMap((interval) => candlesOf(trades, interval));
        expect(new Map([...stored].sort())).toEqual(new Map(expected.map((candle) => [key(candle), candle] as const).sort()));
      }),
      { numRuns: 150 },
    );
  });

  it("already given out do not change when more is traded", () => {
    const trade = { marketId: 1, priceTicks: 10n, quantityLots: 1n, quoteUnits: 10n, takerSide: 1 as const, seq: 1n, timeUs: SUNDAY_US };
    const open = new OpenCandles();
    const [first] = open.add([{ ...trade, tradeId: 1n }]);
    open.add([{ ...trade, tradeId: 2n, priceTicks: 20n }]);
    expect(first).toMatchObject({ closeTicks: 10n, tradeCount: 1n });
  });

  it.each([
    ["a trade that is missing", { tradeId: 3n, timeUs: SUNDAY_US }],
    ["a trade told twice", { tradeId: 1n, timeUs: SUNDAY_US }],
    ["time that runs backwards", { tradeId: 2n, timeUs: SUNDAY_US - 1n }],
  ])("stop the recorder at %s", (_, wrong) => {
    const trade = { marketId: 1, priceTicks: 10n, quantityLots: 1n, quoteUnits: 10n, takerSide: 1 as const, seq: 1n };
    const open = new OpenCandles();
    open.add([{ ...trade, tradeId: 1n, timeUs: SUNDAY_US }]);
    expect(() => open.add([{ ...trade, ...wrong }])).toThrow(/does not follow trade 1/);
  });
});
