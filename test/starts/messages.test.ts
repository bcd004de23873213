import { expect } from 'chai';
import { leaveMessage } from '../../src/persistence/messages.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { openLab, type Lab } from './lab.ts';

const hour = 3600_000;
const variables = {
  key: { type: 'string', default: '' },
  n: { type: 'number', default: 0 },
  heard: { type: 'array', items: {}, default: [] },
};

/** Started by `begin`; writes down the number of each `news` for its key, until `stop`. */
const reader = b.bpmnNamed(
  'reader',
  b.message('begin', '=key'),
  b.message('news', '=key'),
  b.start('r_start', b.onMessage('begin')),
  b.xor('r_join'),
  b.receive('r_news', 'news', b.properties({ sla: 'P30D' }), b.io({ output: { heard: '=append(heard, n)' } })),
  b.flow('r_start', 'r_join', 'r_news', 'r_join'),
);

describe('message publication', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await openLab();
    await lab.deploy({ reader }, variables);
  });
  afterEach(() => lab.close());

  const begin = (key: string) => lab.publish({ name: 'begin', correlationKey: key, variables: { key } });
  const news = (key: string, n: number, timeToLiveMs = hour) =>
    lab.publish({
      name: 'news',
      correlationKey: key,
      variables: { n },
      timeToLiveMs,
      ...(timeToLiveMs > 0 && { messageId: `${key}:${n}` }),
    });
  const heard = async (): Promise<unknown> =>
    Object.fromEntries((await lab.instances('reader')).map(({ businessKey, variables: { heard } }) => [businessKey, heard]));

  it('messages that came before the instance are received in the order in which they came, key by key', async () => {
    for (let n = 1; n <= 10; n++) for (const key of ['A', 'B']) expect((await news(key, n)).body['result']).to.equal('buffered');
    await begin('B');
    await begin('A');
    await lab.correlate(4);
    const inOrder = Array.from({ length: 10 }, (_each, n) => n + 1);
    expect(await heard()).to.deep.equal({ A: inOrder, B: inOrder });
  });

  it('one that is published while an earlier one is left does not overtake it', async () => {
    await begin('A');
    const message = { name: 'news', correlationKey: 'A', variables: { n: 1 }, source: 'test', timeToLiveMs: hour };
    await lab.database.transaction((tx) => leaveMessage(tx, message));

    expect((await problemOf(news('A', 2, 0))).code).to.equal('unavailable');
    expect((await news('A', 2)).body['result']).to.equal('buffered');
    await lab.correlate(2);
    expect((await news('A', 3, 0)).body['result']).to.equal('delivered');
    expect(await heard()).to.deep.equal({ A: [1, 2, 3] });
  });

  it('published again under its messageId it is a duplicate, delivered or not, and whatever else it says', async () => {
    await begin('A');
    expect((await news('A', 1)).body['result']).to.equal('delivered');
    expect((await news('A', 1)).body['result']).to.equal('duplicate');
    expect((await news('B', 1)).body['result']).to.equal('buffered');
    expect((await news('B', 1)).body['result']).to.equal('duplicate');
    await lab.correlate();
    expect(await heard()).to.deep.equal({ A: [1] });
  });

  it('correlation and consumption are one commit: a step that fails leaves the message as it was, with an incident that names it', async () => {
    const picky = b.bpmnNamed(
      'picky',
      b.message('begin', '=key'),
      b.message('offer', '=key'),
      b.start('p_start', b.onMessage('begin')),
      b.receive('p_offer', 'offer', b.properties({ sla: 'P30D' })),
      b.xor('p_which', 'p_end'),
      b.end('p_end'),
      b.end('p_other'),
      b.flow('p_start', 'p_offer', 'p_which', 'p_end'),
      b.flowIf('p_which', 'p_other', '=number(price) > 1'),
    );
    await lab.deploy({ picky }, { ...variables, price: { type: 'string', default: '' } });
    await begin('P');
    const offer = { name: 'offer', correlationKey: 'P', variables: { price: 'none' }, source: 'test', timeToLiveMs: hour };
    await lab.database.transaction((tx) => leaveMessage(tx, offer));
    await lab.correlate(2);

    expect(await lab.stands('picky')).to.deep.equal(['P running']);
    expect(await lab.triggers((await lab.instance('picky')).id)).to.deep.equal(['message:begin']);
    const [left] = await lab.database.query(
      `select m.consumed_at as consumed, n.kind from orderflow.message m join orderflow.incident n on n.message_id = m.id where m.name = 'offer'`,
    );
    expect(left).to.deep.equal({ consumed: null, kind: 'step-failed' });
  });

  it('50 publications at once to two waiting instances with one key each: none is lost, none is doubled', async () => {
    await begin('A');
    await begin('B');
    const numbers = Array.from({ length: 25 }, (_each, n) => n);
    await Promise.all([...numbers.flatMap((n) => [news('A', n), news('B', n)]), lab.correlate(2)]);
    await lab.pass(5_001);
    await lab.correlate(2);
    const all = (await heard()) as Record<string, number[]>;
    for (const key of ['A', 'B']) expect(all[key]?.toSorted((x, y) => x - y)).to.deep.equal(numbers);
  });
});
