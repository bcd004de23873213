import { handsOf, hasAnyRole } from '../../policies/actor.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Presenter } from '../route.ts';
import { hrefOf, post, withActions } from './actions.ts';

/** Nobody decides what they had a hand in, for themselves or for somebody else, nor twice. */
export const presentOverrideRequest: Presenter = (request, actor) => {
  const eyes = handsOf(actor);
  const isOneOf = (...people: readonly unknown[]): boolean => people.some((id) => eyes.includes(id as string));
  const { requestedBy, requestedOnBehalfOf } = request;
  const asked = isOneOf(requestedBy, requestedOnBehalfOf, ...(request['parties'] as readonly string[]));
  const decisions = request['decisions'] as readonly JsonObject[];
  const hasDecided = decisions.some((decision) => isOneOf(decision['actor'], decision['onBehalfOf']));
  const hasRole = hasAnyRole(actor, [request['requiredRole'] as string]);
  const mayDecide = request['status'] === 'PENDING' && !asked && !hasDecided && hasRole;
  const href = hrefOf('override-requests', request);
  return withActions(request, [
    mayDecide && post('approve', `${href}/approval`),
    mayDecide && post('reject', `${href}/rejection`),
    request['status'] === 'APPROVED' && hasRole && post('revoke', `${href}/revocation`),
  ]);
};
