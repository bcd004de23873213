import { expect } from 'chai';
import { changeVariables } from '../../src/commands/repair/move-token.ts';
import { resumeInstance, suspendInstance } from '../../src/commands/suspend-instance.ts';
import { resumeWork, suspendWork } from '../../src/commands/suspended-work.ts';
import { findingsOf } from '../helpers/audit.ts';
import { end, flow, flowIf, start, xor } from '../helpers/bpmn-builder.ts';
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

describe('calls that stand still', () => {
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

  describe('when one of the two rests', () => {
    beforeEach(() => deployed(world, chain));
    const rest = (instanceId: string) => suspendInstance(world.deps, by('operator'), { instanceId, reason: 'wait' });
    const goOn = (instanceId: string) => resumeInstance(world.deps, by('operator'), { instanceId, reason: 'go on' });

    it('a caller that rests is told when it goes on; what it has called works on meanwhile', async () => {
      const ids = await begin();
      await rest(ids.middle);
      await complete(world, ids.inner, 'i_look');
      await world.drain();
      expect(await openAt(world, ids.middle)).to.deep.equal(['m_call']);

      await goOn(ids.middle);
      await world.drain();

      expect(await statuses(ids.outer, ids.middle)).to.deep.equal(['completed', 'completed']);
    });

    it('what a caller that rests was about to call is started when it goes on', async () => {
      const outer = await run(world, 'outer');
      await rest(outer);
      await world.drain();
      expect(await childrenOf(world, outer)).to.deep.equal([]);
      await goOn(outer);
      await world.drain();
      await cancel((await childOf(world, outer)).id);
      await cancel(outer);
      await world.drain();
    });

    it('a called instance that rests is cancelled when it goes on', async () => {
      const ids = await begin();
      await rest(ids.inner);
      await cancel(ids.outer);
      await world.drain();
      expect(await statuses(ids.middle, ids.inner)).to.deep.equal(['cancelled', 'running']);
      await goOn(ids.inner);
      await world.drain();
      expect(await statuses(ids.inner)).to.deep.equal(['cancelled']);
    });
  });

  it('a process that rests is called when it goes on, and that is no incident', async () => {
    await deployed(world, chain);
    const rest = { kind: 'process', ref: 'middle', reason: 'its tasks are looked at' } as const;
    await suspendWork(world.deps, by('operator'), rest);
    const id = await run(world, 'outer');
    await world.drain();
    expect(await childrenOf(world, id)).to.deep.equal([]);
    expect(await openAt(world, id)).to.include('o_call');

    await resumeWork(world.deps, by('operator'), rest);
    await world.pass(6_000);
    await world.drain();

    expect((await childOf(world, id)).status).to.equal('running');
    await cancel(id);
    await world.drain();
  });

  describe('what cannot be called', () => {
    const byName = (name: string) => ({
      parts: around(callActivity('n_call', { processId: name, bindingType: 'latest' }), 'n_call'),
      variables,
    });

    it('a process that nobody has deployed is an incident, and trying again works once it is there', async () => {
      await deployed(world, files({ named: byName('=verdict') }));
      const id = await run(world, 'named', { variables: { verdict: 'later' } });
      await world.drain();
      const { kind, message } = await incidentOf(world, id);
      expect([kind, message]).to.deep.equal(['call-failed', 'No process later is deployed. Deploy it, then let this try again.']);

      await retry(id);
      await world.drain();
      expect((await incidentOf(world, id)).kind).to.equal('call-failed'); // still, and the same one

      await deployed(world, files({ later: { parts: inner, variables } }));
      await retry(id);
      await world.drain();

      const child = await childOf(world, id);
      expect(child.status).to.equal('running');
      await complete(world, child.id, 'i_look');
      await world.drain();
      expect(await statuses(id)).to.deep.equal(['completed']);
    });

    it('a business key that somebody else has taken is an incident, until they are done with it', async () => {
      await deployed(world, chain);
      const taken = await run(world, 'middle', { businessKey: 'T-1/o_call' });
      const id = await run(world, 'outer', { businessKey: 'T-1' });
      await world.drain();
      expect((await incidentOf(world, id)).message).to.contain(
        'An instance of middle with the business key T-1/o_call is running',
      );
      await cancel(taken);
      await retry(id);
      await world.drain();
      expect((await childOf(world, id)).status).to.equal('running');
      await cancel(id);
      await world.drain();
    });

    it('a called process that cannot take its first step is an incident of its caller, and leaves nothing behind', async () => {
      const choice = [
        start('c_s'),
        xor('c_if', 'c_e'),
        look('c_look'),
        end('c_e'),
        end('c_e2'),
        flowIf('c_if', 'c_look', '=amount > 10'),
        flow('c_s', 'c_if', 'c_e'),
        flow('c_look', 'c_e2'),
      ];
      await deployed(world, files({ chooser: { parts: choice, variables }, named: byName('chooser') }));
      const id = await run(world, 'named', { variables: { amount: 'many' } });
      await world.drain();
      expect((await incidentOf(world, id)).message).to.contain('c_if');
      expect(await childrenOf(world, id)).to.deep.equal([]);

      await changeVariables(world.deps, by('operator'), { instanceId: id, variables: { amount: 11 }, reason: 'mended' });
      await retry(id);
      await world.drain();

      expect(await openAt(world, (await childOf(world, id)).id)).to.deep.equal(['c_look']);
      await cancel(id);
      await world.drain();
    });
  });
});
