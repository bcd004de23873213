import type { Listed, PricedLine } from '../domain/pricing.ts';
import { Customer } from '../persistence/entities/index.ts';
import { catalogue, type Occasion } from '../persistence/prices.ts';
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

/** A line with its price, its tax and what the catalogue says of it. */
export interface ResolvedLine extends PricedLine, Listed {
  /** Nobody named a price. */
  readonly followsList: boolean;
}

/** Whoever it is that buys; whether they may is for the admission of the sale to say. @throws Problem not-found */
export const knownCustomer = async (tx: Transaction, idOrCode: string): Promise<Customer> =>
  tx.manager.findOneByOrFail(Customer, { id: await customerId(tx, idOrCode) });

/** A customer that we may make an offer to. @throws Problem not-found, wrong-state */
export async function activeCustomer(tx: Transaction, idOrCode: string): Promise<Customer> {
  const customer = await knownCustomer(tx, idOrCode);
  if (customer.status !== 'ACTIVE') {
    throw new Problem('wrong-state', `Customer ${customer.code} is ${customer.status}; only ACTIVE customers get offers.`, {
      status: customer.status,
    });
  }
  return customer;
}

/** Fills in prices and taxes of the day, and holds the lines against the catalogue. @throws Problem validation-failed naming each line that does not fit */
export async function resolveLines(
  tx: Transaction,
  occasion: Occasion,
  wanted: readonly WantedLine[],
): Promise<readonly ResolvedLine[]> {
  const entries = await catalogue(tx, occasion, wanted);
  const errors: { pointer: string; message: string }[] = [];
  const lines = wanted.map((line, index): ResolvedLine => {
    const entry = entries[index];
    const pointer = `/lines/${index}/sku`;
    if (!entry) errors.push({ pointer, message: `there is no product ${line.sku}` });
    else if (entry.currency !== occasion.currency) {
      errors.push({
        pointer,
        message: `${line.sku} is sold in ${entry.currency}, the order is in ${occasion.currency}`,
      });
    }
    const listPriceMinor = entry?.listPriceMinor ?? 0;
    return {
      sku: line.sku,
      quantity: line.quantity,
      unitPriceMinor: line.unitPriceMinor ?? listPriceMinor,
      discountBp: line.discountBp ?? 0,
      taxBp: entry?.taxBp ?? 0,
      listPriceMinor,
      costMinor: entry?.costMinor ?? 0,
      followsList: line.unitPriceMinor === undefined,
    };
  });
  if (errors.length > 0) throw new Problem('validation-failed', 'The lines do not fit the catalogue.', { errors });
  return lines;
}

/** What of a line goes into an order's row. */
export const storedLine = ({
  listPriceMinor: _list,
  costMinor: _cost,
  ...line
}: ResolvedLine): PricedLine & Pick<ResolvedLine, 'followsList'> => line;
