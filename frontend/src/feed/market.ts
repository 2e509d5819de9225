// One market and its rules as the screen needs them: plain data, so that it crosses worker and server boundaries, and
// exact text for its ticks and lots. Built from exchangeInfo, which the server has before any socket is open.
import { formatUnits, unitsOf } from "./decimalText.ts";
import type { MarketStatus } from "./feedMessages.ts";

export interface Market {
  readonly symbol: string;
  readonly base: string;
  readonly quote: string;
  readonly baseScale: number;
  readonly quoteScale: number;
  /** One tick in quote units, one lot in base units. */
  readonly tickUnits: bigint;
  readonly lotUnits: bigint;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  /** Decimal text, as exchangeInfo writes them. */
  readonly minPrice: string;
  readonly maxPrice: string;
  readonly minQuantity: string;
  readonly maxQuantity: string;
  readonly minNotional: string;
  readonly maxNotional: string;
  /** When the page was made; the feed tells what it is now. */
  readonly status: MarketStatus;
}

/** Places needed for every multiple of a step: "0.01000000" needs 2. */
export function placesOf(step: string): number {
  const [, fraction = ""] = step.split(".");
  return fraction.replace(/0+$/, "").length;
}

const cutZeros = (text: string, scale: number, places: number): string =>
  places === 0 ? text.slice(0, -scale - 1) || text : text.slice(0, text.length - (scale - places));

/** Ticks to price text with the market's places: "64000.01". */
export const priceText = (market: Market, ticks: number | bigint): string =>
  cutZeros(formatUnits(BigInt(ticks) * market.tickUnits, market.quoteScale), market.quoteScale, market.priceDecimals);

/** Lots to quantity text with the market's places: "0.00150". */
export const quantityText = (market: Market, lots: number | bigint): string =>
  cutZeros(formatUnits(BigInt(lots) * market.lotUnits, market.baseScale), market.baseScale, market.quantityDecimals);

function steps(text: string, scale: number, step: bigint): number | undefined {
  const units = unitsOf(text, scale);
  return units === undefined || units % step !== 0n ? undefined : Number(units / step);
}

/** Price text to ticks; undefined when it is no multiple of the tick. */
export const ticksOf = (market: Market, text: string): number | undefined => steps(text, market.quoteScale, market.tickUnits);

/** Quantity text to lots; undefined when it is no multiple of the lot. */
export const lotsOf = (market: Market, text: string): number | undefined => steps(text, market.baseScale, market.lotUnits);

const pow10 = (n: number): bigint => 10n ** BigInt(n);

/** Price times quantity in quote units. Exact: a market is listed only if tick times lot is a whole number of units. */
export function notionalUnits(market: Market, priceUnits: bigint, quantityUnits: bigint): bigint {
  return (priceUnits * quantityUnits) / pow10(market.baseScale);
}

/** The most base units, in whole lots, that `quoteUnits` pay for at `priceUnits`; cut toward zero. */
export function affordableUnits(market: Market, quoteUnits: bigint, priceUnits: bigint): bigint {
  if (priceUnits === 0n) return 0n;
  return inWholeLots(market, (quoteUnits * pow10(market.baseScale)) / priceUnits);
}

/** Base units cut toward zero to whole lots. */
export const inWholeLots = (market: Market, baseUnits: bigint): bigint => baseUnits - (baseUnits % market.lotUnits);

/** A price moved by whole ticks, never below one tick; undefined when the text is no price. */
export function steppedPrice(market: Market, text: string, ticks: number): string | undefined {
  const units = unitsOf(text, market.quoteScale);
  if (units === undefined) return undefined;
  const moved = units / market.tickUnits + BigInt(ticks);
  return priceText(market, moved < 1n ? 1n : moved);
}
