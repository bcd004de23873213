import { isFeel } from '../feel-text.ts';
import { catcherOf } from '../program.ts';
import type { ElementModel, EventModel, ProcessModel } from '../model.ts';
import { dueTimer } from '../timers.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, typeName, when } from './finding.ts';

/** Which trigger may stand where. */
const allowed: Readonly<Record<string, readonly EventModel['kind'][]>> = {
  'bpmn:StartEvent': ['message'],
  'bpmn:EndEvent': ['message', 'signal', 'error', 'terminate'],
  'bpmn:IntermediateThrowEvent': ['message', 'signal'],
  'bpmn:IntermediateCatchEvent': ['message', 'signal', 'timer', 'condition'],
  'bpmn:BoundaryEvent': ['message', 'signal', 'timer', 'condition', 'error'],
};

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
  if (!kinds.includes(event.kind))
    return [finding(id, 'not-supported', `A ${typeName(event.type)} is not run as a ${typeName(type)}. It comes later.`)];
  return [
    ...lintTrigger(element, event),
    ...lintTimer(element, event),
    ...lintBoundary(element, model),
    ...lintErrorEnd(element, model),
  ];
});

function lintTrigger({ id, type, job }: ElementModel, { kind, name, correlationKey, condition }: EventModel): readonly Finding[] {
  const catches = type !== 'bpmn:StartEvent' && !type.includes('Throw') && type !== 'bpmn:EndEvent';
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

function lintTimer({ id, type, interrupting }: ElementModel, { kind, timer }: EventModel): readonly Finding[] {
  if (kind !== 'timer') return [];
  if (!timer) return [finding(id, 'timer', 'The timer has no date, duration or repetition.')];
  const repeats = type === 'bpmn:BoundaryEvent' && !interrupting;
  return [
    ...when(
      timer.type === 'timeCycle' && !repeats,
      id,
      'timer',
      'Only a non-interrupting boundary event can repeat. Use a duration.',
    ),
    ...(isFeel(timer.value) ? [] : timerFault(id, timer)),
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

const hosts = /:(?:UserTask|ServiceTask|SendTask|ReceiveTask|BusinessRuleTask|CallActivity|SubProcess)$/;

function lintBoundary(
  { id, type, attachedTo, interrupting, event, errorCode }: ElementModel,
  { elements }: ProcessModel,
): readonly Finding[] {
  const host = elements.get(attachedTo ?? '');
  if (type !== 'bpmn:BoundaryEvent') return [];
  if (!host) return [finding(id, 'boundary', 'The boundary event is attached to nothing.')];
  const isError = event?.kind === 'error';
  const raises = /:(?:ServiceTask|SendTask|BusinessRuleTask|CallActivity|SubProcess)$/.test(host.type);
  const twins = host.boundary.filter((other) => other.event?.kind === 'error' && other.errorCode === errorCode);
  return [
    ...when(
      !hosts.test(host.type) || (host.decision !== undefined && host.job === undefined),
      id,
      'boundary',
      `A boundary event on a ${typeName(host.type)} that does not wait can never fire. Remove it.`,
    ),
    ...when(
      isError && !raises,
      id,
      'boundary',
      `A ${typeName(host.type)} raises no BPMN errors. Attach the error event to a service task, call activity or sub-process.`,
    ),
    ...when(isError && !interrupting, id, 'boundary', 'An error boundary event always interrupts.'),
    ...when(
      event?.kind === 'condition' && !interrupting,
      id,
      'not-supported',
      'Non-interrupting conditional boundary events come later.',
    ),
    ...when(
      isError && twins.length > 1 && twins[0]?.id === id,
      id,
      'boundary',
      `Two error boundary events on ${host.id} catch the same error. Leave one of them.`,
    ),
  ];
}

function lintErrorEnd({ id, type, event, errorCode }: ElementModel, model: ProcessModel): readonly Finding[] {
  if (type !== 'bpmn:EndEvent' || event?.kind !== 'error') return [];
  if (errorCode === undefined)
    return [finding(id, 'error-end', 'The error end event refers to no error with a code. Choose one in the properties.')];
  return when(
    catcherOf(model, id, errorCode) === undefined,
    id,
    'error-end',
    `No boundary event catches the error ${errorCode}. Attach one to the sub-process around it, or end normally.`,
  );
}
