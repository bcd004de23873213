import type { ElementModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, typeName, when } from './finding.ts';

const supported = new Set(
  [
    'StartEvent EndEvent IntermediateCatchEvent IntermediateThrowEvent BoundaryEvent SubProcess',
    'Task ManualTask UserTask ServiceTask SendTask ReceiveTask BusinessRuleTask CallActivity',
    'ExclusiveGateway InclusiveGateway ParallelGateway EventBasedGateway',
  ].flatMap((names) => names.split(' ').map((name) => `bpmn:${name}`)),
);

/** What to draw instead of an element that is not run. */
const instead: Readonly<Record<string, string>> = {
  'bpmn:ScriptTask': 'Diagrams run no scripts. Use a service task with a job type, or a business rule task with a decision.',
  'bpmn:ComplexGateway': 'Use exclusive, inclusive or parallel gateways.',
  'bpmn:AdHocSubProcess': 'Use a sub-process with a parallel or inclusive gateway.',
  'bpmn:Transaction': 'Use a sub-process with an error boundary event; compensation comes later.',
};

/** What Orderflow does not run is refused, never run in some other way. */
export const lintSupport = eachElement((element) => [...unsupportedType(element), ...unsupportedParts(element)]);

function unsupportedType({ id, type }: ElementModel): readonly Finding[] {
  if (supported.has(type)) return [];
  return [finding(id, 'not-supported', `A ${typeName(type)} is not run. ${instead[type] ?? 'It comes later.'}`)];
}

function unsupportedParts({ id, raw, loopType, unsupported }: ElementModel): readonly Finding[] {
  const standard = loopType !== undefined && loopType !== 'bpmn:MultiInstanceLoopCharacteristics';
  return [
    ...when(
      raw['triggeredByEvent'] === true,
      id,
      'not-supported',
      'Event sub-processes come later. Use a boundary event on a sub-process.',
    ),
    ...when(
      raw['isForCompensation'] === true,
      id,
      'not-supported',
      'Compensation comes later. Draw the undoing as a path of its own.',
    ),
    ...when(
      standard,
      id,
      'not-supported',
      'A standard loop is not run. Use multi-instance over a list, or draw the loop with an exclusive gateway.',
    ),
    ...when(
      raw['ioSpecification'] !== undefined,
      id,
      'not-supported',
      'BPMN data inputs and outputs are not run. Use input and output mappings.',
    ),
    ...when(
      typeof raw['implementation'] === 'string',
      id,
      'not-supported',
      'The attribute "implementation" is not run. Give the task a job type (zeebe:taskDefinition).',
    ),
    ...unsupported.map((type) => finding(id, 'not-supported', `The extension ${type} is not run. Remove it from the element.`)),
  ];
}
