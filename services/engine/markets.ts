// The listed assets and markets, and the checks a listing must pass.
//
// Invariant: ids are contiguous from 1 and a row is the id - 1; one tick times one lot is a whole number of quote
// units, so no notional is ever rounded; a market's largest quantity, in base units, is exact.
import { create } from "@bufbuild/protobuf";
import {
  AssetSchema,
  MarketSchema,
  MarketStatus,
  RejectReason,
  type Asset,
  type Market as MarketMessage,
} from "../../gen/tickwire/v1/types_pb.ts";
import { ASSETS_MAX, EXACT_MAX, FEE_PPM_MAX, MARKETS_MAX, PRICE_TICKS_MAX } from "./limits.ts";
import type { MarketFeed } from "./marketData.ts";
import type { OrderBook } from "./orderBook.ts";

/** A market's rules as plain numbers, its book and what it has numbered so far. */
export interface Market {
  readonly row: number;
  readonly id: number;
  readonly symbol: string;
  readonly base: number;
  readonly quote: number;
  readonly tickSizeUnits: number;
  readonly lotSizeUnits: number;
  /** Quote units of one tick times one lot. */
  readonly notionalUnits: number;
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
  readonly minPriceTicks: number;
  readonly maxPriceTicks: number;
  readonly minQuantityLots: number;
  readonly maxQuantityLots: number;
  readonly maxMarketQuantityLots: number;
  readonly minNotionalUnits: number;
  readonly maxNotionalUnits: number;
  readonly maxNumOrders: number;
  readonly book: OrderBook;
  readonly feed: MarketFeed;
  status: MarketStatus;
  nextTradeId: number;
  lastPriceTicks: number;
}

const ASSET_CODE = /^[A-Z0-9]{1,16}$/;
const SYMBOL = /^[A-Z0-9]{2,32}$/;
const NAME_LENGTH_MAX = 64;
const SCALE_MAX = 18;

export class Markets {
  readonly assets: Asset[] = [];
  readonly markets: Market[] = [];
  readonly #openBook: (row: number) => { book: OrderBook; feed: MarketFeed };

  constructor(openBook: (row: number) => { book: OrderBook; feed: MarketFeed }) {
    this.#openBook = openBook;
  }

  byId(marketId: number): Market | undefined {
    return this.markets[marketId - 1];
  }

  checkAsset(asset: Asset): RejectReason {
    if (!ASSET_CODE.test(asset.code) || asset.name.length > NAME_LENGTH_MAX || asset.scale > SCALE_MAX) return RejectReason.INVALID_DEFINITION;
    if (this.assets.some((a) => a.code === asset.code)) return RejectReason.ALREADY_EXISTS;
    if (this.assets.length >= ASSETS_MAX) return RejectReason.INVALID_DEFINITION;
    return RejectReason.UNSPECIFIED;
  }

  addAsset(asset: Asset): Asset {
    const listed = create(AssetSchema, { assetId: this.assets.length + 1, code: asset.code, name: asset.name, scale: asset.scale });
    this.assets.push(listed);
    return listed;
  }

  checkMarket(market: MarketMessage): RejectReason {
    const base = this.assets[market.baseAssetId - 1];
    const quote = this.assets[market.quoteAssetId - 1];
    if (base === undefined || quote === undefined) return RejectReason.UNKNOWN_ASSET;
    if (base === quote || !SYMBOL.test(market.symbol)) return RejectReason.INVALID_DEFINITION;
    if (this.markets.some((m) => m.symbol === market.symbol)) return RejectReason.ALREADY_EXISTS;
    if (this.markets.length >= MARKETS_MAX) return RejectReason.INVALID_DEFINITION;
    const most = BigInt(EXACT_MAX);
    const inOrder = (...values: bigint[]): boolean => values.every((v, i) => v >= 1n && v <= most && (i === 0 || v >= (values[i - 1] ?? 0n)));
    const whole = 10n ** BigInt(base.scale);
    const valid =
      inOrder(market.tickSizeUnits) &&
      inOrder(market.lotSizeUnits) &&
      (market.tickSizeUnits * market.lotSizeUnits) % whole === 0n &&
      inOrder((market.tickSizeUnits * market.lotSizeUnits) / whole) &&
      inOrder(market.minPriceTicks, market.maxPriceTicks, BigInt(PRICE_TICKS_MAX)) &&
      inOrder(market.minQuantityLots, market.maxMarketQuantityLots, market.maxQuantityLots) &&
      market.maxQuantityLots * market.lotSizeUnits <= most &&
      inOrder(market.minNotionalUnits, market.maxNotionalUnits) &&
      market.makerFeePpm <= FEE_PPM_MAX &&
      market.takerFeePpm <= FEE_PPM_MAX &&
      market.maxNumOrders >= 1 &&
      (market.status === MarketStatus.UNSPECIFIED || isSupportedStatus(market.status));
    return valid ? RejectReason.UNSPECIFIED : RejectReason.INVALID_DEFINITION;
  }

  /** Lists a market that passed `checkMarket`. */
  addMarket(m: MarketMessage): Market {
    const base = this.assets[m.baseAssetId - 1] as Asset;
    const row = this.markets.length;
    const market: Market = {
      row,
      id: row + 1,
      symbol: m.symbol,
      base: m.baseAssetId - 1,
      quote: m.quoteAssetId - 1,
      tickSizeUnits: Number(m.tickSizeUnits),
      lotSizeUnits: Number(m.lotSizeUnits),
      notionalUnits: Number((m.tickSizeUnits * m.lotSizeUnits) / 10n ** BigInt(base.scale)),
      makerFeePpm: m.makerFeePpm,
      takerFeePpm: m.takerFeePpm,
      minPriceTicks: Number(m.minPriceTicks),
      maxPriceTicks: Number(m.maxPriceTicks),
      minQuantityLots: Number(m.minQuantityLots),
      maxQuantityLots: Number(m.maxQuantityLots),
      maxMarketQuantityLots: Number(m.maxMarketQuantityLots),
      minNotionalUnits: Number(m.minNotionalUnits),
      maxNotionalUnits: Number(m.maxNotionalUnits),
      maxNumOrders: m.maxNumOrders,
      ...this.#openBook(row),
      status: m.status === MarketStatus.UNSPECIFIED ? MarketStatus.TRADING : m.status,
      nextTradeId: 1,
      lastPriceTicks: 0,
    };
    this.markets.push(market);
    return market;
  }
}

/** States a market may be put into; the opening auction is not one yet. */
export function isSupportedStatus(status: MarketStatus): boolean {
  switch (status) {
    case MarketStatus.TRADING:
    case MarketStatus.HALT:
    case MarketStatus.CANCEL_ONLY:
    case MarketStatus.POST_ONLY:
      return true;
    case MarketStatus.UNSPECIFIED:
    case MarketStatus.AUCTION:
      return false;
    default:
      return false;
  }
}

/** The market as the wire tells it. */
export function marketMessage(market: Market): MarketMessage {
  return create(MarketSchema, {
    marketId: market.id,
    symbol: market.symbol,
    baseAssetId: market.base + 1,
    quoteAssetId: market.quote + 1,
    tickSizeUnits: BigInt(market.tickSizeUnits),
    lotSizeUnits: BigInt(market.lotSizeUnits),
    notionalUnits: BigInt(market.notionalUnits),
    status: market.status,
    makerFeePpm: market.makerFeePpm,
    takerFeePpm: market.takerFeePpm,
    minPriceTicks: BigInt(market.minPriceTicks),
    maxPriceTicks: BigInt(market.maxPriceTicks),
    minQuantityLots: BigInt(market.minQuantityLots),
    maxQuantityLots: BigInt(market.maxQuantityLots),
    maxMarketQuantityLots: BigInt(market.maxMarketQuantityLots),
    minNotionalUnits: BigInt(market.minNotionalUnits),
    maxNotionalUnits: BigInt(market.maxNotionalUnits),
    maxNumOrders: market.maxNumOrders,
  });
}
