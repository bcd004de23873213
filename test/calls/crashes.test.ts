import { expect } from 'chai';
import { answerCaller } from '../../src/commands/answer-caller.ts';
import { cancelInstance } from '../../src/commands/cancel-instance.ts';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { Definitions } from '../../src/commands/definitions.ts';
import { escalate } from '../../src/commands/escalate.ts';
import { fireTimer } from '../../src/commands/fire-timer.ts';
import { startCalled } from '../../src/commands/start-called.ts';
import type { Deps } from '../../src/commands/unit.ts';
import { callRound, createCalls } from '../../src/outbox/calls.ts';
import type { Database } from '../../src/persistence/database.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { findingsOf } from '../helpers/audit.ts';
import {
  and,
  boundary,
  duration,
  end,
  error,
  escalation,
  flow,
  loop,
  onError,
  onEscalation,
  start,
  thrown,
} from '../helpers/bpmn-builder.ts';
import { until } from '../helpers/promises.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { around, callActivity, childOf, childrenOf, complete, deployed, files, instance, look, openAt, run } from './programs.ts';

const variables = ['verdict', 'seen'];
/** Everything that can happen between instances: an answer through two levels, an escalation, an error, and a call that is given up after an hour. */
const bundle = files({
  all: {
    variables,
    parts: [
      error('Error_no', 'NOT_GOOD'),
      escalation('Escalation_here', 'LATE'),
      start('a_s'),
      and('a_fork'),
      callActivity('a_deep', { processId: 'middle' }),
      boundary('a_b_late', 'a_deep', onEscalation('Escalation_here'), false),
      look('a_late'),
      end('a_e_late'),
      callActivity('a_refused', { processId: 'refuses' }),
      boundary('a_b_no', 'a_refused', onError('Error_no')),
      callActivity('a_long', { processId: 'middle' }),
      boundary('a_b_long', 'a_long', duration('PT1H')),
      look('a_after'),
      end('a_e_1'),
      end('a_e_2'),
      end('a_e_3'),
      end('a_e_4'),
      end('a_e_5'),
      flow('a_s', 'a_fork', 'a_deep', 'a_e_1'),
      flow('a_fork', 'a_refused', 'a_e_2'),
      flow('a_fork', 'a_long', 'a_e_3'),
      flow('a_b_late', 'a_late', 'a_e_late'),
      flow('a_b_no', 'a_after', 'a_e_4'),
      flow('a_b_long', 'a_e_5'),
    ],
  },
  middle: { variables, parts: around(callActivity('m_call', { processId: 'leaf' }), 'm_call') },
  leaf: {
    variables,
    parts: [
      escalation('Escalation_late', 'LATE'),
      start('l_s'),
      look('l_look'),
      thrown('l_throw', onEscalation('Escalation_late')),
      end('l_e'),
      flow('l_s', 'l_look', 'l_throw', 'l_e'),
    ],
  },
  refuses: {
    variables,
    parts: [error('Error_there', 'NOT_GOOD'), start('r_s'), end('r_e', onError('Error_there')), flow('r_s', 'r_e')],
  },
});

/** At each commit both deaths, or one of the two in turn. */
const everyWay = process.env['CALL_CRASHES'] === 'all';

class Crash extends Error {}

/** A process that dies at its nth commit, just before or just after it; what it does later fails. `commits` counts. */
function mortal(
  { database, logger }: Deps,
  dieAt: number,
  when: 'before' | 'after',
): { deps: Deps; commits: () => number; isDead: () => boolean } {
  let [commits, dead] = [0, false];
  const die = (): never => {
    dead = true;
    throw new Crash(`dies ${when} commit ${commits}`);
  };
  const transaction: Database['transaction'] = async (work, options) => {
    if (dead) throw new Crash('is dead');
    const result = await database.transaction(async (tx) => {
      const done = await work(tx);
      if (++commits === dieAt && when === 'before') die();
      return done;
    }, options);
    if (commits === dieAt && when === 'after') die();
    return result;
  };
  const alive = new Proxy(database, {
    get: (target, name) => {
      if (name === 'transaction') return transaction;
      if (dead) throw new Crash('is dead');
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { deps: { database: alive, definitions: new Definitions(), logger }, commits: () => commits, isDead: () => dead };
}

describe('calls and crashes', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    await deployed(world, bundle);
  });
  after(() => world.close());

  const audit = async (): Promise<unknown[]> => {
    await world.drain();
    return (await findingsOf(world)).map(({ check, subject, what }) => ({ check, subject, what }));
  };

  /** The whole family of an instance. */
  const family = (businessKey: string) =>
    world.database.query<{ id: string; key: string; status: string; variables: JsonObject }>(
      `select id, business_key as key, status, variables from orderflow.process_instance where business_key = $1 or business_key like $1 || '/%' order by 2`,
      [businessKey],
    );

  /** What happened to a family, without ids and times. */
  async function log(businessKey: string): Promise<unknown[]> {
    const members = await family(businessKey);
    return Promise.all(
      members.map(async ({ id, key, ...rest }) => ({
        ...rest,
        key: key.slice(businessKey.length),
        steps: await world.database.query(
          'select trigger, element_id, actor, reason, trail from orderflow.step where instance_id = $1 order by revision',
          [id],
        ),
      })),
    );
  }

  /** The life of an instance of `all`; every wish of somebody outside has its key and is asked for again after a crash. */
  async function live(businessKey: string, dieAt = 0, when: 'before' | 'after' = 'before'): Promise<number> {
    const victim = mortal(world.deps, dieAt, when);
    let { deps } = victim;
    const survive = async (work: () => Promise<unknown>): Promise<void> => {
      try {
        await work();
      } catch (failure) {
        if (!(failure instanceof Crash)) throw failure;
      }
      if (!victim.isDead() || deps === world.deps) return;
      deps = world.deps; // another process takes over, when the lease of what was taken up is over
      await world.pass(6_000);
      await work();
    };
    const settle = () =>
      survive(async () => {
        while ((await callRound(deps)) > 0);
      });
    const completeIn = (suffix: string, element: string) =>
      survive(async () => {
        const [task] = await world.database.query<{ id: string }>(
          `select w.id from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
            where i.business_key = $1 and w.element_id = $2 and w.kind = 'user'`,
          [`${businessKey}${suffix}`, element],
        );
        if (!task) throw new Error(`no task ${element} of ${businessKey}${suffix}`);
        await completeUserTask(deps, by('operator', `${businessKey}:${suffix}:${element}`), {
          taskId: task.id,
          variables: { verdict: element },
        });
      });

    await survive(() => run({ deps }, 'all', { businessKey, key: `${businessKey}:start` }));
    await settle();
    await completeIn('/a_deep/m_call', 'l_look');
    await settle();
    await completeIn('', 'a_late');
    await completeIn('', 'a_after');
    await world.pass(3600_000);
    await survive(async () => {
      const [timer] = await world.database.query<{ waitId: string; dueAt: Date }>(
        `select w.id as "waitId", w.due_at as "dueAt" from orderflow.wait w join orderflow.process_instance i on i.id = w.instance_id
          where i.business_key = $1 and w.element_id = 'a_b_long'`,
        [businessKey],
      );
      if (!timer) throw new Error('no timer');
      await fireTimer(deps, timer);
    });
    await settle();
    return victim.commits();
  }

  it('whenever a process dies, before or after any of its commits, the log is the same as without', async () => {
    const commits = await live('whole');
    const expected = await log('whole');
    expect((await family('whole')).map(({ key, status }) => [key, status])).to.deep.equal([
      ['whole', 'completed'],
      ['whole/a_deep', 'completed'],
      ['whole/a_deep/m_call', 'completed'],
      ['whole/a_long', 'cancelled'],
      ['whole/a_long/m_call', 'cancelled'],
      ['whole/a_refused', 'failed'],
    ]);
    expect(commits).to.be.greaterThan(15);
    for (let commit = 1; commit <= commits; commit++) {
      for (const when of everyWay ? (['before', 'after'] as const) : ([commit % 2 === 0 ? 'before' : 'after'] as const)) {
        const businessKey = `${when}-${commit}`;
        await live(businessKey, commit, when);
        expect(await log(businessKey), `dies ${when} commit ${commit} of ${commits}`).to.deep.equal(expected);
      }
    }
    expect(await audit()).to.deep.equal([]);
  }).timeout(300_000);

  const turnOf = async (callerId: string, element: string) => {
    const [turn] = await world.database.query<{ waitId: string; turn: number }>(
      `select c.wait_id as "waitId", c.turn from orderflow.call c join orderflow.wait w on w.id = c.wait_id where c.instance_id = $1 and w.element_id = $2`,
      [callerId, element],
    );
    if (!turn) throw new Error('no call');
    return turn;
  };
  const times = <T>(n: number, work: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: n }, work));

  it('20 deliveries of one turn at once start one child, and tell its caller once what it escalates and how it ends', async () => {
    const id = await run(world, 'middle');
    const starting = await turnOf(id, 'm_call');
    expect(await times(20, () => startCalled(world.deps, starting))).to.deep.equal(Array.from({ length: 20 }, () => true));
    const child = await childOf(world, id);
    await complete(world, child.id, 'l_look');
    const [escalation] = await world.database.query<{ id: string }>(
      'select id from orderflow.call_escalation where wait_id = $1',
      [starting.waitId],
    );
    await times(20, () => escalate(world.deps, { id: escalation?.id ?? '', callerId: id }));

    const answering = await turnOf(id, 'm_call');
    await times(20, () => answerCaller(world.deps, answering));

    expect((await instance(world, id)).status).to.equal('completed');
    expect(await startCalled(world.deps, { ...starting, turn: 9 })).to.equal(false); // a turn that never was
    expect(await childrenOf(world, id)).to.have.length(1);
    expect(await audit()).to.deep.equal([]);
  });

  it('several processes at once take each turn once, and no wake-up is needed', async () => {
    const quick = { parts: [start('q_s'), end('q_e'), flow('q_s', 'q_e')], variables };
    const list = loop({ inputCollection: '=seen', inputElement: 'verdict' });
    const many = around(callActivity('n_call', { processId: 'quick', propagateAllChildVariables: false }, list), 'n_call');
    await deployed(world, files({ quick, many: { parts: many, variables } }));
    const ids = await Promise.all(
      Array.from({ length: 10 }, () => run(world, 'many', { variables: { seen: Array.from({ length: 20 }, (_, n) => n) } })),
    );
    const pollers = Array.from({ length: 3 }, () => createCalls(world.deps, 50).start());
    const running = () =>
      world.database.query(`select 1 from orderflow.process_instance where status = 'running' and id = any($1)`, [ids]);
    await until(async () => (await running()).length === 0, 60_000);
    await Promise.all(pollers.map((poller) => poller.stop()));
    for (const id of ids) expect(await childrenOf(world, id)).to.have.length(20);
    expect(await audit()).to.deep.equal([]);
  });

  it('a start and the cancellation of its caller at the same moment leave either no child, or one that is cancelled', async () => {
    const ends = new Set<string>();
    for (let n = 0; n < 30; n++) {
      const id = await run(world, 'middle');
      const starting = await turnOf(id, 'm_call');
      await Promise.all([
        startCalled(world.deps, starting),
        cancelInstance(world.deps, by('operator'), { instanceId: id, reason: 'a race' }),
      ]);
      while ((await callRound(world.deps)) > 0);
      const children = await childrenOf(world, id);
      ends.add(children.map(({ status }) => status).join() || 'none');
    }
    expect([...ends].filter((end) => end !== 'none' && end !== 'cancelled')).to.deep.equal([]);
    expect(await audit()).to.deep.equal([]);
  });

  it('the end of a child and the cancellation of its caller at the same moment contradict each other nowhere', async () => {
    for (let n = 0; n < 20; n++) {
      const id = await run(world, 'middle');
      await startCalled(world.deps, await turnOf(id, 'm_call'));
      const child = await childOf(world, id);
      await Promise.all([
        complete(world, child.id, 'l_look'),
        cancelInstance(world.deps, by('operator'), { instanceId: id, reason: 'a race' }),
      ]);
      await Promise.all([callRound(world.deps), callRound(world.deps)]);
      await world.drain();
      expect(await openAt(world, child.id)).to.deep.equal([]);
    }
    expect(await audit()).to.deep.equal([]);
  });
});
