// The arithmetic of the order form, exact and pure: what can be afforded, what a total buys, what a fee will be, and
// why a draft would be refused. Text in, text out; integers in between; every cut is toward zero, in nobody's favour
// but the person's own.
import { cutTo, formatUnits, unitsOf, withoutTrailingZeros } from "../../feed/decimalText.ts";
import { affordableUnits, inWholeLots, notionalUnits, type Market } from "../../feed/market.ts";

export interface Draft {
  readonly side: "BUY" | "SELL";
  readonly type: "LIMIT" | "MARKET";
  readonly price: string;
  readonly quantity: string;
  /** Market orders only: the amount in the quote asset, instead of a quantity. */
  readonly quoteAmount: string;
  readonly byQuote: boolean;
}

const units = (text: string, scale: number): bigint => unitsOf(text, scale) ?? 0n;

const quantityOf = (market: Market, base: bigint): string => {
  const text = formatUnits(base, market.baseScale);
  return withoutTrailingZeros(text.slice(0, text.length - (market.baseScale - market.quantityDecimals)));
};

/** Price times quantity as exact quote text; empty while either is missing. */
export function totalOf(market: Market, { price, quantity }: { price: string; quantity: string }): string {
  const total = notionalUnits(market, units(price, market.quoteScale), units(quantity, market.baseScale));
  return total === 0n ? "" : withoutTrailingZeros(formatUnits(total, market.quoteScale));
}

/** The quantity, in whole lots, that `total` pays for at `price`; empty when that is none. */
export function quantityForTotal(market: Market, { price, total }: { price: string; total: string }): string {
  const base = affordableUnits(market, units(total, market.quoteScale), units(price, market.quoteScale));
  return base === 0n ? "" : quantityOf(market, base);
}

/** What a share (0 to 100) of the available balance comes to: a quantity, or for market orders by amount a quote amount. */
export function shareOf(
  market: Market,
  { side, price, available, percent, byQuote }: { side: "BUY" | "SELL"; price: string; available: string; percent: number; byQuote: boolean },
): string {
  const scale = side === "BUY" ? market.quoteScale : market.baseScale;
  const share = (units(available, scale) * BigInt(Math.round(percent))) / 100n;
  if (side === "SELL") {
    const base = inWholeLots(market, share);
    return base === 0n ? "" : quantityOf(market, base);
  }
  if (byQuote) {
    const cut = share - (share % market.tickUnits);
    return cut === 0n ? "" : withoutTrailingZeros(formatUnits(cut, market.quoteScale));
  }
  return quantityForTotal(market, { price, total: formatUnits(share, market.quoteScale) });
}

/** How much of the available balance the draft would use, in whole percent, at most 100. */
export function percentUsed(market: Market, draft: Draft, { available, price }: { available: string; price: string }): number {
  const scale = draft.side === "BUY" ? market.quoteScale : market.baseScale;
  const have = units(available, scale);
  if (have === 0n) return 0;
  const base = units(draft.quantity, market.baseScale);
  const quote = draft.byQuote ? units(draft.quoteAmount, market.quoteScale) : notionalUnits(market, units(price, market.quoteScale), base);
  const used = draft.side === "BUY" ? quote : draft.byQuote ? 0n : base;
  return Number((used * 100n) / have > 100n ? 100n : (used * 100n) / have);
}

/** The fee on what is received: base when buying, quote when selling. Rounded toward the house, as the engine does. */
export function feeOf(market: Market, { side, price, quantity, feePpm }: { side: "BUY" | "SELL"; price: string; quantity: string; feePpm: number }): string {
  const base = units(quantity, market.baseScale);
  const received = side === "BUY" ? base : notionalUnits(market, units(price, market.quoteScale), base);
  const scale = side === "BUY" ? market.baseScale : market.quoteScale;
  const fee = (received * BigInt(feePpm) + 999_999n) / 1_000_000n;
  return withoutTrailingZeros(formatUnits(fee, scale));
}

/** What comes in once the fee is paid, with its asset: "0.00999 BTC". */
export function receivedOf(market: Market, { side, price, quantity, fee }: { side: "BUY" | "SELL"; price: string; quantity: string; fee: string }): string {
  const base = units(quantity, market.baseScale);
  if (side === "BUY") return `${withoutTrailingZeros(formatUnits(base - units(fee, market.baseScale), market.baseScale))} ${market.base}`;
  const quote = notionalUnits(market, units(price, market.quoteScale), base) - units(fee, market.quoteScale);
  return `${cutTo(formatUnits(quote, market.quoteScale), market.priceDecimals)} ${market.quote}`;
}

/** Why a draft would be refused, in words; undefined when nothing here speaks against it. The engine has the last word. */
export function objection(market: Market, draft: Draft): string | undefined {
  const byQuote = draft.type === "MARKET" && draft.byQuote;
  if (draft.type === "LIMIT") {
    const price = unitsOf(draft.price, market.quoteScale);
    if (price === undefined || price === 0n) return "Enter a price.";
    if (price % market.tickUnits !== 0n) return `PRICE_FILTER: the price must be a multiple of ${formatStep(market.tickUnits, market.quoteScale)}.`;
    const min = units(market.minPrice, market.quoteScale);
    const max = units(market.maxPrice, market.quoteScale);
    if (price < min) return `PRICE_FILTER: the lowest price is ${withoutTrailingZeros(market.minPrice)}.`;
    if (max > 0n && price > max) return `PRICE_FILTER: the highest price is ${withoutTrailingZeros(market.maxPrice)}.`;
  }
  if (byQuote) return units(draft.quoteAmount, market.quoteScale) === 0n ? "Enter an amount." : undefined;
  const quantity = unitsOf(draft.quantity, market.baseScale);
  if (quantity === undefined || quantity === 0n) return "Enter a quantity.";
  if (quantity % market.lotUnits !== 0n) return `LOT_SIZE: the quantity must be a multiple of ${formatStep(market.lotUnits, market.baseScale)}.`;
  if (quantity < units(market.minQuantity, market.baseScale)) return `LOT_SIZE: the smallest quantity is ${withoutTrailingZeros(market.minQuantity)}.`;
  const max = units(market.maxQuantity, market.baseScale);
  if (max > 0n && quantity > max) return `LOT_SIZE: the largest quantity is ${withoutTrailingZeros(market.maxQuantity)}.`;
  if (draft.type === "LIMIT") {
    const total = notionalUnits(market, units(draft.price, market.quoteScale), quantity);
    if (total < units(market.minNotional, market.quoteScale)) return `NOTIONAL: the smallest order is ${withoutTrailingZeros(market.minNotional)} ${market.quote}.`;
    const most = units(market.maxNotional, market.quoteScale);
    if (most > 0n && total > most) return `NOTIONAL: the largest order is ${withoutTrailingZeros(market.maxNotional)} ${market.quote}.`;
  }
  return undefined;
}

const formatStep = (step: bigint, scale: number): string => withoutTrailingZeros(formatUnits(step, scale));
