import type { Finding } from '../contract/finding.ts';
import type { DecisionModel, DecisionTable } from './decision-model.ts';
import { gridOf, MAX_WORK, type GridColumn, type Work } from './table-grid.ts';

/** Findings of one kind that are told of a table; the last one says how many more there are. */
const TOLD = 10;

/**
 * Tries every table on a grid of its boundary values (each number that a cell mentions, one on either side and those between; each string; true
 * and false) and reports rules that can never decide, combinations that no rule takes, and rules of a UNIQUE table that overlap. Values that a
 * column does not allow are not tried. Tables that cannot be sampled, or that are too large for it, are not checked: what is wrong with them is
 * found when it happens, as an incident of the order. The work is bounded for all tables of a file together.
 */
export function tableFindings(model: DecisionModel): readonly Finding[] {
  const work: Work = { left: MAX_WORK };
  return model.decisions.flatMap(({ id, logic }) => {
    const grid = logic.kind === 'table' ? gridOf(logic, work) : undefined;
    return logic.kind === 'table' && grid ? examine(id, logic, grid) : [];
  });
}

function examine(decisionId: string, table: DecisionTable, grid: readonly GridColumn[]): Finding[] {
  const deciding = new Set<number>();
  const overlaps = new Map<string, string>();
  let gaps = 0;
  let gap = '';
  for (const combination of combinationsOf(grid)) {
    const matching = matchingRules(table, grid, combination);
    const [first, second] = matching;
    const whole = (what: 'gap' | 'overlap') => grid.every(({ samples }, column) => samples[combination[column]!]![what]);
    if (first === undefined) {
      if (!whole('gap')) continue;
      gaps++;
      gap ||= told(grid, combination);
    } else if (table.hitPolicy === 'FIRST') deciding.add(first);
    else {
      for (const rule of matching) deciding.add(rule);
      const pair = `${first + 1} and ${(second ?? first) + 1}`;
      if (second !== undefined && !overlaps.has(pair) && whole('overlap')) overlaps.set(pair, told(grid, combination));
    }
  }
  const closed = table.outputs.some(({ otherwise }) => otherwise !== undefined);
  return [
    ...first(
      table.rules
        .filter((_, rule) => !deciding.has(rule))
        .map(({ id, number }) => ({
          elementId: id,
          rule: 'dead-rule' as const,
          message: `Rule ${number} of ${decisionId} can never decide: remove it, or move it before the rules that take its cases.`,
        })),
    ),
    ...first(
      [...overlaps].map(([rules, example]) => ({
        elementId: decisionId,
        rule: 'overlap' as const,
        message: `Rules ${rules} of ${decisionId} both match ${example}, but the hit policy is UNIQUE: make them exclude each other.`,
      })),
    ),
    ...(gaps > 0 && !closed
      ? [
          {
            elementId: decisionId,
            rule: 'gap' as const,
            message: `No rule of ${decisionId} matches ${gap}${gaps > 1 ? ` (nor ${gaps - 1} more samples)` : ''}: add a rule, or restrict the column's allowed values.`,
          },
        ]
      : []),
  ];
}

/** The first findings, of which the last says that there are more. */
function first(findings: readonly Finding[]): Finding[] {
  const more = findings.length - TOLD;
  return findings
    .slice(0, TOLD)
    .map((finding, index) =>
      more > 0 && index === TOLD - 1 ? { ...finding, message: `${finding.message} There are ${more} more like this.` } : finding,
    );
}

const matchingRules = (table: DecisionTable, grid: readonly GridColumn[], combination: readonly number[]): number[] => {
  const matching: number[] = [];
  for (let rule = 0; rule < table.rules.length; rule++)
    if (grid.every(({ accepted }, column) => accepted[combination[column]!]![rule])) matching.push(rule);
  return matching;
};

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

/** A combination as a person reads it; columns that no rule looks at are left out. */
function told(grid: readonly GridColumn[], combination: readonly number[]): string {
  const parts = grid.flatMap(({ label, samples }, column) =>
    samples.length > 1 ? [`${short(label)} = ${short(JSON.stringify(samples[combination[column]!]!.value))}`] : [],
  );
  return parts.join(', ') || 'anything';
}

const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}...` : text);
