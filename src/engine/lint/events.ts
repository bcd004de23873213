import { isFeel } from '../feel-text.ts';
import { isCaught } from '../catching.ts';
import type { ElementModel, EventModel, ProcessModel } from '../model.ts';
import { dueTimer } from '../timers.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, typeName, when } from './finding.ts';
import { lintTimerProperties } from './timer-properties.ts';

/** Which trigger may stand where. */
const allowed: Readonly<Record<string, readonly EventModel['kind'][]>> = {
  'bpmn:StartEvent': ['message', 'timer', 'signal'],
  'bpmn:EndEvent': ['message', 'signal', 'error', 'escalation', 'cancel', 'terminate'],
  'bpmn:IntermediateThrowEvent': ['message', 'signal', 'escalation', 'link'],
  'bpmn:IntermediateCatchEvent': ['message', 'signal', 'timer', 'condition', 'link'],
  'bpmn:BoundaryEvent': ['message', 'signal', 'timer', 'condition', 'error', 'escalation', 'cancel'],
};

/** What starts an event sub-process is the business of the rule for those. */
const startsEventSubProcess = ({ type, scope }: ElementModel, { elements }: ProcessModel): boolean =>
  type === 'bpmn:StartEvent' && elements.get(scope)?.isEventSubProcess === true;

export const lintEvents = eachElement((element, model) => {
  const { id, type, event, eventCount } = element;
  const kinds = allowed[type];
  if (!kinds) return [];
  if (eventCount > 1) return [finding(id, 'event', 'The event has more than one trigger. Draw one event for each.')];
  const needsTrigger = type === 'bpmn:BoundaryEvent' || type === 'bpmn:IntermediateCatchEvent';
  if (!event)
    return when(
      needsTrigger,
      id,
      'event',
      `The ${typeName(type)} has no trigger. Make it a message, timer, signal or conditional event.`,
    );
  if (!kinds.includes(event.kind) && !startsEventSubProcess(element, model))
    return [finding(id, 'not-supported', `A ${typeName(event.type)} is not run as a ${typeName(type)}. ${instead(event)}`)];
  return [
    ...lintTrigger(element, event, model),
    ...lintTimer(element, event, model),
    ...lintBoundary(element, model),
    ...lintThrown(element, model),
  ];
});

const instead = ({ kind }: EventModel): string =>
  kind === 'compensation' ? 'Draw the undoing as a path of its own.' : 'Use another event.';

function lintTrigger(element: ElementModel, event: EventModel, model: ProcessModel): readonly Finding[] {
  const { id, type, job } = element;
  const { kind, name, correlationKey, condition } = event;
  const starts = type === 'bpmn:StartEvent' && !startsEventSubProcess(element, model);
  const catches = !starts && !type.includes('Throw') && type !== 'bpmn:EndEvent';
  return [
    ...when(
      (kind === 'message' || kind === 'signal') && name === undefined,
      id,
      'message',
      `The event refers to no ${kind} with a name. Choose one in the properties.`,
    ),
    ...when(
      kind === 'message' && catches && name !== undefined && correlationKey === undefined,
      id,
      'message',
      'The message has no correlation key (zeebe:subscription), so nobody could tell which instance it is for.',
    ),
    ...when(
      starts && name !== undefined && isFeel(name),
      id,
      'message',
      `The name of the ${kind} that starts an instance must be a fixed text: there are no variables yet.`,
    ),
    ...when(
      kind === 'condition' && (condition === undefined || !isFeel(condition)),
      id,
      'feel',
      'The conditional event needs a FEEL condition that begins with "=".',
    ),
    ...when(
      job !== undefined,
      id,
      'message',
      'The event has a job type, which is not run. Orderflow delivers the message itself: remove the task definition.',
    ),
  ];
}

function lintTimer(element: ElementModel, { kind, timer }: EventModel, model: ProcessModel): readonly Finding[] {
  const { id, type, interrupting } = element;
  if (kind !== 'timer') return [];
  if (!timer) return [finding(id, 'timer', 'The timer has no date, duration or repetition.')];
  const starts = type === 'bpmn:StartEvent' && !startsEventSubProcess(element, model);
  const repeats = starts || ((type === 'bpmn:BoundaryEvent' || type === 'bpmn:StartEvent') && !interrupting);
  return [
    ...when(
      timer.type === 'timeCycle' && !repeats,
      id,
      'timer',
      'Only a start event or an event that does not interrupt can repeat. Use a duration.',
    ),
    ...when(
      starts && isFeel(timer.value),
      id,
      'timer',
      'The timer that starts an instance must be a fixed text: there are no variables yet.',
    ),
    ...(isFeel(timer.value) ? [] : timerFault(id, timer)),
    ...lintTimerProperties(element, timer),
  ];
}

function timerFault(id: string, { type, value }: NonNullable<EventModel['timer']>): readonly Finding[] {
  try {
    dueTimer(type, value, new Date(0));
    return [];
  } catch (error) {
    return [finding(id, 'timer', `The timer is not valid: ${(error as Error).message}.`)];
  }
}

const hosts = /:(?:UserTask|ServiceTask|SendTask|ReceiveTask|BusinessRuleTask|ScriptTask|CallActivity|SubProcess|Transaction)$/;

function lintBoundary(
  { id, type, attachedTo, interrupting, event, errorCode }: ElementModel,
  { elements }: ProcessModel,
): readonly Finding[] {
  const host = elements.get(attachedTo ?? '');
  if (type !== 'bpmn:BoundaryEvent') return [];
  if (!host) return [finding(id, 'boundary', 'The boundary event is attached to nothing.')];
  const isError = event?.kind === 'error';
  const isThrown = isError || event?.kind === 'escalation';
  const raises = (isError ? raisesErrors : raisesEscalations).test(host.type);
  const twins = host.boundary.filter((other) => other.event?.kind === event?.kind && other.errorCode === errorCode);
  return [
    ...when(
      !hosts.test(host.type) || ((host.decision ?? host.script) !== undefined && host.job === undefined),
      id,
      'boundary',
      `A boundary event on a ${typeName(host.type)} that does not wait can never fire. Remove it.`,
    ),
    ...when(
      isThrown && !raises,
      id,
      'boundary',
      isError
        ? `A ${typeName(host.type)} raises no BPMN errors. Attach the error event to a service task, call activity or sub-process.`
        : `A ${typeName(host.type)} raises no escalations. Attach the event to a call activity or sub-process.`,
    ),
    ...when(isError && !interrupting, id, 'boundary', 'An error boundary event always interrupts.'),
    ...when(
      event?.kind === 'cancel' && (host.type !== 'bpmn:Transaction' || !interrupting),
      id,
      'boundary',
      'A cancel event stands at the border of a transaction and interrupts it.',
    ),
    ...when(
      isThrown && twins.length > 1 && twins[0]?.id === id,
      id,
      'boundary',
      `Two ${event?.kind ?? ''} boundary events on ${host.id} catch the same ${event?.kind ?? ''}. Leave one of them.`,
    ),
  ];
}

const raisesErrors = /:(?:ServiceTask|SendTask|ScriptTask|BusinessRuleTask|CallActivity|SubProcess|Transaction)$/;
const raisesEscalations = /:(?:CallActivity|SubProcess|Transaction)$/;

function lintThrown(element: ElementModel, model: ProcessModel): readonly Finding[] {
  const { id, type, scope, event, errorCode } = element;
  const throws = type === 'bpmn:EndEvent' || type === 'bpmn:IntermediateThrowEvent';
  if (!throws || !event) return [];
  if (event.kind === 'cancel') return lintCancelEnd(id, model.elements.get(scope));
  if (event.kind !== 'error' && event.kind !== 'escalation') return [];
  if (errorCode === undefined)
    return [
      finding(id, 'error-end', `The ${event.kind} event refers to no ${event.kind} with a code. Choose one in the properties.`),
    ];
  return when(
    event.kind === 'error' && !isCaught(model, id, { kind: 'error', code: errorCode }),
    id,
    'error-uncaught',
    `No event in the process catches the error ${errorCode}. A process that calls this one may catch it; otherwise the instance stops with an incident.`,
  );
}

const lintCancelEnd = (id: string, around: ElementModel | undefined): readonly Finding[] =>
  when(
    around?.type !== 'bpmn:Transaction' || !around.boundary.some(({ event }) => event?.kind === 'cancel'),
    id,
    around?.type === 'bpmn:Transaction' ? 'boundary' : 'not-supported',
    'A cancel end event ends a transaction that has a cancel event at its border. Draw both, or end normally.',
  );
