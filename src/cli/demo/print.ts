import Table from 'cli-table3';
import type { StoryResult } from './run.ts';

const lines = ['top', 'bottom', 'left', 'mid', 'right', 'middle'].flatMap((side) => [
  side,
  `${side}-left`,
  `${side}-mid`,
  `${side}-right`,
]);

/** Columns and nothing else, so that a terminal of ordinary width shows them whole. */
const layout = {
  chars: Object.fromEntries(lines.map((line) => [line, ''])),
  style: { head: [], border: [], compact: true, 'padding-left': 2, 'padding-right': 0 },
};

/** What happened to the orders of one story, and the path of each. */
export function printTimeline({ name, title, orders, paths, timeline }: StoryResult): string {
  const table = new Table({ head: ['time (UTC)', 'order', 'phase', 'from -> to', 'actor', 'trigger'], ...layout });
  for (const { at, number, phase, from, to, actor, trigger } of timeline) {
    table.push([at.slice(11, 23), number, phase, `${from || '(new)'} -> ${to}`, actor, trigger]);
  }
  const heading = `${name}: ${title} (${orders.join(', ') || 'no order'})`;
  if (timeline.length === 0) return `${heading}\n  nothing happened`;
  return [heading, table.toString(), ...orders.map((number, index) => `  ${number}  ${paths[index]}`)].join('\n');
}

/** A line for each story: where its orders should have ended, and where they have. */
export function printSummary(results: readonly StoryResult[], leftOut: readonly string[]): string {
  const table = new Table({ head: ['story', 'orders', 'expected', 'actual', 'seconds', ''], ...layout });
  for (const { name, orders, expected, actual, seconds, ok } of results) {
    table.push([name, orders.join(' '), expected.join(' '), actual.join(' '), seconds.toFixed(1), ok ? 'ok' : 'FAILED']);
  }
  const good = results.filter((result) => result.ok).length;
  return [
    table.toString(),
    ...results.flatMap(({ name, error }) => (error === undefined ? [] : [`${name}: ${error}`])),
    ...leftOut,
    `${good} of ${results.length} stories ended as they should.`,
  ].join('\n');
}
