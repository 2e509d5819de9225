// What services/shared/history answers, on a history that the recorder has written, held against the log itself.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startPostgresServer } from "../../scripts/stack/postgresServer.ts";
import { startRedisServer } from "../../scripts/stack/redisServer.ts";
import { CandleInterval, OrderStatus, Side, type Order } from "../../gen/tickwire/v1/types_pb.ts";
import { accountTrades } from "../shared/history/accountTrades.ts";
import { candles } from "../shared/history/candles.ts";
import { CANDLE_INTERVALS, nextOpenTimeUs, openTimeUs } from "../shared/history/intervals.ts";
import { allOrders, orderByClientOrderId, orderById } from "../shared/history/orders.ts";
import { recordedPosition } from "../shared/history/position.ts";
import { readMinutes, tickerOf, tickers24h } from "../shared/history/tickers.ts";
import { aggregateTrades, recentTrades, tradesFrom, type AggregateTrade } from "../shared/history/trades.ts";
import type { CandleTrade } from "./candles.ts";
import { candlesOf, plain, tradesOf } from "./testing/expectedHistory.ts";
import { event, HandWrittenLog, writeFlow } from "./testing/handWrittenLog.ts";
import { RecorderStack, until } from "./testing/recorderStack.ts";

let stack: RecorderStack;
const log = new HandWrittenLog();
let trades: CandleTrade[] = [];
let sweepIds: bigint[] = [];
let reused: Order[] = [];

beforeAll(async () => {
  log.open();
  writeFlow(log, { entries: 300, seed: 21 });
  // One taker order sweeps five makers at two prices, in one command.
  const sweep = [1n, 2n, 3n, 4n, 5n].map((n) => log.trade({ marketId: 1, priceTicks: n < 4n ? 7_000n : 7_001n, quantityLots: n, takerSide: Side.BUY }));
  const taker = sweep.flat().flatMap(({ body }) => (body.case === "tradeExecuted" && body.value.taker?.order ? [body.value.taker.order] : []))[0] as Order;
  for (const { body } of sweep.flat()) {
    if (body.case !== "tradeExecuted" || body.value.taker === undefined) continue;
    body.value.taker.order = taker;
    sweepIds.push(body.value.tradeId);
  }
  log.entry(log.timeUs + 1n, [sweep.flat()]);
  // The same client order id twice: the first order is filled before the second is placed.
  reused = [true, false].map((filled) =>
    log.order({ accountId: 3n, marketId: 1, side: Side.BUY, priceTicks: 5n, quantityLots: 1n, filled, clientOrderId: "again" }),
  );
  log.entry(log.timeUs + 1n, reused.map((order) => [event({ case: "orderAccepted", value: { executionSeq: 1n, order } })]));
  writeFlow(log, { entries: 40, seed: 22 });
  // An account that trades with itself.
  log.entry(log.timeUs + 1n, [log.trade({ marketId: 2, priceTicks: 9n, quantityLots: 1n, takerSide: Side.SELL, makerAccountId: 4n, takerAccountId: 4n })]);
  trades = tradesOf(log);

  stack = await RecorderStack.start({ startRedisServer, startPostgresServer });
  await stack.append(log.batches);
  const recorder = await stack.record();
  await until(async () => (await recordedPosition(stack.database))?.entry === BigInt(log.batches.length), "everything is recorded");
  await recorder.stop();
});
afterAll(async () => stack?.stop());

const ofMarket = (marketId: number) => trades.filter((trade) => trade.marketId === marketId);

describe("public trades", () => {
  it("are read newest first or from an id, always ascending", async () => {
    const market = ofMarket(1);
    const recent = await recentTrades(stack.database, { marketId: 1, limit: 7 });
    expect(recent.map(({ tradeId }) => tradeId)).toEqual(market.slice(-7).map(({ tradeId }) => tradeId));
    const { marketId: _, ...newest } = market.at(-1) as CandleTrade;
    expect(recent.at(-1)).toEqual(newest);
    const from = await tradesFrom(stack.database, { marketId: 1, fromTradeId: 20n, limit: 5 });
    expect(from.map(({ tradeId }) => tradeId)).toEqual([20n, 21n, 22n, 23n, 24n]);
  });

  it("never come in more than a thousand", async () => {
    const all = await recentTrades(stack.database, { marketId: 1, limit: 1e9 });
    expect(all.length).toBe(Math.min(1_000, ofMarket(1).length));
  });
});

describe("aggregate trades", () => {
  // Every trade of the flow is its own taker order; the sweep makes two aggregates of its five trades.
  const expected = (): AggregateTrade[] => {
    const made: AggregateTrade[] = [];
    for (const trade of ofMarket(1)) {
      const at = sweepIds.indexOf(trade.tradeId);
      const previous = made.at(-1);
      if (previous !== undefined && [1, 2, 4].includes(at)) {
        made[made.length - 1] = { ...previous, lastTradeId: trade.tradeId, quantityLots: previous.quantityLots + trade.quantityLots };
        continue;
      }
      const { tradeId, priceTicks, quantityLots, takerSide, timeUs } = trade;
      made.push({ firstTradeId: tradeId, lastTradeId: tradeId, priceTicks, quantityLots, takerSide, timeUs });
    }
    return made;
  };

  it("join the trades of one taker order at one price", async () => {
    const newest = await aggregateTrades(stack.database, { marketId: 1, limit: 1_000 });
    expect(newest).toEqual(expected().slice(-1_000));
    const sweep = newest.filter(({ firstTradeId }) => sweepIds.includes(firstTradeId));
    expect(sweep.map(({ quantityLots }) => quantityLots)).toEqual([6n, 9n]);
  });

  it("are the same whether read backwards, from an id or by time, wherever the page is cut", async () => {
    const all = expected();
    for (const limit of [1, 3, 40]) {
      expect(await aggregateTrades(stack.database, { marketId: 1, limit })).toEqual(all.slice(-limit));
      for (const id of [1n, 2n, ...sweepIds]) {
        const from = await aggregateTrades(stack.database, { marketId: 1, limit, fromTradeId: id });
        expect(from).toEqual(all.filter(({ firstTradeId }) => firstTradeId >= id).slice(0, limit));
      }
      const startTimeUs = all[50]?.timeUs ?? 0n;
      const endTimeUs = all[70]?.timeUs ?? 0n;
      const span = await aggregateTrades(stack.database, { marketId: 1, limit, startTimeUs, endTimeUs });
      expect(span).toEqual(all.filter(({ timeUs }) => timeUs >= startTimeUs && timeUs <= endTimeUs).slice(0, limit));
    }
    expect(await aggregateTrades(stack.database, { marketId: 1, limit: 5, startTimeUs: log.timeUs + 1_000_000n })).toEqual([]);
  });
});

describe("candles", () => {
  it("have no gap from the first trade to now, repeat the close where nothing was traded, and otherwise agree with the trades", async () => {
    const nowUs = log.timeUs + 3_700_000_000n;
    for (const interval of CANDLE_INTERVALS) {
      const read = await candles(stack.database, { marketId: 1, interval, limit: 1_000, nowUs });
      const expected = new Map(candlesOf(ofMarket(1), interval).map((candle) => [candle.openTimeUs, candle]));
      expect(read.at(-1)?.openTimeUs).toBe(openTimeUs(interval, nowUs));
      const market = [...expected.values()];
      let close = market.findLast((candle) => candle.openTimeUs < (read[0]?.openTimeUs ?? 0n))?.closeTicks ?? 0n;
      for (const [index, candle] of read.entries()) {
        if (index > 0) expect(candle.openTimeUs).toBe(nextOpenTimeUs(interval, read[index - 1]?.openTimeUs ?? 0n));
        const traded = expected.get(candle.openTimeUs);
        if (traded !== undefined) expect(plain(candle)).toEqual(traded);
        else expect(candle).toMatchObject({ openTicks: close, highTicks: close, lowTicks: close, closeTicks: close, volumeLots: 0n, tradeCount: 0n });
        expect(candle.closed).toBe(candle.closeTimeUs < nowUs);
        close = candle.closeTicks;
      }
      if (read.length < 1_000) expect(read[0]?.openTimeUs).toBe(market[0]?.openTimeUs);
    }
  });

  it("begin with the first trade, also when asked for earlier ones", async () => {
    const first = ofMarket(1)[0]?.timeUs ?? 0n;
    const page = await candles(stack.database, { marketId: 1, interval: CandleInterval.MINUTE_1, limit: 3, startTimeUs: first - 86_400_000_000n, nowUs: log.timeUs });
    expect(page.map(({ openTimeUs: open }) => open)).toEqual([0n, 1n, 2n].map((n) => openTimeUs(CandleInterval.MINUTE_1, first) + n * 60_000_000n));
  });

  it("of a span are those that open within it", async () => {
    const hourUs = openTimeUs(CandleInterval.HOUR_1, log.timeUs);
    const page = await candles(stack.database, { marketId: 1, interval: CandleInterval.MINUTE_5, limit: 500, startTimeUs: hourUs - 1_500_000_000n + 1n, endTimeUs: hourUs, nowUs: log.timeUs });
    expect(page.map(({ openTimeUs: open }) => Number((open - hourUs) / 300_000_000n))).toEqual([-4, -3, -2, -1, 0]);
  });

  it("of a market that has never traded are none", async () => {
    expect(await candles(stack.database, { marketId: 99, interval: CandleInterval.MINUTE_1, limit: 10, nowUs: log.timeUs })).toEqual([]);
  });
});

describe("24 h tickers", () => {
  it("are told for every market asked for, in order", async () => {
    const told = await tickers24h(stack.database, { marketIds: [2, 1, 99], nowUs: log.timeUs });
    expect(told.map(({ marketId, lastTicks, lastLots }) => [marketId, lastTicks, lastLots])).toEqual([
      [2, 9n, 1n],
      [1, ofMarket(1).at(-1)?.priceTicks, ofMarket(1).at(-1)?.quantityLots],
      [99, 0n, 0n],
    ]);
    const openUs = openTimeUs(CandleInterval.MINUTE_1, log.timeUs) - 1_439n * 60_000_000n;
    expect(told[1]?.tradeCount).toBe(BigInt(ofMarket(1).filter(({ timeUs }) => timeUs >= openUs).length));
  });

  it("are on REST what they are on the feed, on a busy day, a quiet one and after", async () => {
    for (const laterUs of [0n, 1n, 3_600_000_000n, 80_000_000_000n, 86_400_000_000n, 900_000_000_000n]) {
      const nowUs = log.timeUs + laterUs;
      const markets = await readMinutes(stack.database, { marketIds: [1, 2], nowUs });
      const fed = markets.map((market) => tickerOf({ ...market, nowUs }));
      expect(await tickers24h(stack.database, { marketIds: [1, 2], nowUs })).toEqual(fed);
    }
  });
});

describe("orders of an account", () => {
  it("are found by id, in their own market and by their owner only", async () => {
    const order = await orderById(stack.database, { accountId: 3n, marketId: 1, orderId: reused[0]?.orderId ?? 0n });
    expect(order).toEqual(reused[0]);
    expect(await orderById(stack.database, { accountId: 2n, marketId: 1, orderId: reused[0]?.orderId ?? 0n })).toBeUndefined();
    expect(await orderById(stack.database, { accountId: 3n, marketId: 2, orderId: reused[0]?.orderId ?? 0n })).toBeUndefined();
  });

  it("are found by client order id, the newest of them", async () => {
    const order = await orderByClientOrderId(stack.database, { accountId: 3n, marketId: 1, clientOrderId: "again" });
    expect(order).toMatchObject({ orderId: reused[1]?.orderId, status: OrderStatus.NEW });
    expect(await orderByClientOrderId(stack.database, { accountId: 3n, marketId: 1, clientOrderId: "never" })).toBeUndefined();
  });

  it("are listed ascending: the newest, from an id, or created within a span", async () => {
    const all = await allOrders(stack.database, { accountId: 3n, marketId: 1, limit: 1_000, fromOrderId: 0n });
    const ids = all.map(({ orderId }) => orderId);
    expect(ids.length).toBeGreaterThan(100);
    expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
    const page = async (rest: object) => (await allOrders(stack.database, { accountId: 3n, marketId: 1, limit: 5, ...rest })).map(({ orderId }) => orderId);
    expect(await page({})).toEqual(ids.slice(-5));
    expect(await page({ fromOrderId: ids[10] })).toEqual(ids.slice(10, 15));
    const startTimeUs = all[30]?.createdUs ?? 0n;
    const endTimeUs = all[32]?.createdUs ?? 0n;
    const inside = all.filter(({ createdUs }) => createdUs >= startTimeUs && createdUs <= endTimeUs).map(({ orderId }) => orderId);
    expect(await page({ startTimeUs, endTimeUs })).toEqual(inside.slice(0, 5));
  });
});

describe("trades of an account", () => {
  it("tell its own side, fee and role", async () => {
    const [trade] = await accountTrades(stack.database, { accountId: 3n, marketId: 1, limit: 1 });
    const last = ofMarket(1).at(-1);
    expect(trade).toMatchObject({ tradeId: last?.tradeId, side: last?.takerSide, maker: false, feeUnits: 2n, feeAssetId: 1 });
    const [maker] = await accountTrades(stack.database, { accountId: 2n, marketId: 1, limit: 1 });
    expect(maker).toMatchObject({ tradeId: last?.tradeId, side: 3 - (last?.takerSide ?? 0), maker: true, feeUnits: 1n, feeAssetId: 2 });
  });

  it("are two of one trade with itself", async () => {
    const own = await accountTrades(stack.database, { accountId: 4n, marketId: 2, limit: 10 });
    expect(own.map(({ maker, side }) => [maker, side]).sort()).toEqual([
      [false, Side.SELL],
      [true, Side.BUY],
    ]);
  });

  it("are paged by id, by time and by order", async () => {
    const all = ofMarket(1).map(({ tradeId }) => tradeId);
    const page = async (rest: object) => (await accountTrades(stack.database, { accountId: 3n, marketId: 1, limit: 4, ...rest })).map(({ tradeId }) => tradeId);
    expect(await page({})).toEqual(all.slice(-4));
    expect(await page({ fromTradeId: 10n })).toEqual([10n, 11n, 12n, 13n]);
    const startTimeUs = ofMarket(1)[40]?.timeUs ?? 0n;
    expect(await page({ startTimeUs })).toEqual(ofMarket(1).filter(({ timeUs }) => timeUs >= startTimeUs).slice(0, 4).map(({ tradeId }) => tradeId));
    const swept = ofMarket(1).find(({ tradeId }) => tradeId === sweepIds[0]);
    const [first] = await accountTrades(stack.database, { accountId: 3n, marketId: 1, limit: 1, fromTradeId: swept?.tradeId ?? 0n });
    expect(await accountTrades(stack.database, { accountId: 3n, marketId: 1, limit: 100, orderId: first?.orderId ?? 0n })).toHaveLength(5);
  });
});
