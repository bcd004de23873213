import * as b from '../helpers/bpmn-builder.ts';

export type Content = string | Uint8Array<ArrayBuffer>;

/** Files that somebody could send to do harm, or by mistake, and why each is refused: a lint rule, or a problem code before it comes to rules. */
export interface Hostile {
  readonly name: string;
  readonly files: readonly (readonly [name: string, content: Content])[];
  readonly refusedBy: string;
}

const filler = (bytes: number): string => `<!--${'x'.repeat(bytes)}-->`;
const analyst = '<zeebe:assignmentDefinition candidateGroups="analyst"/>';
const person = (id: string, attributes: b.Attributes = {}): string => b.element('userTask', { id, ...attributes }, analyst);
const around = (element: string): string => b.bpmn(b.start('s'), element, b.end('e'), b.flow('s', 't', 'e'));
const whole = around(person('t'));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const nested = (levels: number): string =>
  levels === 0
    ? person('deepest')
    : b.sub(
        `n${levels}`,
        b.start(`s${levels}`),
        nested(levels - 1),
        b.flow(`s${levels}`, levels === 1 ? 'deepest' : `n${levels - 1}`),
      );

/** A chain of elements that never waits, which the rule about cycles has to look at in the worst order. */
const chain = (length: number): string => {
  const ids = numbers(length).map((index) => `p${index}`);
  return b.bpmn(b.start('s'), ...ids.map((id) => b.plain(id)), b.flow('s', ...ids), b.flow(ids.at(-1)!, 'p0'));
};

/** Every gateway leads to every gateway. */
const mesh = (gateways: number): string => {
  const ids = numbers(gateways).map((index) => `g${index}`);
  const flows = ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => b.flow(from, to)));
  return b.bpmn(b.start('s'), ...ids.map((id) => b.and(id)), b.flow('s', 'g0'), ...flows);
};

const wideTable = (columns: number, rules: number): string => {
  const inputs = numbers(columns).map(
    (index) =>
      `<input id="i${index}"><inputExpression id="ie${index}" typeRef="number"><text>v${index}</text></inputExpression></input>`,
  );
  const rows = numbers(rules).map(
    (row) =>
      `<rule id="r${row}">${numbers(columns)
        .map((column) => `<inputEntry id="c${row}_${column}"><text>[${row}..${row * 3 + column}]</text></inputEntry>`)
        .join('')}<outputEntry id="o${row}"><text>${row}</text></outputEntry></rule>`,
  );
  return `<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="http://hostile.test"><decision id="x" name="x"><decisionTable id="t" hitPolicy="UNIQUE">${inputs.join('')}<output id="o" name="o" typeRef="number"/>${rows.join('')}</decisionTable></decision></definitions>`;
};

/** What would be too large to keep, and bytes that are no text. */
export const made: readonly Hostile[] = [
  { name: '10 MB', files: [['large.bpmn', whole + filler(10_000_000)]], refusedBy: 'payload-too-large' },
  { name: 'one byte more than 1 MB', files: [['large.bpmn', whole + ' '.repeat(1_000_001 - whole.length)]], refusedBy: 'size' },
  { name: 'six files of 0.9 MB', files: numbers(6).map((n) => [`f${n}.bpmn`, filler(900_000)]), refusedBy: 'size' },
  { name: '201 files', files: numbers(201).map((n) => [`f${n}.schema.json`, '{}']), refusedBy: 'malformed-request' },
  { name: '3,000 elements', files: [['many.bpmn', chain(1500)]], refusedBy: 'size' },
  {
    name: 'a cycle of 1,990 elements and flows that never waits',
    files: [['cycle.bpmn', chain(994)]],
    refusedBy: 'endless-cycle',
  },
  { name: '44 gateways that all lead to each other', files: [['mesh.bpmn', mesh(44)]], refusedBy: 'endless-cycle' },
  {
    name: '2,000 processes',
    files: [
      [
        'many.bpmn',
        whole.replace(
          /<bpmn:process[\s\S]*<\/bpmn:process>/,
          numbers(2000)
            .map((n) => `<bpmn:process id="p${n}" isExecutable="true"><bpmn:startEvent id="s${n}"/></bpmn:process>`)
            .join(''),
        ),
      ],
    ],
    refusedBy: 'size',
  },
  {
    name: '21 levels of sub-processes',
    files: [['deep.bpmn', around(nested(21).replace('id="n21"', 'id="t"'))]],
    refusedBy: 'size',
  },
  {
    name: '50,000 levels of XML',
    files: [['deep.bpmn', whole.replace('<bpmn:process', `${'<a>'.repeat(50_000)}${'</a>'.repeat(50_000)}<bpmn:process`)]],
    refusedBy: 'size',
  },
  {
    name: '50,000 levels of XML that are hidden from the counter by comments',
    files: [['deep.bpmn', whole.replace('<bpmn:process', `${'<a><!--/>-->'.repeat(40_000)}<bpmn:process`)]],
    refusedBy: 'size',
  },
  {
    name: 'an id of 900 kB',
    files: [
      [
        'id.bpmn',
        around(person('t'))
          .replaceAll('id="t"', `id="${'t'.repeat(300_000)}"`)
          .replaceAll('Ref="t"', `Ref="${'t'.repeat(300_000)}"`),
      ],
    ],
    refusedBy: 'id',
  },
  {
    name: '60,000 attributes',
    files: [
      [
        'attributes.bpmn',
        whole.replace(
          'isExecutable="true"',
          numbers(60_000)
            .map((n) => `a${n}="1"`)
            .join(' '),
        ),
      ],
    ],
    refusedBy: 'xml',
  },
  {
    name: '20,000 namespaces',
    files: [
      [
        'namespaces.bpmn',
        whole
          .replace(
            '<bpmn:definitions',
            `<bpmn:definitions ${numbers(20_000)
              .map((n) => `xmlns:n${n}="http://n${n}"`)
              .join(' ')}`,
          )
          .replace('<bpmn:userTask', '<n1:task id="x"/><bpmn:userTask'),
      ],
    ],
    refusedBy: 'xml',
  },
  {
    name: '50,000 unresolved references',
    files: [
      [
        'flows.bpmn',
        whole.replace(
          '</bpmn:process>',
          `${numbers(9_000)
            .map((n) => `<bpmn:sequenceFlow id="f${n}" sourceRef="x${n}" targetRef="y${n}"/>`)
            .join('')}</bpmn:process>`,
        ),
      ],
    ],
    refusedBy: 'xml',
  },
  {
    name: '400 expressions that are almost too long',
    files: [
      [
        'feel.bpmn',
        b.bpmn(
          b.start('s'),
          ...numbers(400).map((n) =>
            b.element(
              'userTask',
              { id: `t${n}` },
              analyst,
              b.io({ input: { x: `=${'(1+'.repeat(30)}${'1+'.repeat(900)}1${')'.repeat(30)} +` } }),
            ),
          ),
          b.flow('s', ...numbers(400).map((n) => `t${n}`)),
        ),
      ],
    ],
    refusedBy: 'feel or too-slow',
  },
  { name: 'a table of 1,001 rules', files: [['rules.dmn', wideTable(1, 1001)]], refusedBy: 'size' },
  {
    name: 'a table of 10 columns and 300 rules that overlap',
    files: [['wide.dmn', `${wideTable(10, 300).replace('</definitions>', '')}<surprise/></definitions>`]],
    refusedBy: 'xml',
  },
  {
    name: 'JSON of 100,000 levels',
    files: [['deep.schema.json', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`]],
    refusedBy: 'readable',
  },
  {
    name: 'a schema of 900 kB with 20,000 alternatives',
    files: [
      [
        'wide.schema.json',
        JSON.stringify({
          anyOf: [...numbers(20_000).map((n) => ({ type: 'object', required: [`m${n}`] })), { type: 'nothing' }],
        }),
      ],
    ],
    refusedBy: 'readable',
  },
  {
    name: 'a schema that contains itself twice',
    files: [
      [
        'tree.variables.schema.json',
        '{"type": "object", "properties": {"t": {"$ref": "#/$defs/t"}}, "$defs": {"t": {"type": "object", "properties": {"l": {"$ref": "#/$defs/t"}, "r": {"$ref": "#/$defs/t"}}}}}',
      ],
    ],
    refusedBy: 'readable',
  },
  {
    name: 'a picture',
    files: [['picture.bpmn', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0xfe, 0x00])]],
    refusedBy: 'malformed-request',
  },
  {
    name: 'UTF-16',
    files: [['utf-16.bpmn', new Uint8Array([0xff, 0xfe, ...Buffer.from(whole, 'utf16le')])]],
    refusedBy: 'variables-declared',
  },
  {
    name: 'UTF-16 that is cut off in the middle of a character',
    files: [['utf-16.bpmn', new Uint8Array([0xff, 0xfe, 0x3c, 0x00, 0x00])]],
    refusedBy: 'malformed-request',
  },
  {
    name: 'an encoding that nobody knows',
    files: [['klingon.bpmn', whole.replace('UTF-8', 'x-klingon')]],
    refusedBy: 'malformed-request',
  },
  { name: 'U+0000', files: [['nul.bpmn', whole.replace('id="t"', 'id="t" name="\u0000"')]], refusedBy: 'malformed-request' },
  { name: 'a file name that leaves the folder', files: [['..%2f..%2fetc/../../passwd.bpmn', whole]], refusedBy: 'file-name' },
  { name: 'a file name of 100 kB', files: [[`${'x'.repeat(100_000)}.bpmn`, whole]], refusedBy: 'malformed-request' },
  {
    name: 'two files that declare one process',
    files: [
      ['a.bpmn', whole],
      ['b.bpmn', whole],
    ],
    refusedBy: 'twice',
  },
  {
    name: 'two processes that call each other',
    files: [
      ['a.bpmn', b.bpmnNamed('a', b.start('s'), b.call('t', 'b'), b.flow('s', 't'))],
      ['b.bpmn', b.bpmnNamed('b', b.start('s'), b.call('t', 'a'), b.flow('s', 't'))],
    ],
    refusedBy: 'call-recursion',
  },
];
