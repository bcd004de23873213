import { isFeel } from '../feel-text.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, isReserved, typeName, when } from './finding.ts';

const repeatable = /:(?:UserTask|ServiceTask|SendTask|ReceiveTask|CallActivity)$/;
const isName = (name: string | undefined): boolean => name === undefined || (/^[A-Za-z_]\w*$/.test(name) && !isReserved(name));

/** Multi-instance: one run for each element of a list. */
export const lintLoops = eachElement(({ id, type, loop, loopType }): readonly Finding[] => {
  if (loopType !== 'bpmn:MultiInstanceLoopCharacteristics' || !loop) return [];
  if (type === 'bpmn:SubProcess')
    return [
      finding(
        id,
        'not-supported',
        'Multi-instance sub-processes come later. Put the sub-process into a diagram of its own and call it with a multi-instance call activity.',
      ),
    ];
  if (!repeatable.test(type)) return [finding(id, 'not-supported', `A ${typeName(type)} cannot be repeated over a list.`)];
  const { inputCollection = '', inputElement, outputCollection, outputElement, completionCondition } = loop;
  return [
    ...when(
      !isFeel(inputCollection),
      id,
      'loop',
      'Multi-instance needs an input collection in FEEL (zeebe:loopCharacteristics), such as =sale.lines.',
    ),
    ...when(
      !isName(inputElement) || !isName(outputCollection),
      id,
      'loop',
      'The input element and the output collection must be names of variables.',
    ),
    ...when(
      (outputCollection === undefined) !== (outputElement === undefined),
      id,
      'loop',
      'An output collection and an output element belong together.',
    ),
    ...when(
      outputElement !== undefined && !isFeel(outputElement),
      id,
      'loop',
      'The output element must be FEEL and begin with "=".',
    ),
    ...when(
      completionCondition !== undefined && !isFeel(completionCondition),
      id,
      'loop',
      'The completion condition must be FEEL and begin with "=".',
    ),
  ];
});
