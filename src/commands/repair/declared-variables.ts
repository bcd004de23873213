import { compileSchema, type SchemaCheck } from '../../rules/index.ts';
import { Problem } from '../../support/errors.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';
import type { Definition } from '../definitions.ts';

const checks = new WeakMap<Definition, SchemaCheck>();

/**
 * Holds variables that somebody sets by hand against what the process declares: each by itself, as what is not given stays as it is.
 * @throws Problem validation-failed naming each place
 */
export function mustBeDeclared(definition: Definition, variables: JsonObject): void {
  const { properties, $defs } = definition.variables;
  if (!isJsonObject(properties)) return; // a process without a declaration takes any
  let check = checks.get(definition);
  if (!check) {
    check = compileSchema({ type: 'object', properties, additionalProperties: false, ...($defs !== undefined && { $defs }) });
    checks.set(definition, check);
  }
  const [first, ...more] = check(variables);
  if (!first) return;
  throw new Problem(
    'validation-failed',
    `The variables do not fit the declaration of ${definition.process.processId} (version ${definition.version}): ${first.pointer} ${first.message}.`,
    { errors: [first, ...more].map(({ pointer, message }) => ({ pointer: `/variables${pointer}`, message })) },
  );
}
