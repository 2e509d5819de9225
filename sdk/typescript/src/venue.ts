// The venue as Welcome announced it: assets, markets, their scales and rules, and exact text for their integers.
// Never rounds: what does not fit a market's tick or lot is refused.
import type { Asset as WireAsset, Market as WireMarket } from "../../../gen/tickwire/v1/types_pb.ts";
import { decimalPlaces, formatUnits, parseSteps, type Parsed } from "./decimal.ts";
import { MARKET_STATUSES, type MarketStatus } from "./words.ts";

export interface AssetInfo {
  readonly assetId: number;
  /** "BTC". */
  readonly code: string;
  readonly name: string;
  /** Decimal places of one unit. */
  readonly scale: number;
}

/** The limits an order must keep; the same as the filters of exchangeInfo. */
export interface MarketFilters {
  readonly minPriceTicks: number;
  readonly maxPriceTicks: number;
  readonly minQuantityLots: number;
  readonly maxQuantityLots: number;
  readonly maxMarketQuantityLots: number;
  /** In the quote asset, decimal text. */
  readonly minNotional: string;
  readonly maxNotional: string;
  /** Open orders of one account in this market. */
  readonly maxNumOrders: number;
}

export class MarketInfo {
  readonly marketId: number;
  readonly symbol: string;
  /** Code of the base asset, "BTC". */
  readonly base: string;
  /** Code of the quote asset, "USDT". */
  readonly quote: string;
  readonly baseScale: number;
  readonly quoteScale: number;
  /** One tick in quote units. */
  readonly tickSizeUnits: bigint;
  /** One lot in base units. */
  readonly lotSizeUnits: bigint;
  /** One tick times one lot in quote units, exact. */
  readonly notionalUnits: bigint;
  /** One tick as decimal text, "0.01". */
  readonly tickSize: string;
  /** One lot as decimal text, "0.00001". */
  readonly lotSize: string;
  /** Decimal places of a price in this market. */
  readonly priceDecimals: number;
  /** Decimal places of a quantity in this market. */
  readonly quantityDecimals: number;
  /** Parts per million of the received asset. */
  readonly makerFeePpm: number;
  readonly takerFeePpm: number;
  readonly filters: MarketFilters;
  #status: MarketStatus;

  constructor(market: WireMarket, { base, quote }: { base: AssetInfo; quote: AssetInfo }) {
    this.marketId = market.marketId;
    this.symbol = market.symbol;
    this.base = base.code;
    this.quote = quote.code;
    this.baseScale = base.scale;
    this.quoteScale = quote.scale;
    this.tickSizeUnits = market.tickSizeUnits;
    this.lotSizeUnits = market.lotSizeUnits;
    this.notionalUnits = market.notionalUnits;
    this.priceDecimals = decimalPlaces({ stepUnits: market.tickSizeUnits, scale: quote.scale });
    this.quantityDecimals = decimalPlaces({ stepUnits: market.lotSizeUnits, scale: base.scale });
    this.tickSize = this.formatPrice(1);
    this.lotSize = this.formatQuantity(1);
    this.makerFeePpm = market.makerFeePpm;
    this.takerFeePpm = market.takerFeePpm;
    this.filters = {
      minPriceTicks: Number(market.minPriceTicks),
      maxPriceTicks: Number(market.maxPriceTicks),
      minQuantityLots: Number(market.minQuantityLots),
      maxQuantityLots: Number(market.maxQuantityLots),
      maxMarketQuantityLots: Number(market.maxMarketQuantityLots),
      minNotional: formatUnits(market.minNotionalUnits, quote.scale),
      maxNotional: formatUnits(market.maxNotionalUnits, quote.scale),
      maxNumOrders: market.maxNumOrders,
    };
    this.#status = MARKET_STATUSES.get(market.status) ?? "HALT";
  }

  get status(): MarketStatus {
    return this.#status;
  }

  /** The feed client keeps this current; nobody else calls it. */
  setStatus(status: MarketStatus): void {
    this.#status = status;
  }

  /** Ticks to price text with the market's places: "64000.01". */
  formatPrice(ticks: number | bigint): string {
    return trimTo(formatUnits(BigInt(ticks) * this.tickSizeUnits, this.quoteScale), this.quoteScale - this.priceDecimals);
  }

  /** Lots to quantity text with the market's places: "0.00150". */
  formatQuantity(lots: number | bigint): string {
    return trimTo(formatUnits(BigInt(lots) * this.lotSizeUnits, this.baseScale), this.baseScale - this.quantityDecimals);
  }

  /** Price text to ticks; "too_precise" when it is no multiple of the tick. */
  parsePrice(text: string): Parsed<number> {
    return parseSteps(text, { stepUnits: this.tickSizeUnits, scale: this.quoteScale });
  }

  /** Quantity text to lots; "too_precise" when it is no multiple of the lot. */
  parseQuantity(text: string): Parsed<number> {
    return parseSteps(text, { stepUnits: this.lotSizeUnits, scale: this.baseScale });
  }

  /** A price as a float, for charts and nothing else. */
  priceNumber(ticks: number): number {
    return (ticks * Number(this.tickSizeUnits)) / 10 ** this.quoteScale;
  }

  /** A quantity as a float, for charts and depth bars and nothing else. */
  quantityNumber(lots: number): number {
    return (lots * Number(this.lotSizeUnits)) / 10 ** this.baseScale;
  }

  /** Price times quantity as exact decimal text of the quote asset. */
  notional(ticks: number | bigint, lots: number | bigint): string {
    return this.formatQuoteUnits(BigInt(ticks) * BigInt(lots) * this.notionalUnits);
  }

  /** Units of the quote asset to decimal text. */
  formatQuoteUnits(units: bigint | number): string {
    return formatUnits(units, this.quoteScale);
  }

  /** Units of the base asset to decimal text. */
  formatBaseUnits(units: bigint | number): string {
    return formatUnits(units, this.baseScale);
  }
}

// Drops trailing digits that the step makes zero; the point goes with the last of them.
function trimTo(text: string, zeros: number): string {
  if (zeros === 0) return text;
  const cut = text.slice(0, -zeros);
  return cut.endsWith(".") ? cut.slice(0, -1) : cut;
}

export class Venue {
  readonly epoch: number;
  readonly markets: readonly MarketInfo[];
  readonly assets: readonly AssetInfo[];
  readonly #bySymbol: ReadonlyMap<string, MarketInfo>;
  readonly #byId: ReadonlyMap<number, MarketInfo>;
  readonly #assetsById: ReadonlyMap<number, AssetInfo>;

  constructor({ epoch, assets, markets }: { epoch: number; assets: readonly WireAsset[]; markets: readonly WireMarket[] }) {
    this.epoch = epoch;
    this.assets = assets.map(({ assetId, code, name, scale }) => ({ assetId, code, name, scale }));
    this.#assetsById = new Map(this.assets.map((asset) => [asset.assetId, asset]));
    this.markets = markets.map((market) => {
      const base = this.#assetsById.get(market.baseAssetId);
      const quote = this.#assetsById.get(market.quoteAssetId);
      if (base === undefined || quote === undefined) throw new Error(`market ${market.symbol} names an asset that is not listed`);
      return new MarketInfo(market, { base, quote });
    });
    this.#bySymbol = new Map(this.markets.map((market) => [market.symbol, market]));
    this.#byId = new Map(this.markets.map((market) => [market.marketId, market]));
  }

  /** By symbol, "BTCUSDT". */
  market(symbol: string): MarketInfo | undefined {
    return this.#bySymbol.get(symbol);
  }

  marketById(marketId: number): MarketInfo | undefined {
    return this.#byId.get(marketId);
  }

  assetById(assetId: number): AssetInfo | undefined {
    return this.#assetsById.get(assetId);
  }
}
