import type { Finding } from '../contract/finding.ts';
import type { DecisionModel, DecisionTable, InputColumn } from './decision-model.ts';
import { FeelFault } from './evaluation-failed.ts';
import { compiledUnaryTests, scopeOf } from './feel-cache.ts';
import { contains, parse, type Syntax } from './feel-syntax.ts';

/** Combinations of sample values that are tried per table; a larger table is not checked. */
export const MAX_COMBINATIONS = 100_000;

type Sample = null | boolean | number | string;

/** A string that no cell mentions: it may reach a rule, but that no rule takes it is no gap. */
const UNLISTED = '(another value)';

/** What can be sampled: literals, lists of them, ranges and comparisons. */
const PLAIN = new Set(
  (
    'UnaryTests,Wildcard,not,PositiveUnaryTests,PositiveUnaryTest,SimplePositiveUnaryTest,CompareOp,Interval,NumericLiteral,StringLiteral,' +
    'BooleanLiteral,null,ArithOp,(,),[,],..'
  ).split(','),
);

/**
 * Tries every table on a grid of its boundary values (each number that a cell mentions, one on either side and those between; each string; true
 * and false) and reports rules that can never decide, combinations that no rule takes, and rules of a UNIQUE table that overlap. Values that a
 * column does not allow are not tried. Tables whose cells use variables, functions or dates, or with too large a grid, are not checked.
 */
export function tableFindings(model: DecisionModel): readonly Finding[] {
  return model.decisions.flatMap(({ id, logic }) => {
    const grid = logic.kind === 'table' ? gridOf(logic) : undefined;
    return logic.kind === 'table' && grid ? examine(id, logic, grid) : [];
  });
}

interface GridColumn {
  readonly label: string;
  readonly samples: readonly Sample[];
  /** For each sample, for each rule: does the rule's cell accept it? */
  readonly accepted: readonly (readonly boolean[])[];
}

function gridOf(table: DecisionTable): readonly GridColumn[] | undefined {
  const columns: GridColumn[] = [];
  let combinations = 1;
  for (const [index, column] of table.inputs.entries()) {
    const cells = table.rules.map(({ tests }) => tests[index] ?? '-');
    const samples = samplesOf(column, cells);
    combinations *= samples?.length ?? 0;
    if (!samples || combinations === 0 || combinations > MAX_COMBINATIONS) return undefined;
    columns.push({ label: column.label, samples, accepted: samples.map((sample) => cells.map((cell) => accepts(cell, sample))) });
  }
  return columns;
}

function samplesOf(column: InputColumn, cells: readonly string[]): readonly Sample[] | undefined {
  const texts = [...cells, ...(column.allowed === undefined ? [] : [column.allowed])];
  const syntaxes = texts.map((text) => parse(text, 'unary tests'));
  if (syntaxes.some((syntax) => contains(syntax, ({ kind }) => !PLAIN.has(kind)))) return undefined;
  const literals = syntaxes.flatMap(literalsOf);
  const numbers = literals.filter((value) => typeof value === 'number');
  const strings = literals.filter((value) => typeof value === 'string');
  const booleans = literals.some((value) => typeof value === 'boolean') ? [true, false] : [];
  const kinds = [numbers, strings, booleans].filter(({ length }) => length > 0).length;
  if (kinds > 1) return undefined;
  if (kinds === 0) return [null];
  const samples = [
    ...boundaries(numbers),
    ...new Set(strings),
    ...booleans,
    ...(strings.length > 0 && column.allowed === undefined ? [UNLISTED] : []),
  ];
  return samples.filter((sample) => column.allowed === undefined || accepts(column.allowed, sample));
}

function literalsOf(syntax: Syntax): Sample[] {
  if (syntax.kind === 'NumericLiteral') return [Number(syntax.text.replace(/\s/g, ''))];
  if (syntax.kind === 'StringLiteral') return [String(JSON.parse(syntax.text))];
  return syntax.kind === 'BooleanLiteral' ? [syntax.text === 'true'] : syntax.parts.flatMap(literalsOf);
}

/** Each number, one below the least, one above the greatest and one between neighbours unless they are consecutive whole numbers. */
function boundaries(numbers: readonly number[]): number[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const [least, greatest] = [sorted[0], sorted.at(-1)];
  if (least === undefined || greatest === undefined) return [];
  const between = sorted.slice(1).flatMap((number, index) => {
    const before = sorted[index] ?? number;
    const middle = (before + number) / 2;
    return number === before + 1 ? [] : [Number.isInteger(number) ? Math.floor(middle) : middle];
  });
  return [least - 1, ...sorted, ...between, greatest + 1];
}

function accepts(cell: string, sample: Sample): boolean {
  try {
    return compiledUnaryTests(cell).run(sample, scopeOf({}, new Date(0), sample)) === true;
  } catch (error) {
    if (error instanceof FeelFault) return false;
    throw error;
  }
}

function examine(decisionId: string, table: DecisionTable, grid: readonly GridColumn[]): Finding[] {
  const deciding = new Set<number>();
  const overlaps = new Map<string, string>();
  let gaps = 0;
  let gap = '';
  for (const combination of combinationsOf(grid)) {
    const matching = table.rules.flatMap((_, rule) =>
      grid.every(({ accepted }, column) => accepted[combination[column]!]![rule]) ? [rule] : [],
    );
    const [first, second] = matching;
    if (first === undefined) {
      if (grid.some(({ samples }, column) => samples[combination[column]!] === UNLISTED)) continue;
      gaps++;
      gap ||= told(grid, combination);
    } else if (table.hitPolicy === 'FIRST') deciding.add(first);
    else {
      for (const rule of matching) deciding.add(rule);
      if (second !== undefined && !overlaps.has(`${first + 1} and ${second + 1}`))
        overlaps.set(`${first + 1} and ${second + 1}`, told(grid, combination));
    }
  }
  const closed = table.outputs.some(({ otherwise }) => otherwise !== undefined);
  return [
    ...table.rules
      .filter((_, rule) => !deciding.has(rule))
      .map(({ id, number }) => ({
        elementId: id,
        rule: 'dead-rule',
        message: `Rule ${number} can never decide: remove it, or move it before the rules that take its cases.`,
      })),
    ...[...overlaps].map(([rules, example]) => ({
      elementId: decisionId,
      rule: 'overlap',
      message: `Rules ${rules} both match ${example}, but the hit policy is UNIQUE: make them exclude each other.`,
    })),
    ...(gaps > 0 && !closed
      ? [
          {
            elementId: decisionId,
            rule: 'gap',
            message: `No rule matches ${gap}${gaps > 1 ? ` (nor ${gaps - 1} more samples)` : ''}: add a rule, or restrict the column's allowed values.`,
          },
        ]
      : []),
  ];
}

/** All combinations, as an index into the samples of each column. */
function* combinationsOf(grid: readonly GridColumn[]): Generator<readonly number[]> {
  const current = grid.map(() => 0);
  for (;;) {
    yield current;
    let column = grid.length - 1;
    while (column >= 0 && ++current[column]! === grid[column]!.samples.length) current[column--] = 0;
    if (column < 0) return;
  }
}

const told = (grid: readonly GridColumn[], combination: readonly number[]): string =>
  grid.map(({ label, samples }, column) => `${label} = ${JSON.stringify(samples[combination[column]!])}`).join(', ');
