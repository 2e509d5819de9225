// Exact decimal text to and from integers. Nothing here rounds and nothing passes through a float: text with more
// digits than its market or asset has is refused by name.

/** Why a decimal text was refused. */
export type DecimalError = "malformed" | "too_precise" | "too_large";
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: DecimalError };

// Plain decimals only: no sign, no exponent, no blanks.
const DECIMAL = /^(\d{1,20})(?:\.(\d{0,20}))?$/;

/** Decimal text to integer units of `scale` places: ("1.5", 8) is 150000000n. Trailing zeros beyond the scale are accepted. */
export function parseUnits(text: string, scale: number): Parsed<bigint> {
  const match = DECIMAL.exec(text);
  if (match === null) return { ok: false, error: "malformed" };
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > scale) return { ok: false, error: "too_precise" };
  const value = BigInt((match[1] ?? "0") + fraction.padEnd(scale, "0"));
  return value >= 1n << 64n ? { ok: false, error: "too_large" } : { ok: true, value };
}

/** Integer units to decimal text with exactly `scale` places: (150000000n, 8) is "1.50000000". */
export function formatUnits(units: bigint | number, scale: number): string {
  const value = BigInt(units);
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return value < 0n ? `-${text}` : text;
}

/** Decimal text to a count of steps of `stepUnits`; "too_precise" when it is not a multiple of the step. */
export function parseSteps(text: string, { stepUnits, scale }: { stepUnits: bigint; scale: number }): Parsed<number> {
  const parsed = parseUnits(text, scale);
  if (!parsed.ok) return parsed;
  if (parsed.value % stepUnits !== 0n) return { ok: false, error: "too_precise" };
  const steps = parsed.value / stepUnits;
  return steps > BigInt(Number.MAX_SAFE_INTEGER) ? { ok: false, error: "too_large" } : { ok: true, value: Number(steps) };
}

/** The places needed to write every multiple of `stepUnits` exactly: (1000000n, 8) is 2. */
export function decimalPlaces({ stepUnits, scale }: { stepUnits: bigint; scale: number }): number {
  let step = stepUnits;
  let places = scale;
  while (places > 0 && step % 10n === 0n) {
    step /= 10n;
    places--;
  }
  return places;
}
