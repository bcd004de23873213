import { expect } from 'chai';
import { advance, type Advance, type CompiledProcess, type EngineCommand, type Wait } from '../../../src/engine/index.ts';
import { migrateStanding, planMigration, type MigrationPlan } from '../../../src/engine/migration/index.ts';
import { canonicalJson, type JsonObject } from '../../../src/support/json.ts';
import { testOracle } from '../../helpers/oracle.ts';
import { flags } from '../fuzz/graph.ts';
import { randomDiagram } from '../fuzz/diagram.ts';
import { Random } from '../fuzz/random.ts';
import { noon } from '../life.ts';
import { only } from './journey.ts';

const diagrams = Number(process.env['MIGRATION_DIAGRAMS'] ?? 40);
const oracle = testOracle();

/** The same diagram with another id for every element and flow. */
const renamed = (xml: string): string =>
  xml.replaceAll(/<bpmn:(\w+)([^>]*)>/g, (whole, type: string, attributes: string) => {
    if (/^(definitions|process|message|signal|error|escalation)$/.test(type)) return whole;
    const changed = attributes.replaceAll(
      /\b(id|sourceRef|targetRef|attachedToRef|default|activityRef)="([^"]*)"/g,
      (_, name: string, id: string) => `${name}="x_${id}"`,
    );
    return `<bpmn:${type}${changed}>`;
  });

type Last = Pick<Advance, 'status' | 'state' | 'variables' | 'locals' | 'open'>;

/** What a step did, in the names of the first version. */
const story = ({ status, open, trail, thrown, variables, locals, opened, closed }: Advance): string =>
  JSON.stringify([
    status,
    open,
    trail,
    thrown,
    variables,
    canonicalJson(locals),
    opened.map(({ slot, kind, timer }) => [slot, kind, timer]),
    closed,
  ])
    .replaceAll('x_', '')
    .replaceAll(/"(?:open|closed)"/g, '""');

const sorted = (text: string): string =>
  JSON.stringify(JSON.parse(text), (_, value: unknown) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string') ? value.toSorted() : value,
  );

const commandFor = (wait: Wait, slot: string): EngineCommand => {
  if (wait.kind === 'timer') return { type: 'timer', slot };
  if (wait.kind === 'message' || wait.kind === 'signal') return { type: wait.kind, slot, variables: {} };
  return { type: 'complete', slot, variables: {} };
};

describe('random instances of random diagrams', function () {
  this.timeout(300_000);

  it('go to a version in which everything has another id, and back, at any place, and never behave otherwise than one that stays', async () => {
    let migrations = 0;
    for (let seed = 1; seed <= diagrams; seed += 1) {
      const random = new Random(seed);
      const xml = randomDiagram(random);
      const versions = [await only(xml), await only(renamed(xml))] as const;
      const there = Object.fromEntries([...versions[0].elements.keys()].map((id) => [id, `x_${id}`]));
      const plans: readonly [MigrationPlan, MigrationPlan] = [
        planMigration(versions[0], versions[1], there),
        planMigration(versions[1], versions[0], Object.fromEntries(Object.entries(there).map(([from, to]) => [to, from]))),
      ];
      const chosen = Object.fromEntries(flags.map((flag) => [flag, random.chance(0.5)]));
      const variables: JsonObject = { ...chosen, none: [], one: [1], few: [1, 2, 3], again: false, n: 0, last: 0 };
      const start: EngineCommand = { type: 'start', variables };
      const first = await advance(versions[0], null, start, oracle, noon);
      let [stays, goes]: [Last, Last] = [first, first];
      let at: 0 | 1 = 0;
      const waits = new Map(first.opened.map((wait) => [wait.slot, wait]));
      for (let commands = 0; commands < 40 && stays.status === 'running'; commands += 1) {
        if (random.chance(0.5)) {
          goes = await migrate(plans[at], goes, `seed ${seed}`);
          at = at === 0 ? 1 : 0;
          migrations += 1;
        }
        // a condition is answered by variables, which the random commands do not change
        const answerable = [...waits.values()].filter(({ kind }) => kind !== 'condition');
        const wait = answerable[random.below(answerable.length)];
        if (!wait) break;
        const slot = at === 0 ? wait.slot : inSecond(wait.slot);
        const stayed = await step(versions[0], stays, commandFor(wait, wait.slot));
        const went = await step(versions[at], goes, commandFor(wait, slot));
        expect(sorted(story(went)), `seed ${seed}, ${wait.kind} ${wait.slot}`).to.equal(sorted(story(stayed)));
        for (const closed of stayed.closed) waits.delete(closed.slot);
        for (const opened of stayed.opened) waits.set(opened.slot, opened);
        [stays, goes] = [stayed, went];
      }
    }
    expect(migrations).to.be.greaterThan(diagrams);
  });
});

const inSecond = (slot: string): string =>
  slot
    .split('/')
    .map((part) => `x_${part}`)
    .join('/');

const step = (process: CompiledProcess, { state, variables, locals }: Last, command: EngineCommand): Promise<Advance> =>
  advance(process, { state: state ?? '', variables, locals }, command, oracle, noon);

/** Nothing may be taken away or begin by it. */
async function migrate(plan: MigrationPlan, last: Last, seed: string): Promise<Last> {
  const { state, variables, locals } = last;
  const verdict = await migrateStanding(plan, { state: state ?? '', variables, locals }, oracle, noon, {
    targetName: 'the other version',
  });
  if (verdict.verdict === 'refused') throw new Error(`${seed}: ${verdict.sentence} ${state ?? ''}`);
  const { migrated } = verdict;
  expect([migrated.opened, migrated.closed], seed).to.deep.equal([[], []]);
  return { ...last, state: migrated.state, locals: migrated.locals };
}
