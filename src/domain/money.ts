/** Money is a whole number of minor units (cents) that JSON carries exactly: within ±(2^53 - 1). Basis points: 1 bp = 0.01 %. */

/** @throws RangeError outside what a JSON number carries exactly */
export function minor(amount: number): number {
  if (!Number.isSafeInteger(amount)) throw new RangeError(`${amount} is not a whole number of minor units`);
  return amount;
}

/** quantity x price less discount, rounded half up to the minor unit: what a line costs before tax. Exact: multiplies in bigint. */
export function lineAmount(quantity: number, unitPriceMinor: number, discountBp: number): number {
  const exact = BigInt(minor(quantity)) * BigInt(minor(unitPriceMinor)) * BigInt(10_000 - discountBp);
  return minor(Number((exact + 5_000n) / 10_000n));
}

/** A line's amount with its tax on top, rounded half up to the minor unit. */
export const withTax = (netMinor: number, taxBp: number): number =>
  minor(Number((BigInt(minor(netMinor)) * BigInt(10_000 + taxBp) + 5_000n) / 10_000n));

/** What the price of a line is made of. */
export interface LineTerms {
  readonly unitPriceMinor: number;
  readonly discountBp: number;
  /** 0 when the goods are not taxed. */
  readonly taxBp: number;
}

/**
 * The gross value of the pieces [from, to) of a line, counted from 0. The pieces of a line are worth slightly different amounts, so that the values of any
 * parts that cover the line add up to the value of the whole to the minor unit. What leaves first has the low numbers, what is cancelled the high ones.
 */
export function lineValueMinor(line: LineTerms, from: number, to: number): number {
  const upTo = (pieces: number): number => withTax(lineAmount(pieces, line.unitPriceMinor, line.discountBp), line.taxBp);
  return upTo(to) - upTo(from);
}

/** What is left of an amount when a fee of so many basis points, rounded half up to the minor unit, is kept. */
export const lessFee = (amountMinor: number, feeBp: number): number =>
  minor(amountMinor - Number((BigInt(minor(amountMinor)) * BigInt(feeBp) + 5_000n) / 10_000n));

/** part of whole in basis points, rounded down; 0 when the whole is 0. */
export const basisPoints = (part: number, whole: number): number => (whole === 0 ? 0 : Math.floor((part * 10_000) / whole));
