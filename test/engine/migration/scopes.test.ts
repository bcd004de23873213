import { expect } from 'chai';
import * as b from '../../helpers/bpmn-builder.ts';
import { Journey } from './journey.ts';

const each = (values: Record<string, string>, isSequential = false) =>
  b.loop({ inputCollection: '=items', inputElement: 'item', ...values }, isSequential);

describe('a migration looks at loops and event sub-processes', () => {
  const looped = (loop: string, id = 'a', ...more: readonly string[]) =>
    b.bpmn(b.start('s'), b.user(id, loop), ...more.map((other) => b.user(other)), b.end('e'), b.flow('s', id, ...more, 'e'));

  it('a loop goes on with the runs that are open, and collects where it did', async () => {
    const collecting = each({ outputCollection: 'results', outputElement: '=done' });
    const it = await Journey.begin(looped(collecting), { items: [1, 2, 3] });
    await it.complete('a[1]', { done: 'two' });
    await it.go(looped(collecting, 'task', 'behind'), { a: 'task' });
    expect(it.last.open).to.deep.equal(['task[0]', 'task[2]']);
    await it.complete('task[0]', { done: 'one' });
    await it.complete('task[2]', { done: 'three' });
    expect([it.last.open, it.last.variables['results']]).to.deep.equal([['behind'], ['one', 'two', 'three']]);
  });

  it('a loop that repeats in another way, or not at all, keeps the instance', async () => {
    const it = await Journey.begin(looped(each({})), { items: [1, 2] });
    expect(await it.refusals(looped(''))).to.deep.equal(['loop-changed a']);
    expect(await it.refusals(looped(each({}, true)))).to.deep.equal(['loop-changed a']);
    expect(await it.refusals(looped(each({ outputCollection: 'r', outputElement: '=item' })))).to.deep.equal(['loop-changed a']);
    expect(await it.refusals(looped(b.loop({ inputCollection: '=others', inputElement: 'item' })))).to.deep.equal([
      'loop-changed a',
    ]);
  });

  it('sub-processes that run several times go along, each with its own variables', async () => {
    const diagram = (id: string, inner: string) =>
      b.bpmn(
        b.start('s'),
        b.sub(id, each({}), b.start('ss'), b.user(inner), b.user('then'), b.end('se'), b.flow('ss', inner, 'then', 'se')),
        b.end('e'),
        b.flow('s', id, 'e'),
      );
    const it = await Journey.begin(diagram('sp', 'a'), { items: ['x', 'y'] });
    await it.complete('sp[0]/a');
    const { locals } = await it.go(diagram('box', 'first'), { sp: 'box', a: 'first' });
    expect(it.last.open).to.deep.equal(['box[0]/then', 'box[1]/first']);
    expect(locals['box[1]']).to.deep.include({ item: 'y' });
    await it.complete('box[1]/first');
    await it.complete('box[0]/then');
    await it.complete('box[1]/then');
    expect(it.last.status).to.equal('completed');
  });

  const watched = (...watchers: readonly string[]) =>
    b.bpmn(
      ...watchers.map((id) => b.message(`M${id}`)),
      b.start('s'),
      b.user('a'),
      b.end('e'),
      b.flow('s', 'a', 'e'),
      ...watchers.map((id) =>
        b.eventSub(
          id,
          b.startOn(`${id}_s`, b.onMessage(`M${id}`)),
          b.user(`${id}_t`),
          b.end(`${id}_e`),
          b.flow(`${id}_s`, `${id}_t`, `${id}_e`),
        ),
      ),
    );

  it('an event sub-process that is new listens from now on, one that is gone does not, one that was renamed goes on', async () => {
    const it = await Journey.begin(watched('w', 'v'));
    const { opened, closed, kept } = await it.go(watched('n', 'u'), { v: 'u', v_s: 'u_s', v_t: 'u_t' });
    expect([opened.map(({ slot }) => slot), closed, kept.map(({ to }) => to.slot)]).to.deep.equal([
      ['n_s'],
      ['w_s'],
      ['a', 'u_s'],
    ]);
    await it.message('n_s');
    expect(it.last.open).to.deep.equal(['n/n_t']);
    await it.complete('n/n_t');
    expect(it.last.status).to.equal('completed');
  });

  it('once an interrupting one runs, nothing else is armed', async () => {
    const it = await Journey.begin(watched('w'));
    await it.message('w_s');
    const { opened } = await it.go(watched('w', 'n'));
    expect([opened, it.last.open]).to.deep.equal([[], ['w/w_t']]);
    expect(await it.refusals(watched('n'))).to.deep.equal(['element-removed w']);
  });
});
