// Decimal text in and out; integers in between. Nothing here rounds: text with more digits than its asset or market
// has is refused, by a name the caller can pass on.
import type { Market } from "../../gen/tickwire/v1/types_pb.ts";

/** Ticks, lots and units travel as plain integers below 2^53 (number) or wider (bigint); brands keep them apart. */
export type Ticks = number & { readonly __brand: "ticks" };
export type Lots = number & { readonly __brand: "lots" };

/** Why a decimal text was refused. */
export type DecimalError = "malformed" | "too_precise" | "too_large";
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DecimalError };

// Plain decimals only: no sign, no exponent, no blanks; at most 20 digits before the point and 20 after.
const DECIMAL = /^(\d{1,20})(?:\.(\d{0,20}))?$/;
const UINT64_MAX = (1n << 64n) - 1n;

const bad = (error: DecimalError): { ok: false; error: DecimalError } => ({ ok: false, error });

/**
 * Decimal text to integer units of `scale` decimal places: ("1.5", 8) is 150000000n. Trailing zeros beyond the scale
 * are accepted, other excess digits are "too_precise".
 */
export function parseUnits(text: string, scale: number): Parsed<bigint> {
  const match = DECIMAL.exec(text);
  if (match === null) return bad("malformed");
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return bad("too_precise");
  const value = BigInt((match[1] ?? "0") + fraction.padEnd(scale, "0"));
  return value > UINT64_MAX ? bad("too_large") : { ok: true, value };
}

/** Integer units to decimal text with exactly `scale` places: (150000000n, 8) is "1.50000000". */
export function formatUnits(units: bigint | number, scale: number): string {
  const value = BigInt(units);
  const negative = value < 0n;
  const digits = (negative ? -value : value).toString().padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return negative ? `-${text}` : text;
}

/** The places needed to write every multiple of `stepUnits` exactly: (1000000, 8) is 2. */
export function decimalPlaces(stepUnits: bigint | number, scale: number): number {
  let step = BigInt(stepUnits);
  let places = scale;
  while (places > 0 && step % 10n === 0n) {
    step /= 10n;
    places--;
  }
  return places;
}

/** A market with the scales of its two assets: what text conversion needs. */
export interface MarketScales {
  readonly market: Market;
  readonly baseScale: number;
  readonly quoteScale: number;
}

function parseSteps(text: string, stepUnits: bigint, scale: number): Parsed<number> {
  const parsed = parseUnits(text, scale);
  if (!parsed.ok) return parsed;
  if (parsed.value % stepUnits !== 0n) return bad("too_precise");
  const steps = parsed.value / stepUnits;
  return steps > BigInt(Number.MAX_SAFE_INTEGER) ? bad("too_large") : { ok: true, value: Number(steps) };
}

/** Price text to ticks; "too_precise" when it is not a multiple of the tick size. */
export const parsePriceTicks = (text: string, { market, quoteScale }: MarketScales): Parsed<Ticks> =>
  parseSteps(text, market.tickSizeUnits, quoteScale) as Parsed<Ticks>;

/** Quantity text to lots; "too_precise" when it is not a multiple of the lot size. */
export const parseQuantityLots = (text: string, { market, baseScale }: MarketScales): Parsed<Lots> =>
  parseSteps(text, market.lotSizeUnits, baseScale) as Parsed<Lots>;

/** Ticks to price text with the quote asset's places: "64000.01000000". */
export const formatPrice = (ticks: bigint | number, { market, quoteScale }: MarketScales): string =>
  formatUnits(BigInt(ticks) * market.tickSizeUnits, quoteScale);

/** Lots to quantity text with the base asset's places. */
export const formatQuantity = (lots: bigint | number, { market, baseScale }: MarketScales): string =>
  formatUnits(BigInt(lots) * market.lotSizeUnits, baseScale);
