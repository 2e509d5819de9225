// The one place where money is rounded: up, toward the house.

const MILLION = 1_000_000;

/**
 * The fee on `amountUnits` at `ratePpm` parts per million, rounded up. Exact for amounts up to 2^53 - 1 and rates up
 * to one million: the amount is split at a million, so no product leaves the exact range.
 */
export function feeUnits(amountUnits: number, ratePpm: number): number {
  if (ratePpm === 0) return 0;
  // Not `%`, which on doubles is a call into the C library; so the quotient may have been rounded up to the next million.
  let millions = Math.floor(amountUnits / MILLION);
  let rest = amountUnits - millions * MILLION;
  if (rest < 0) {
    millions -= 1;
    rest += MILLION;
  }
  // millions < 2^34 and ratePpm <= 2^20: below 2^53. rest * ratePpm < 10^12.
  return millions * ratePpm + Math.ceil((rest * ratePpm) / MILLION);
}
