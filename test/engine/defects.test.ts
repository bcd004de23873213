import { expect } from 'chai';
import { advance, compile, NothingWaits, StateFormatUnknown, type Oracle } from '../../src/engine/index.ts';
import type { JsonObject } from '../../src/support/json.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { testOracle } from '../helpers/oracle.ts';
import { findings, Life, noon, rejection } from './life.ts';

const escape = '${environment.constructor.constructor("globalThis.pwned = 1")()}';
const host = globalThis as { pwned?: unknown };

/** The defects that a plain stack of bpmn-engine and a database has out of the box; each has its name from the list of 2026. */
describe('engine: defects that must not come back', () => {
  afterEach(() => {
    delete host.pwned;
  });

  it('D1: an expression in a diagram is not code', async () => {
    const refused = await findings(
      b.bpmn(b.start('s'), b.job('t').replace('id="t"', `id="t" implementation='${escape}'`), b.flow('s', 't')),
    );
    expect(refused.map(({ rule }) => rule))
      .to.include('not-supported')
      .and.include('script');
    // names and constants are shown to people; they stay text
    const xml = b.bpmn(
      b.start('s'),
      b.job('t', b.io({ input: { text: 'environment.secret' } })).replace('id="t"', `id="t" name='${escape}'`),
      b.flow('s', 't'),
    );
    const life = await Life.begin(xml);
    expect(life.wait('t')).to.deep.include({ elementName: escape, input: { text: 'environment.secret' } });
    expect(host.pwned).to.equal(undefined);
  });

  it('D2: data reaches no prototype', async () => {
    const evil = JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as JsonObject;
    const life = await Life.begin(
      b.bpmn(b.start('s'), b.job('t', b.io({ output: { 'a.b': '=x' } })), b.user('u'), b.flow('s', 't', 'u')),
      { variables: evil },
    );
    await life.complete('t', { ...evil, x: 1 });
    await life.complete('u', evil);
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
    expect(
      (
        await findings(b.bpmn(b.start('s'), b.job('t', b.io({ output: { 'constructor.prototype.x': '=1' } })), b.flow('s', 't')))
      )[0]?.rule,
    ).to.equal('mapping');
  });

  it('D3: a value that looks like an expression is never evaluated, and never hangs', async () => {
    const names = ['${environment.secret}', '=1 + 1', '${environment.variables.customer}', '{{x}}', '$&'];
    const xml = b.bpmn(
      b.message('M', '=customer'),
      b.start('s'),
      b.user('t', b.io({ input: { who: '=customer' } })),
      b.boundary('b', 't', b.onMessage('M'), false),
      b.end('e'),
      b.flow('s', 't'),
      b.flow('b', 'e'),
    );
    for (const customer of names) {
      const life = await Life.begin(xml, { variables: { customer } });
      expect(life.wait('t').input).to.deep.equal({ who: customer });
      expect(life.wait('b').message?.correlationKey).to.equal(customer);
      await life.complete('t', { customer: escape });
      life.ended();
    }
    expect(host.pwned).to.equal(undefined);
  });

  it('D4: scripts do not run, neither as tasks nor as conditions', async () => {
    const script = '<bpmn:script>globalThis.pwned = 1</bpmn:script>';
    const task = await findings(
      b.bpmn(b.start('s'), b.element('scriptTask', { id: 't', scriptFormat: 'javascript' }, script), b.flow('s', 't')),
    );
    expect(task.map(({ elementId, rule }) => [elementId, rule])).to.deep.equal([['t', 'script']]);
    const condition = b
      .flowIf('x', 't', 'next(null, globalThis.pwned = 1)')
      .replace('tFormalExpression"', 'tFormalExpression" language="javascript"');
    const flow = await findings(
      b.bpmn(b.start('s'), b.xor('x', 'e'), b.user('t'), b.end('e'), b.flow('s', 'x', 'e'), condition, b.flow('t', 'e')),
    );
    expect(flow.map(({ rule }) => rule)).to.include('script');
    expect(host.pwned).to.equal(undefined);
  });

  it('D6: nothing is asked or opened again when a state is read back', async () => {
    let asked = 0;
    const counting: Oracle = {
      evaluate: (...question) => ((asked += 1), testOracle().evaluate(...question)),
      decide: (...question) => ((asked += 1), testOracle({ d: () => 1 }).decide(...question)),
    };
    const xml = b.bpmn(
      b.start('s'),
      b.and('p'),
      b.job('j', b.io({ input: { a: '=v' } })),
      b.user('u'),
      b.boundary('b', 'u', b.duration('=sla')),
      b.decision('d', 'd', 'r'),
      b.user('n'),
      b.end('e'),
      b.flow('s', 'p', 'j'),
      b.flow('p', 'u'),
      b.flow('p', 'd', 'n'),
      b.flow('b', 'e'),
    );
    const [process] = await compile(xml);
    if (!process) throw new Error('no process');
    let last = await advance(process, null, { type: 'start', variables: { v: 1, sla: 'PT1H' } }, counting, noon);
    expect([last.opened.length, asked]).to.deep.equal([4, 3]);
    for (let time = 0; time < 3; time += 1) {
      last = await advance(
        process,
        { state: last.state ?? '', variables: last.variables },
        { type: 'variables', variables: {} },
        counting,
        noon,
      );
      expect([last.opened, last.closed, last.trail, asked]).to.deep.equal([[], [], [], 3]);
    }
  });

  it('D7: a command for a wait that is not open changes nothing', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.sub('sp', b.start('ss'), b.user('u'), b.user('v'), b.flow('ss', 'u', 'v')),
      b.flow('s', 'sp'),
    );
    const life = await Life.begin(xml);
    for (const slot of ['u', 'sp/v', 'sp', 'sp/u[0]', 'other/u', ''])
      expect(await rejection(life.complete(slot)), slot).to.be.instanceOf(NothingWaits);
    await life.complete('sp/u');
    expect(await rejection(life.complete('sp/u'))).to.be.instanceOf(NothingWaits);
    expect(life.open).to.deep.equal(['sp/v']);
  });

  it('D8: a state that does not fit the diagram is refused; no token is lost silently', async () => {
    const before = b.bpmn(
      b.start('s'),
      b.sub('sp', b.start('ss'), b.user('u'), b.flow('ss', 'u')),
      b.user('v'),
      b.flow('s', 'sp', 'v'),
    );
    const { state, variables } = (await Life.begin(before)).last;
    const changed: readonly (readonly [string, string])[] = [
      ['renamed', before.replaceAll('"u"', '"w"')],
      [
        'moved out of its sub-process',
        b.bpmn(b.start('s'), b.sub('sp', b.start('ss'), b.user('v'), b.flow('ss', 'v')), b.user('u'), b.flow('s', 'sp', 'u')),
      ],
      ['another process', before.replace('process id="P"', 'process id="Q"')],
      ['no sub-process any more', b.bpmn(b.start('s'), b.user('sp'), b.user('u'), b.flow('s', 'sp', 'u'))],
    ];
    for (const [how, xml] of changed) {
      const [process] = await compile(xml);
      if (!process) throw new Error('no process');
      const error = await rejection(
        advance(process, { state: state ?? '', variables }, { type: 'variables', variables: {} }, testOracle(), noon),
      );
      expect(error, how).to.be.instanceOf(StateFormatUnknown);
    }
    const [process] = await compile(changed[0]?.[1] ?? '');
    const error = await rejection(
      advance(process as NonNullable<typeof process>, { state: state ?? '', variables }, { type: 'cancel' }, testOracle(), noon),
    );
    expect(error.message).to.equal(
      'A token of the stored state lies on u, which the definition does not have in sp. Migrate the instance to this version of the diagram first.',
    );
  });
});
