import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

/** One thing that `npm test` takes samples of, in full. */
interface Part {
  readonly name: string;
  readonly what: string;
  /** Arguments of node. */
  readonly run: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Lines of its output that tell the figures. */
  readonly figures: RegExp;
}

const tsx = ['--import', 'tsx'];
const mocha = (file: string): readonly string[] => ['node_modules/mocha/bin/mocha.js', file];
const killSeconds = '600';

const parts: readonly Part[] = [
  {
    name: 'scenarios',
    what: 'the scenarios of [domain.md](domain.md) through HTTP and workers, with 10,000 timers in 62',
    run: [...tsx, 'test/scenarios/run.ts'],
    env: { SCENARIO_TIMERS: '10000' },
    figures: /^\d+ passed, \d+ failed$/,
  },
  {
    name: 'races',
    what: 'the races, 20 repetitions of each',
    run: mocha('test/races/races.test.ts'),
    env: { RACE_REPETITIONS: '20' },
    figures: /\d+ (?:passing|failing)|deadlock/,
  },
  {
    name: 'property',
    what: '5,000 random operations, 16 at a time',
    run: mocha('test/property/property.test.ts'),
    env: { PROPERTY_OPERATIONS: '5000' },
    figures: /seed \d+|invariants looked at/,
  },
  {
    name: 'large-order',
    what: 'an order of 500 lines beside one of 5',
    run: [...tsx, 'bench/orders.ts'],
    figures: /lines:|costs/,
  },
  {
    name: 'adoption',
    what: '10,000 orders of an old system adopted twice',
    run: [...tsx, 'test/adoption/run.ts'],
    figures: /^\{.*\}$/,
  },
  {
    name: 'calls',
    what: 'a family of instances that call each other, whose process dies just before and just after each of its commits',
    run: mocha('test/calls/crashes.test.ts'),
    env: { CALL_CRASHES: 'all' },
    figures: /\d+ (?:passing|failing)/,
  },
  {
    name: 'kill',
    what: `the kill test for ${killSeconds} s`,
    run: [...tsx, 'test/kill/run.ts', '--seconds', killSeconds],
    figures: /^seed|^kills|^orders|^jobs|^progress|Nothing was lost|faults/,
  },
];

const paper = path.resolve(import.meta.dirname, '../docs/reliability.md');
const begin = '<!-- full figures: written by npm run test:full -->';
const end = '<!-- end of full figures -->';

interface Outcome {
  readonly part: Part;
  readonly ok: boolean;
  readonly figures: readonly string[];
  readonly minutes: number;
}

/** Runs a part and shows what it says. */
function runPart(part: Part): Promise<Outcome> {
  console.log(`\n=== ${part.name}: ${part.what}`);
  const begun = Date.now();
  const child = spawn(process.execPath, [...part.run], {
    env: { ...process.env, ...part.env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    process.stdout.write(text);
  });
  return new Promise((resolve) => {
    child.once('close', (code) => {
      const lines = said.split('\n').map((line) => line.trim());
      const figures = lines.filter((line) => part.figures.test(line));
      resolve({ part, ok: code === 0, figures, minutes: (Date.now() - begun) / 60_000 });
    });
  });
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');

function report(outcomes: readonly Outcome[]): string {
  const [processor] = os.cpus();
  return [
    `Taken on ${new Date().toISOString().slice(0, 10)}, node ${process.version}, ${os.cpus().length} x ${processor?.model ?? 'unknown'}.`,
    '',
    '| what | result | figures | minutes |',
    '|---|---|---|---|',
    ...outcomes.map(({ part, ok, figures, minutes }) => {
      const told = figures.map(cell).join('<br>');
      return `| ${part.what} | ${ok ? 'passed' : '**failed**'} | ${told} | ${minutes.toFixed(1)} |`;
    }),
  ].join('\n');
}

/** Puts the figures between the marks of docs/reliability.md. @throws Error when it has none */
function write(text: string): void {
  const before = readFileSync(paper, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/reliability.md has no ${begin} ... ${end}`);
  writeFileSync(paper, `${before.slice(0, from)}${begin}\n\n${text}\n\n${before.slice(to)}`);
}

/** The full figures of what `npm test` takes samples of: all of it, or the parts that are named (`npm run test:full -- races property`), one after the other. */
async function main(): Promise<boolean> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const unknown = positionals.filter((name) => !parts.some((part) => part.name === name));
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(', ')}; there are ${parts.map(({ name }) => name).join(', ')}.`);
  const wanted = positionals.length === 0 ? parts : parts.filter(({ name }) => positionals.includes(name));
  const outcomes: Outcome[] = [];
  for (const part of wanted) outcomes.push(await runPart(part));
  console.log(`\n${report(outcomes)}`);
  // what was not asked for would be missing in the paper
  if (wanted.length === parts.length) write(report(outcomes));
  return outcomes.every(({ ok }) => ok);
}

process.exitCode = (await main()) ? 0 : 1;
