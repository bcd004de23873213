import { readSaleOrder } from '../queries/sale-order.ts';
import { requireAnyRole } from '../policies/actor.ts';
import { permissions } from '../policies/roles.ts';
import { completeTaskStep } from './complete-user-task.ts';
import { lockOrder } from './lock-order.ts';
import { tellOrder } from './order-message.ts';
import { perform } from './perform.ts';
import { revised } from './answer.ts';
import type { CreateSaleOrder } from './create-sale-order.ts';
import type { Deps, Performed, Request } from './unit.ts';
import { lockTask } from './user-task.ts';

/**
 * Chooses how a sale is paid: completes its task with the form `payment-method`, or takes a sale that waits for credit off account.
 * @throws Problem forbidden, not-found, wrong-state
 */
export const choosePaymentMethod = (
  deps: Deps,
  request: Omit<Request, 'name' | 'payload'>,
  input: {
    readonly saleOrderId: string;
    readonly method: NonNullable<CreateSaleOrder['paymentMethod']>;
    readonly ifRevision?: number;
  },
): Promise<Performed> =>
  perform(deps, { ...request, name: 'choose a payment method', payload: { ...input } }, async (unit) => {
    const order = await lockOrder(unit.tx, 'sale_order', input.saleOrderId, input.ifRevision);
    const open = await unit.tx.maybeOne<{ id: string }>(
      `select id from orderflow.wait where instance_id = $1 and kind = 'user' and status = 'open' and form_id = 'payment-method'`,
      [order.instance.id],
    );
    if (open) {
      const task = await lockTask(unit.tx, open.id);
      requireAnyRole(unit.actor, task.candidateGroups, 'choose the payment method');
      await completeTaskStep(unit, task, { method: input.method });
    } else {
      requireAnyRole(unit.actor, permissions['change the payment method'], 'change the payment method');
      await tellOrder(unit, order, {
        name: 'sale.payment-method-changed',
        variables: { payment: { method: input.method } },
        refusal: 'its payment method is not asked for now.',
      });
    }
    return revised(200, await readSaleOrder(unit.tx, order.id));
  });
