import type { LintRule } from '../contract/lint-rules.ts';
import { compileSchema, declaredPaths, schemaFault, type SchemaCheck } from '../rules/index.ts';
import { messageOf } from '../support/errors.ts';
import { isJsonObject, jsonBorderFault, type JsonObject } from '../support/json.ts';

/** The files of one deployment by name, e.g. `sale.bpmn`, `credit-check.dmn`, `forms/pick.schema.json`. */
export type Resources = ReadonlyMap<string, string>;

export type FileKind = 'diagram' | 'decision' | 'job' | 'variables' | 'form';

const endings: readonly (readonly [string, FileKind])[] = [
  ['.bpmn', 'diagram'],
  ['.dmn', 'decision'],
  ['.job.schema.json', 'job'],
  ['.variables.schema.json', 'variables'],
  ['.schema.json', 'form'],
];

/** What a file is, by its ending, and its name without folder and ending, which is the id of what a schema declares. */
export function kindOf(name: string): { readonly kind: FileKind; readonly id: string } | undefined {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const found = endings.find(([ending]) => base.endsWith(ending) && base.length > ending.length);
  return found && { kind: found[1], id: base.slice(0, -found[0].length) };
}

/** `forms/<form-id>.schema.json`: what completing a task gives. */
export interface FormDeclaration {
  readonly output: SchemaCheck;
  /** Top-level names of the result; the task's output mappings may use them. */
  readonly outputNames: readonly string[];
}

/** `<job-type>.job.schema.json`: what a job gives and can raise. */
export interface JobDeclaration extends FormDeclaration {
  readonly type: string;
  readonly errors: readonly string[];
}

/** A schema file cannot be used. */
export class SchemaRefused extends Error {
  override readonly name = 'SchemaRefused';
  readonly rule: LintRule = 'readable';
}

/** @throws SchemaRefused when it is no JSON object, or no JSON Schema that may be run */
export function readVariables(content: string): JsonObject {
  const schema = readObject(content);
  refuseSchema(schema);
  try {
    void declaredPaths(schema);
  } catch (error) {
    throw new SchemaRefused(`The schema ${messageOf(error)}.`);
  }
  return schema;
}

/** @throws SchemaRefused */
export const readForm = (content: string): FormDeclaration => declareOutput(readObject(content));

/** @throws SchemaRefused */
export function readJob(content: string): JobDeclaration {
  const { type, output, errors = [] } = readObject(content);
  if (typeof type !== 'string' || !/^[\w.:-]{1,128}$/.test(type))
    throw new SchemaRefused('The member "type" has to be the job type: 1 to 128 letters, digits, "_", "-", "." or ":".');
  if (!isJsonObject(output)) throw new SchemaRefused('The member "output" has to be a JSON Schema.');
  const codes = Array.isArray(errors) ? errors.map((error) => (isJsonObject(error) ? error['code'] : undefined)) : [undefined];
  if (!codes.every((code) => typeof code === 'string'))
    throw new SchemaRefused('The member "errors" has to be a list of objects, each with a "code".');
  return { type, ...declareOutput(output), errors: codes };
}

const declareOutput = (schema: JsonObject): FormDeclaration => ({
  output: refuseSchema(schema),
  outputNames: isJsonObject(schema['properties']) ? Object.keys(schema['properties']) : [],
});

function refuseSchema(schema: JsonObject): SchemaCheck {
  const fault = schemaFault(schema);
  if (fault !== null) throw new SchemaRefused(`${fault}.`);
  try {
    return compileSchema(schema);
  } catch (error) {
    throw new SchemaRefused(`The schema is not valid: ${messageOf(error)}.`);
  }
}

function readObject(content: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(content.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new SchemaRefused(`The file is not JSON: ${messageOf(error)}.`);
  }
  const fault = jsonBorderFault(value);
  if (fault) throw new SchemaRefused(`${fault.pointer || 'The file'} ${fault.message}.`);
  if (!isJsonObject(value)) throw new SchemaRefused('The file has to be a JSON object.');
  return value;
}
