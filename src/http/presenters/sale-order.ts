import { hasAnyRole } from '../../policies/actor.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Presenter } from '../route.ts';
import { hrefOf, may, openTaskActions, post, waitsForMessage, waitsOf, withActions } from './actions.ts';

export const presentSaleOrder: Presenter = (order, actor) => {
  const href = hrefOf('sale-orders', order);
  const methodTask = waitsOf(order).find((wait) => wait.formId === 'payment-method');
  return withActions(order, [
    ...openTaskActions(actor, order),
    methodTask !== undefined &&
      hasAnyRole(actor, methodTask.candidateGroups ?? []) &&
      post('choose-payment-method', `${href}/payment-method`),
    waitsForMessage(order, 'sale.payment-method-changed') &&
      may(actor, 'change the payment method') &&
      post('choose-payment-method', `${href}/payment-method`),
    waitsForMessage(order, 'sale.changed') &&
      order['workflowState'] !== 'AWAITING_PAYMENT' &&
      may(actor, 'change a sale order') && { name: 'change', method: 'PATCH', href },
    order['workflowState'] === 'AWAITING_PAYMENT' && may(actor, 'record a capture') && post('record-capture', `${href}/captures`),
    keepsMoney(order) && may(actor, 'refund a sale order') && post('refund', `${href}/refunds`),
    waitsForMessage(order, 'sale.cancel-requested') &&
      may(actor, 'cancel a sale order') &&
      post('cancel', `${href}/cancellation`),
  ]);
};

/** Has it money that did not go back? */
function keepsMoney(order: JsonObject): boolean {
  const minor = (name: string): number => (order[name] as unknown as { amountMinor: number }).amountMinor;
  return minor('captured') - minor('refunded') + minor('unapplied') > 0;
}
