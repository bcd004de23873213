import { ReturnLine, ReturnRequest } from '../persistence/entities/index.ts';
import { notKeptMinor } from '../persistence/given-back.ts';
import { lockSaleOrder, nextNumber, readFulfilment } from '../persistence/orders.ts';
import { productsBySku } from '../persistence/products.ts';
import { returnableLines, returnRatePct, tellFulfilment, type ReturnableLine } from '../persistence/returns.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { readReturnView } from '../queries/return.ts';
import { Problem } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { revised } from './answer.ts';
import { lockOrder } from './lock-order.ts';
import { perform } from './perform.ts';
import { startInstance } from './start-instance.ts';
import type { Deps, Performed, Request } from './unit.ts';

export interface RequestReturn {
  /** Id or number. */
  readonly fulfilmentId: string;
  readonly lines: readonly { readonly lineNo: number; readonly quantity: number }[];
  readonly reason: ReturnRequest['reason'];
  readonly ifRevision?: number;
}

/** States of a shipment whose goods its buyer has. */
const arrived: readonly string[] = ['DELIVERED', 'RETURN_REQUESTED', 'COMPLETED'];

const dayMs = 86_400_000;

/**
 * Asks to send back goods of a shipment that has arrived, and starts the return's process. Several returns may be open at once, as long as together they claim no
 * more than has arrived and not come back. @throws Problem forbidden, not-found, wrong-state, validation-failed, revision-mismatch
 */
export const requestReturn = (deps: Deps, request: Omit<Request, 'name' | 'payload'>, input: RequestReturn): Promise<Performed> =>
  perform(deps, { ...request, name: 'request a return', payload: { ...input } }, async (unit) => {
    const { tx, actor, now } = unit;
    requireAnyRole(actor, permissions['request a return'], 'request a return');
    const order = await lockOrder(tx, 'fulfilment', input.fulfilmentId, input.ifRevision);
    const fulfilment = await readFulfilment(tx, order.id);
    if (!arrived.includes(order.workflowState) || fulfilment.deliveredAt === null) {
      throw new Problem('wrong-state', `${order.number} is ${order.workflowState}: only what has arrived can be returned.`, {
        workflowState: order.workflowState,
      });
    }
    const sale = await lockSaleOrder(tx, fulfilment.saleOrderId);
    const claims = claimed(await returnableLines(tx, order.id), input.lines);
    const id = newId();
    const number = await nextNumber(tx, 'return_request');
    const of = { id, number, fulfilmentId: order.id, saleOrderId: sale.id };
    await tx.manager.insert(ReturnRequest, { ...of, reason: input.reason, requestedBy: actor.id, requestedAt: now });
    await tx.manager.insert(
      ReturnLine,
      claims.map(({ line, quantity }) => ({
        id: newId(),
        returnRequestId: id,
        saleLineId: line.saleLineId,
        requested: quantity,
      })),
    );
    for (const { line, quantity } of claims) {
      await tx.execute('update orderflow.sale_line set return_requested = return_requested + $2 where id = $1', [
        line.saleLineId,
        quantity,
      ]);
    }
    await startInstance(unit, {
      processId: 'return',
      businessKey: number,
      subject: { type: 'return_request', id },
      trigger: 'request',
      variables: {
        returnRequest: {
          id,
          number,
          fulfilmentId: order.id,
          saleId: sale.id,
          reason: input.reason,
          daysSinceDelivery: Math.floor((now.getTime() - fulfilment.deliveredAt.getTime()) / dayMs),
          goodsClass: await strictestClass(
            tx,
            claims.map(({ line }) => line.sku),
          ),
          valueMinor: claims.reduce((sum, { line, quantity }) => sum + notKeptMinor(line, quantity), 0),
          returnRatePct: await returnRatePct(tx, sale.customerId, now),
        },
      },
    });
    await tellFulfilment(tx, of, 'return.requested');
    return revised(201, await readReturnView(tx, id), `/v1/returns/${id}`);
  });

interface Claim {
  readonly line: ReturnableLine;
  readonly quantity: number;
}

/** @throws Problem validation-failed naming each line that does not fit the shipment, or what may still come back of it */
function claimed(lines: readonly ReturnableLine[], wanted: RequestReturn['lines']): Claim[] {
  const errors: { pointer: string; message: string }[] = [];
  const claims = wanted.flatMap(({ lineNo, quantity }, index): Claim[] => {
    const line = lines.find((each) => each.lineNo === lineNo);
    const isTwice = wanted.findIndex((each) => each.lineNo === lineNo) !== index;
    if (!line) errors.push({ pointer: `/lines/${index}/lineNo`, message: `the shipment has no line ${lineNo}` });
    else if (isTwice) errors.push({ pointer: `/lines/${index}/lineNo`, message: `line ${lineNo} is named twice` });
    else if (quantity > line.left)
      errors.push({ pointer: `/lines/${index}/quantity`, message: `of line ${lineNo} ${line.left} pieces may still come back` });
    return line ? [{ line, quantity }] : [];
  });
  if (errors.length > 0) throw new Problem('validation-failed', 'The lines do not fit the shipment.', { errors });
  return claims;
}

/** What is made for one customer, or spoils, is judged first. */
async function strictestClass(tx: Transaction, skus: readonly string[]): Promise<string> {
  const classes = new Set([...(await productsBySku(tx, skus)).values()].map((product) => product.goodsClass));
  return classes.has('CUSTOM_MADE') ? 'CUSTOM_MADE' : classes.has('PERISHABLE') ? 'PERISHABLE' : 'STANDARD';
}
