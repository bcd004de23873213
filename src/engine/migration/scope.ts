import { slotOf, type ActiveElement, type ArmedStart, type ScopeMarking } from '../marking.ts';
import type { ElementModel, ProcessModel } from '../model.ts';
import { triggerKindOf, waitKindOf } from '../waits.ts';
import { elementObstacle } from './elements.ts';
import { joinObstacles } from './joins.ts';
import type { Obstacle } from './types.ts';
import type { MovedWait, ScopeMove } from './walk.ts';
import { flowAfter, gatewayBefore } from './ways.ts';
import { label } from './words.ts';

interface Path {
  readonly from: string;
  readonly to: string;
}

/** The marking in the version that it goes to. What cannot be there is an obstacle, and the answer is of no use then. */
export function moveScope(move: ScopeMove, marking: ScopeMarking, path: Path): ScopeMarking {
  const { plan, source, target, obstacles } = move;
  const active: Record<string, ActiveElement> = {};
  for (const [id, element] of Object.entries(marking.active)) {
    const before = source.elements.get(id) as ElementModel;
    if (isDropped(move, marking, before)) {
      if (waitKindOf(before)) move.dropped.push(slotOf(path.from, id));
      continue;
    }
    const obstacle = elementObstacle(move, before, element);
    if (obstacle) {
      obstacles.push(obstacle);
      continue;
    }
    const after = target.elements.get(plan.mapping[id] ?? '') as ElementModel;
    if (active[after.id] !== undefined || isTaken(move, marking, before, after)) obstacles.push(twoTokens(before, after));
    if (after.id !== id) move.moved.push({ from: id, to: after.id });
    active[after.id] = moveElement(move, before, after, element, path);
  }
  const held = moveHeld(move, marking);
  const events = armEvents(move, marking, active, path);
  const moved: ScopeMarking = {
    ...marking,
    active: { ...active, ...events },
    held,
    armed: moveStarts(move, marking, active, path),
  };
  if (obstacles.length === 0) obstacles.push(...joinObstacles(move, marking, moved));
  return moved;
}

/** Tokens are held before another element that has the same counterpart. (An element that is active may hold further tokens of its own.) */
const isTaken = ({ plan }: ScopeMove, { held }: ScopeMarking, before: ElementModel, after: ElementModel): boolean =>
  Object.keys(held).some((id) => id !== before.id && plan.mapping[id] === after.id);

/** Boundary events and branches of an event-based gateway may go: what they wait for is waited for no more. */
function isDropped(move: ScopeMove, marking: ScopeMarking, before: ElementModel): boolean {
  const { plan, target } = move;
  const after = target.elements.get(plan.mapping[before.id] ?? '');
  if (before.attachedTo !== undefined)
    return after?.attachedTo === undefined || after.attachedTo !== plan.mapping[before.attachedTo];
  const gateway = gatewayBefore(move.source, marking, before.id);
  return (
    gateway !== undefined && after === undefined && target.elements.get(plan.mapping[gateway.id] ?? '')?.type === gateway.type
  );
}

function moveElement(
  move: ScopeMove,
  before: ElementModel,
  after: ElementModel,
  element: ActiveElement,
  path: Path,
): ActiveElement {
  const from = slotOf(path.from, before.id);
  const to = slotOf(path.to, after.id);
  const { inside, runs, loop, ...rest } = element;
  const within = { ...move, sourceScope: before.id, targetScope: after.id };
  const run = (index: number): Path => ({ from: slotOf(path.from, before.id, index), to: slotOf(path.to, after.id, index) });
  for (const index of loop?.open ?? []) moveWait(move, { ...run(index), source: before, target: after, index });
  if (!loop) moveWait(move, { from, to, source: before, target: after });
  const movedRuns = Object.entries(runs ?? {}).map(([index, marking]) => {
    const slots = run(Number(index));
    return [index, moveScope(within, marking, slots)];
  });
  return {
    ...rest,
    ...(inside && { inside: moveScope(within, inside, { from, to }) }),
    ...(runs && { runs: Object.fromEntries(movedRuns) as Record<string, ScopeMarking> }),
    ...(loop && { loop }),
  };
}

function moveWait(move: ScopeMove, wait: Omit<MovedWait, 'was' | 'is'>): void {
  const [was, is] = [waitKindOf(wait.source), waitKindOf(wait.target)];
  if (was && is) move.waits.push({ ...wait, was, is });
}

function moveHeld(move: ScopeMove, marking: ScopeMarking): ScopeMarking['held'] {
  const { plan, source, target, targetName, obstacles } = move;
  const held: Record<string, readonly string[]> = {};
  for (const [id, flows] of Object.entries(marking.held)) {
    const before = source.elements.get(id) as ElementModel;
    const obstacle = elementObstacle(move, before, undefined);
    const after = target.elements.get(plan.mapping[id] ?? '');
    if (obstacle || !after) {
      if (obstacle) obstacles.push(obstacle);
      continue;
    }
    if (held[after.id] !== undefined) obstacles.push(twoTokens(before, after));
    if (after.id !== id) move.moved.push({ from: id, to: after.id });
    held[after.id] = flows
      .map((flowId) => {
        const flow = before.incoming.find((incoming) => incoming.id === flowId);
        const kept = flow && flowAfter(flow, after, plan.mapping);
        if (kept) return kept.id;
        obstacles.push({
          rule: 'join-flow-gone',
          elementId: id,
          message:
            `A token waits at ${label(before)} that came from ${label(source.elements.get(flow?.source ?? ''))}; in ${targetName} no flow leads from there to ` +
            `${label(after)}. Map where it came from, or let the instance go past the join first.`,
        });
        return flowId;
      })
      .sort();
    // one flow may have brought two tokens, but two flows never become one
    if (new Set(held[after.id]).size < new Set(flows).size) obstacles.push(twoTokens(before, after));
  }
  return held;
}

/**
 * Events that came to be on an element which waits already: armed from now on, because the engine arms them only when a token arrives. One that the old version
 * had there, too, is not armed again: it has fired.
 */
function armEvents(
  move: ScopeMove,
  marking: ScopeMarking,
  active: Readonly<Record<string, ActiveElement>>,
  path: Path,
): Record<string, ActiveElement> {
  const { plan, source, target } = move;
  const armed: Record<string, ActiveElement> = {};
  for (const id of Object.keys(marking.active)) {
    const before = source.elements.get(id) as ElementModel;
    const after = target.elements.get(plan.mapping[id] ?? '');
    if (!after || active[after.id] === undefined || before.attachedTo !== undefined) continue;
    const known = new Set(before.boundary.map((event) => plan.mapping[event.id]));
    const events = after.boundary.filter((event) => !known.has(event.id));
    if (after.type === 'bpmn:EventBasedGateway') {
      for (const { target: eventId } of after.outgoing) {
        const event = target.elements.get(eventId);
        if (event && active[eventId] === undefined) events.push(event);
      }
    }
    for (const event of events) armed[event.id] = arm(move, event, slotOf(path.to, event.id));
  }
  return armed;
}

/** What it catches inside the instance needs no row: it is armed by being there. */
function arm(move: ScopeMove, element: ElementModel, slot: string): ArmedStart {
  if (waitKindOf(element) ?? triggerKindOf(element)) move.arming.push({ element, slot });
  return {};
}

/** Start events of event sub-processes: those that are still armed go on, those of an event sub-process that is new are armed, those that are gone are taken back. */
function moveStarts(
  move: ScopeMove,
  marking: ScopeMarking,
  active: Readonly<Record<string, ActiveElement>>,
  path: Path,
): Record<string, ArmedStart> {
  const { plan, source, target, targetScope } = move;
  const armed: Record<string, ArmedStart> = {};
  for (const [id, known] of Object.entries(marking.armed ?? {})) {
    const before = source.elements.get(id) as ElementModel;
    const after = target.elements.get(plan.mapping[id] ?? '');
    const around = target.elements.get(plan.mapping[before.scope] ?? '');
    const [was, is] = [triggerKindOf(before), after && triggerKindOf(after)];
    const slots = { from: slotOf(path.from, id), to: slotOf(path.to, after?.id ?? '') };
    if (!was) continue;
    if (!after || !is || after.scope !== around?.id || !around.isEventSubProcess || around.scope !== targetScope) {
      move.dropped.push(slots.from);
      continue;
    }
    armed[after.id] = known;
    move.waits.push({ ...slots, source: before, target: after, was, is });
  }
  // what interrupts has ended everything else in its scope
  if (Object.keys(active).some((id) => isInterrupting(target, id))) return armed;
  const known = new Set(Object.values(plan.mapping));
  for (const event of startEvents(target, targetScope)) {
    if (!known.has(event.scope) && triggerKindOf(event)) armed[event.id] = arm(move, event, slotOf(path.to, event.id));
  }
  return armed;
}

/** Start events of the event sub-processes of a scope. */
const startEvents = ({ elements }: ProcessModel, scope: string): readonly ElementModel[] =>
  [...elements.values()].filter(({ type, scope: inside }) => {
    const around = elements.get(inside);
    return type === 'bpmn:StartEvent' && around?.isEventSubProcess === true && around.scope === scope;
  });

const isInterrupting = ({ elements }: ProcessModel, id: string): boolean =>
  elements.get(id)?.isEventSubProcess === true &&
  [...elements.values()].some((event) => event.scope === id && event.type === 'bpmn:StartEvent' && event.interrupting);

const twoTokens = (before: ElementModel, after: ElementModel): Obstacle => ({
  rule: 'two-tokens-on-one',
  elementId: before.id,
  message: `Two tokens of the instance would come to lie at ${label(after)}. Map ${label(before)} to an element of its own.`,
});
