import { expect } from 'chai';
import { findingsOf } from '../helpers/audit.ts';
import { boundary, end, error, flow, io, loop, onError, start, sub } from '../helpers/bpmn-builder.ts';
import { openWorld, type World } from '../helpers/world.ts';
import {
  around,
  callActivity,
  childOf,
  childrenOf,
  complete,
  deployed,
  files,
  incidentOf,
  instance,
  look,
  openAt,
  run,
  versionTag,
} from './programs.ts';

/** Calls `inner` and then waits, so that what came back can be looked at. */
const outer = (called: string, ...more: readonly string[]): string[] => [
  start('o_s'),
  called,
  look('o_after'),
  end('o_e'),
  flow('o_s', 'o_call', 'o_after', 'o_e'),
  ...more,
];
const inner = around(look('i_look'), 'i_look');
const variables = ['amount', 'note', 'verdict', 'items', 'item', 'verdicts'];
const both = (called: string, parts: readonly string[] = inner) =>
  files({ outer: { parts: outer(called), variables }, inner: { parts, variables } });

describe('call activities', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the audit finds nothing', async () => {
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  describe('what is called', () => {
    it('starts one instance of the called process, which knows who called it and gets what its caller sees', async () => {
      await deployed(world, both(callActivity('o_call', { processId: 'inner' })));
      const id = await run(world, 'outer', { businessKey: 'P-1', variables: { amount: 12, note: { text: 'x' } } });

      expect(await childrenOf(world, id)).to.deep.equal([]); // a commit of its own
      await world.drain();

      const child = await childOf(world, id);
      const caller = await instance(world, id);
      expect(child).to.deep.include({ processId: 'inner', businessKey: 'P-1/o_call', status: 'running', parentId: id, depth: 1 });
      expect(child.correlationId).to.equal(caller.correlationId);
      expect(child.variables).to.deep.equal({ ...caller.variables, amount: 12, note: { text: 'x' } });
      expect(await openAt(world, id)).to.deep.equal(['o_call']);
      expect(await openAt(world, child.id)).to.deep.equal(['i_look']);
    });

    it('its end lets the caller go on, with all of its variables', async () => {
      await deployed(world, both(callActivity('o_call', { processId: 'inner' })));
      const id = await run(world, 'outer', { variables: { amount: 1 } });
      await world.drain();
      const child = await childOf(world, id);
      await complete(world, child.id, 'i_look', { verdict: 'good', amount: 2 });

      expect(await openAt(world, id)).to.deep.equal(['o_call']); // a commit of its own
      await world.drain();

      expect(await openAt(world, id)).to.deep.equal(['o_after']);
      expect((await instance(world, id)).variables).to.deep.include({ verdict: 'good', amount: 2 });
      expect(await instance(world, child.id)).to.deep.include({ status: 'completed' });
    });

    it('input mappings decide what goes in, output mappings what comes back', async () => {
      const called = { processId: 'inner', propagateAllParentVariables: false, propagateAllChildVariables: false };
      await deployed(
        world,
        both(callActivity('o_call', called, io({ input: { note: '=amount + 1' }, output: { verdict: '=verdict + "!"' } }))),
      );
      const id = await run(world, 'outer', { variables: { amount: 1 } });
      await world.drain();
      const child = await childOf(world, id);
      expect(child.variables).to.deep.include({ note: 2, amount: null });

      await complete(world, child.id, 'i_look', { verdict: 'good', amount: 99 });
      await world.drain();

      expect((await instance(world, id)).variables).to.deep.include({ verdict: 'good!', amount: 1, note: null });
    });

    it('one that ends in its first step answers at once', async () => {
      await deployed(world, both(callActivity('o_call', { processId: 'inner' }), [start('i_s'), end('i_e'), flow('i_s', 'i_e')]));
      const id = await run(world, 'outer');
      await world.drain();
      expect((await childOf(world, id)).status).to.equal('completed');
      expect(await openAt(world, id)).to.deep.equal(['o_after']);
    });

    it('each element of a list is called by itself, and the results are collected in its order', async () => {
      const each = loop({
        inputCollection: '=items',
        inputElement: 'item',
        outputCollection: 'verdicts',
        outputElement: '=verdict',
      });
      const mapped = io({ output: { verdict: '=verdict' } });
      const quick = [start('i_s'), look('i_look'), end('i_e'), flow('i_s', 'i_look', 'i_e')];
      await deployed(
        world,
        both(callActivity('o_call', { processId: 'inner', propagateAllChildVariables: false }, mapped, each), quick),
      );
      const id = await run(world, 'outer', { businessKey: 'P-2', variables: { items: ['a', 'b', 'c'] } });
      await world.drain();
      const children = await childrenOf(world, id);
      expect(children.map((child) => [child.businessKey, child.variables['item']])).to.have.deep.members([
        ['P-2/o_call[0]', 'a'],
        ['P-2/o_call[1]', 'b'],
        ['P-2/o_call[2]', 'c'],
      ]);
      for (const child of children.toReversed()) {
        await complete(world, child.id, 'i_look', { verdict: `${child.variables['item'] as string}!` });
        await world.drain();
      }
      expect(await openAt(world, id)).to.deep.equal(['o_after']);
      expect((await instance(world, id)).variables['verdicts']).to.deep.equal(['a!', 'b!', 'c!']);
    });

    it('a call inside a sub-process gets the variables of that, too', async () => {
      const inside = sub(
        'o_sub',
        io({ input: { note: '="inside"' } }),
        start('s_s'),
        callActivity('s_call', { processId: 'inner' }),
        end('s_e'),
        flow('s_s', 's_call', 's_e'),
      );
      const parts = [start('o_s'), inside, end('o_e'), flow('o_s', 'o_sub', 'o_e')];
      await deployed(world, files({ outer: { parts, variables }, inner: { parts: inner, variables } }));
      const id = await run(world, 'outer', { businessKey: 'P-3', variables: { note: 'outside' } });
      await world.drain();
      const child = await childOf(world, id);
      expect(child.businessKey).to.equal('P-3/o_sub/s_call');
      expect(child.variables['note']).to.equal('inside');
      await complete(world, child.id, 'i_look');
      await world.drain();
      expect((await instance(world, id)).status).to.equal('completed');
    });

    it('calls go five levels deep, and the sixth is an incident', async () => {
      const next = (level: number, called: string) => ({
        parts: around(
          callActivity(`l${level}`, { processIdExpression: `="${called}"`, bindingType: 'latest', processId: `="${called}"` }),
          `l${level}`,
        ),
        variables,
      });
      await deployed(world, files({ endless: next(0, 'endless') }));
      let id = await run(world, 'endless');
      await world.drain();
      for (let depth = 1; depth <= 5; depth++) {
        const child = await childOf(world, id);
        expect(child.depth).to.equal(depth);
        id = child.id;
      }
      expect((await incidentOf(world, id)).message).to.equal('endless would be called through 6 levels; 5 are allowed.');
    });
  });

  describe('which version is called', () => {
    const tagged = (tag: string, element: string) =>
      files({ inner: { parts: [versionTag(tag), ...around(look(element), element)], variables } });
    const versionCalled = async (): Promise<number> => {
      const id = await run(world, 'outer');
      await world.drain();
      return (await childOf(world, id)).version;
    };
    const latest = async (): Promise<number> => (await world.deps.definitions.latest(world.database, 'inner')).version;

    it('unless said otherwise the one that was deployed with its caller, also when there is a newer one', async () => {
      await deployed(world, both(callActivity('o_call', { processId: 'inner' }), around(look('i_1'), 'i_1')));
      const together = await latest();
      await deployed(world, tagged('v2', 'i_2'));
      expect(await latest()).to.equal(together + 1);
      expect(await versionCalled()).to.equal(together);
    });

    it('the latest, when the call is bound to that or the called process was deployed by itself', async () => {
      await deployed(
        world,
        both(callActivity('o_call', { processId: 'inner', bindingType: 'latest' }), around(look('i_3'), 'i_3')),
      );
      await deployed(world, tagged('v3', 'i_4'));
      expect(await versionCalled()).to.equal(await latest());

      await deployed(world, files({ outer: { parts: outer(callActivity('o_call', { processId: 'inner' })), variables } }));
      await deployed(world, tagged('v4', 'i_5'));
      expect(await versionCalled()).to.equal(await latest());
    });

    it('the newest with a version tag', async () => {
      await deployed(world, tagged('stable', 'i_6'));
      await deployed(world, tagged('stable', 'i_7'));
      const stable = await latest();
      await deployed(world, tagged('wild', 'i_8'));
      const called = callActivity('o_call', { processId: 'inner', bindingType: 'versionTag', versionTag: 'stable' });
      await deployed(world, files({ outer: { parts: outer(called), variables } }));
      expect(await versionCalled()).to.equal(stable);
    });
  });

  describe('BPMN errors', () => {
    const refusing = [
      error('Error_no', 'NOT_GOOD'),
      start('i_s'),
      look('i_look'),
      end('i_e', onError('Error_no')),
      flow('i_s', 'i_look', 'i_e'),
    ];
    const caught = [
      error('Error_here', 'NOT_GOOD'),
      boundary('o_b', 'o_call', onError('Error_here')),
      look('o_repair'),
      end('o_e2'),
      flow('o_b', 'o_repair', 'o_e2'),
    ];

    it('one that nothing in the called process catches is caught at the call activity, by its code', async () => {
      await deployed(
        world,
        files({
          outer: { parts: outer(callActivity('o_call', { processId: 'inner' }), ...caught), variables },
          inner: { parts: refusing, variables },
        }),
      );
      const id = await run(world, 'outer');
      await world.drain();
      const child = await childOf(world, id);
      await complete(world, child.id, 'i_look', { verdict: 'bad' });
      expect((await instance(world, child.id)).status).to.equal('failed');
      await world.drain();
      expect(await openAt(world, id)).to.deep.equal(['o_repair']);
      expect((await instance(world, id)).variables['verdict']).to.equal(null);
    });

    it('one that the caller does not catch either goes to who called that', async () => {
      const middle = around(callActivity('m_call', { processId: 'inner' }), 'm_call');
      await deployed(
        world,
        files({
          outer: { parts: outer(callActivity('o_call', { processId: 'middle' }), ...caught), variables },
          middle: { parts: middle, variables },
          inner: { parts: refusing, variables },
        }),
      );
      const id = await run(world, 'outer');
      await world.drain();
      const between = await childOf(world, id);
      await complete(world, (await childOf(world, between.id)).id, 'i_look');
      await world.drain();
      expect(await openAt(world, id)).to.deep.equal(['o_repair']);
      expect((await instance(world, between.id)).status).to.equal('failed');
    });

    it('one that nobody above catches is an incident where it happens, and the called process stands where it stood', async () => {
      await deployed(world, both(callActivity('o_call', { processId: 'inner' }), refusing));
      const id = await run(world, 'outer');
      await world.drain();
      const child = await childOf(world, id);
      const failed = await complete(world, child.id, 'i_look').catch((reason: unknown) => reason);
      expect(failed).to.have.property('code', 'step-failed');
      const { kind, message } = await incidentOf(world, child.id);
      expect(kind).to.equal('step-failed');
      expect(message).to.match(/^i_e: nothing catches the BPMN error NOT_GOOD.*, neither here nor where this process was called/);
      expect(await openAt(world, child.id)).to.deep.equal(['i_look']);
      expect(await openAt(world, id)).to.deep.equal(['o_call']);
    });

    it('in an instance that nobody has called it is an incident where it happens', async () => {
      await deployed(world, files({ inner: { parts: refusing, variables } }));
      const id = await run(world, 'inner');
      const failed = await complete(world, id, 'i_look').catch((reason: unknown) => reason);
      expect(failed).to.have.property('code', 'step-failed');
      expect((await incidentOf(world, id)).message).to.contain('nobody has called this process');
      expect((await instance(world, id)).status).to.equal('running');
    });
  });
});
