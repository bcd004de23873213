import type { Presenter } from '../route.ts';
import { hrefOf, may, openTaskActions, post, waitsForMessage, withActions } from './actions.ts';

export const presentQuotation: Presenter = (quotation, actor) => {
  const href = hrefOf('quotations', quotation);
  return withActions(quotation, [
    ...openTaskActions(actor, quotation),
    quotation['workflowState'] === 'DRAFT' && may(actor, 'change a quotation') && { name: 'change', method: 'PATCH', href },
    waitsForMessage(quotation, 'quotation.withdraw-requested') &&
      may(actor, 'withdraw a quotation') &&
      post('withdraw', `${href}/withdrawal`),
  ]);
};
