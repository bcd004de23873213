import { advance, compile, type Advance } from '../src/engine/index.ts';
import { createOracle } from '../src/rules/index.ts';

/**
 * Whether a step costs more in a larger diagram: the same commands on a diagram of 25 nodes and on one of 100, taken in turns. Run by
 * `npm run bench:sizes`; the ratio of the medians is reported, never asserted.
 */
const rounds = Number(process.argv[2] ?? 100);

/** Four nodes: a user task, a choice, and the two jobs that it chooses from; both lead to the next task. */
const part = (n: number, next: string): string => `
  <bpmn:userTask id="u${n}"><bpmn:extensionElements><zeebe:assignmentDefinition candidateGroups="sales_rep" /></bpmn:extensionElements></bpmn:userTask>
  <bpmn:exclusiveGateway id="x${n}" default="x${n}b" />
  ${['a', 'b'].map((job) => `<bpmn:serviceTask id="j${n}${job}"><bpmn:extensionElements><zeebe:taskDefinition type="work" /></bpmn:extensionElements></bpmn:serviceTask>`).join('\n')}
  <bpmn:sequenceFlow id="f${n}" sourceRef="u${n}" targetRef="x${n}" />
  <bpmn:sequenceFlow id="x${n}a" sourceRef="x${n}" targetRef="j${n}a"><bpmn:conditionExpression>=total &gt; 10</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="x${n}b" sourceRef="x${n}" targetRef="j${n}b" />
  ${['a', 'b'].map((job) => `<bpmn:sequenceFlow id="j${n}${job}n" sourceRef="j${n}${job}" targetRef="${next}" />`).join('\n')}`;

function diagram(nodes: number): string {
  const parts = Math.floor((nodes - 2) / 4);
  const body = Array.from({ length: parts }, (_, n) => part(n, n + 1 < parts ? `u${n + 1}` : 'end')).join('');
  return `<?xml version="1.0"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="D" targetNamespace="bench">
<bpmn:process id="P" isExecutable="true"><bpmn:startEvent id="s" /><bpmn:sequenceFlow id="s0" sourceRef="s" targetRef="u0" />${body}<bpmn:endEvent id="end" /></bpmn:process>
</bpmn:definitions>`;
}

const now = new Date();
const oracle = createOracle({ decisions: [], now });

/** Prepares a walk of the first six commands; each call of the result takes them all and answers the CPU of one in ms. */
async function walker(nodes: number): Promise<() => Promise<number>> {
  const [process_] = await compile(diagram(nodes));
  if (!process_) throw new Error('no process');
  const complete = async (at: Advance, slot: string): Promise<Advance> => {
    const { state, variables } = at;
    if (state === null) throw new Error(`ended before ${slot}`);
    return advance(process_, { state, variables }, { type: 'complete', slot, variables: {} }, oracle, now);
  };
  return async () => {
    let at = await advance(process_, null, { type: 'start', variables: { total: 42 } }, oracle, now);
    const before = process.cpuUsage();
    for (const slot of ['u0', 'j0a', 'u1', 'j1a', 'u2', 'j2a']) at = await complete(at, slot);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 6_000;
  };
}

const sizes = [25, 100];
const walks = await Promise.all(sizes.map(walker));
const samples: number[][] = sizes.map(() => []);
for (let round = 0; round < rounds + 10; round += 1) {
  for (const [index, walk] of walks.entries()) {
    const ms = await walk();
    if (round >= 10) samples[index]?.push(ms); // the first rounds warm the code up
  }
}
const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const [small = 0, large = 0] = samples.map(median);
for (const [index, nodes] of sizes.entries()) {
  const values = samples[index] ?? [];
  console.log(`${nodes} nodes: median ${median(values).toFixed(2)} ms CPU a command, min ${Math.min(...values).toFixed(2)}`);
}
console.log(`ratio of the medians ${(large / small).toFixed(2)}`);
