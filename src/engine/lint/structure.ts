import { isScope, type ElementModel, type FlowModel, type ProcessModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { finding, typeName, when, type Rule } from './finding.ts';

/** Where tokens begin, end and can go. */
export const lintStructure: Rule = (model) => [
  ...model.flows.flatMap((flow) => lintFlow(flow, model)),
  ...lintStarts(model, model.id),
  ...[...model.elements.values()].flatMap((element) => [
    ...(element.isEventSubProcess ? lintEventSubProcess(element, model) : []),
    ...(isScope(element.type) && !element.isEventSubProcess ? lintStarts(model, element.id) : []),
    ...lintEnds(element),
    ...lintLink(element, model),
  ]),
  ...lintReachability(model),
];

function lintFlow({ id, source, target }: FlowModel, { elements }: ProcessModel): readonly Finding[] {
  const from = elements.get(source);
  const to = elements.get(target);
  if (!from || !to)
    return [finding(id, 'flow-ends', 'The sequence flow does not connect two elements of the process. Draw it again.')];
  return when(
    from.scope !== to.scope,
    id,
    'flow-ends',
    'A sequence flow may not cross the border of a sub-process. End it inside, or use a boundary event.',
  );
}

function lintStarts(model: ProcessModel, scope: string): readonly Finding[] {
  const starts = startsIn(model, scope);
  const isProcess = !model.elements.has(scope);
  if (starts.length === 0)
    return [finding(scope, 'start', `The ${isProcess ? 'process' : 'sub-process'} has no start event. Add one.`)];
  if (isProcess) {
    const plain = starts.filter(({ event }) => event === undefined);
    return when(
      plain.length > 1,
      scope,
      'start',
      `The process has ${plain.length} start events without trigger. Leave one, and split behind it.`,
    );
  }
  return when(
    starts.length > 1 || starts[0]?.event !== undefined,
    scope,
    'start',
    'A sub-process has exactly one start event, without trigger.',
  );
}

/** An event sub-process stands beside the flow, and one event starts it. */
function lintEventSubProcess({ id, incoming, outgoing, boundary, loop }: ElementModel, model: ProcessModel): readonly Finding[] {
  const starts = startsIn(model, id);
  const [start] = starts;
  const triggers = ['message', 'timer', 'signal', 'condition', 'error', 'escalation'];
  const isTriggered = starts.length === 1 && start?.event !== undefined && triggers.includes(start.event.kind);
  return [
    ...when(
      !isTriggered,
      id,
      'event-sub-process',
      'An event sub-process has exactly one start event, and that is a message, timer, signal, conditional, error or escalation event.',
    ),
    ...when(
      incoming.length + outgoing.length > 0,
      id,
      'event-sub-process',
      'No sequence flow leads to or from an event sub-process: its event starts it. Remove the flow.',
    ),
    ...when(
      boundary.length > 0 || loop !== undefined,
      id,
      'event-sub-process',
      'An event sub-process has no boundary events and is not repeated. Put a sub-process inside of it.',
    ),
    ...when(
      start !== undefined && catchesItself(start, model),
      start?.id ?? id,
      'event-sub-process',
      'The event sub-process throws the escalation that starts it, so it would start itself for ever. Throw another one, or catch it inside.',
    ),
    ...when(
      start !== undefined && hasTwin(start, model),
      start?.id ?? id,
      'event-sub-process',
      'Another event sub-process of the same scope catches the same. Leave one of them.',
    ),
    ...when(
      start?.event?.kind === 'error' && !start.interrupting,
      start?.id ?? id,
      'event-sub-process',
      'An error start event always interrupts. Mark it as interrupting.',
    ),
  ];
}

/** Whether something inside throws the escalation that the start event catches; an event that interrupts takes itself away first. */
function catchesItself({ scope, event, errorCode, interrupting }: ElementModel, model: ProcessModel): boolean {
  if (event?.kind !== 'escalation' || interrupting) return false;
  return [...model.elements.values()].some(
    (each) =>
      each.event?.kind === 'escalation' &&
      (each.type === 'bpmn:EndEvent' || each.type === 'bpmn:IntermediateThrowEvent') &&
      (errorCode === undefined || each.errorCode === errorCode) &&
      isInside(each, scope, model),
  );
}

function isInside({ scope }: ElementModel, around: string, { elements }: ProcessModel): boolean {
  for (let at: string | undefined = scope; at !== undefined; at = elements.get(at)?.scope) if (at === around) return true;
  return false;
}

/** Whether an earlier event sub-process of the same scope catches the same error or escalation. */
function hasTwin({ id, event, errorCode, scope }: ElementModel, model: ProcessModel): boolean {
  if (event?.kind !== 'error' && event?.kind !== 'escalation') return false;
  const around = model.elements.get(scope)?.scope;
  const starts = [...model.elements.values()].filter(
    (other) =>
      other.type === 'bpmn:StartEvent' && other.event?.kind === event.kind && model.elements.get(other.scope)?.scope === around,
  );
  return starts.find((other) => other.errorCode === errorCode)?.id !== id;
}

/** A link leads to the catching link of its name in the same scope. */
function lintLink({ id, type, scope, event, incoming, outgoing }: ElementModel, { elements }: ProcessModel): readonly Finding[] {
  if (event?.kind !== 'link') return [];
  const throws = type === 'bpmn:IntermediateThrowEvent';
  const same = [...elements.values()].filter((other) => other.scope === scope && other.event?.linkName === event.linkName);
  const catching = same.filter((other) => other.type === 'bpmn:IntermediateCatchEvent');
  return [
    ...when(event.linkName === undefined, id, 'link', 'The link event has no name, so nobody knows where it leads.'),
    ...when(
      throws && catching.length !== 1,
      id,
      'link',
      `${catching.length === 0 ? 'No link event catches' : 'Several link events catch'} ${event.linkName ?? ''} in the same scope. Draw exactly one.`,
    ),
    ...when(throws && outgoing.some(({ isLink }) => !isLink), id, 'link', 'A throwing link event has no outgoing flow.'),
    ...when(!throws && incoming.some(({ isLink }) => !isLink), id, 'link', 'A catching link event has no incoming flow.'),
  ];
}

const startsIn = ({ elements }: ProcessModel, scope: string): readonly ElementModel[] =>
  [...elements.values()].filter((element) => element.type === 'bpmn:StartEvent' && element.scope === scope);

function lintEnds({ id, type, incoming, outgoing, attachedTo }: ElementModel): readonly Finding[] {
  const name = typeName(type);
  const begins = type === 'bpmn:StartEvent' || attachedTo !== undefined;
  const goesOn = begins || type.endsWith('Gateway') || /Intermediate/.test(type);
  return [
    ...when(begins && incoming.length > 0, id, 'flow-ends', `A ${name} has no incoming sequence flow.`),
    ...when(type === 'bpmn:EndEvent' && outgoing.length > 0, id, 'flow-ends', 'An end event has no outgoing sequence flow.'),
    ...when(
      goesOn && outgoing.length === 0,
      id,
      'flow-ends',
      `The ${name} leads nowhere. Draw a sequence flow to what comes next.`,
    ),
  ];
}

function lintReachability({ elements }: ProcessModel): readonly Finding[] {
  const reached = new Set<string>();
  const next = [...elements.values()].filter(({ type }) => type === 'bpmn:StartEvent').map(({ id }) => id);
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    const element = elements.get(id);
    next.push(...(element?.outgoing ?? []).map(({ target }) => target), ...(element?.boundary ?? []).map((event) => event.id));
  }
  return [...elements.values()]
    .filter(({ id, isEventSubProcess }) => !reached.has(id) && !isEventSubProcess)
    .map(({ id, type }) =>
      finding(id, 'unreachable', `No sequence flow leads to this ${typeName(type)}. Connect it or remove it.`),
    );
}
