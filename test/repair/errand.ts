import { randomUUID } from 'node:crypto';
import { deploy } from '../../src/commands/deploy.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { bpmnNamed, boundary, element, end, flow, io, onCondition, start, sub } from '../helpers/bpmn-builder.ts';
import { by, type World } from '../helpers/world.ts';

const task = (id: string, ...inside: readonly string[]): string =>
  element(
    'userTask',
    { id },
    '<zeebe:assignmentDefinition candidateGroups="operator"/>',
    '<zeebe:formDefinition formId="errand-done"/>',
    ...inside,
  );
const work = (id: string): string => element('serviceTask', { id }, `<zeebe:taskDefinition type="errand.${id}" retries="2"/>`);
const anything = { type: 'object', properties: {}, additionalProperties: true };

/**
 * A process without an order, of which parts may be repaired: two branches that are joined, `pick` -> `pack` -> `check` and `weigh`; `check` is taken over by `rush` when it is
 * urgent; then a sub-process `sending` with a note of its own, whose job is `post`.
 */
const errand = bpmnNamed(
  'errand',
  start('begin'),
  element('parallelGateway', { id: 'split' }),
  work('pick'),
  work('pack'),
  task('check'),
  boundary('hurry', 'check', onCondition('=urgent')),
  task('rush'),
  task('weigh'),
  element('parallelGateway', { id: 'both' }),
  sub(
    'sending',
    io({ input: { note: '=remark' } }),
    start('s_begin'),
    task('address'),
    work('post'),
    end('s_end'),
    flow('s_begin', 'address', 'post', 's_end'),
  ),
  end('done'),
  end('rushed'),
  flow('begin', 'split', 'pick', 'pack', 'check', 'both', 'sending', 'done'),
  flow('hurry', 'rush', 'rushed'),
  flow('split', 'weigh', 'both'),
);

const variables = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    urgent: { type: 'boolean', default: false },
    remark: { type: ['string', 'null'], default: null },
    note: { type: ['string', 'null'], default: null },
  },
};

const declaration = (type: string): [string, string] => [
  `jobs/${type}.job.schema.json`,
  JSON.stringify({ type, description: 'A test', input: anything, output: anything, errors: [] }),
];

export const deployErrand = (world: World): Promise<unknown> =>
  deploy(
    world.database,
    new Map([
      ['errand.bpmn', errand],
      ['errand.variables.schema.json', JSON.stringify(variables)],
      ['forms/errand-done.schema.json', JSON.stringify(anything)],
      ...['errand.pick', 'errand.pack', 'errand.post'].map(declaration),
    ]),
    'analyst',
  );

/** A running errand; `pick` and `weigh` are open. */
export async function anErrand(
  world: World,
  given: JsonObject = {},
): Promise<JsonObject & { id: string; businessKey: string; revision: number }> {
  const { body } = await startProcess(world.deps, by('operator'), {
    processId: 'errand',
    businessKey: `E-${randomUUID()}`,
    variables: given,
  });
  return body as JsonObject & { id: string; businessKey: string; revision: number };
}

/** Where an instance waits: element -> id of the wait. */
export async function placesOf({ database }: World, instanceId: string): Promise<Record<string, string>> {
  const rows = await database.query<{ elementId: string; id: string }>(
    `select element_id as "elementId", id from orderflow.wait where instance_id = $1 and status = 'open' order by element_id`,
    [instanceId],
  );
  return Object.fromEntries(rows.map(({ elementId, id }) => [elementId, id]));
}
