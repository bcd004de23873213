import type { ElementModel } from '../model.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, typeName, when } from './finding.ts';

const supported = new Set(
  [
    'StartEvent EndEvent IntermediateCatchEvent IntermediateThrowEvent BoundaryEvent SubProcess Transaction',
    'Task ManualTask UserTask ServiceTask SendTask ReceiveTask BusinessRuleTask ScriptTask CallActivity',
    'ExclusiveGateway InclusiveGateway ParallelGateway EventBasedGateway',
  ].flatMap((names) => names.split(' ').map((name) => `bpmn:${name}`)),
);

/** What to draw instead of an element that is not run. */
const instead: Readonly<Record<string, string>> = {
  'bpmn:ComplexGateway': 'Use exclusive, inclusive or parallel gateways.',
  'bpmn:AdHocSubProcess': 'Use a sub-process with a parallel or inclusive gateway.',
};

/** What Orderflow does not run is refused, never run in some other way. */
export const lintSupport = eachElement((element) => [...unsupportedType(element), ...unsupportedParts(element)]);

function unsupportedType({ id, type }: ElementModel): readonly Finding[] {
  if (supported.has(type)) return [];
  return [finding(id, 'not-supported', `A ${typeName(type)} is not run. ${instead[type] ?? 'Draw it with other elements.'}`)];
}

function unsupportedParts({ id, type, raw, script, unsupported }: ElementModel): readonly Finding[] {
  return [
    ...when(
      raw['isForCompensation'] === true,
      id,
      'not-supported',
      'Compensation is not run. Draw the undoing as a path of its own.',
    ),
    ...when(
      raw['ioSpecification'] !== undefined,
      id,
      'not-supported',
      'BPMN data inputs and outputs are not run. Use input and output mappings.',
    ),
    ...when(
      // ##WebService and ##unspecified are what BPMN has where nothing is said
      typeof raw['implementation'] === 'string' && !raw['implementation'].startsWith('##'),
      id,
      'not-supported',
      'The attribute "implementation" is not run. Give the task a job type (zeebe:taskDefinition).',
    ),
    ...when(
      script !== undefined && type !== 'bpmn:ScriptTask',
      id,
      'not-supported',
      `A FEEL expression (zeebe:script) on a ${typeName(type)} is not evaluated. Make it a script task.`,
    ),
    ...unsupported.map((type) => finding(id, 'not-supported', `The extension ${type} is not run. Remove it from the element.`)),
  ];
}
