import { Customer, type SaleLine, type SaleOrder } from '../persistence/entities/index.ts';
import { lockSaleOrder, saleLines } from '../persistence/orders.ts';
import { openRequests } from '../persistence/payments.ts';
import { catalogue } from '../persistence/prices.ts';
import { retotal } from '../persistence/retotal.ts';
import { releaseOpenSale } from '../persistence/sale-commitments.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { handsOf, requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readSaleOrder } from '../queries/sale-order.ts';
import { Problem, type FieldError } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { revised } from './answer.ts';
import { lockOrder } from './lock-order.ts';
import { correlate, lockSubscription } from './message.ts';
import { perform } from './perform.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface ChangeSaleOrder {
  /** Id or number. */
  readonly saleOrderId: string;
  /** The quantities that lines are to have; 0 takes a line out. */
  readonly lines: readonly { readonly lineNo: number; readonly quantity: number }[];
  readonly reason: string;
  readonly ifRevision?: number;
}

const message = 'sale.changed';

/**
 * Changes quantities of a sale that asks for no money yet. What it holds for the old lines is given back and what was approved for them is void, in the same
 * transaction; then it begins anew (message sale.changed). Fewer pieces are cancelled pieces of their line, unless so few cost more each; more are sold at its price
 * if that is the list's.
 * @throws Problem forbidden, not-found, wrong-state, revision-mismatch, validation-failed
 */
export const changeSaleOrder = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: ChangeSaleOrder,
): Promise<Performed> =>
  perform(deps, { ...request, name: 'change a sale order', payload: { ...input } }, async (unit) => {
    const { tx, actor, now } = unit;
    requireAnyRole(actor, permissions['change a sale order'], 'change a sale order');
    const order = await lockOrder(tx, 'sale_order', input.saleOrderId, input.ifRevision);
    const sale = await lockSaleOrder(tx, order.id);
    const subscription = await lockSubscription(tx, message, sale.id);
    if (!subscription || (await isPaying(tx, sale))) refuse(sale);
    const lines = await saleLines(tx, sale.id);
    const changes = await changesOf(tx, sale, lines, input.lines, now);
    await releaseOpenSale(tx, sale, `change:${unit.commandId ?? newId()}`, now);
    for (const { line, quantity } of changes) {
      const left = line.ordered - line.cancelled;
      const [column, pieces] = quantity < left ? ['cancelled', left - quantity] : ['ordered', quantity - left];
      await tx.execute(`update orderflow.sale_line set ${column} = ${column} + $2 where id = $1`, [line.id, pieces]);
    }
    await tx.execute(
      'update orderflow.sale_order set authors = array(select distinct unnest(authors || $2::text[])) where id = $1',
      [sale.id, handsOf(actor)],
    );
    await retotal(tx, sale);
    await correlate(unit, subscription, message, {}, input.reason);
    return revised(200, await readSaleOrder(tx, sale.id));
  });

/** Has money been asked for, or has any come? */
const isPaying = async (tx: Transaction, sale: SaleOrder): Promise<boolean> =>
  sale.workflowState === 'AWAITING_PAYMENT' ||
  sale.capturedMinor > sale.refundedMinor ||
  (await openRequests(tx, sale.id)).length > 0;

function refuse({ number, workflowState }: SaleOrder): never {
  throw new Problem(
    'wrong-state',
    `${number} is ${workflowState}: its lines stand once money is asked for, and once it is cleared or given up. Cancel what can be cancelled and make a new sale.`,
    { workflowState },
  );
}

interface Change {
  readonly line: SaleLine;
  readonly quantity: number;
}

/** What really changes. @throws Problem validation-failed naming each line that cannot be changed so */
async function changesOf(
  tx: Transaction,
  sale: SaleOrder,
  lines: readonly SaleLine[],
  wanted: ChangeSaleOrder['lines'],
  at: Date,
): Promise<Change[]> {
  const errors: FieldError[] = [];
  const changes: Change[] = [];
  const { tier } = await tx.manager.findOneByOrFail(Customer, { id: sale.customerId });
  for (const [index, { lineNo, quantity }] of wanted.entries()) {
    const line = lines.find((each) => each.lineNo === lineNo);
    const isTwice = wanted.findIndex((each) => each.lineNo === lineNo) < index;
    if (!line || isTwice) {
      const message = isTwice ? `line ${lineNo} is named twice` : `${sale.number} has no line ${lineNo}`;
      errors.push({ pointer: `/lines/${index}/lineNo`, message });
      continue;
    }
    const left = line.ordered - line.cancelled;
    if (quantity === left) continue;
    const { sku } = line;
    const [then, now] = await catalogue(tx, { tier, currency: sale.currency, at }, [
      { sku, quantity },
      { sku, quantity: left },
    ]);
    const listed = { thenMinor: then?.listPriceMinor ?? 0, nowMinor: now?.listPriceMinor ?? 0 };
    const why = quantity > left ? whyNotMore(sale, line, listed.thenMinor) : whyNotLess(line, quantity, listed);
    if (why !== undefined) errors.push({ pointer: `/lines/${index}/quantity`, message: why });
    changes.push({ line, quantity });
  }
  const isEmpty = lines.every((line) => {
    const change = changes.find((each) => each.line.id === line.id);
    return (change?.quantity ?? line.ordered - line.cancelled) === 0;
  });
  if (isEmpty) errors.push({ pointer: '/lines', message: 'leave nothing of the order; cancel it instead' });
  if (changes.length === 0 && errors.length === 0)
    errors.push({ pointer: '/lines', message: 'are as they were; name a quantity that differs' });
  if (errors.length > 0) throw new Problem('validation-failed', `${sale.number} cannot be changed so.`, { errors });
  return changes;
}

/** A discount is decided for the quantity that was asked for; nobody gets more at it than was decided on. */
function whyNotMore(sale: SaleOrder, line: SaleLine, listPriceMinor: number): string | undefined {
  if (sale.quotationId !== null) return 'was quoted, and can only become less; make a quotation for the pieces on top';
  if (line.discountBp > 0 || line.unitPriceMinor < listPriceMinor)
    return 'is below the list price of today, and can only become less; order the pieces on top in a sale of their own';
  return undefined;
}

/** A price for many is not to be had for a few by ordering many first; nobody decided on that discount. */
function whyNotLess(
  line: SaleLine,
  quantity: number,
  { thenMinor, nowMinor }: { readonly thenMinor: number; readonly nowMinor: number },
): string | undefined {
  if (quantity === 0 || thenMinor <= nowMinor || line.unitPriceMinor >= thenMinor) return undefined;
  return `is sold at the price for ${line.ordered - line.cancelled}, and ${quantity} cost more each; take the line out and order them in a sale of their own`;
}
