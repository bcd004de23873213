import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import { advance, compile, engineVersion } from '../../src/engine/index.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { testOracle } from '../helpers/oracle.ts';
import { findings, Life, noon } from './life.ts';

/** Known faults and limits of bpmn-engine 25.0.1 and bpmn-elements 17.3.0, each as the diagram that shows it. */
describe('engine: what upstream does wrong', () => {
  it('a parallel join fires early behind an exclusive merge (bpmn-engine 200)', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.user('a'),
      b.xor('x', 'c'),
      b.user('bb'),
      b.user('c'),
      b.xor('m'),
      b.and('j'),
      b.user('n'),
      b.flow('s', 'p', 'a', 'j', 'n'),
      b.flow('p', 'x', 'c', 'm', 'j'),
      b.flowIf('x', 'bb', '=go'),
      b.flow('bb', 'm'),
    );
    const life = await Life.begin(xml, { variables: { go: true } });
    await life.complete('a');
    expect(life.open).to.deep.equal(['bb']);
    await life.complete('bb');
    expect(life.open).to.deep.equal(['n']);
  });

  it('a parallel branch whose boundary path merges before the join never ends', async () => {
    const xml = b.bpmn(
      b.start('S'),
      b.and('g0'),
      b.job('t2'),
      b.job('t5'),
      b.boundary('b6', 't5', b.onError()),
      b.user('t8'),
      b.xor('x7'),
      b.and('j1'),
      b.end('Z'),
      b.flow('S', 'g0', 't2', 'j1', 'Z'),
      b.flow('g0', 't5', 'x7', 'j1'),
      b.flow('b6', 't8', 'x7'),
    );
    const plain = await Life.begin(xml);
    await plain.complete('t5');
    await plain.complete('t2');
    plain.ended();
    const failing = await Life.begin(xml);
    await failing.error('t5', 'X');
    await failing.complete('t2');
    await failing.complete('t8');
    failing.ended();
  });

  it('an inclusive join does not join (bpmn-elements 46, bpmn-engine 96)', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.or('g', 'd'),
      b.user('t'),
      b.user('d'),
      b.or('j'),
      b.user('n'),
      b.flow('s', 'g', 'd', 'j', 'n'),
      b.flowIf('g', 't', '=true'),
      b.flow('t', 'j'),
    );
    const life = await Life.begin(xml);
    await life.complete('t');
    expect(life.open).to.deep.equal(['n']);
    await life.complete('n');
    life.ended();
  });

  it('the error code of a called process is lost', async () => {
    const xml = b.bpmn(
      b.error('E1', 'A'),
      b.error('E2', 'B'),
      b.start('s'),
      b.call('c', 'child'),
      b.boundary('b1', 'c', b.onError('E1')),
      b.boundary('b2', 'c', b.onError('E2')),
      b.user('u1'),
      b.user('u2'),
      b.flow('s', 'c'),
      b.flow('b1', 'u1'),
      b.flow('b2', 'u2'),
    );
    const life = await Life.begin(xml);
    await life.error('c', 'B');
    expect(life.open).to.deep.equal(['u2']);
  });

  it('the attribute isInterrupting of an event sub-process is ignored', async () => {
    const xml = b.bpmn(
      ...b.parts(b.message('M'), b.start('s'), b.user('t'), b.end('e'), b.flow('s', 't', 'e')),
      b.eventSub('esp', b.startOn('es', b.onMessage('M'), false), b.user('u'), b.flow('es', 'u')),
    );
    const life = await Life.begin(xml);
    await life.message('es');
    expect(life.open).to.deep.equal(['es', 'esp[0]/u', 't']);
    const interrupting = await Life.begin(xml.replace(' isInterrupting="false"', ''));
    await interrupting.message('es');
    expect(interrupting.open).to.deep.equal(['esp/u']);
  });

  it('a non-interrupting message boundary event fires only once', async () => {
    const xml = b.bpmn(
      b.message('M'),
      b.start('s'),
      b.user('t'),
      b.boundary('b', 't', b.onMessage('M'), false),
      b.plain('x'),
      b.flow('s', 't'),
      b.flow('b', 'x'),
    );
    const life = await Life.begin(xml);
    for (let time = 0; time < 3; time += 1) expect((await life.message('b')).entered).to.deep.equal(['b', 'x']);
  });

  it('all start events start', async () => {
    const xml = b.bpmn(
      b.message('M'),
      b.start('s'),
      b.start('s2', b.onMessage('M')),
      b.user('t'),
      b.flow('s', 't'),
      b.flow('s2', 't'),
    );
    const life = await Life.begin(xml);
    expect(life.entered).to.deep.equal(['s', 't']);
    await life.complete('t');
    life.ended();
  });

  it('a conditional event that is true at a second resume hangs', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.user('u'),
      b.caught('c', b.onCondition('=paid')),
      b.user('n'),
      b.flow('s', 'p', 'u'),
      b.flow('p', 'c', 'n'),
    );
    const life = await Life.begin(xml, { variables: { paid: false } });
    await life.do({ type: 'variables', variables: { other: 1 } });
    await life.complete('u', { paid: true });
    expect(life.open).to.deep.equal(['n']);
    await life.complete('n');
    life.ended();
  });

  it('a script task is not registered after recovery (bpmn-engine 199): a script is FEEL, in the step that comes to it', async () => {
    const life = await Life.begin(
      b.bpmn(b.start('s'), b.user('u'), b.script('t', '=total * 2', 'twice'), b.end('e'), b.flow('s', 'u', 't', 'e')),
      { variables: { total: 4 } },
    );
    await life.complete('u');
    expect(life.last.variables).to.deep.equal({ total: 4, twice: 8 });
  });

  it('a running engine cannot be recovered: every command has an engine of its own, and many may run at once', async () => {
    const [process] = await compile(b.bpmn(b.start('s'), b.user('t'), b.user('n'), b.flow('s', 't', 'n')));
    if (!process) throw new Error('no process');
    const steps = Array.from({ length: 20 }, async (_, index) => {
      const begun = await advance(process, null, { type: 'start', variables: { index } }, testOracle(), noon);
      const standing = { state: begun.state ?? '', variables: begun.variables };
      return advance(process, standing, { type: 'complete', slot: 't', variables: { done: index } }, testOracle(), noon);
    });
    const results = await Promise.all(steps);
    expect(results.map(({ variables }) => variables)).to.deep.equal(results.map((_, index) => ({ index, done: index })));
    expect(new Set(results.map(({ state }) => state)).size).to.equal(1);
  });

  it('the state grows with every command, and sub-processes in a loop leak', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.xor('m'),
      b.sub(
        'sp',
        b.start('ss'),
        b.user('t'),
        b.boundary('r', 't', b.cycle('R/PT1H'), false),
        b.end('se'),
        b.flow('ss', 't'),
        b.flow('r', 'se'),
      ),
      b.xor('x', 'e'),
      b.end('e'),
      b.flow('s', 'm', 'sp', 'x', 'e'),
      b.flowIf('x', 'm', '=again'),
    );
    const life = await Life.begin(xml, { variables: { again: true } });
    const first = life.last.state;
    for (let round = 0; round < 20; round += 1) {
      expect((await life.timer('sp/r')).last.state).to.equal(first);
      expect((await life.complete('sp/t')).last.state).to.equal(first);
    }
  });

  it('a mistake in the XML is only a warning, and the diagram runs without the element', async () => {
    const xml = b.bpmn(b.start('s'), b.user('t'), b.end('e'), b.flow('s', 't', 'e')).replace('targetRef="e"', 'targetRef="gone"');
    expect(await findings(xml)).to.deep.equal([
      {
        elementId: 't.e',
        rule: 'xml',
        message:
          'A part of the diagram cannot be read (unresolved reference <gone>). Correct it in the modeler and save it again.',
      },
    ]);
  });

  it('the engine is pinned: what the states say wrote them is what is installed', () => {
    const require = createRequire(import.meta.url);
    const version = (name: string) => {
      const root = require.resolve(name).split(`/node_modules/${name}/`)[0] ?? '';
      return `${name}/${(JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, 'utf8')) as { version: string }).version}`;
    };
    expect(`${version('bpmn-engine')} ${version('bpmn-elements')}`).to.equal(engineVersion);
  });
});
