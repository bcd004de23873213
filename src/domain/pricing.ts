import { basisPoints, lineAmount, minor } from './money.ts';

export interface PricedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly discountBp: number;
}

export interface Price {
  readonly totalMinor: number;
  /** What is left over cost, of the total, bp; negative below cost. */
  readonly marginBp: number;
  readonly maxLineDiscountBp: number;
}

/** Price of an offer; a unit price below list counts as a discount. Figures per product by sku. */
export function priceOf(
  lines: readonly PricedLine[],
  products: ReadonlyMap<string, { readonly listPriceMinor: number; readonly costMinor: number }>,
): Price {
  let totalMinor = 0;
  let costMinor = 0;
  let maxLineDiscountBp = 0;
  for (const line of lines) {
    const product = products.get(line.sku);
    if (!product) throw new RangeError(`no product ${line.sku}`);
    const amount = lineAmount(line.quantity, line.unitPriceMinor, line.discountBp);
    const list = lineAmount(line.quantity, product.listPriceMinor, 0);
    totalMinor = minor(totalMinor + amount);
    costMinor = minor(costMinor + product.costMinor * line.quantity);
    maxLineDiscountBp = Math.max(maxLineDiscountBp, amount < list ? basisPoints(list - amount, list) : 0);
  }
  return { totalMinor, marginBp: basisPoints(totalMinor - costMinor, totalMinor), maxLineDiscountBp };
}

/** The terms that an acceptance or an override is bound to, as text for a hash: another line, price or currency is another fingerprint. */
export const termsOf = (customerId: string, currency: string, lines: readonly PricedLine[]): string =>
  JSON.stringify([customerId, currency, lines.map((line) => [line.sku, line.quantity, line.unitPriceMinor, line.discountBp])]);
