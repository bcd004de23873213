import { expect } from 'chai';
import { advance, compile, StateFormatUnknown, StepFailed } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { testOracle } from '../helpers/oracle.ts';
import { randomDiagram } from './fuzz/diagram.ts';
import { Random } from './fuzz/random.ts';
import { live } from './fuzz/schedule.ts';
import { Life, noon, rejection } from './life.ts';

interface Marking {
  readonly active: Readonly<Record<string, Active>>;
  readonly held?: Readonly<Record<string, readonly string[]>>;
  readonly armed?: Readonly<Record<string, object>>;
}
interface Active {
  readonly inside?: Marking;
  readonly runs?: Readonly<Record<string, Marking>>;
}

describe('engine: the state', () => {
  const parallel = b.bpmn(
    b.start('s'),
    b.and('p'),
    b.user('a'),
    b.user('c'),
    b.sub('sp', b.start('ss'), b.user('u'), b.user('v'), b.flow('ss', 'u', 'v')),
    b.boundary('b', 'sp', b.cycle('R5/PT1H'), false),
    b.end('r'),
    b.and('j'),
    b.user('n'),
    b.flow('s', 'p', 'a', 'j', 'n'),
    b.flow('p', 'c', 'j'),
    b.flow('p', 'sp', 'j'),
    b.flow('b', 'r'),
  );

  it('is the place of the tokens and nothing else', async () => {
    const life = await Life.begin(parallel, { variables: { secret: 'data' } });
    await life.timer('b');
    await life.complete('a');
    expect(JSON.parse(life.last.state ?? '')).to.deep.equal({
      format: 2,
      engine: 'bpmn-engine/25.0.1 bpmn-elements/17.3.0',
      process: 'P',
      marking: { active: { b: { left: 3 }, c: {}, sp: { inside: { active: { u: {} } } } }, held: { j: ['a.j'] } },
    });
  });

  it('is the same text for the same place, whatever the order, the variables and the time', async () => {
    const first = await Life.begin(parallel, { variables: { one: 1 } });
    await first.complete('a');
    await first.timer('b');
    await first.complete('c', { two: 2 });
    await first.complete('sp/u');
    const second = await Life.begin(parallel);
    await second.complete('sp/u');
    await second.complete('c');
    await second.timer('b', new Date('2030-01-01T00:00:00Z'));
    await second.complete('a');
    expect(second.last.state).to.equal(first.last.state);
  });

  it('property: any two schedules of a random diagram that come to the same place have the same text', async function () {
    this.timeout(240_000);
    const seed = Number(process.env['FUZZ_SEED'] ?? 1);
    let met = 0;
    for (let each = seed; each < seed + 24; each += 1) {
      const [compiled] = await compile(randomDiagram(new Random(each)));
      if (!compiled) throw new Error('no process');
      const texts = new Map<string, string>();
      for (let schedule = 0; schedule < 4; schedule += 1) {
        for (const state of (await live(compiled, new Random(each * 100 + schedule))).states) {
          if (state === null) continue;
          const place = describePlace((JSON.parse(state) as { marking: Marking }).marking)
            .sort()
            .join(' ');
          if (texts.has(place)) met += 1;
          expect(texts.get(place) ?? state, `seed ${each}`).to.equal(state);
          texts.set(place, state);
        }
      }
    }
    expect(met).to.be.greaterThan(20);
  });

  it('of an unknown format, process or kind is refused, never guessed', async () => {
    const [process] = await compile(parallel);
    if (!process) throw new Error('no process');
    const at = (state: string) =>
      rejection(advance(process, { state, variables: {} }, { type: 'variables', variables: {} }, testOracle(), noon));
    const states: readonly (readonly [string, RegExp])[] = [
      ['no json', /is not JSON/],
      ['[]', /has format object/],
      ['{"format":3,"process":"P"}', /has format 3; this version reads the formats 1 and 2/],
      ['{"format":1,"process":"Q"}', /belongs to process "Q", not to P/],
      ['{"format":1,"process":"P","marking":{"active":{"zz":{}}}}', /lies on zz, which the definition does not have in P/],
      ['{"format":1,"process":"P","marking":{"active":{"u":{}}}}', /lies on u, which the definition does not have in P/],
      ['{"format":1,"process":"P","marking":{"active":{"sp":{}}}}', /sp is a bpmn:SubProcess/],
      ['{"format":1,"process":"P","marking":{"active":{"a":{}},"held":{"j":["x.j"]}}}', /j has no incoming flow x\.j/],
    ];
    for (const [state, message] of states) {
      const error = await at(state);
      expect(error, state).to.be.instanceOf(StateFormatUnknown);
      expect(error.message).to.match(message);
    }
  });

  it('of an instance with one token more than 1,000 waits fails the step', async () => {
    const ids = Array.from({ length: 1001 }, (_, index) => `t${index}`);
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      ...ids.map((id) => b.user(id)).slice(0, 900),
      b.flow('s', 'p'),
      ...ids.slice(0, 900).map((id) => b.flow('p', id)),
    );
    expect((await Life.begin(xml)).open).to.have.lengthOf(900);
    const many = Array.from({ length: 600 }, () => 1);
    const two = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.job('t', b.loop({ inputCollection: '=many' })),
      b.job('v', b.loop({ inputCollection: '=many' })),
      b.flow('s', 'p', 't'),
      b.flow('p', 'v'),
    );
    const error = await rejection(Life.begin(two, { variables: { many } }));
    expect(error).to.be.instanceOf(StepFailed);
    expect(error.message).to.equal('1200 waits would be open at once; 1000 are allowed');
  });
});

/** A place without the text: every token with where it lies, and every start event that is armed. */
function describePlace({ active, held = {}, armed = {} }: Marking, path = ''): string[] {
  return [
    ...Object.entries(active).flatMap(([id, { inside, runs = {}, ...more }]) => [
      `${path}${id}:${JSON.stringify(more)}`,
      ...(inside ? describePlace(inside, `${path}${id}/`) : []),
      ...Object.entries(runs).flatMap(([index, run]) => describePlace(run, `${path}${id}[${index}]/`)),
    ]),
    ...Object.entries(held).map(([id, flows]) => `${path}${id}<${[...flows].sort().join()}`),
    ...Object.entries(armed).map(([id, start]) => `${path}${id}?${JSON.stringify(start)}`),
  ];
}
