import type { DecisionTable, InputColumn } from './decision-model.ts';
import { FeelFault } from './evaluation-failed.ts';
import { compiledUnaryTests, scopeOf } from './feel-cache.ts';
import { contains, parse, type Syntax } from './feel-syntax.ts';

/** What checking the tables of one file may cost, in comparisons of a value with a rule. A large table needs a hundredth of it; all of it takes about a second. */
export const MAX_WORK = 50_000_000;
/** Running a cell costs about as much as looking up this many results. */
const CELL_WORK = 20;

/** A value that is tried in a column. Some are tried only to see whether a rule is ever needed, because nobody may want a rule for them. */
export interface Sample {
  readonly value: null | boolean | number | string;
  /** That no rule takes it is a gap. */
  readonly gap: boolean;
  /** That two rules take it is an overlap. */
  readonly overlap: boolean;
}

export interface GridColumn {
  readonly label: string;
  readonly samples: readonly Sample[];
  /** For each sample, for each rule: does the rule's cell accept it? */
  readonly accepted: readonly (readonly boolean[])[];
}

/** What is left of MAX_WORK. */
export interface Work {
  left: number;
}

/** What can be sampled: literals, lists of them, ranges and comparisons. */
const PLAIN = new Set(
  (
    'UnaryTests,Wildcard,not,PositiveUnaryTests,PositiveUnaryTest,SimplePositiveUnaryTest,CompareOp,Interval,NumericLiteral,StringLiteral,' +
    'BooleanLiteral,null,ArithOp,(,),[,],..'
  ).split(','),
);

/**
 * The values to try in each column of a table, with what every rule says of them: undefined when the cells use variables, functions or dates,
 * when two columns ask the same, or when it would be more work than is left. The work is counted before it is done.
 */
export function gridOf(table: DecisionTable, work: Work): readonly GridColumn[] | undefined {
  if (new Set(table.inputs.map(({ expression }) => expression)).size < table.inputs.length) return undefined;
  const columns: GridColumn[] = [];
  let combinations = 1;
  for (const [index, column] of table.inputs.entries()) {
    const cells = table.rules.map(({ tests }) => tests[index] ?? '-');
    const literals = literalsIn(column, cells);
    const samples = literals && samplesOf(column, literals);
    if (!samples || !spend(work, samples.length * (cells.length + literals.length) * CELL_WORK)) return undefined;
    const allowed = samples.filter(
      ({ value }) => value === null || column.allowed === undefined || accepts(column.allowed, value),
    );
    combinations *= allowed.length;
    if (!allowed.some(({ gap }) => gap) || combinations > work.left) return undefined;
    columns.push({
      label: column.label,
      samples: allowed,
      accepted: allowed.map(({ value }) => cells.map((cell) => accepts(cell, value))),
    });
  }
  return spend(work, combinations * (table.rules.length + 1) * columns.length) ? columns : undefined;
}

function spend(work: Work, cost: number): boolean {
  if (cost > work.left) return false;
  work.left -= cost;
  return true;
}

/** All literals of a column, or undefined when a cell is more than literals, ranges and comparisons with numbers. */
function literalsIn(column: InputColumn, cells: readonly string[]): readonly Sample['value'][] | undefined {
  const texts = new Set([...cells, ...(column.allowed === undefined ? [] : [column.allowed])]);
  const syntaxes = [...texts].map((text) => parse(text, 'unary tests'));
  if (syntaxes.some((syntax) => contains(syntax, ({ kind }) => !PLAIN.has(kind)))) return undefined;
  const literals = syntaxes.flatMap(literalsOf);
  const kinds = new Set(literals.filter((value) => value !== null).map((value) => typeof value));
  const ordered = syntaxes.some((syntax) =>
    contains(syntax, ({ kind, text }) => kind === 'Interval' || (kind === 'CompareOp' && !text.endsWith('='))),
  );
  const large = literals.some((value) => typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER);
  return kinds.size > 1 || (kinds.has('string') && ordered) || large ? undefined : literals;
}

function literalsOf(syntax: Syntax): Sample['value'][] {
  if (syntax.kind === 'NumericLiteral') return [Number(syntax.text.replace(/\s/g, ''))];
  if (syntax.kind === 'StringLiteral') return [String(JSON.parse(syntax.text))];
  if (syntax.kind === 'null') return [null];
  return syntax.kind === 'BooleanLiteral' ? [syntax.text === 'true'] : syntax.parts.flatMap(literalsOf);
}

const sure = (value: Sample['value']): Sample => ({ value, gap: true, overlap: true });
/** Keeps a rule alive; but nobody need have thought of it. */
const possible = (value: Sample['value']): Sample => ({ value, gap: false, overlap: false });
/** A value that no cell mentions: that no rule takes it is no gap. */
const unlisted: Sample = { value: '(another value)', gap: false, overlap: true };

function samplesOf(column: InputColumn, literals: readonly Sample['value'][]): readonly Sample[] {
  const numbers = literals.filter((value) => typeof value === 'number');
  const strings = [...new Set(literals.filter((value) => typeof value === 'string'))];
  if (numbers.length > 0) return [...boundaries(numbers), possible(null)];
  if (strings.length > 0) return [...strings.map(sure), ...(column.allowed === undefined ? [unlisted] : []), possible(null)];
  if (literals.includes(true) || literals.includes(false)) return [sure(true), sure(false), possible(null)];
  return literals.length > 0 ? [sure(null), unlisted] : [sure(null)];
}

/** Each number, one below the least, one above the greatest, and one between neighbours; between consecutive whole numbers only in case the column takes fractions. */
function boundaries(numbers: readonly number[]): Sample[] {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const [least = 0, greatest = 0] = [sorted[0], sorted.at(-1)];
  const between = sorted.slice(1).map((number, index) => {
    const before = sorted[index] ?? number;
    const middle = (before + number) / 2;
    if (!Number.isInteger(before) || !Number.isInteger(number)) return sure(middle);
    return number === before + 1 ? possible(middle) : sure(Math.floor(middle));
  });
  return [sure(least - 1), ...sorted.map(sure), ...between, sure(greatest + 1)];
}

function accepts(cell: string, value: Sample['value']): boolean {
  try {
    return compiledUnaryTests(cell).run(value, scopeOf({}, new Date(0), value)) === true;
  } catch (error) {
    if (error instanceof FeelFault) return false;
    throw error;
  }
}
