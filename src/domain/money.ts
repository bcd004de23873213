/** Money is a whole number of minor units (cents) that JSON carries exactly: within ±(2^53 - 1). Basis points: 1 bp = 0.01 %. */

/** @throws RangeError outside what a JSON number carries exactly */
export function minor(amount: number): number {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number of minor units`);
  return amount;
}

/** quantity x price less discount, rounded half up to the minor unit. Exact: multiplies in bigint. */
export function lineAmount(quantity: number, unitPriceMinor: number, discountBp: number): number {
  const exact = BigInt(minor(quantity)) * BigInt(minor(unitPriceMinor)) * BigInt(10_000 - discountBp);
  return minor(Number((exact + 5_000n) / 10_000n));
}

/** part of whole in basis points, rounded down; 0 when the whole is 0. */
export const basisPoints = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 10_000) / whole));
