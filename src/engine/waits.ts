import type { Json, JsonObject } from '../support/json.ts';
import type { Asking } from './asking.ts';
import { compact } from './compact.ts';
import { StepFailed } from './errors.ts';
import type { CallModel } from './extensions.ts';
import { isFeel } from './feel-text.ts';
import type { Run } from './marking.ts';
import type { ElementModel } from './model.ts';
import { dueTimer } from './timers.ts';
import type { Wait, WaitKind } from './types.ts';

const taskKinds: Readonly<Record<string, WaitKind>> = {
  'bpmn:UserTask': 'user',
  'bpmn:ServiceTask': 'job',
  'bpmn:SendTask': 'job',
  'bpmn:BusinessRuleTask': 'job',
  'bpmn:ScriptTask': 'job',
  'bpmn:CallActivity': 'call',
  'bpmn:ReceiveTask': 'message',
};
const catching = new Set(['bpmn:IntermediateCatchEvent', 'bpmn:BoundaryEvent']);

/** Business rule and script tasks that are answered within the step. */
export const isComputed = ({ type, decision, script }: ElementModel): boolean =>
  (type === 'bpmn:BusinessRuleTask' && decision !== undefined) || (type === 'bpmn:ScriptTask' && script !== undefined);

/** What a token at the element waits for from outside the engine; undefined for elements that only route, and for events that catch what is thrown inside. */
export function waitKindOf(element: ElementModel): WaitKind | undefined {
  if (isComputed(element)) return undefined;
  const kind = taskKinds[element.type];
  if (kind) return kind;
  return catching.has(element.type) ? triggerKindOf(element) : undefined;
}

/** What an event waits for from outside the engine, if it does; of a start event: as long as it is armed. */
export function triggerKindOf({ event }: ElementModel): WaitKind | undefined {
  const kind = event?.kind;
  return kind === 'timer' || kind === 'message' || kind === 'signal' || kind === 'condition' ? kind : undefined;
}

/** Everything that the row of a wait needs, as of the moment it opens. Throws StepFailed when an expression of the element gives no sense. */
export function describeWait(
  element: ElementModel,
  { slot }: Run,
  input: JsonObject | undefined,
  visible: JsonObject,
  asking: Asking,
  now: Date,
): Wait {
  const kind = (waitKindOf(element) ?? triggerKindOf(element)) as WaitKind;
  return compact<Wait>({
    slot,
    kind,
    elementId: element.id,
    elementName: element.name,
    properties: element.properties,
    input,
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
      return { call: describeCall(element, visible, asking) };
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

const describeCall = ({ id, call }: ElementModel, visible: JsonObject, asking: Asking): NonNullable<Wait['call']> => ({
  ...(call as CallModel),
  processId: asking.text(call?.processId ?? '', visible, id, 'the called process'),
});

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
    return dueTimer(timer.type, text, now, { timeZone: element.properties['timeZone'] });
  } catch (cause) {
    throw new StepFailed(element.id, (cause as Error).message, { cause });
  }
}
