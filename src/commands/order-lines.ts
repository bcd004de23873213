import type { PricedLine } from '../domain/pricing.ts';
import { Customer } from '../persistence/entities/index.ts';
import type { Product } from '../persistence/entities/index.ts';
import { productsBySku } from '../persistence/products.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { customerId } from '../queries/customer.ts';
import { Problem } from '../support/errors.ts';

/** A line as somebody asks for it; the price is the list price unless they name one. */
export interface WantedLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPriceMinor?: number;
  readonly discountBp?: number;
}

/** A customer that we may sell to. @throws Problem not-found, wrong-state */
export async function activeCustomer(tx: Transaction, idOrCode: string): Promise<Customer> {
  const customer = await tx.manager.findOneByOrFail(Customer, { id: await customerId(tx, idOrCode) });
  if (customer.status !== 'ACTIVE') {
    throw new Problem('wrong-state', `Customer ${customer.code} is ${customer.status}; only ACTIVE customers can order.`, {
      status: customer.status,
    });
  }
  return customer;
}

/** Fills in prices, and holds the lines against the catalogue. @throws Problem validation-failed naming each line that does not fit */
export async function resolveLines(
  tx: Transaction,
  currency: string,
  wanted: readonly WantedLine[],
): Promise<{ readonly lines: readonly PricedLine[]; readonly products: ReadonlyMap<string, Product> }> {
  const products = await productsBySku(
    tx,
    wanted.map((line) => line.sku),
  );
  const errors: { pointer: string; message: string }[] = [];
  const lines = wanted.map((line, index): PricedLine => {
    const product = products.get(line.sku);
    if (!product) errors.push({ pointer: `/lines/${index}/sku`, message: `there is no product ${line.sku}` });
    else if (product.currency !== currency) {
      errors.push({
        pointer: `/lines/${index}/sku`,
        message: `${line.sku} is sold in ${product.currency}, the order is in ${currency}`,
      });
    }
    return {
      sku: line.sku,
      quantity: line.quantity,
      unitPriceMinor: line.unitPriceMinor ?? product?.listPriceMinor ?? 0,
      discountBp: line.discountBp ?? 0,
    };
  });
  if (errors.length > 0) throw new Problem('validation-failed', 'The lines do not fit the catalogue.', { errors });
  return { lines, products };
}
