import { expect } from 'chai';
import { MappingRefused, planMigration } from '../../../src/engine/migration/index.ts';
import * as b from '../../helpers/bpmn-builder.ts';
import { failure } from '../../helpers/promises.ts';
import { only } from './journey.ts';

const named = (id: string, name: string): string =>
  b.element('userTask', { id, name }, '<zeebe:assignmentDefinition candidateGroups="clerks"/>');
const chain = (...tasks: readonly (readonly [string, string])[]): string =>
  b.bpmn(b.start('s'), ...tasks.map(([id, name]) => named(id, name)), b.end('e'), b.flow('s', ...tasks.map(([id]) => id), 'e'));

describe('a plan between two versions', () => {
  const plan = async (from: string, to: string, mapping = {}) => planMigration(await only(from), await only(to), mapping);

  it('finds elements by their ids, says which are gone and which are new, and suggests what became of whom', async () => {
    const { mapping, removed, added, suggestions } = await plan(
      chain(['review', 'Review the claim'], ['pay', 'Pay'], ['file', 'File it']),
      chain(['assess', 'Review the claim'], ['pay', 'Pay'], ['audit', 'Audit'], ['store', 'Put it away']),
    );
    expect(mapping).to.deep.equal({ P: 'P', s: 's', e: 'e', pay: 'pay' });
    expect([removed, added]).to.deep.equal([
      ['review', 'file'],
      ['assess', 'audit', 'store'],
    ]);
    expect(suggestions).to.deep.equal([{ from: 'review', to: 'assess', because: 'the same name, the same neighbours' }]);
  });

  it('a whole chain that was renamed is found from its ends', async () => {
    const { suggestions } = await plan(
      chain(['a', 'A'], ['b', 'B'], ['c', 'C']),
      chain(['x', 'One'], ['y', 'B'], ['z', 'Three']),
    );
    expect(suggestions.map(({ from, to }) => `${from}>${to}`).sort()).to.deep.equal(['a>x', 'b>y', 'c>z']);
  });

  it('of two that are equally likely, neither is suggested', async () => {
    const twins = (one: string, two: string) =>
      b.bpmn(
        b.start('s'),
        b.and('f'),
        named(one, 'Look'),
        named(two, 'Look'),
        b.and('j'),
        b.end('e'),
        b.flow('s', 'f', one, 'j', 'e'),
        b.flow('f', two, 'j'),
      );
    const { suggestions } = await plan(twins('a', 'b'), twins('c', 'd'));
    expect(suggestions).to.deep.equal([]);
  });

  it('what is asked for wins over what kept its id; what is not there is refused, every slip of it', async () => {
    const { mapping } = await plan(chain(['a', 'A'], ['b', 'B']), chain(['a', 'A'], ['b', 'B']), { a: 'b' });
    expect(mapping).to.include({ a: 'b', b: 'b' });
    const refused = (await failure(plan(chain(['a', 'A']), chain(['a', 'A']), { x: 'a', a: 'y' }))) as MappingRefused;
    expect(refused).to.be.instanceOf(MappingRefused);
    expect(refused.errors.map(({ from }) => from)).to.deep.equal(['x', 'a']);
  });
});
