import { expect } from 'chai';
import { cancelInstance } from '../../src/commands/cancel-instance.ts';
import { dropWait, moveToken } from '../../src/commands/repair/move-token.ts';
import { resumeInstance, suspendInstance } from '../../src/commands/suspend-instance.ts';
import { findingsOf } from '../helpers/audit.ts';
import {
  and,
  boundary,
  duration,
  end,
  escalation,
  flow,
  loop,
  onEscalation,
  start,
  terminate,
  thrown,
  xor,
} from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { beginChain, cancelledBy, chain, inner, retried, statusesOf, variables } from './chain.ts';
import {
  around,
  callActivity,
  childOf,
  childrenOf,
  complete,
  deployed,
  files,
  incidentOf,
  look,
  openAt,
  run,
} from './programs.ts';

const hour = 3600_000;

describe('the end of calls', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  afterEach('the audit finds nothing', async () => {
    expect(await findingsOf(world)).to.deep.equal([]);
  });

  const cancel = (instanceId: string, reason?: string) => cancelledBy(world, instanceId, reason);
  const retry = (instanceId: string) => retried(world, instanceId);
  const statuses = (...ids: readonly string[]) => statusesOf(world, ids);
  const begin = () => beginChain(world);

  describe('when nobody waits for it any more', () => {
    beforeEach(() => deployed(world, chain));

    it('an interrupting event at the call cancels what was called, and what that has called', async () => {
      const ids = await begin();
      await world.pass(hour);
      await world.drain();
      expect(await openAt(world, ids.outer)).to.deep.equal(['o_late']);
      expect(await statuses(ids.outer, ids.middle, ids.inner)).to.deep.equal(['running', 'cancelled', 'cancelled']);
    });

    it('so does the cancellation of the caller, one commit after the other', async () => {
      const ids = await begin();
      await cancel(ids.outer);
      expect(await statuses(ids.outer, ids.middle, ids.inner)).to.deep.equal(['cancelled', 'running', 'running']);
      await world.drain();
      expect(await statuses(ids.middle, ids.inner)).to.deep.equal(['cancelled', 'cancelled']);
    });

    it('so does an operator who moves the token on, or takes it away', async () => {
      const [moved, dropped] = [await begin(), await begin()];
      const waitOf = async (id: string): Promise<string> => {
        const [wait] = await world.database.query<{ id: string }>(
          `select id from orderflow.wait where instance_id = $1 and kind = 'call' and status = 'open'`,
          [id],
        );
        return wait?.id ?? '';
      };
      const reason = 'it was settled by telephone';
      await moveToken(world.deps, by('operator'), {
        instanceId: moved.outer,
        fromWaitId: await waitOf(moved.outer),
        toElementId: 'o_late',
        reason,
      });
      await moveToken(world.deps, by('operator'), { instanceId: dropped.outer, toElementId: 'o_late', reason }); // one more
      await dropWait(world.deps, by('operator'), { instanceId: dropped.outer, waitId: await waitOf(dropped.outer), reason });
      await world.drain();
      expect(await openAt(world, moved.outer)).to.deep.equal(['o_late']);
      expect(await statuses(moved.middle, moved.inner, dropped.middle, dropped.inner)).to.deep.equal([
        'cancelled',
        'cancelled',
        'cancelled',
        'cancelled',
      ]);
    });

    it('a call whose child was not started yet starts none', async () => {
      const outer = await run(world, 'outer');
      await cancel(outer);
      await world.drain();
      expect(await childrenOf(world, outer)).to.deep.equal([]);
    });

    it('what an ended child had to say is dropped', async () => {
      const ids = await begin();
      await complete(world, ids.inner, 'i_look');
      await cancel(ids.middle);
      await world.drain();
      expect(await statuses(ids.middle, ids.inner)).to.deep.equal(['cancelled', 'completed']);
      await cancel(ids.outer);
    });

    it('a terminating end and a completion condition take the other calls away', async () => {
      const each = loop({ inputCollection: '=items', inputElement: 'item' }, false, '=numberOfCompletedInstances = 1');
      await deployed(
        world,
        files({
          some: { parts: around(callActivity('a_call', { processId: 'inner' }, each), 'a_call'), variables },
          inner: { parts: inner, variables },
          terminating: {
            parts: [
              start('t_s'),
              and('t_fork'),
              callActivity('t_call', { processId: 'inner' }),
              end('t_e'),
              look('t_look'),
              end('t_stop', terminate()),
              flow('t_s', 't_fork', 't_call', 't_e'),
              flow('t_fork', 't_look', 't_stop'),
            ],
            variables,
          },
        }),
      );
      const some = await run(world, 'some', { variables: { items: [1, 2, 3] } });
      const stopped = await run(world, 'terminating');
      await world.drain();

      const [first] = await childrenOf(world, some);
      await complete(world, first!.id, 'i_look');
      await complete(world, stopped, 't_look');
      await world.drain();

      const left = (await childrenOf(world, some)).map(({ status }) => status).toSorted();
      expect(left).to.deep.equal(['cancelled', 'cancelled', 'completed']);
      expect((await childOf(world, stopped)).status).to.equal('cancelled');
      expect(await statuses(some, stopped)).to.deep.equal(['completed', 'completed']);
    });

    it('a call that is made again gets a child with a name of its own, also while the first is still being cancelled', async () => {
      const parts = [
        start('r_s'),
        xor('r_join'),
        callActivity('r_call', { processId: 'inner' }),
        boundary('r_b', 'r_call', duration('PT1H')),
        end('r_e'),
        flow('r_s', 'r_join', 'r_call', 'r_e'),
        flow('r_b', 'r_join'),
      ];
      await deployed(world, files({ again: { parts, variables }, inner: { parts: inner, variables } }));
      const id = await run(world, 'again', { businessKey: 'R-1' });
      await world.drain();
      const first = await childOf(world, id);
      await suspendInstance(world.deps, by('operator'), { instanceId: first.id, reason: 'looking at it' });
      await world.pass(hour);
      await world.drain();
      const children = await childrenOf(world, id);
      expect(children.map((child) => [child.businessKey, child.status])).to.deep.equal([
        ['R-1/r_call', 'running'],
        ['R-1/r_call#2', 'running'],
      ]);
      await resumeInstance(world.deps, by('operator'), { instanceId: first.id, reason: 'seen' });
      await world.drain();
      expect(await statuses(first.id)).to.deep.equal(['cancelled']);
      await cancel(id);
      await world.drain();
    });
  });

  describe('when an operator cancels the called instance by itself', () => {
    beforeEach(() => deployed(world, chain));

    it('its caller gets an incident that says who and why, and calls anew when that is tried again', async () => {
      const ids = await begin();
      await cancel(ids.middle, 'stuck since Monday');
      await world.drain();
      const { kind, message } = await incidentOf(world, ids.outer);
      expect(kind).to.equal('call-failed');
      expect(message).to.match(
        /^K-\w+\/o_call \(middle\) was cancelled by operator: stuck since Monday\. Trying again calls it anew/,
      );
      expect(await statuses(ids.inner)).to.deep.equal(['cancelled']);

      await retry(ids.outer);
      await world.drain();

      const [, second] = await childrenOf(world, ids.outer);
      expect(second?.status).to.equal('running');
      expect(
        await world.database.query('select 1 from orderflow.incident where instance_id = $1 and resolved_at is null', [
          ids.outer,
        ]),
      ).to.deep.equal([]);
      await complete(world, (await childOf(world, second!.id)).id, 'i_look');
      await world.drain();
      expect(await statuses(ids.outer)).to.deep.equal(['completed']);
    });

    it('only those who may, with a reason, an instance that runs and is no order', async () => {
      const ids = await begin();
      const refused = async (person: string, instanceId: string, ifRevision?: number) =>
        (await problemOf(cancelInstance(world.deps, by(person), { instanceId, reason: 'x', ...(ifRevision && { ifRevision }) })))
          .code;
      expect(await refused('sales', ids.outer)).to.equal('forbidden');
      expect(await refused('operator', ids.outer, 99)).to.equal('revision-mismatch');
      await cancel(ids.outer);
      await world.drain();
      expect(await refused('operator', ids.outer)).to.equal('wrong-state');
      expect(await refused('operator', '00000000-0000-7000-8000-000000000000')).to.equal('not-found');
    });

    it('one that rests is cancelled, too, and its caller is told', async () => {
      const ids = await begin();
      await suspendInstance(world.deps, by('operator'), { instanceId: ids.inner, reason: 'wait' });
      await cancel(ids.inner);
      await world.drain();
      expect((await incidentOf(world, ids.middle)).kind).to.equal('call-failed');
      await cancel(ids.outer);
      await world.drain();
      expect(await statuses(ids.outer, ids.middle, ids.inner)).to.deep.equal(['cancelled', 'cancelled', 'cancelled']);
    });
  });

  describe('escalations', () => {
    const escalating = [
      escalation('Escalation_late', 'LATE'),
      start('i_s'),
      look('i_first'),
      thrown('i_throw', onEscalation('Escalation_late')),
      look('i_look'),
      end('i_e'),
      flow('i_s', 'i_first', 'i_throw', 'i_look', 'i_e'),
    ];
    const caller = (interrupting: boolean) => [
      escalation('Escalation_here', 'LATE'),
      start('o_s'),
      callActivity('o_call', { processId: 'inner' }),
      end('o_e'),
      flow('o_s', 'o_call', 'o_e'),
      boundary('o_b', 'o_call', onEscalation('Escalation_here'), interrupting),
      look('o_late'),
      end('o_e2'),
      flow('o_b', 'o_late', 'o_e2'),
    ];
    const begun = async (interrupting: boolean): Promise<{ id: string; child: string }> => {
      await deployed(
        world,
        files({ outer: { parts: caller(interrupting), variables }, inner: { parts: escalating, variables } }),
      );
      const id = await run(world, 'outer');
      await world.drain();
      return { id, child: (await childOf(world, id)).id };
    };

    it('one that the called process does not catch is caught at the call, which goes on', async () => {
      const { id, child } = await begun(false);
      await complete(world, child, 'i_first');
      await complete(world, child, 'i_look'); // the end is told after the escalation
      await world.drain();
      expect(await openAt(world, id)).to.deep.equal(['o_late']);
      expect(await statuses(child)).to.deep.equal(['completed']);
    });

    it('an end does not overtake an escalation that another process has taken up and not yet told', async () => {
      const { id, child } = await begun(false);
      await complete(world, child, 'i_first');
      await world.database.query(
        `update orderflow.call_escalation set next_at = orderflow.now() + interval '5 seconds' where child_id = $1`,
        [child],
      );
      await complete(world, child, 'i_look');
      await world.drain();
      expect(await openAt(world, id)).to.deep.equal(['o_call']);
      await world.pass(5_000);
      await world.drain();
      expect(await openAt(world, id)).to.deep.equal(['o_late']);
    });

    it('an interrupting event cancels the called process', async () => {
      const { id, child } = await begun(true);
      await complete(world, child, 'i_first');
      await world.drain();
      expect(await openAt(world, id)).to.deep.equal(['o_late']);
      expect(await statuses(child)).to.deep.equal(['cancelled']);
    });
  });
});
