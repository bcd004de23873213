import { isFeel } from '../feel-text.ts';
import type { ElementModel, FlowModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, typeName, when } from './finding.ts';

/** Conditions, defaults, and the joins that rely on them. */
export const lintGateways = eachElement((element, { elements }) => [
  ...element.outgoing.flatMap((flow) => lintCondition(flow, element)),
  ...lintChoice(element),
  ...lintDoubleFlows(element),
  ...(element.type === 'bpmn:EventBasedGateway' ? lintEventGateway(element, elements) : []),
]);

const choosing = /:(?:ExclusiveGateway|InclusiveGateway|\w*Task|CallActivity|SubProcess|Transaction)$/;

function lintCondition({ id, condition, language, isDefault }: FlowModel, source: ElementModel): readonly Finding[] {
  if (condition === undefined) return [];
  if (language !== undefined)
    return [
      finding(
        id,
        'script',
        `The condition is written in ${language}. Diagrams run no scripts: write it in FEEL, beginning with "=".`,
      ),
    ];
  return [
    ...when(
      !isFeel(condition),
      id,
      'feel',
      `The condition ${JSON.stringify(condition)} must be FEEL and begin with "=", such as =total > 1000.`,
    ),
    ...when(
      isDefault,
      id,
      'default-flow',
      'The default flow has a condition, which would never be looked at. Remove one of the two.',
    ),
    ...when(
      !choosing.test(source.type),
      id,
      'condition',
      `A condition behind a ${typeName(source.type)} is never looked at. Use an exclusive gateway.`,
    ),
  ];
}

function lintChoice({ id, type, outgoing }: ElementModel): readonly Finding[] {
  const conditional = outgoing.filter(({ condition }) => condition !== undefined);
  const hasDefault = outgoing.some(({ isDefault }) => isDefault);
  const always = outgoing.some(({ condition, isDefault }) => condition === undefined && !isDefault);
  if (type === 'bpmn:ExclusiveGateway' && outgoing.length > 1) {
    return [
      ...when(
        !hasDefault,
        id,
        'default-flow',
        'The exclusive gateway has no default flow: when no condition is true the instance could not go on. Mark one flow as default.',
      ),
      ...when(
        always,
        id,
        'condition',
        'An outgoing flow of the exclusive gateway has no condition and is not the default. Give it a condition.',
      ),
    ];
  }
  const needsDefault = conditional.length > 0 && !hasDefault && (type === 'bpmn:InclusiveGateway' || !always);
  return when(
    needsDefault,
    id,
    'default-flow',
    `The ${typeName(type)} has conditional flows and no default flow. Mark one flow as default.`,
  );
}

/** The engine takes two flows between the same elements as one, which a parallel join would wait on for ever. */
function lintDoubleFlows({ id, type, incoming, outgoing }: ElementModel): readonly Finding[] {
  const doubled = hasDouble(outgoing.map(({ target }) => target)) && type !== 'bpmn:ExclusiveGateway';
  const joined = type === 'bpmn:ParallelGateway' && hasDouble(incoming.map(({ source }) => source));
  return [
    ...when(doubled, id, 'double-flow', 'Two sequence flows lead to the same element. Leave one of them.'),
    ...when(
      joined,
      id,
      'double-flow',
      'The parallel gateway waits for two flows that come from the same element; only one of them is ever taken. Leave one of them.',
    ),
  ];
}

const hasDouble = (ids: readonly string[]): boolean => new Set(ids).size < ids.length;

function lintEventGateway({ id, outgoing }: ElementModel, elements: ReadonlyMap<string, ElementModel>): readonly Finding[] {
  const targets = outgoing.map(({ target }) => elements.get(target));
  const allCatch = targets.every((target) => target && /:(?:IntermediateCatchEvent|ReceiveTask)$/.test(target.type));
  return [
    ...when(outgoing.length < 2, id, 'event-gateway', 'An event-based gateway needs at least two events to choose from.'),
    ...when(!allCatch, id, 'event-gateway', 'An event-based gateway leads to catch events and receive tasks only.'),
    ...targets.flatMap((target) =>
      target && (target.incoming.length > 1 || target.boundary.length > 0 || target.loop !== undefined)
        ? [
            finding(
              target.id,
              'event-gateway',
              'An event behind an event-based gateway has this one incoming flow, no boundary event and no loop.',
            ),
          ]
        : [],
    ),
  ];
}
