import { isScope, type ElementModel, type ProcessModel } from './model.ts';
import { waitKindOf } from './waits.ts';

/**
 * The elements that tokens can be on when a step that begins with tokens on `from` has come to rest: everything up to the next waits. The rest
 * of the scope is not made for the step, so its cost does not grow with the diagram.
 */
export function reachableInStep(model: ProcessModel, from: Iterable<string>): ReadonlySet<string> {
  const live = new Set(from);
  const kept = new Set<string>();
  const next = [...live];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const element = model.elements.get(id);
    if (!element || kept.has(id)) continue;
    kept.add(id);
    if (element.attachedTo !== undefined) next.push(element.attachedTo);
    next.push(...element.boundary.map((event) => event.id));
    if (live.has(id) || goesOn(element)) next.push(...element.outgoing.map(({ target }) => target));
  }
  return kept;
}

/** Whether a token that comes here can leave within the same step. */
function goesOn(element: ElementModel): boolean {
  const kind = waitKindOf(element);
  return kind === undefined || kind === 'condition' || element.loop !== undefined || isScope(element.type);
}
