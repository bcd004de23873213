import type { ElementModel, FlowModel, ProcessModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { finding, typeName, when, type Rule } from './finding.ts';

/** Where tokens begin, end and can go. */
export const lintStructure: Rule = (model) => [
  ...model.flows.flatMap((flow) => lintFlow(flow, model)),
  ...lintStarts(model, model.id),
  ...[...model.elements.values()].flatMap((element) => [
    ...(element.type === 'bpmn:SubProcess' ? lintStarts(model, element.id) : []),
    ...lintEnds(element),
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

function lintStarts({ elements }: ProcessModel, scope: string): readonly Finding[] {
  const starts = [...elements.values()].filter((element) => element.type === 'bpmn:StartEvent' && element.scope === scope);
  const isProcess = !elements.has(scope);
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
    .filter(({ id }) => !reached.has(id))
    .map(({ id, type }) =>
      finding(id, 'unreachable', `No sequence flow leads to this ${typeName(type)}. Connect it or remove it.`),
    );
}
