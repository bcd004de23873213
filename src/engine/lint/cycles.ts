import { isScope, type ElementModel, type ProcessModel } from '../model.ts';
import { waitKindOf } from '../waits.ts';
import type { Finding } from '../types.ts';
import { finding, type Rule } from './finding.ts';

/** A cycle that no wait interrupts would turn for ever within one step. */
export const lintCycles: Rule = (model) => {
  const passing = [...model.elements.values()].filter((element) => !alwaysWaits(element, model));
  const ids = new Set(passing.map(({ id }) => id));
  const remaining = new Map(passing.map((element) => [element.id, successors(element).filter((id) => ids.has(id))]));
  // what leads to nothing but dead ends is on no cycle; peel it off until only cycles, and what leads to them, are left
  for (let peeled = true; peeled;) {
    peeled = false;
    for (const [id, next] of remaining) {
      if (next.some((target) => remaining.has(target))) continue;
      remaining.delete(id);
      peeled = true;
    }
  }
  return [...remaining.keys()]
    .filter((id) => onCycle(id, remaining))
    .slice(0, 1)
    .map(cycleFinding);
};

const cycleFinding = (id: string): Finding =>
  finding(
    id,
    'endless-cycle',
    'A token can go round from here and back without ever waiting. Put a user task, a job, a message or a timer into the cycle.',
  );

const successors = ({ outgoing, boundary }: ElementModel): readonly string[] => [
  ...outgoing.map(({ target }) => target),
  ...boundary.map(({ id }) => id),
];

/** Whether a token that enters the element surely stays until the next step. A loop over an empty list passes; a true condition passes. */
function alwaysWaits(element: ElementModel, model: ProcessModel): boolean {
  if (element.loop) return false;
  // a conditional boundary event may take the token away at once
  const isTaken = element.boundary.some(({ event, interrupting }) => event?.kind === 'condition' && interrupting);
  if (isScope(element.type)) return !isTaken && !canPass(element.id, model) && !isLeftByEscalation(element, model);
  const kind = waitKindOf(element);
  return kind !== undefined && kind !== 'condition' && !isTaken;
}

/** Whether a token can go from the start of a sub-process to an end inside without waiting. */
const canPass = (scope: string, model: ProcessModel): boolean =>
  comesTo(scope, model).some(({ element, waits }) => !waits && element.outgoing.length === 0);

/** Whether an escalation that is thrown inside without waiting takes the token out of the sub-process. */
function isLeftByEscalation({ id, boundary }: ElementModel, model: ProcessModel): boolean {
  const catching = boundary.filter(({ event, interrupting }) => event?.kind === 'escalation' && interrupting);
  if (catching.length === 0) return false;
  return thrownAtOnce(id, model).some((code) => catching.some(({ errorCode }) => errorCode === undefined || errorCode === code));
}

const thrownAtOnce = (scope: string, model: ProcessModel): readonly (string | undefined)[] =>
  comesTo(scope, model).flatMap(({ element: { id, type, event, errorCode } }) => {
    if (isScope(type)) return thrownAtOnce(id, model);
    return event?.kind === 'escalation' && type === 'bpmn:IntermediateThrowEvent' ? [errorCode] : [];
  });

interface Reached {
  readonly element: ElementModel;
  readonly waits: boolean;
}

/** Every scope is asked about by all scopes around it. */
const known = new WeakMap<ProcessModel, Map<string, readonly Reached[]>>();

/** Where a token can come to inside of a sub-process before it waits, and where it waits. */
function comesTo(scope: string, model: ProcessModel): readonly Reached[] {
  const scopes = known.get(model) ?? new Map<string, readonly Reached[]>();
  known.set(model, scopes);
  const reached = scopes.get(scope) ?? walk(scope, model);
  scopes.set(scope, reached);
  return reached;
}

function walk(scope: string, model: ProcessModel): readonly Reached[] {
  const found = new Map<string, Reached>();
  const next = [...model.elements.values()].filter((element) => element.scope === scope && element.type === 'bpmn:StartEvent');
  for (let element = next.pop(); element; element = next.pop()) {
    if (found.has(element.id)) continue;
    const waits = alwaysWaits(element, model);
    found.set(element.id, { element, waits });
    if (waits) continue;
    for (const id of successors(element)) {
      const target = model.elements.get(id);
      if (target) next.push(target);
    }
  }
  return [...found.values()];
}

function onCycle(from: string, graph: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const next = [...(graph.get(from) ?? [])];
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (id === from) return true;
    if (seen.has(id)) continue;
    seen.add(id);
    next.push(...(graph.get(id) ?? []));
  }
  return false;
}
