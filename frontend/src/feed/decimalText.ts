// Amounts as people read and type them: decimal text, exact. Integers in between; never a float, never a silent
// rounding: what is cut off (a maximum, a slider's share) is cut by a function whose name says so.
//
// Parsing and writing agree with the SDK's, which the test holds them to; the SDK itself stays out of the page's own
// bundle, because only the worker decodes.

// Plain decimals only: no sign, no exponent, no blanks.
const DECIMAL = /^(\d{1,20})(?:\.(\d{0,20}))?$/;

/** Decimal text to integer units of `scale` places, or undefined when it is no plain decimal of at most that many. */
export function unitsOf(text: string, scale: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) return undefined;
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return undefined;
  const units = BigInt((match[1] ?? "0") + fraction.padEnd(scale, "0"));
  return units >= 1n << 64n ? undefined : units;
}

/** Integer units to decimal text with exactly `scale` places: (150000000n, 8) is "1.50000000". */
export function formatUnits(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return units < 0n ? `-${text}` : text;
}

/** Decimal text with the zeros (and point) that say nothing removed: "1.50000000" is "1.5". */
export function withoutTrailingZeros(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** Cuts decimal text to at most `places` places, toward zero, and pads it to exactly that: for display only. */
export function cutTo(text: string, places: number): string {
  const [whole = "0", fraction = ""] = text.split(".");
  return places === 0 ? whole : `${whole}.${fraction.slice(0, places).padEnd(places, "0")}`;
}

/** "64000.01" to "64,000.01". */
export function grouped(text: string): string {
  const point = text.indexOf(".");
  const whole = point === -1 ? text : text.slice(0, point);
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (point === -1 ? "" : text.slice(point));
}

/** A large amount in three or four digits: "1234567.8" is "1.23M". For statistics, never for a balance. */
export function compact(text: string): string {
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (value >= 1e9) return `${(value / 1e9).toFixed(2)}B`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(2)}M`;
  if (value >= 1e5) return `${(value / 1e3).toFixed(1)}K`;
  return grouped(cutTo(text, value >= 1000 ? 1 : value >= 1 ? 2 : 4));
}

/** What a person may type into an amount field: digits and one point; a comma counts as a point. */
export function asTyped(text: string, places: number): string | undefined {
  const plain = text.replace(",", ".");
  if (plain === "") return "";
  if (!/^\d{0,12}(\.\d*)?$/.test(plain)) return undefined;
  const [, fraction = ""] = plain.split(".");
  return fraction.length > places ? undefined : plain;
}
