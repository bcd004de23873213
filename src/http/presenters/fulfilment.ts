import type { JsonObject } from '../../support/json.ts';
import type { Presenter } from '../route.ts';
import { hrefOf, may, openTaskActions, post, waitsForForm, waitsForMessage, withActions } from './actions.ts';

export const presentFulfilment: Presenter = (fulfilment, actor) => {
  const href = hrefOf('fulfilments', fulfilment);
  return withActions(fulfilment, [
    ...openTaskActions(actor, fulfilment),
    waitsForForm(fulfilment, 'pick', 'pack') && may(actor, 'ship a fulfilment') && post('ship', `${href}/shipments`),
    waitsForMessage(fulfilment, 'carrier.delivered') &&
      may(actor, 'record a delivery') &&
      post('record-delivery', `${href}/deliveries`),
    isOpen(fulfilment) && may(actor, 'cancel a fulfilment') && post('cancel', `${href}/cancellation`),
    hasArrived(fulfilment) && may(actor, 'request a return') && post('request-return', `${href}/returns`),
  ]);
};

/** It has not left, and nobody has given it up. */
const isOpen = (fulfilment: JsonObject): boolean =>
  fulfilment['shippedAt'] === null && fulfilment['closedAt'] === null && fulfilment['cancelRequestedAt'] === null;

/** Its buyer has it, and something of it may still come back. */
const hasArrived = (fulfilment: JsonObject): boolean =>
  ['DELIVERED', 'RETURN_REQUESTED', 'COMPLETED'].includes(fulfilment['workflowState'] as string) &&
  (fulfilment['lines'] as readonly { readonly returnable: number }[]).some((line) => line.returnable > 0);
