import { hasAnyRole } from '../../policies/actor.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Presenter } from '../route.ts';
import { hrefOf, post, withActions } from './actions.ts';

/** Nobody decides what they asked for themselves or through somebody, nor twice. */
export const presentOverrideRequest: Presenter = (request, actor) => {
  const asked = request['requestedBy'] === actor.id || request['requestedBy'] === actor.onBehalfOf;
  const hasDecided = (request['decisions'] as readonly JsonObject[]).some((decision) => decision['actor'] === actor.id);
  const mayDecide =
    request['status'] === 'PENDING' && !asked && !hasDecided && hasAnyRole(actor, [request['requiredRole'] as string]);
  const href = hrefOf('override-requests', request);
  return withActions(request, mayDecide ? [post('approve', `${href}/approval`), post('reject', `${href}/rejection`)] : []);
};
