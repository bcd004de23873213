import type { ScopeMarking } from '../marking.ts';
import type { ElementModel } from '../model.ts';
import type { Obstacle } from './types.ts';
import type { ScopeMove } from './walk.ts';
import { flowAfter, places, reachable, tokens } from './ways.ts';
import { label } from './words.ts';

const joining = new Set(['bpmn:ParallelGateway', 'bpmn:InclusiveGateway']);
const isJoin = ({ type, incoming }: ElementModel): boolean => joining.has(type) && incoming.length > 1;

/**
 * What a join asks that is not seen at the tokens themselves: one that will be waited at for ever, because a token that it needs has passed the place where
 * the new version would make it; and one that is gone, so that tokens which ran side by side would each go on alone.
 */
export function joinObstacles(move: ScopeMove, before: ScopeMarking, after: ScopeMarking): readonly Obstacle[] {
  return [...endless(move, before, after), ...gone(move, before)];
}

function endless({ plan, target, targetScope, targetName }: ScopeMove, before: ScopeMarking, after: ScopeMarking): Obstacle[] {
  const found: Obstacle[] = [];
  const source = plan.from.program.model;
  for (const join of target.elements.values()) {
    if (join.scope !== targetScope || join.type !== 'bpmn:ParallelGateway' || !isJoin(join)) continue;
    const held = after.held[join.id] ?? [];
    const reached = reachable(target, places(after), join.id);
    const missing = join.incoming.filter((flow) => !held.includes(flow.id) && !reached.has(flow.source));
    if (missing.length === 0 || missing.length === join.incoming.length) continue;
    // what can never be joined in the old version either is no fault of the migration
    const [old] = Object.entries(plan.mapping).find(([, to]) => to === join.id) ?? [];
    const oldJoin = source.elements.get(old ?? '');
    const oldReached = oldJoin && reachable(source, places(before), oldJoin.id);
    const lacked = (oldJoin?.incoming ?? [])
      .filter((flow) => !(before.held[oldJoin?.id ?? ''] ?? []).includes(flow.id) && !oldReached?.has(flow.source))
      .map((flow) => flowAfter(flow, join, plan.mapping)?.id);
    const news = missing.filter(({ id }) => !lacked.includes(id));
    if (news.length === 0) continue;
    const from = news.map((flow) => label(target.elements.get(flow.source))).join(', ');
    found.push({
      rule: 'join-never-complete',
      elementId: oldJoin?.id ?? join.id,
      message:
        `${label(join)} would wait for ever: ${targetName} has it wait for a token from ${from}, and the tokens of this instance have passed the ` +
        'place where that one begins. Let the instance go past the join first.',
    });
  }
  return found;
}

function gone({ plan, source, sourceScope, target, targetName }: ScopeMove, before: ScopeMarking): Obstacle[] {
  const found: Obstacle[] = [];
  for (const join of source.elements.values()) {
    if (join.scope !== sourceScope || !isJoin(join)) continue;
    const after = target.elements.get(plan.mapping[join.id] ?? '');
    if (after && joining.has(after.type)) continue;
    const coming = tokens(source, before).filter((id) => leadsTo(id, join));
    if (coming.length + (before.held[join.id]?.length ?? 0) < 2) continue;
    found.push({
      rule: 'join-gone',
      elementId: join.id,
      message:
        `Tokens run side by side towards ${label(join)}, ${after ? `which joins nothing in ${targetName}` : `which ${targetName} does not have`}: what follows would be ` +
        'done once for each. Map it to the gateway that joins them now, or let the instance go past it first.',
    });
  }
  return found;

  function leadsTo(id: string, join: ElementModel): boolean {
    const reached = reachable(source, [id], join.id);
    return join.incoming.some((flow) => reached.has(flow.source));
  }
}
