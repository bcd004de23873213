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
  ]);
};
