import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import type { Asking } from './asking.ts';
import { compact } from './compact.ts';
import { StepFailed } from './errors.ts';
import { isFeel } from './feel-text.ts';
import { slotOf, type ScopeMarking } from './marking.ts';
import type { ElementModel, ProcessModel } from './model.ts';
import type { Run } from './snapshot.ts';
import { dueTimer } from './timers.ts';
import type { Wait, WaitKind } from './types.ts';
import { inputOf } from './variables.ts';

const taskKinds: Readonly<Record<string, WaitKind>> = {
  'bpmn:UserTask': 'user',
  'bpmn:ServiceTask': 'job',
  'bpmn:SendTask': 'job',
  'bpmn:BusinessRuleTask': 'job',
  'bpmn:CallActivity': 'call',
  'bpmn:ReceiveTask': 'message',
};
const catching = new Set(['bpmn:IntermediateCatchEvent', 'bpmn:BoundaryEvent']);

/** What a token at the element waits for from outside the engine; undefined for elements that only route, and for error boundary events. */
export function waitKindOf(element: ElementModel): WaitKind | undefined {
  if (element.type === 'bpmn:BusinessRuleTask' && element.decision) return undefined;
  const kind = taskKinds[element.type];
  if (kind) return kind;
  if (!catching.has(element.type)) return undefined;
  const event = element.event?.kind;
  return event === 'timer' || event === 'message' || event === 'signal' || event === 'condition' ? event : undefined;
}

/** Slots of all waits of a marking, sorted. */
export function openSlots(model: ProcessModel, marking: ScopeMarking, path = ''): readonly string[] {
  const slots: string[] = [];
  for (const [id, { inside, loop }] of Object.entries(marking.active)) {
    const element = model.elements.get(id);
    if (inside) slots.push(...openSlots(model, inside, slotOf(path, id)));
    if (!element || !waitKindOf(element)) continue;
    if (loop) slots.push(...loop.open.map((index) => slotOf(path, id, index)));
    else slots.push(slotOf(path, id));
  }
  return slots.sort();
}

/** Everything that the row of a wait needs, as of the moment it opens. Throws StepFailed when an expression of the element gives no sense. */
export function describeWait(element: ElementModel, run: Run, variables: JsonObject, asking: Asking, now: Date): Wait {
  const loop = loopVariables(element, run, variables, asking);
  const input = inputOf(element, { ...variables, ...loop }, asking);
  const local = loop || input ? { ...loop, ...input } : undefined;
  const visible = { ...variables, ...local };
  const kind = waitKindOf(element) as WaitKind;
  return compact<Wait>({
    slot: run.slot,
    kind,
    elementId: element.id,
    elementName: element.name,
    properties: element.properties,
    input: local,
    ...details(kind, element, visible, asking, now),
  });
}

function details(kind: WaitKind, element: ElementModel, visible: JsonObject, asking: Asking, now: Date): Partial<Wait> {
  const { id, event } = element;
  switch (kind) {
    case 'user':
      return { user: describeUser(element, visible, asking) };
    case 'job':
      return { job: { type: element.job?.type ?? '', retries: retriesOf(element, visible, asking) } };
    case 'call':
      return { call: { processId: asking.text(element.call?.processId ?? '', visible, id, 'the called process') } };
    case 'message': {
      const name = asking.text(event?.name ?? '', visible, id, 'the message name');
      return { message: { name, correlationKey: asking.text(event?.correlationKey ?? '', visible, id, 'the correlation key') } };
    }
    case 'signal':
      return { signal: { name: asking.text(event?.name ?? '', visible, id, 'the signal name') } };
    case 'timer':
      return { timer: describeTimer(element, visible, asking, now) };
    default:
      return {};
  }
}

function describeUser(element: ElementModel, visible: JsonObject, asking: Asking): NonNullable<Wait['user']> {
  const { assignment, id, formId } = element;
  const groups = assignment?.candidateGroups;
  const assignee = assignment?.assignee;
  return compact<NonNullable<Wait['user']>>({
    candidateGroups: groups === undefined ? [] : groupList(isFeel(groups) ? asking.value(groups, visible, id) : groups, id),
    assignee: assignee === undefined ? undefined : asking.text(assignee, visible, id, 'the assignee'),
    formId,
  });
}

function groupList(value: Json, elementId: string): readonly string[] {
  const list = typeof value === 'string' ? value.split(',') : value;
  const groups = Array.isArray(list)
    ? (list as readonly Json[]).map((group) => (typeof group === 'string' ? group.trim() : ''))
    : [];
  if (groups.length > 0 && groups.every((group) => group !== '')) return groups;
  throw new StepFailed(elementId, `the candidate groups must be names of groups, but are ${JSON.stringify(value)}`);
}

function retriesOf(element: ElementModel, visible: JsonObject, asking: Asking): number {
  const retries = Number(asking.value(element.job?.retries ?? '3', visible, element.id));
  if (Number.isInteger(retries) && retries >= 0 && retries <= 100) return retries;
  throw new StepFailed(element.id, `the retries must be a whole number from 0 to 100, but are ${element.job?.retries ?? ''}`);
}

function describeTimer(element: ElementModel, visible: JsonObject, asking: Asking, now: Date): NonNullable<Wait['timer']> {
  const timer = element.event?.timer;
  if (!timer) throw new StepFailed(element.id, 'the timer has neither date nor duration nor repetition');
  const text = asking.text(timer.value, visible, element.id, 'the timer');
  try {
    return dueTimer(timer.type, text, now);
  } catch (cause) {
    throw new StepFailed(element.id, (cause as Error).message, { cause });
  }
}

/** The element of the input collection that this run of a loop is for, and its number from 1. */
function loopVariables(element: ElementModel, { index }: Run, variables: JsonObject, asking: Asking): JsonObject | undefined {
  const { loop } = element;
  if (!loop || index === undefined) return undefined;
  const items = loopItems(element, variables, asking);
  return { ...(loop.inputElement !== undefined && { [loop.inputElement]: items[index] ?? null }), loopCounter: index + 1 };
}

/** The input collection of a multi-instance activity. Throws StepFailed when it is not a list, or longer than 1,000. */
export function loopItems(element: ElementModel, variables: JsonObject, asking: Asking): readonly Json[] {
  const items = asking.value(element.loop?.inputCollection ?? '', variables, element.id);
  if (!Array.isArray(items))
    throw new StepFailed(
      element.id,
      `the input collection must be a list, but is ${isJsonObject(items) ? 'an object' : JSON.stringify(items)}`,
    );
  if (items.length > 1000)
    throw new StepFailed(element.id, `the input collection has ${items.length} elements; 1,000 are allowed`);
  return items as readonly Json[];
}
