// Candles of every interval, grown from trades by engine time.
//
// Pure: no clock, no I/O. Never changes a candle it has given out: a grown candle is a new object. Invariant: each
// candle is the exact sum of the trades between first_trade_id and last_trade_id; time never runs backwards.
import { create } from "@bufbuild/protobuf";
import { CandleSchema, type Candle } from "../../gen/tickwire/v1/market_data_pb.ts";
import { CandleInterval, Side } from "../../gen/tickwire/v1/types_pb.ts";
import { CANDLE_INTERVALS, closeTimeUs, openTimeUs } from "../shared/history/intervals.ts";

/** What a candle needs to know of a trade. */
export interface CandleTrade {
  readonly marketId: number;
  readonly tradeId: bigint;
  readonly priceTicks: bigint;
  readonly quantityLots: bigint;
  readonly quoteUnits: bigint;
  readonly takerSide: Side;
  readonly seq: bigint;
  readonly timeUs: bigint;
}

/** The growing candle of each market and interval. */
export class OpenCandles {
  readonly #open = new Map<number, Map<CandleInterval, Candle>>();

  /** `stored`: the newest candle of each market and interval. */
  constructor(stored: Iterable<Candle> = []) {
    for (const candle of stored) this.#ofMarket(candle.marketId).set(candle.interval, candle);
  }

  /**
   * Adds trades, ascending by trade id within each market. Returns every candle they changed, as it stands after them,
   * ascending by opening time within each market and interval: all but the last of those are over.
   */
  add(trades: Iterable<CandleTrade>): Candle[] {
    const changed: Candle[] = [];
    for (const [marketId, seconds] of oneSecondCandles(trades)) {
      const open = this.#ofMarket(marketId);
      for (const interval of CANDLE_INTERVALS) {
        let grown: Candle | undefined;
        for (const second of seconds) {
          const current = open.get(interval);
          const next = grow(current, second, interval);
          if (grown !== undefined && next.openTimeUs !== grown.openTimeUs) changed.push(grown);
          grown = next;
          open.set(interval, next);
        }
        if (grown !== undefined) changed.push(grown);
      }
    }
    return changed;
  }

  #ofMarket(marketId: number): Map<CandleInterval, Candle> {
    let open = this.#open.get(marketId);
    if (open === undefined) this.#open.set(marketId, (open = new Map<CandleInterval, Candle>()));
    return open;
  }
}

// Every interval consists of whole seconds, so trades are added up by the second first, and the many longer intervals
// take the sums.
function oneSecondCandles(trades: Iterable<CandleTrade>): Map<number, Candle[]> {
  const byMarket = new Map<number, Candle[]>();
  for (const trade of trades) {
    let seconds = byMarket.get(trade.marketId);
    if (seconds === undefined) byMarket.set(trade.marketId, (seconds = []));
    const openUs = openTimeUs(CandleInterval.SECOND_1, trade.timeUs);
    const last = seconds.at(-1);
    if (last !== undefined && last.openTimeUs === openUs) addTrade(last, trade);
    else seconds.push(firstCandle(trade, openUs));
  }
  return byMarket;
}

function firstCandle(trade: CandleTrade, openUs: bigint): Candle {
  const candle = create(CandleSchema, {
    marketId: trade.marketId,
    openTimeUs: openUs,
    openTicks: trade.priceTicks,
    highTicks: trade.priceTicks,
    lowTicks: trade.priceTicks,
    firstTradeId: trade.tradeId,
  });
  addTrade(candle, trade);
  return candle;
}

function addTrade(candle: Candle, trade: CandleTrade): void {
  if (trade.priceTicks > candle.highTicks) candle.highTicks = trade.priceTicks;
  if (trade.priceTicks < candle.lowTicks) candle.lowTicks = trade.priceTicks;
  candle.closeTicks = trade.priceTicks;
  candle.volumeLots += trade.quantityLots;
  candle.quoteVolumeUnits += trade.quoteUnits;
  candle.tradeCount += 1n;
  if (trade.takerSide === Side.BUY) {
    candle.takerBuyLots += trade.quantityLots;
    candle.takerBuyQuoteUnits += trade.quoteUnits;
  }
  candle.lastTradeId = trade.tradeId;
  candle.seq = trade.seq;
}

function grow(current: Candle | undefined, second: Candle, interval: CandleInterval): Candle {
  const openUs = openTimeUs(interval, second.openTimeUs);
  if (current === undefined || current.openTimeUs < openUs) {
    return { ...second, interval, openTimeUs: openUs, closeTimeUs: closeTimeUs(interval, openUs) };
  }
  if (current.openTimeUs > openUs || current.lastTradeId + 1n !== second.firstTradeId) {
    throw new Error(
      `trade ${second.firstTradeId} of market ${second.marketId} does not follow trade ${current.lastTradeId}: ids or engine time went wrong`,
    );
  }
  return {
    ...current,
    highTicks: second.highTicks > current.highTicks ? second.highTicks : current.highTicks,
    lowTicks: second.lowTicks < current.lowTicks ? second.lowTicks : current.lowTicks,
    closeTicks: second.closeTicks,
    volumeLots: current.volumeLots + second.volumeLots,
    quoteVolumeUnits: current.quoteVolumeUnits + second.quoteVolumeUnits,
    tradeCount: current.tradeCount + second.tradeCount,
    takerBuyLots: current.takerBuyLots + second.takerBuyLots,
    takerBuyQuoteUnits: current.takerBuyQuoteUnits + second.takerBuyQuoteUnits,
    lastTradeId: second.lastTradeId,
    seq: second.seq,
  };
}
