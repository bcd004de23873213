import type { ActiveElement } from '../marking.ts';
import type { ElementModel } from '../model.ts';
import { waitKindOf } from '../waits.ts';
import type { Obstacle } from './types.ts';
import type { ScopeMove } from './walk.ts';
import { label, typeWords } from './words.ts';

/** Why a token that lies at an element, or is held before it, cannot lie at its counterpart. */
export function elementObstacle(move: ScopeMove, before: ElementModel, active: ActiveElement | undefined): Obstacle | undefined {
  const { plan, target, targetScope, targetName } = move;
  const after = target.elements.get(plan.mapping[before.id] ?? '');
  const obstacle = (rule: Obstacle['rule'], message: string): Obstacle => ({ rule, elementId: before.id, message });
  if (!after) {
    const suggestion = plan.suggestions.find(({ from }) => from === before.id);
    const hint = suggestion
      ? `It may have become ${label(target.elements.get(suggestion.to))} (${suggestion.because}): say so in the mapping, ` +
        `{"${before.id}": "${suggestion.to}"}`
      : 'Map it to an element that it has';
    return obstacle(
      'element-removed',
      `A token is at ${label(before)}, which ${targetName} does not have. ${hint}, or let the instance go past it first.`,
    );
  }
  if (after.scope !== targetScope) {
    const where = after.scope === target.id ? 'directly in the process' : `inside ${label(target.elements.get(after.scope))}`;
    return obstacle(
      'scope-changed',
      `A token is at ${label(before)}; in ${targetName} its counterpart ${label(after)} lies ${where}, where this instance has not begun. ` +
        'Let the instance go past it first.',
    );
  }
  const changed = kindChange(move, before, after);
  if (changed !== undefined) return obstacle('kind-changed', changed);
  const loop = active && loopChange(before, after, active);
  if (loop !== undefined)
    return obstacle(
      'loop-changed',
      `${label(before)} is being repeated, and in ${targetName} ${loop}. Let the instance finish it first.`,
    );
  const state = before.properties['workflowState'];
  if (active && state !== after.properties['workflowState']) {
    return obstacle(
      'workflow-state-changed',
      `${label(before)} stands for ${stateWords(state)}, and in ${targetName} for ${stateWords(after.properties['workflowState'])}; a migration changes the state ` +
        'of no order. Let the instance go past it first.',
    );
  }
  return undefined;
}

const stateWords = (state: string | undefined): string => (state === undefined ? 'no state' : `the state ${state}`);

/** Says why the counterpart is of another kind; undefined when it is not, or when it was asked for and can be. */
function kindChange({ plan, targetName }: ScopeMove, before: ElementModel, after: ElementModel): string | undefined {
  const [was, is] = [waitKindOf(before), waitKindOf(after)];
  const words = `${label(before)} is a ${typeWords(before.type)}, and in ${targetName} ${label(after)} is a ${typeWords(after.type)}`;
  if (was === undefined || is === undefined)
    return shape(before) === shape(after) ? undefined : `${words}. Let the instance go past it first.`;
  if (shape(before) !== shape(after)) return `${words}: that is another place. Let the instance go past it first.`;
  if (was === is) return undefined;
  if (was === 'call' || is === 'call') return `${words}; what it calls is running. Let it end first.`;
  if (plan.asked.has(before.id)) return undefined;
  return (
    `${label(before)} waits for a ${was}, and in ${targetName} ${label(after)} for a ${is}. If the one may be taken back and the other begun, say so in the mapping: ` +
    `{"${before.id}": "${after.id}"}; else let the instance go past it first.`
  );
}

/** Elements of one shape can stand for each other: what waits in the flow, what is attached, what only routes. */
function shape(element: ElementModel): string {
  const { type, attachedTo } = element;
  if (attachedTo !== undefined) return waitKindOf(element) === undefined ? `${type} ${element.event?.kind}` : type;
  if (waitKindOf(element) !== undefined) return 'waits';
  if (type === 'bpmn:ParallelGateway' || type === 'bpmn:InclusiveGateway') return 'joins';
  return element.isEventSubProcess ? 'event sub-process' : type;
}

function loopChange(before: ElementModel, after: ElementModel, { loop }: ActiveElement): string | undefined {
  if ((before.loop === undefined) !== (after.loop === undefined)) return after.loop ? 'it repeats' : 'it does not repeat';
  if (!loop || !before.loop || !after.loop) return undefined;
  if (before.loopType !== after.loopType || before.sequential !== after.sequential) return 'it repeats in another way';
  if (before.loop.inputCollection !== after.loop.inputCollection) return `it goes over ${after.loop.inputCollection}`;
  if (before.loop.outputCollection !== after.loop.outputCollection)
    return `its results are collected in ${after.loop.outputCollection ?? 'nothing'}`;
  return undefined;
}
