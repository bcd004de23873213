import type { Presenter } from '../route.ts';
import { hrefOf, may, openTaskActions, post, waitsForMessage, withActions } from './actions.ts';

export const presentReturn: Presenter = (request, actor) => {
  const href = hrefOf('returns', request);
  return withActions(request, [
    ...openTaskActions(actor, request),
    waitsForMessage(request, 'return.received') && may(actor, 'receive a return') && post('receive', `${href}/receipt`),
    waitsForMessage(request, 'return.cancel-requested') &&
      may(actor, 'cancel a return') &&
      post('cancel', `${href}/cancellation`),
  ]);
};
