import { expect } from 'chai';
import { z } from 'zod';
import { Deployed, LintResult } from '../../../src/contract/deployment.ts';
import { processesFolder, readResources } from '../../../src/resources.ts';
import * as b from '../../helpers/bpmn-builder.ts';
import type { Scenario } from '../scenario.ts';
import type { Stage } from '../stage.ts';
import { upload } from '../upload.ts';

const analyst = '<zeebe:assignmentDefinition candidateGroups="analyst"/>';
const memo = (...parts: readonly string[]): string => b.bpmnNamed('memo', b.start('begin'), b.end('over'), ...parts);
const declared: readonly (readonly [string, string])[] = [
  ['memo.variables.schema.json', '{"type": "object", "properties": {"amount": {"type": "number", "default": 7}}}'],
];

/** Mistakes that an analyst makes in a new diagram, and what each is refused for. */
const mistakes: readonly (readonly [diagram: string, rule: string])[] = [
  [memo(b.message('Paid', '="1"'), b.caught('wait', b.onMessage('Paid')), b.flow('begin', 'wait', 'over')), 'endless-wait'],
  [
    memo(b.element('serviceTask', { id: 'work' }, '<zeebe:taskDefinition type="nobody.does"/>'), b.flow('begin', 'work', 'over')),
    'job-type-known',
  ],
  [
    memo(
      ...['one', 'two'].flatMap((id) => [
        b.element('userTask', { id }, analyst),
        b.boundary(`undo_${id}`, id, '<bpmn:compensateEventDefinition/>'),
      ]),
      b.flow('begin', 'one', 'two', 'over'),
    ),
    'not-supported',
  ],
];

/** 15 exclusive gateways that split and 15 that join, one behind the other: 32,768 ways, of which a token takes one. */
const diamonds = (): string => {
  const numbers = Array.from({ length: 15 }, (_, index) => index + 1);
  return memo(
    ...numbers.flatMap((n) => [
      b.xor(`split${n}`, `low${n}`),
      b.plain(`low${n}`),
      b.plain(`high${n}`),
      b.xor(`join${n}`),
      b.flow(`split${n}`, `low${n}`, `join${n}`),
      b.flowIf(`split${n}`, `high${n}`, `=amount > ${n}`),
      b.flow(`high${n}`, `join${n}`),
      b.flow(n === 1 ? 'begin' : `join${n - 1}`, `split${n}`),
    ]),
    b.element('userTask', { id: 'read' }, analyst),
    b.flow('join15', 'read', 'over'),
  );
};

const Errors = z.array(
  z.looseObject({ file: z.string(), elementId: z.string().nullable(), rule: z.string(), severity: z.string() }),
);

/** The elements that are named. */
async function refusal(stage: Stage, files: ReadonlyMap<string, string>, rule: string): Promise<string> {
  const { status, body } = await upload(stage.as('analyst'), files);
  expect([status, body['code']]).to.deep.equal([422, 'definition-refused']);
  const errors = Errors.parse(body['errors']);
  expect(errors.map((error) => error.rule)).to.include(rule);
  return [...new Set(errors.map(({ file, elementId }) => `${file} ${elementId ?? ''}`))].join(', ');
}

export const uploadScenarios: readonly Scenario[] = [
  {
    number: '63',
    title:
      'analyst uploads a wait without exit, an unknown job type, a table with a gap, two compensation events: refused, each finding names the element; 15 diamonds are taken and start at once',
    paths: [
      'memo.bpmn wait',
      'memo.bpmn work',
      'memo.bpmn undo_one, memo.bpmn undo_two',
      'refund-method.dmn refund-method',
      'waits at read',
    ],
    play: async (stage) => {
      const before = await stage.as('analyst').ask('GET', '/v1/process-definitions');
      const seen = [];
      for (const [diagram, rule] of mistakes)
        seen.push(await refusal(stage, new Map([['memo.bpmn', diagram], ...declared]), rule));

      const shipped = await readResources(processesFolder);
      const table = shipped.get('refund-method.dmn') ?? '';
      expect(table).to.contain('&gt; 1000000');
      seen.push(
        await refusal(stage, new Map([...shipped, ['refund-method.dmn', table.replace('&gt; 1000000', '&gt; 1000001')]]), 'gap'),
      );
      expect((await stage.as('analyst').ask('GET', '/v1/process-definitions')).body, 'nothing was deployed').to.deep.equal(
        before.body,
      );

      const files = new Map([['memo.bpmn', diamonds()], ...declared]);
      const linted = LintResult.parse((await upload(stage.as('analyst'), files, '/v1/definitions/lint')).body);
      expect(linted.accepted).to.equal(true);
      const deployed = Deployed.parse((await upload(stage.as('analyst'), files)).body);
      expect(deployed.processes.map(({ processId, version }) => [processId, version])).to.deep.equal([['memo', 1]]);
      const { id } = z
        .looseObject({ id: z.string() })
        .parse(await stage.as('operator').post('/v1/process-instances', { processId: 'memo', businessKey: 'M-63' }));
      const waits = await stage
        .as('auditor')
        .get(z.looseObject({ items: z.array(z.looseObject({ elementId: z.string() })) }), `/v1/process-instances/${id}/waits`);
      return [...seen, `waits at ${waits.items.map(({ elementId }) => elementId).join(', ')}`];
    },
  },
];
