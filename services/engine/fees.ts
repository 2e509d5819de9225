// The one place where money is rounded: up, toward the house.

const MILLION = 1_000_000;

/**
 * The fee on `amountUnits` at `ratePpm` parts per million, rounded up. Exact for amounts up to 2^53 - 1 and rates up
 * to one million: the amount is split at a million, so no product leaves the exact range.
 */
export function feeUnits(amountUnits: number, ratePpm: number): number {
  if (ratePpm === 0) return 0;
  const rest = amountUnits % MILLION;
  const millions = (amountUnits - rest) / MILLION;
  // millions < 2^34 and ratePpm <= 2^20: below 2^53. rest * ratePpm < 10^12.
  return millions * ratePpm + Math.ceil((rest * ratePpm) / MILLION);
}
