import type { JsonObject } from '../../src/support/json.ts';

/** A decision table as analysts write it: a header line and a line for each rule, cells separated by `|`, conditions and conclusions by `=>`. */
export interface TableText {
  readonly id: string;
  readonly hitPolicy?: string;
  /** `marginBp: number | kind: string => level: string` */
  readonly columns: string;
  readonly rules: string;
  /** FEEL tests of the values that an input allows, by its name. */
  readonly allowed?: Readonly<Record<string, string>>;
  /** Attributes and elements to spoil the file with. */
  readonly outputExtra?: string;
}

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const cells = (text: string): string[] => text.split('|').map((cell) => cell.trim());
const halves = (line: string): [string, string] => line.split('=>').map((half) => half.trim()) as [string, string];

/** The DMN 1.3 file of a decision table. */
export function tableXml({ id, hitPolicy, columns, rules, allowed = {}, outputExtra = '' }: TableText): string {
  const [inputs, outputs] = halves(columns).map((half) =>
    cells(half).map((column) => column.split(':').map((word) => word.trim())),
  ) as [string[][], string[][]];
  const input = inputs.map(([name = '', type], index) => {
    const values =
      allowed[name] === undefined ? '' : `<inputValues id="v${index}"><text>${escape(allowed[name])}</text></inputValues>`;
    return `<input id="i${index}" label="${name}"><inputExpression id="ie${index}" typeRef="${type}"><text>${name}</text></inputExpression>${values}</input>`;
  });
  const output = outputs.map(
    ([name, type], index) => `<output id="o${index}" name="${name}" typeRef="${type}">${outputExtra}</output>`,
  );
  const rule = rules
    .trim()
    .split('\n')
    .map((line, row) => {
      const [tests, conclusions] = halves(line);
      const entry = (kind: string) => (cell: string, column: number) =>
        `<${kind} id="${kind}${row}_${column}"><text>${escape(cell)}</text></${kind}>`;
      return `<rule id="r${row + 1}">${cells(tests).map(entry('inputEntry')).join('')}${cells(conclusions).map(entry('outputEntry')).join('')}</rule>`;
    });
  const policy = hitPolicy === undefined ? '' : ` hitPolicy="${hitPolicy}"`;
  return definitionsXml(
    `<decision id="${id}" name="${id}"><decisionTable id="t"${policy}>${[...input, ...output, ...rule].join('\n')}</decisionTable></decision>`,
  );
}

export const definitionsXml = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="definitions" name="test" namespace="urn:orderflow">${content}</definitions>`;

/** The variables of a case written as `name = JSON, ...`. */
export const given = (text: string): JsonObject =>
  Object.fromEntries(
    text.split(';').map((pair) => {
      const [name = '', value = ''] = pair.split('=').map((side) => side.trim());
      return [name, JSON.parse(value)];
    }),
  );
