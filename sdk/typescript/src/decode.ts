// Bytes of the wire to the frames the client works with: the only file that reads server messages, so that a direct
// decoder can take its place. Turns 64-bit integers into numbers and refuses what would not survive that.
import { fromBinary } from "@bufbuild/protobuf";
import type { BookDelta, BookSnapshot, Candle, Ticker, Trade } from "../../../gen/tickwire/v1/market_data_pb.ts";
import type { AccountSnapshot, Execution } from "../../../gen/tickwire/v1/private_data_pb.ts";
import { ServerBatchSchema, type ServerFrame } from "../../../gen/tickwire/v1/server_pb.ts";
import type { Balance, Order } from "../../../gen/tickwire/v1/types_pb.ts";
import { formatUnits } from "./decimal.ts";
import { FeedError } from "./feedError.ts";
import type {
  AccountState,
  FeedBalance,
  FeedBookTicker,
  FeedCandle,
  FeedExecution,
  FeedMarketStatus,
  FeedOrder,
  FeedTicker,
  FeedTrade,
} from "./feedMessages.ts";
import type { BookDeltaFrame, BookSnapshotFrame } from "./orderBook.ts";
import { Venue, type MarketInfo } from "./venue.ts";
import {
  CANCEL_REASONS,
  CANDLE_INTERVALS,
  EXECUTION_TYPES,
  EXPIRY_REASONS,
  MARKET_STATUSES,
  ORDER_STATUSES,
  ORDER_TYPES,
  REQUEST_ERRORS,
  SIDES,
  TIMES_IN_FORCE,
  type RequestError,
} from "./words.ts";

export type FeedFrame =
  | { readonly kind: "welcome"; readonly venue: Venue; readonly protocolVersion: number; readonly schemaHash: string }
  | { readonly kind: "bookSnapshot"; readonly symbol: string; readonly snapshot: BookSnapshotFrame }
  | { readonly kind: "bookDelta"; readonly symbol: string; readonly delta: BookDeltaFrame }
  | { readonly kind: "trades"; readonly symbol: string; readonly trades: readonly FeedTrade[] }
  | { readonly kind: "bookTicker"; readonly ticker: FeedBookTicker }
  | { readonly kind: "candle"; readonly candle: FeedCandle }
  | { readonly kind: "ticker"; readonly ticker: FeedTicker }
  | { readonly kind: "marketStatus"; readonly status: FeedMarketStatus }
  | { readonly kind: "accountSnapshot"; readonly state: AccountState }
  | { readonly kind: "execution"; readonly execution: FeedExecution }
  | { readonly kind: "balance"; readonly epoch: number; readonly balanceSeq: number; readonly balance: FeedBalance }
  | { readonly kind: "subscribed"; readonly requestNo: number }
  | { readonly kind: "unsubscribed"; readonly requestNo: number }
  | { readonly kind: "loggedOn"; readonly requestNo: number; readonly accountId: number }
  | { readonly kind: "pong"; readonly clientTimeUs: number; readonly serverTimeUs: number }
  | { readonly kind: "unreadable"; readonly error: FeedError }
  | { readonly kind: "rejected"; readonly requestNo: number; readonly error: RequestError; readonly message: string };

/**
 * Decodes one WebSocket message. `venue` is what the last Welcome announced; a Welcome in this message replaces it for
 * the frames after it. Frames of a kind this version does not know are left out; one that uses a word of a later
 * version, or speaks of something Welcome did not announce, is "unreadable": whatever it would have changed has a hole.
 * @throws FeedError "protocol" when the bytes are no ServerBatch.
 */
export function decodeBatch(bytes: Uint8Array, venue: Venue | undefined): FeedFrame[] {
  let frames: readonly ServerFrame[];
  try {
    frames = fromBinary(ServerBatchSchema, bytes).frames;
  } catch (cause) {
    throw new FeedError("protocol", "the gateway sent a message that cannot be decoded", { cause });
  }
  const decoded: FeedFrame[] = [];
  let current = venue;
  for (const frame of frames) {
    const result = readFrame(frame, current);
    if (result === undefined) continue;
    if (result.kind === "welcome") current = result.venue;
    decoded.push(result);
  }
  return decoded;
}

function readFrame(frame: ServerFrame, venue: Venue | undefined): FeedFrame | undefined {
  try {
    return decodeFrame(frame, venue);
  } catch (error) {
    if (error instanceof FeedError) return { kind: "unreadable", error };
    throw error;
  }
}

function decodeFrame({ body }: ServerFrame, venue: Venue | undefined): FeedFrame | undefined {
  switch (body.case) {
    case "bookDelta":
      return { kind: "bookDelta", symbol: marketOf(venue, body.value.marketId).symbol, delta: bookDelta(body.value) };
    case "bookSnapshot":
      return { kind: "bookSnapshot", symbol: marketOf(venue, body.value.marketId).symbol, snapshot: levels(body.value) };
    case "trades":
      return { kind: "trades", symbol: marketOf(venue, body.value.marketId).symbol, trades: body.value.trades.map(trade) };
    case "bookTicker": {
      const t = body.value;
      return {
        kind: "bookTicker",
        ticker: {
          symbol: marketOf(venue, t.marketId).symbol,
          seq: safe(t.seq),
          timeUs: safe(t.timeUs),
          bidTicks: safe(t.bidTicks),
          bidLots: safe(t.bidLots),
          askTicks: safe(t.askTicks),
          askLots: safe(t.askLots),
        },
      };
    }
    case "candle":
      return { kind: "candle", candle: candle(body.value, marketOf(venue, body.value.marketId)) };
    case "ticker":
      return { kind: "ticker", ticker: ticker(body.value, marketOf(venue, body.value.marketId)) };
    case "marketStatus": {
      const { marketId, seq, status, auctionPriceTicks, auctionLots, auctionSurplusSide, auctionSurplusLots } = body.value;
      const symbol = marketOf(venue, marketId).symbol;
      const told = { symbol, seq: safe(seq), status: word(MARKET_STATUSES, status) };
      if (told.status !== "AUCTION") return { kind: "marketStatus", status: told };
      const surplusSide = auctionSurplusLots === 0n ? undefined : word(SIDES, auctionSurplusSide);
      return { kind: "marketStatus", status: { ...told, auction: { priceTicks: safe(auctionPriceTicks), quantityLots: safe(auctionLots), surplusSide, surplusLots: safe(auctionSurplusLots) } } };
    }
    case "accountSnapshot":
      return { kind: "accountSnapshot", state: accountState(body.value, announced(venue)) };
    case "execution":
      return { kind: "execution", execution: execution(body.value, announced(venue)) };
    case "balanceUpdate": {
      const { balance: value, balanceSeq, epoch } = body.value;
      if (value === undefined) throw new FeedError("protocol", "a balance update carries no balance");
      return { kind: "balance", epoch, balanceSeq: safe(balanceSeq), balance: balance(value, announced(venue)) };
    }
    case "welcome": {
      const { epoch, assets, markets, protocolVersion, schemaHash } = body.value;
      return { kind: "welcome", venue: new Venue({ epoch, assets, markets }), protocolVersion, schemaHash };
    }
    case "subscribed":
      return { kind: "subscribed", requestNo: safe(body.value.requestNo) };
    case "unsubscribed":
      return { kind: "unsubscribed", requestNo: safe(body.value.requestNo) };
    case "loggedOn":
      return { kind: "loggedOn", requestNo: safe(body.value.requestNo), accountId: safe(body.value.accountId) };
    case "pong":
      return { kind: "pong", clientTimeUs: safe(body.value.clientTimeUs), serverTimeUs: safe(body.value.serverTimeUs) };
    case "requestRejected": {
      const { requestNo, error, message } = body.value;
      return { kind: "rejected", requestNo: safe(requestNo), error: REQUEST_ERRORS.get(error) ?? "UNKNOWN_REQUEST", message };
    }
    case undefined:
      return undefined;
  }
}

function safe(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new FeedError("protocol", `${value} is beyond the exact range of a number`);
  return number;
}

function word<T>(words: ReadonlyMap<number, T>, number: number): T {
  const found = words.get(number);
  if (found === undefined) throw new FeedError("protocol", `the gateway used a word of a later version (number ${number})`);
  return found;
}

function announced(venue: Venue | undefined): Venue {
  if (venue === undefined) throw new FeedError("protocol", "the gateway sent data before Welcome");
  return venue;
}

function marketOf(venue: Venue | undefined, marketId: number): MarketInfo {
  const market = announced(venue).marketById(marketId);
  if (market === undefined) throw new FeedError("protocol", `Welcome did not announce market ${marketId}`);
  return market;
}

function levels(message: BookSnapshot | BookDelta): BookSnapshotFrame {
  return {
    epoch: message.epoch,
    seq: safe(message.seq),
    timeUs: safe(message.timeUs),
    bidTicks: message.bidTicks.map(safe),
    bidLots: message.bidLots.map(safe),
    askTicks: message.askTicks.map(safe),
    askLots: message.askLots.map(safe),
    checksum: message.checksum,
  };
}

const bookDelta = (message: BookDelta): BookDeltaFrame => ({ ...levels(message), prevSeq: safe(message.prevSeq) });

function trade(t: Trade): FeedTrade {
  return {
    tradeId: safe(t.tradeId),
    priceTicks: safe(t.priceTicks),
    quantityLots: safe(t.quantityLots),
    takerSide: word(SIDES, t.takerSide),
    seq: safe(t.seq),
    timeUs: safe(t.timeUs),
  };
}

function candle(c: Candle, market: MarketInfo): FeedCandle {
  return {
    symbol: market.symbol,
    interval: word(CANDLE_INTERVALS, c.interval),
    openTimeUs: safe(c.openTimeUs),
    closeTimeUs: safe(c.closeTimeUs),
    openTicks: safe(c.openTicks),
    highTicks: safe(c.highTicks),
    lowTicks: safe(c.lowTicks),
    closeTicks: safe(c.closeTicks),
    volumeLots: safe(c.volumeLots),
    quoteVolume: market.formatQuoteUnits(c.quoteVolumeUnits),
    tradeCount: safe(c.tradeCount),
    takerBuyLots: safe(c.takerBuyLots),
    closed: c.closed,
    seq: safe(c.seq),
  };
}

function ticker(t: Ticker, market: MarketInfo): FeedTicker {
  return {
    symbol: market.symbol,
    openTimeUs: safe(t.openTimeUs),
    closeTimeUs: safe(t.closeTimeUs),
    openTicks: safe(t.openTicks),
    highTicks: safe(t.highTicks),
    lowTicks: safe(t.lowTicks),
    lastTicks: safe(t.lastTicks),
    lastLots: safe(t.lastLots),
    volumeLots: safe(t.volumeLots),
    quoteVolume: market.formatQuoteUnits(t.quoteVolumeUnits),
    tradeCount: safe(t.tradeCount),
    prevCloseTicks: safe(t.prevCloseTicks),
    seq: safe(t.seq),
  };
}

function order(o: Order, venue: Venue): FeedOrder {
  return {
    orderId: safe(o.orderId),
    clientOrderId: o.clientOrderId,
    symbol: marketOf(venue, o.marketId).symbol,
    marketId: o.marketId,
    side: word(SIDES, o.side),
    type: word(ORDER_TYPES, o.type),
    // A market order has none; REST shows it as GTC.
    timeInForce: TIMES_IN_FORCE.get(o.timeInForce) ?? "GTC",
    status: word(ORDER_STATUSES, o.status),
    priceTicks: safe(o.priceTicks),
    quantityLots: safe(o.quantityLots),
    quoteOrderUnits: safe(o.quoteOrderUnits),
    executedLots: safe(o.executedLots),
    executedQuoteUnits: safe(o.executedQuoteUnits),
    createdUs: safe(o.createdUs),
    updatedUs: safe(o.updatedUs),
    workingUs: safe(o.workingUs),
    expiryReason: EXPIRY_REASONS.get(o.expiryReason),
    cancelReason: CANCEL_REASONS.get(o.cancelReason),
  };
}

function assetOf(venue: Venue, assetId: number) {
  const asset = venue.assetById(assetId);
  if (asset === undefined) throw new FeedError("protocol", `Welcome did not announce asset ${assetId}`);
  return asset;
}

function balance({ assetId, availableUnits, heldUnits }: Balance, venue: Venue): FeedBalance {
  const { code, scale } = assetOf(venue, assetId);
  return {
    asset: code,
    assetId,
    scale,
    availableUnits,
    heldUnits,
    available: formatUnits(availableUnits, scale),
    held: formatUnits(heldUnits, scale),
  };
}

function accountState(s: AccountSnapshot, venue: Venue): AccountState {
  return {
    epoch: s.epoch,
    seq: safe(s.seq),
    executionSeq: safe(s.executionSeq),
    balanceSeq: safe(s.balanceSeq),
    openOrders: s.openOrders.map((o) => order(o, venue)),
    balances: s.balances.map((b) => balance(b, venue)),
  };
}

function execution(e: Execution, venue: Venue): FeedExecution {
  if (e.order === undefined) throw new FeedError("protocol", "an execution carries no order");
  const type = word(EXECUTION_TYPES, e.type);
  return {
    epoch: e.epoch,
    seq: safe(e.seq),
    executionSeq: safe(e.executionSeq),
    timeUs: safe(e.timeUs),
    type,
    order: order(e.order, venue),
    fill:
      type !== "TRADE"
        ? undefined
        : {
            tradeId: safe(e.tradeId),
            priceTicks: safe(e.lastPriceTicks),
            quantityLots: safe(e.lastLots),
            quoteUnits: safe(e.lastQuoteUnits),
            feeUnits: safe(e.feeUnits),
            feeAsset: assetOf(venue, e.feeAssetId).code,
            maker: e.maker,
          },
  };
}
