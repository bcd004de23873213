import { performance } from 'node:perf_hooks';
import { advance, advanceAgain, compile, type Advance } from '../src/engine/index.ts';
import { checkExpression, createOracle, initialVariables, parseDecisions } from '../src/rules/index.ts';
import { processesFolder, readResources } from '../src/resources.ts';
import type { JsonObject } from '../src/support/json.ts';

/**
 * What one step of the shipped sale costs: CPU of the pure `advance()`, and of the replay of a step that another instance has taken, median and
 * minimum over rounds. Run by `npm run bench`; figures are
 * reported, never asserted (DECISIONS: machines are noisy, ratios and medians count).
 */
const rounds = Number(process.argv[2] ?? 200);

const resources = await readResources(processesFolder);
const text = (name: string): string => resources.get(name) ?? '';
const [sale] = await compile(text('sale.bpmn'), { checkExpression });
if (!sale) throw new Error('sale.bpmn has no process');
const decisions = await Promise.all(
  [...resources].filter(([name]) => name.endsWith('.dmn')).map(([, xml]) => parseDecisions(xml)),
);
const now = new Date();
const oracle = createOracle({ decisions, now });
const declared = initialVariables(JSON.parse(text('sale.variables.schema.json')) as JsonObject);
const order = { id: 'a', number: 'S-000001', customerId: 'c', currency: 'EUR', totalMinor: 5000, result: null };
const path: readonly (readonly [slot: string, result: JsonObject])[] = [
  [
    's_main/s_open',
    {
      method: 'TERMS',
      totalMinor: 5000,
      admission: { customerStatus: 'ACTIVE', restrictedGoods: false, firstOrder: false, outcome: null, reasonCode: null },
    },
  ],
  ['s_main/s_credit', { credit: { outcome: 'APPROVE', approverRole: null, flag: null, excessMinor: 0, snapshotId: null } }],
  ['s_main/s_reserve', {}],
  ['s_main/s_clear', { sale: { ...order, result: 'CLEARED' } }],
  ['s_handoff', { fulfilments: { count: 1, shipped: 0 } }],
];

const samples = new Map<string, number[]>();
async function timed(name: string, step: () => Promise<Advance>): Promise<Advance> {
  const before = process.cpuUsage();
  const result = await step();
  const { user, system } = process.cpuUsage(before);
  samples.set(name, [...(samples.get(name) ?? []), (user + system) / 1000]);
  return result;
}

const start = { type: 'start', variables: { ...declared, sale: order } } as const;
const begun = performance.now();
for (const [how, step] of [
  ['engine', advance],
  ['replay', advanceAgain],
] as const) {
  for (let round = 0; round < rounds; round++) {
    let at = await timed(`${how} start`, () => step(sale, null, start, oracle, now));
    for (const [slot, variables] of path) {
      const { state, variables: before } = at;
      if (state === null) throw new Error(`ended before ${slot}`);
      const standing = { state, variables: before };
      at = await timed(`${how} ${slot}`, () => step(sale, standing, { type: 'complete', slot, variables }, oracle, now));
    }
  }
}
console.log(
  `sale.bpmn, ${sale.elements.size} elements, ${rounds} rounds, node ${process.version}, ${Math.round(performance.now() - begun)} ms in all`,
);
for (const [name, values] of samples) {
  values.sort((a, b) => a - b);
  const median = values[Math.floor(values.length / 2)] ?? 0;
  console.log(`  ${name.padEnd(24)} median ${median.toFixed(2)} ms CPU, min ${(values[0] ?? 0).toFixed(2)}`);
}
