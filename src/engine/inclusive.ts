import type { Scope } from './facade.ts';
import { isJoin } from './joins.ts';
import type { ProcessModel } from './model.ts';

/**
 * Releases one inclusive join of the scope that no other token can still feed, after BPMN 2.0.2 section 13.4.3: it waits for a token that can
 * come to an incoming flow still empty, unless that token can also come to one that is filled. Answers whether something moved.
 */
export function releaseInclusiveJoin(model: ProcessModel, scope: Scope): boolean {
  const activities = scope.getActivities();
  const tokens = activities.filter((activity) => activity.status !== undefined || holdsToken(activity)).map(({ id }) => id);
  for (const join of activities) {
    if (join.type !== 'bpmn:InclusiveGateway' || join.status !== undefined || !isJoin(join)) continue;
    const filled = join.flowsWithToken();
    if (filled.size === 0) continue;
    const empty = new Set(join.inbound.map(({ id }) => id).filter((id) => !filled.has(id)));
    const feeds = (from: string) => reaches(model, from, empty, join.id) && !reaches(model, from, filled, join.id);
    if (tokens.some((id) => id !== join.id && feeds(id))) continue;
    join.release();
    return true;
  }
  return false;
}

const holdsToken = (activity: object): boolean => isJoin(activity) && activity.flowsWithToken().size > 0;

/** Whether a token at `from` can travel over one of `flows` without passing through `gateway`. */
function reaches(model: ProcessModel, from: string, flows: ReadonlySet<string>, gateway: string): boolean {
  const seen = new Set([gateway]);
  const next = [from];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const element = model.elements.get(id);
    for (const flow of element?.outgoing ?? []) {
      if (flows.has(flow.id)) return true;
      next.push(flow.target);
    }
    for (const event of element?.boundary ?? []) next.push(event.id);
  }
  return false;
}
