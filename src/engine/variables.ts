import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import type { Asking } from './asking.ts';
import { StepFailed } from './errors.ts';
import type { Mapping } from './extensions.ts';
import type { ElementModel } from './model.ts';
import { scopeOf, type ScopedVariables } from './scoped-variables.ts';

/** Local variables of an element by its `zeebe:input` mappings; a later mapping sees the earlier ones. Undefined when it has none. */
export function inputOf(element: ElementModel, visible: JsonObject, asking: Asking): JsonObject | undefined {
  if (element.inputs.length === 0) return undefined;
  return applyMappings(element, element.inputs, visible, {}, asking);
}

/**
 * What an element at `slot` brought becomes variables, as in Camunda 8: every member goes to the nearest scope that knows its name; with
 * `zeebe:output` mappings only what they map leaves the element, and a target such as `payment.method` is put into the object that is there.
 */
export function mergeResult(
  element: ElementModel,
  slot: string,
  variables: ScopedVariables,
  result: JsonObject,
  asking: Asking,
): void {
  if (element.outputs.length === 0) return variables.write(slot, element.call?.allResults === false ? {} : result);
  const around = scopeOf(slot);
  const seen = { ...variables.visible(slot), ...result };
  variables.write(around, applyMappings(element, element.outputs, seen, variables.visible(around), asking));
}

/**
 * One run of a loop has ended: its output element is put into the output collection at the run's index. The collection is the loop's own until
 * the loop ends.
 */
export function mergeLoopResult(
  element: ElementModel,
  slot: string,
  index: number,
  variables: ScopedVariables,
  result: JsonObject,
  asking: Asking,
): void {
  const { outputCollection, outputElement } = element.loop ?? {};
  // a run that an older version began does not have it yet
  variables.declare(slot, { ...outputVariable(element), ...variables.localsOf(slot) });
  if (element.outputs.length === 0) variables.write(slot, result);
  else
    variables.write(
      slot,
      applyMappings(element, element.outputs, { ...variables.visible(slot), ...result }, variables.visible(slot), asking),
    );
  if (outputCollection === undefined) return;
  const value = outputElement === undefined ? null : asking.value(outputElement, variables.visible(slot), element.id);
  const loop = slot.slice(0, slot.lastIndexOf('['));
  const collected = variables.visible(loop)[outputCollection];
  const items = Array.isArray(collected) ? [...(collected as readonly Json[])] : [];
  items[index] = value;
  variables.write(loop, { [outputCollection]: items });
}

/** The variable that an output element names, when it is no more than that; each run begins with it as a null of its own (as in Camunda 8). */
export function outputVariable({ loop }: ElementModel): JsonObject {
  const name = /^=\s*([A-Za-z_]\w*)(?:\.\w+)*$/.exec(loop?.outputElement ?? '')?.[1];
  return name === undefined ? {} : { [name]: null };
}

/** The targets of the mappings; members of an object that is there in `around` are put into a copy of it. */
function applyMappings(
  element: ElementModel,
  mappings: readonly Mapping[],
  scope: JsonObject,
  around: JsonObject,
  asking: Asking,
): JsonObject {
  let visible = scope;
  let result: JsonObject = {};
  for (const mapping of mappings) {
    const value = asking.value(mapping.source, visible, element.id);
    const path = mapping.target.split('.');
    const [name = ''] = path;
    const base =
      Object.hasOwn(result, name) || !Object.hasOwn(around, name) ? result : { ...result, [name]: around[name] ?? null };
    result = setPath(base, path, value, element.id);
    visible = { ...visible, [name]: result[name] ?? null };
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
