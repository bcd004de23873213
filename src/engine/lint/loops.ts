import { isFeel } from '../feel-text.ts';
import type { LoopModel } from '../extensions.ts';
import { standardLoopType } from '../model.ts';
import type { Finding } from '../types.ts';
import { eachElement, finding, isReserved, typeName, when } from './finding.ts';

const repeatable = /:(?:UserTask|ServiceTask|SendTask|ReceiveTask|CallActivity|SubProcess|Transaction)$/;
const isName = (name: string | undefined): boolean => name === undefined || (/^[A-Za-z_]\w*$/.test(name) && !isReserved(name));

/** Activities that repeat: once for each element of a list, or as long as a condition holds. */
export const lintLoops = eachElement((element): readonly Finding[] => {
  const { id, type, loop, loopType } = element;
  if (!loop || loopType === undefined) return [];
  if (!repeatable.test(type)) return [finding(id, 'not-supported', `A ${typeName(type)} cannot be repeated.`)];
  if (loopType === standardLoopType) return lintStandardLoop(id, loop);
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

function lintStandardLoop(id: string, { loopCondition, maximum }: LoopModel): readonly Finding[] {
  return [
    ...when(
      loopCondition === undefined && maximum === undefined,
      id,
      'loop',
      'The loop has neither a condition nor a maximum, so it would never end. Give it a loop condition in FEEL.',
    ),
    ...when(
      loopCondition !== undefined && !isFeel(loopCondition),
      id,
      'loop',
      'The loop condition must be FEEL and begin with "=", such as =open > 0.',
    ),
    ...when(
      maximum !== undefined && (!Number.isInteger(maximum) || maximum < 1 || maximum > 1000),
      id,
      'loop',
      `The loop maximum is ${maximum}; it must be a whole number from 1 to 1,000.`,
    ),
  ];
}
