import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import type { Asking } from './asking.ts';
import { StepFailed } from './errors.ts';
import type { Run } from './marking.ts';
import { isScope, standardLoopType, type ElementModel } from './model.ts';

/** The element of the input collection that this run of a loop is for, and its number from 1. Undefined outside of a loop. */
export function loopVariables(
  { loop, loopType }: ElementModel,
  { index }: Run,
  items: () => readonly Json[],
): JsonObject | undefined {
  if (!loop || index === undefined) return undefined;
  const loopCounter = index + 1;
  if (loopType === standardLoopType || loop.inputElement === undefined) return { loopCounter };
  return { [loop.inputElement]: items()[index] ?? null, loopCounter };
}

/** Elements of an input collection. Each run of a sub-process is a scope of its own, which costs a step some 7 ms: more belong into a called process. */
const maximumItems = { task: 1_000, scope: 200 };

/** The input collection of a multi-instance activity. Throws StepFailed when it is not a list, or too long. */
export function loopItems({ id, type, loop }: ElementModel, visible: JsonObject, asking: Asking): readonly Json[] {
  const items = asking.value(loop?.inputCollection ?? '', visible, id);
  if (!Array.isArray(items))
    throw new StepFailed(
      id,
      `the input collection must be a list, but is ${isJsonObject(items) ? 'an object' : JSON.stringify(items)}`,
    );
  const maximum = isScope(type) ? maximumItems.scope : maximumItems.task;
  if (items.length > maximum)
    throw new StepFailed(id, `the input collection has ${items.length} elements; ${maximum.toLocaleString('en')} are allowed`);
  return items as readonly Json[];
}
