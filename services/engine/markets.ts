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
import { ASSETS_MAX, EXACT_MAX, FEE_PPM_MAX, FEE_TIERS_MAX, MARKETS_MAX, MULTIPLIER_BIPS_MAX, PRICE_TICKS_MAX, TRAILING_DELTA_BIPS_MAX } from "./limits.ts";
import type { Auction } from "./auction.ts";
import type { MarketFeed } from "./marketData.ts";
import type { OrderBook } from "./orderBook.ts";
import { ReferencePrice } from "./referencePrice.ts";
import type { Triggers } from "./triggers.ts";

/** Rates of accounts on a tier. */
export interface TierRates {
  readonly tier: number;
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
}

/** What UpdateMarket may replace, as plain numbers. From maxNumAlgoOrders on, 0 means that it is not enforced. */
export interface MarketRules {
  makerFeePpm: number;
  takerFeePpm: number;
  minPriceTicks: number;
  maxPriceTicks: number;
  minQuantityLots: number;
  maxQuantityLots: number;
  maxMarketQuantityLots: number;
  minNotionalUnits: number;
  maxNotionalUnits: number;
  maxNumOrders: number;
  maxNumAlgoOrders: number;
  maxPositionLots: number;
  maxIcebergParts: number;
  minMarketQuantityLots: number;
  bidMultiplierUpBips: number;
  bidMultiplierDownBips: number;
  askMultiplierUpBips: number;
  askMultiplierDownBips: number;
  minTrailingAboveBips: number;
  maxTrailingAboveBips: number;
  minTrailingBelowBips: number;
  maxTrailingBelowBips: number;
  priceBandBips: number;
  maxNumOrderLists: number;
  maxNumIcebergOrders: number;
  maxNumOrderAmends: number;
  feeTiers: readonly TierRates[];
}

/** A market: its rules, its book and what it has numbered so far. */
export interface Market extends MarketRules {
  readonly row: number;
  readonly id: number;
  readonly symbol: string;
  readonly base: number;
  readonly quote: number;
  readonly tickSizeUnits: number;
  readonly lotSizeUnits: number;
  /** Quote units of one tick times one lot. */
  readonly notionalUnits: number;
  readonly book: OrderBook;
  readonly feed: MarketFeed;
  readonly reference: ReferencePrice;
  readonly triggers: Triggers;
  status: MarketStatus;
  /** Open from the change to AUCTION to the uncross, whatever states are in between. */
  auction: Auction | undefined;
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
  readonly #openBook: (row: number) => { book: OrderBook; feed: MarketFeed; triggers: Triggers };

  constructor(openBook: (row: number) => { book: OrderBook; feed: MarketFeed; triggers: Triggers }) {
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

  /** Whether the message may replace the rules of the market it names; what is fixed must be the same, or unset. */
  checkUpdate(m: MarketMessage): RejectReason {
    const market = this.byId(m.marketId);
    if (market === undefined) return RejectReason.UNKNOWN_MARKET;
    const same = (value: number | bigint, fixed: number): boolean => Number(value) === 0 || Number(value) === fixed;
    const fixed =
      (m.symbol === "" || m.symbol === market.symbol) &&
      same(m.baseAssetId, market.base + 1) &&
      same(m.quoteAssetId, market.quote + 1) &&
      same(m.tickSizeUnits, market.tickSizeUnits) &&
      same(m.lotSizeUnits, market.lotSizeUnits) &&
      same(m.notionalUnits, market.notionalUnits) &&
      same(m.status, market.status);
    return fixed && areRules(m, BigInt(market.lotSizeUnits)) ? RejectReason.UNSPECIFIED : RejectReason.INVALID_DEFINITION;
  }

  checkMarket(market: MarketMessage): RejectReason {
    const base = this.assets[market.baseAssetId - 1];
    const quote = this.assets[market.quoteAssetId - 1];
    if (base === undefined || quote === undefined) return RejectReason.UNKNOWN_ASSET;
    if (base === quote || !SYMBOL.test(market.symbol)) return RejectReason.INVALID_DEFINITION;
    if (this.markets.some((m) => m.symbol === market.symbol)) return RejectReason.ALREADY_EXISTS;
    if (this.markets.length >= MARKETS_MAX) return RejectReason.INVALID_DEFINITION;
    const whole = 10n ** BigInt(base.scale);
    const valid =
      inOrder(market.tickSizeUnits) &&
      inOrder(market.lotSizeUnits) &&
      (market.tickSizeUnits * market.lotSizeUnits) % whole === 0n &&
      inOrder((market.tickSizeUnits * market.lotSizeUnits) / whole) &&
      areRules(market, market.lotSizeUnits) &&
      (market.status === MarketStatus.UNSPECIFIED || isListableStatus(market.status));
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
      ...rulesOf(m),
      ...this.#openBook(row),
      status: m.status === MarketStatus.UNSPECIFIED ? MarketStatus.TRADING : m.status,
      auction: undefined,
      nextTradeId: 1,
      lastPriceTicks: 0,
      reference: new ReferencePrice(),
    };
    this.markets.push(market);
    return market;
  }
}

const inOrder = (...values: bigint[]): boolean => values.every((v, i) => v >= 1n && v <= BigInt(EXACT_MAX) && (i === 0 || v >= (values[i - 1] ?? 0n)));

/** Below or equal, where 0 leaves either end open. */
const inBounds = (low: number, high: number): boolean => high === 0 || low <= high;

// Whether the rules make sense, each by itself and together.
function areRules(m: MarketMessage, lotSizeUnits: bigint): boolean {
  const tiers = new Set(m.feeTiers.map(({ tier }) => tier));
  return (
    inOrder(m.minPriceTicks, m.maxPriceTicks, BigInt(PRICE_TICKS_MAX)) &&
    inOrder(m.minQuantityLots, m.maxMarketQuantityLots, m.maxQuantityLots) &&
    m.maxQuantityLots * lotSizeUnits <= BigInt(EXACT_MAX) &&
    m.minMarketQuantityLots <= m.maxMarketQuantityLots &&
    inOrder(m.minNotionalUnits, m.maxNotionalUnits) &&
    m.makerFeePpm <= FEE_PPM_MAX &&
    m.takerFeePpm <= FEE_PPM_MAX &&
    m.maxNumOrders >= 1 &&
    m.maxPositionLots * lotSizeUnits <= BigInt(EXACT_MAX) &&
    inBounds(m.bidMultiplierDownBips, m.bidMultiplierUpBips) &&
    inBounds(m.askMultiplierDownBips, m.askMultiplierUpBips) &&
    inBounds(m.minTrailingAboveBips, m.maxTrailingAboveBips) &&
    inBounds(m.minTrailingBelowBips, m.maxTrailingBelowBips) &&
    Math.max(m.minTrailingAboveBips, m.maxTrailingAboveBips, m.minTrailingBelowBips, m.maxTrailingBelowBips) <= TRAILING_DELTA_BIPS_MAX &&
    Math.max(m.bidMultiplierUpBips, m.bidMultiplierDownBips, m.askMultiplierUpBips, m.askMultiplierDownBips) <= MULTIPLIER_BIPS_MAX &&
    m.priceBandBips <= MULTIPLIER_BIPS_MAX &&
    m.feeTiers.length <= FEE_TIERS_MAX &&
    tiers.size === m.feeTiers.length &&
    !tiers.has(0) &&
    m.feeTiers.every(({ makerFeePpm, takerFeePpm }) => makerFeePpm <= FEE_PPM_MAX && takerFeePpm <= FEE_PPM_MAX)
  );
}

/** The rules of a message that was checked. */
export function rulesOf(m: MarketMessage): MarketRules {
  return {
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
    maxNumAlgoOrders: m.maxNumAlgoOrders,
    maxPositionLots: Number(m.maxPositionLots),
    maxIcebergParts: m.maxIcebergParts,
    minMarketQuantityLots: Number(m.minMarketQuantityLots),
    bidMultiplierUpBips: m.bidMultiplierUpBips,
    bidMultiplierDownBips: m.bidMultiplierDownBips,
    askMultiplierUpBips: m.askMultiplierUpBips,
    askMultiplierDownBips: m.askMultiplierDownBips,
    minTrailingAboveBips: m.minTrailingAboveBips,
    maxTrailingAboveBips: m.maxTrailingAboveBips,
    minTrailingBelowBips: m.minTrailingBelowBips,
    maxTrailingBelowBips: m.maxTrailingBelowBips,
    priceBandBips: m.priceBandBips,
    maxNumOrderLists: m.maxNumOrderLists,
    maxNumIcebergOrders: m.maxNumIcebergOrders,
    maxNumOrderAmends: m.maxNumOrderAmends,
    feeTiers: m.feeTiers.map(({ tier, makerFeePpm, takerFeePpm }) => ({ tier, makerFeePpm, takerFeePpm })),
  };
}

/** What an account on `tier` pays as a maker, in parts per million; the market's own rate unless the tier is listed. */
export function makerRate(market: Market, tier: number): number {
  if (tier === 0) return market.makerFeePpm;
  for (const rates of market.feeTiers) if (rates.tier === tier) return rates.makerFeePpm;
  return market.makerFeePpm;
}

/** The same as a taker. */
export function takerRate(market: Market, tier: number): number {
  if (tier === 0) return market.takerFeePpm;
  for (const rates of market.feeTiers) if (rates.tier === tier) return rates.takerFeePpm;
  return market.takerFeePpm;
}

/** States a market may be listed in. One that is to open with an auction is listed in HALT. */
function isListableStatus(status: MarketStatus): boolean {
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

/**
 * Whether the market may go into this state now. An auction begins after a halt. While it is open the market may halt,
 * accept only cancels, and go on with the auction; what is collected stays. It ends with TRADING, which uncrosses:
 * POST_ONLY would let orders rest beside those that are still to meet.
 */
export function mayBecome({ status: now, auction }: Pick<Market, "status" | "auction">, next: MarketStatus): boolean {
  if (next === MarketStatus.AUCTION) return auction !== undefined || now === MarketStatus.HALT;
  return isListableStatus(next) && (auction === undefined || next !== MarketStatus.POST_ONLY);
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
    maxNumAlgoOrders: market.maxNumAlgoOrders,
    maxPositionLots: BigInt(market.maxPositionLots),
    maxIcebergParts: market.maxIcebergParts,
    minMarketQuantityLots: BigInt(market.minMarketQuantityLots),
    bidMultiplierUpBips: market.bidMultiplierUpBips,
    bidMultiplierDownBips: market.bidMultiplierDownBips,
    askMultiplierUpBips: market.askMultiplierUpBips,
    askMultiplierDownBips: market.askMultiplierDownBips,
    minTrailingAboveBips: market.minTrailingAboveBips,
    maxTrailingAboveBips: market.maxTrailingAboveBips,
    minTrailingBelowBips: market.minTrailingBelowBips,
    maxTrailingBelowBips: market.maxTrailingBelowBips,
    priceBandBips: market.priceBandBips,
    maxNumOrderLists: market.maxNumOrderLists,
    maxNumIcebergOrders: market.maxNumIcebergOrders,
    maxNumOrderAmends: market.maxNumOrderAmends,
    feeTiers: [...market.feeTiers],
  });
}
