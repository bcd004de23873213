import { slotOf, type Run } from './marking.ts';
import type { ElementModel, EventKind, ProcessModel } from './model.ts';
import type { ScopeNode } from './scope-tree.ts';

/** Something thrown inside an instance that an event of the instance may catch. */
export interface Raised {
  readonly kind: EventKind & ('error' | 'escalation' | 'cancel');
  readonly code: string | undefined;
}

/** Who catches: a boundary event of the run at `slot`, or the start event of an event sub-process, in a scope. */
export interface Catcher {
  readonly scope: ScopeNode;
  readonly event: ElementModel;
  /** Slot of the boundary event; absent for a start event. */
  readonly slot?: string;
}

/**
 * The nearest event that catches what a run throws: a boundary event on its element, then the event sub-processes of its scope, then the same of
 * the sub-process around it, and so on (BPMN 2.0.2 section 10.5.4). An event for the code goes before one for every code.
 */
export function findCatcher(raised: Raised, from: ScopeNode, run: Run): Catcher | undefined {
  let [scope, thrower] = [from, run];
  for (;;) {
    const { model } = programOf(scope);
    const boundary = match(raised, model.elements.get(thrower.elementId)?.boundary ?? []);
    if (boundary) return { scope, event: boundary, slot: slotOf(scope.path, boundary.id) };
    const start = scope.isInterrupted ? undefined : match(raised, scope.program.eventStarts);
    if (start) return { scope, event: start };
    if (!scope.parent || !scope.run) return undefined;
    [scope, thrower] = [scope.parent, scope.run];
  }
}

const programOf = (scope: ScopeNode) => scope.answers.program;

/** Whether an event of the diagram catches a BPMN error that the element throws. */
export function isCaught(model: ProcessModel, elementId: string, raised: Raised): boolean {
  for (let at = model.elements.get(elementId); at; at = model.elements.get(at.scope)) {
    if (match(raised, at.boundary) || match(raised, eventStartsIn(model, at.scope))) return true;
  }
  return false;
}

const eventStartsIn = (model: ProcessModel, scope: string): readonly ElementModel[] =>
  [...model.elements.values()].filter(
    ({ type, scope: around }) =>
      type === 'bpmn:StartEvent' && model.elements.get(around)?.isEventSubProcess && model.elements.get(around)?.scope === scope,
  );

function match({ kind, code }: Raised, events: readonly ElementModel[]): ElementModel | undefined {
  const catching = events.filter(({ event }) => event?.kind === kind);
  return (
    catching.find(({ errorCode }) => errorCode !== undefined && errorCode === code) ??
    catching.find(({ errorCode }) => errorCode === undefined)
  );
}
