import { basisPoints, lineAmount, lineValueMinor, minor } from './money.ts';

export interface PricedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountBp: number;
  readonly taxBp: number;
}

/** What the catalogue says of a line on the day: figures for one piece, before tax. */
export interface Listed {
  readonly listPriceMinor: number;
  readonly costMinor: number;
}

export interface Price {
  /** Gross. */
  readonly totalMinor: number;
  /** What is left over cost, of the net amount, bp; negative below cost. */
  readonly marginBp: number;
  readonly maxLineDiscountBp: number;
}

/** Price of an offer; a unit price below list counts as a discount. */
export function priceOf(lines: readonly (PricedLine & Listed)[]): Price {
  let totalMinor = 0;
  let netMinor = 0;
  let costMinor = 0;
  let maxLineDiscountBp = 0;
  for (const line of lines) {
    const amount = lineAmount(line.quantity, line.unitPriceMinor, line.discountBp);
    const list = lineAmount(line.quantity, line.listPriceMinor, 0);
    totalMinor = minor(totalMinor + lineValueMinor(line, 0, line.quantity));
    netMinor = minor(netMinor + amount);
    costMinor = minor(costMinor + line.costMinor * line.quantity);
    maxLineDiscountBp = Math.max(maxLineDiscountBp, amount < list ? basisPoints(list - amount, list) : 0);
  }
  return { totalMinor, marginBp: basisPoints(netMinor - costMinor, netMinor), maxLineDiscountBp };
}

/** A line of a sale with what has been taken back of it. */
export interface OrderedLine extends Omit<PricedLine, 'quantity'> {
  readonly ordered: number;
  readonly cancelled: number;
}

/** Gross value of a sale as far as it is not cancelled, minor units. */
export const saleTotalMinor = (lines: readonly OrderedLine[]): number =>
  lines.reduce((sum, line) => minor(sum + lineValueMinor(line, 0, line.ordered - line.cancelled)), 0);

/**
 * The terms that an acceptance or an override is bound to, as text for a hash: another line, price, tax or currency is another fingerprint. Untaxed lines
 * are written as they were before there were taxes, so that older fingerprints still fit.
 */
export const termsOf = (customerId: string, currency: string, lines: readonly PricedLine[]): string =>
  JSON.stringify([
    customerId,
    currency,
    lines.map(({ sku, quantity, unitPriceMinor, discountBp, taxBp }) => [
      sku,
      quantity,
      unitPriceMinor,
      discountBp,
      ...(taxBp === 0 ? [] : [taxBp]),
    ]),
  ]);

/** The terms of a sale: what is left of its lines. */
export const saleTermsOf = (customerId: string, currency: string, lines: readonly OrderedLine[]): string =>
  termsOf(
    customerId,
    currency,
    lines.map((line) => ({ ...line, quantity: line.ordered - line.cancelled })).filter((line) => line.quantity > 0),
  );
