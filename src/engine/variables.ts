import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import type { Asking } from './asking.ts';
import { StepFailed } from './errors.ts';
import type { Mapping } from './extensions.ts';
import type { ElementModel } from './model.ts';

/** Local variables of an element by its `zeebe:input` mappings; a later mapping sees the earlier ones. Undefined when it has none. */
export function inputOf(element: ElementModel, variables: JsonObject, asking: Asking): JsonObject | undefined {
  if (element.inputs.length === 0) return undefined;
  return applyMappings(element, element.inputs, variables, {}, asking);
}

/**
 * Variables after an element brought `result`. Members replace members of the same name, as in Camunda 8; with `zeebe:output` mappings only
 * what they map is taken over, and a target such as `payment.method` is put into the object that is there.
 */
export function mergeResult(element: ElementModel, variables: JsonObject, result: JsonObject, asking: Asking): JsonObject {
  if (element.outputs.length === 0) return { ...variables, ...result };
  return applyMappings(element, element.outputs, { ...variables, ...result }, variables, asking);
}

/**
 * Variables after one run of a loop: its output element is put into the output collection at the run's index. What else it brought stays
 * local to the run, unless the loop collects nothing.
 */
export function mergeLoopResult(
  element: ElementModel,
  index: number,
  variables: JsonObject,
  result: JsonObject,
  asking: Asking,
): JsonObject {
  const { outputCollection, outputElement } = element.loop ?? {};
  if (outputCollection === undefined) return mergeResult(element, variables, result, asking);
  const visible = element.outputs.length > 0 ? mergeResult(element, variables, result, asking) : { ...variables, ...result };
  const value = outputElement === undefined ? null : asking.value(outputElement, visible, element.id);
  const collected = variables[outputCollection];
  const items = Array.isArray(collected) ? [...(collected as readonly Json[])] : [];
  items[index] = value;
  return { ...variables, [outputCollection]: items };
}

function applyMappings(
  element: ElementModel,
  mappings: readonly Mapping[],
  scope: JsonObject,
  target: JsonObject,
  asking: Asking,
): JsonObject {
  let visible = scope;
  let result = target;
  for (const mapping of mappings) {
    const value = asking.value(mapping.source, visible, element.id);
    const path = mapping.target.split('.');
    visible = setPath(visible, path, value, element.id);
    result = setPath(result, path, value, element.id);
  }
  return result;
}

function setPath(object: JsonObject, path: readonly string[], value: Json, elementId: string): JsonObject {
  const [name = '', ...rest] = path;
  if (rest.length === 0) return { ...object, [name]: value };
  const inner = Object.hasOwn(object, name) ? object[name] : undefined;
  if (inner !== undefined && inner !== null && !isJsonObject(inner)) {
    throw new StepFailed(
      elementId,
      `${path.join('.')} cannot be set, because ${name} is ${JSON.stringify(inner)} and not an object`,
    );
  }
  return { ...object, [name]: setPath(inner ?? {}, rest, value, elementId) };
}
