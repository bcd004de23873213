import { lineValueMinor } from '../domain/money.ts';
import type { Fulfilment, SaleLine, SaleOrder } from './entities/index.ts';
import { fulfilmentLines } from './fulfilments.ts';
import { saleLines } from './orders.ts';
import { giveBack } from './refunds.ts';
import type { Transaction } from './transaction.ts';

/**
 * What so many more pieces of a line are worth that their buyer does not keep, gross, minor units. Those that were given back before have the low numbers, so that
 * all of them together are worth what was shipped.
 */
export const notKeptMinor = (
  line: Pick<SaleLine, 'unitPriceMinor' | 'discountBp' | 'taxBp' | 'lost' | 'returned'>,
  quantity: number,
): number => lineValueMinor(line, line.lost + line.returned, line.lost + line.returned + quantity);

/**
 * A whole shipment does not reach its buyer: it is lost, or comes back to us. Its pieces are counted on their lines, and their value is given back. The sale's row
 * is locked.
 */
export async function loseValue(
  tx: Transaction,
  sale: SaleOrder,
  fulfilment: Pick<Fulfilment, 'id' | 'number'>,
  how: 'lost' | 'returned',
  key: string,
  at: Date,
): Promise<void> {
  const lines = new Map((await saleLines(tx, sale.id)).map((line) => [line.id, line]));
  let amountMinor = 0;
  for (const { saleLineId, quantity } of await fulfilmentLines(tx, fulfilment.id)) {
    const line = lines.get(saleLineId);
    if (line) amountMinor += notKeptMinor(line, quantity);
    const counters = how === 'lost' ? 'lost = lost + $2' : 'delivered = delivered + $2, returned = returned + $2';
    await tx.execute(`update orderflow.sale_line set ${counters} where id = $1`, [saleLineId, quantity]);
  }
  const reason = how === 'lost' ? `${fulfilment.number} was lost` : `${fulfilment.number} came back to its sender`;
  await giveBack(tx, { sale, fulfilmentId: fulfilment.id, amountMinor, reason, key, at });
}
