import type { bundleRules } from '../../src/contract/lint-rules-bundle.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { around, diagramOf, person, work } from './examples-diagram.ts';
import type { Example } from './examples.ts';

const dmn = (rule: string, inside: string): Example => ({
  files: {
    [`${rule}.dmn`]: `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions" name="example" namespace="http://orderflow.test">
${inside}
</definitions>
`,
  },
});

const decision = (inside: string, id = 'level', rest = ''): string =>
  `  <decision id="${id}" name="Level">${rest}\n${inside}\n  </decision>`;
const literal = '    <literalExpression id="literal"><text>1</text></literalExpression>';

interface Table {
  readonly hitPolicy?: string;
  readonly inputType?: string;
  readonly language?: string;
  /** Input and output cell of each rule. */
  readonly rules?: readonly (readonly [string, string])[];
  readonly moreOutputs?: string;
  readonly outputValues?: string;
}

/** Level of a total: `LOW` up to 100, `HIGH` above. */
const table = ({
  hitPolicy = 'UNIQUE',
  inputType = 'number',
  language = '',
  rules = [
    ['&lt;= 100', '"LOW"'],
    ['&gt; 100', '"HIGH"'],
  ],
  moreOutputs = '',
  outputValues = '',
}: Table = {}): string =>
  decision(`    <decisionTable id="table" hitPolicy="${hitPolicy}">
      <input id="input" label="Total"><inputExpression id="inputExpression" typeRef="${inputType}"${language}><text>total</text></inputExpression></input>
      <output id="output" name="level" typeRef="string">${outputValues}</output>${moreOutputs}
${rules
  .map(
    ([test, conclusion], index) =>
      `      <rule id="rule_${index + 1}"><inputEntry id="test_${index + 1}"><text>${test}</text></inputEntry><outputEntry id="conclusion_${index + 1}"><text>${conclusion}</text></outputEntry></rule>`,
  )
  .join('\n')}
    </decisionTable>`);

const schema = (rule: string, content: string): Example => ({ files: { [`${rule}.schema.json`]: `${content}\n` } });
const text = (name: string, content: string): Example => ({ files: { [name]: `${content}\n` } });

const onlyByMessage = b.bpmnNamed(
  'called',
  b.message('Asked', '="1"'),
  b.start('begin', b.onMessage('Asked')),
  b.end('over'),
  b.flow('begin', 'over'),
);

export const bundleExamples: Readonly<Record<keyof typeof bundleRules, Example>> = {
  'decision-missing': dmn('decision-missing', ''),
  'decision-id': dmn('decision-id', decision(literal, `level${'-'.repeat(64)}`)),
  'decision-requirement': dmn(
    'decision-requirement',
    decision(
      literal,
      'level',
      '\n    <informationRequirement id="requirement"><requiredDecision href="#other"/></informationRequirement>',
    ) + decision(literal.replace('literal"', 'another"'), 'other').replace('Level', 'Other'),
  ),
  'decision-logic': dmn('decision-logic', decision('    <context id="context"/>')),
  'hit-policy': dmn('hit-policy', table({ hitPolicy: 'COLLECT' })),
  columns: dmn('columns', table({ moreOutputs: '\n      <output id="second" name="second" typeRef="string"/>' })),
  'expression-language': dmn('expression-language', table({ language: ' expressionLanguage="javascript"' })),
  'type-ref': dmn('type-ref', table({ inputType: 'money' })),
  'output-value': dmn(
    'output-value',
    table({ outputValues: '<outputValues id="allowed"><text>"LOW","MEDIUM"</text></outputValues>' }),
  ),
  'dead-rule': dmn(
    'dead-rule',
    table({
      hitPolicy: 'FIRST',
      rules: [
        ['&lt;= 100', '"LOW"'],
        ['&lt;= 50', '"LOWEST"'],
        ['&gt; 100', '"HIGH"'],
      ],
    }),
  ),
  overlap: dmn(
    'overlap',
    table({
      rules: [
        ['&lt;= 100', '"LOW"'],
        ['&gt;= 100', '"HIGH"'],
      ],
    }),
  ),
  gap: dmn(
    'gap',
    table({
      rules: [
        ['&lt; 100', '"LOW"'],
        ['&gt; 100', '"HIGH"'],
      ],
    }),
  ),
  readable: schema('readable', '{"type": "object", "properties": {"code": {"type": "string", "pattern": "^(a+)+$"}}}'),
  'file-name': schemaAt('file-name.my form.schema.json'),
  'file-kind': text('file-kind.txt', 'What would become of this file?'),
  twice: {
    files: {
      ...(await diagramOf('twice', around(person('it')))).files,
      ...(await diagramOf('twice.again', around(person('it')))).files,
    },
  },
  'too-slow': { kept: false, files: (await diagramOf('too-slow', around(person('it')))).files },
  'variables-declared': await diagramOf('variables-declared', around(work('it', b.io({ input: { amount: '=totl' } })))),
  'job-type-known': await diagramOf('job-type-known', around(b.job('it'))),
  'form-found': await diagramOf('form-found', around(person('it', '<zeebe:formDefinition formId="no-such-form"/>'))),
  'decision-found': await diagramOf('decision-found', around(b.decision('it', 'no-such-decision', 'answer'))),
  'period-known': await diagramOf('period-known', around(person('it', b.properties({ period: 'no-such-period' })))),
  'role-known': await diagramOf('role-known', around(b.user('it'))),
  'call-activity': {
    files: {
      ...(
        await diagramOf(
          'call-activity',
          around(b.element('callActivity', { id: 'it' }, '<zeebe:calledElement processId="called" bindingType="deployment"/>')),
        )
      ).files,
      ...(await diagramOf('call-activity.called', onlyByMessage)).files,
      'called.variables.schema.json': '{"type": "object", "properties": {}}\n',
    },
  },
  'call-recursion': await diagramOf('call-recursion', around(b.call('it', 'example'))),
};

function schemaAt(name: string): Example {
  return text(name, '{"type": "object", "properties": {}}');
}
