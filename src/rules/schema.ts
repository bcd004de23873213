import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { isJsonObject, type Json, type JsonObject } from '../support/json.ts';
import { namesOf } from './feel.ts';
import { nearestName } from './nearest-name.ts';
import { regularExpressionFault } from './regular-expression.ts';

/** One place of a value that its schema refuses; `pointer` is an RFC 6901 JSON Pointer. */
export interface SchemaError {
  readonly pointer: string;
  readonly message: string;
}

/** Tells all that is wrong with a value; nothing when it is as its schema says. */
export type SchemaCheck = (value: Json) => readonly SchemaError[];

/**
 * Compiles a JSON Schema (2020-12) to a function that tells all that is wrong with a value.
 * @throws Error when the schema itself is wrong; its message says where
 */
export function compileSchema(schema: JsonObject): SchemaCheck {
  void schemaOfSchemas().validateSchema(schema, true);
  // of its own, so that no $id of one schema means anything to another; without the schema of schemas, which would be compiled anew each time
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    formats: FORMATS,
    meta: false,
    validateSchema: false,
    logger: false,
  });
  const validate = ajv.compile(schema);
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map(schemaError));
}

/**
 * What a schema must not have because it would be run on other people's data, or null: patterns that could take more than quadratic time, and
 * references outside of the file.
 */
export function schemaFault(schema: Json, at = ''): string | null {
  if (Array.isArray(schema)) return firstFault(schema.map((each: Json, index) => () => schemaFault(each, `${at}/${index}`)));
  if (!isJsonObject(schema)) return null;
  return firstFault(
    Object.entries(schema).map(([name, value]) => () => {
      const here = `${at}/${name}`;
      if (name === 'pattern' && typeof value === 'string') return patternFault(value, here);
      if (name === '$ref' && typeof value === 'string' && !value.startsWith('#')) return `${here} refers to another file`;
      if (name === 'patternProperties' && isJsonObject(value))
        return firstFault(Object.keys(value).map((pattern) => () => patternFault(pattern, here))) ?? schemaFault(value, here);
      return schemaFault(value, here);
    }),
  );
}

const patternFault = (pattern: string, at: string): string | null => {
  const fault = regularExpressionFault(pattern);
  return fault === null ? null : `The pattern at ${at} ${fault}`;
};

function firstFault(checks: readonly (() => string | null)[]): string | null {
  for (const check of checks) {
    const fault = check();
    if (fault !== null) return fault;
  }
  return null;
}

let shared: Ajv2020 | undefined;
/** Compiling it takes as long as compiling fifty schemas. */
const schemaOfSchemas = (): Ajv2020 => (shared ??= new Ajv2020());

const FORMATS = {
  date: /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/,
  'date-time': (text: string) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  duration: /^P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?$/,
  uuid: /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i,
};

function schemaError({ instancePath, params, message = 'is not valid' }: ErrorObject): SchemaError {
  const member = (params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty) as string | undefined;
  if (member === undefined)
    return {
      pointer: instancePath,
      message:
        'allowedValues' in params
          ? `${message}: ${params.allowedValues.map((each: Json) => JSON.stringify(each)).join(', ')}`
          : message,
    };
  const pointer = `${instancePath}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  return { pointer, message: params.missingProperty === undefined ? 'is not declared' : 'is missing' };
}

/** Names that a schema may declare, on all levels together. */
const MAX_PATHS = 10_000;

/**
 * All paths that the schema of a process's variables declares, dotted: `sale`, `sale.totalMinor`. Members of a list's items count as members of
 * the list, as FEEL reads them (`lines.quantity`). A path that ends in `.*` has members that the schema does not list.
 * @throws Error when there are too many, as in a schema that contains itself twice
 */
export function declaredPaths(schema: JsonObject): ReadonlySet<string> {
  const paths = new Set<string>();
  const visit = (part: JsonObject, path: string, depth: number): void => {
    if (depth > 32) return;
    const { properties, items } = resolve(part, schema);
    if (isJsonObject(items)) return visit(items, path, depth + 1);
    if (!isJsonObject(properties)) {
      if (path !== '' && mayHoldMembers(resolve(part, schema))) paths.add(`${path}.*`);
      return;
    }
    for (const [name, member] of Object.entries(properties)) {
      const inner = path === '' ? name : `${path}.${name}`;
      paths.add(inner);
      if (paths.size > MAX_PATHS) throw new Error(`declares more than ${MAX_PATHS} names, counting those inside one another`);
      if (isJsonObject(member)) visit(member, inner, depth + 1);
    }
  };
  visit(schema, '', 0);
  return paths;
}

/**
 * Names in an expression that the schema does not declare, each with the nearest declared path.
 * @param locals names that are in force beside the process's variables: targets of input mappings, a job's results, a loop's element
 * @throws EvaluationFailed for wrong FEEL
 */
export function undeclaredNames(
  expression: string,
  schema: JsonObject,
  locals: readonly string[] = [],
): readonly { name: string; nearest: string | undefined }[] {
  const declared = new Set([...declaredPaths(schema), ...locals, ...locals.map((name) => `${name}.*`)]);
  const isDeclared = (path: readonly string[]): boolean =>
    declared.has(path.join('.')) || path.some((_, index) => declared.has(`${path.slice(0, index + 1).join('.')}.*`));
  return namesOf(expression)
    .required.filter((path) => !isDeclared(path))
    .map((path) => {
      const name = path.join('.');
      const siblings = [...declared].filter((each) => each.split('.').length === path.length && !each.endsWith('.*'));
      return { name, nearest: nearestName(name, siblings) };
    });
}

/** The variables that an instance begins with: each declared one with its default, or null; objects that may not be null with their members. */
export function initialVariables(schema: JsonObject): JsonObject {
  const { properties } = resolve(schema, schema);
  return isJsonObject(properties) ? members(properties, schema, 0) : {};
}

function members(properties: JsonObject, schema: JsonObject, depth: number): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, member]) => [name, isJsonObject(member) ? initial(member, schema, depth) : null]),
  );
}

function initial(member: JsonObject, schema: JsonObject, depth: number): Json {
  const resolved = resolve(member, schema);
  if (resolved.default !== undefined) return resolved.default;
  return resolved.type === 'object' && isJsonObject(resolved.properties) && depth < 32
    ? members(resolved.properties, schema, depth + 1)
    : null;
}

/** Follows `$ref: "#/$defs/..."`; members beside `$ref` (a default) win. */
function resolve(part: JsonObject, schema: JsonObject): JsonObject {
  const reference = part.$ref;
  if (typeof reference !== 'string' || !reference.startsWith('#/')) return part;
  let target: Json | undefined = schema;
  for (const step of reference.slice(2).split('/'))
    target = isJsonObject(target) ? target[step.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  return isJsonObject(target) && target !== part ? { ...target, ...part, $ref: null } : part;
}

const mayHoldMembers = ({ type }: JsonObject): boolean =>
  type === undefined || type === 'object' || (Array.isArray(type) && type.includes('object'));
