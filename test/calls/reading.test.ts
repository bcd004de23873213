import { expect } from 'chai';
import { ProcessInstance } from '../../src/contract/process-instance.ts';
import { serve, type Client } from '../http/client.ts';
import { aSaleOrder } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { around, callActivity, childOf, complete, deployed, files, instance, look, run } from './programs.ts';

describe('calls over HTTP', () => {
  let world: World;
  let client: Client;
  before(async () => {
    world = await openWorld();
    client = await serve(world.deps);
    await deployed(
      world,
      files({
        outer: { parts: around(callActivity('o_call', { processId: 'inner' }), 'o_call') },
        inner: { parts: around(look('i_look'), 'i_look') },
      }),
    );
  });
  after(async () => {
    await client.close();
    await world.close();
  });

  const read = async (id: string) => {
    const { status, body } = await client.call('GET', `/v1/process-instances/${id}`, { as: 'operator' });
    expect(status).to.equal(200);
    return ProcessInstance.parse(body);
  };

  it('an instance shows who called it, what it has called, and which wait is for which', async () => {
    const id = await run(world, 'outer', { businessKey: 'H-1' });
    expect((await read(id)).waits[0])
      .to.deep.include({ kind: 'call', calledProcessId: 'inner' })
      .and.not.have.property('calledInstanceId');
    await world.drain();
    const child = await childOf(world, id);

    const caller = await read(id);
    expect(caller).to.deep.include({ parent: null, childCount: 1, error: null });
    const [wait] = caller.waits;
    expect(wait).to.deep.include({ calledProcessId: 'inner', calledInstanceId: child.id });
    expect(caller.children).to.have.length(1);
    expect(caller.children[0]).to.deep.include({
      processInstanceId: child.id,
      processId: 'inner',
      version: 1,
      businessKey: 'H-1/o_call',
      status: 'running',
      waitId: wait?.id,
      elementId: 'o_call',
      endedAt: null,
    });
    expect((await read(child.id)).parent).to.deep.equal({
      processInstanceId: id,
      processId: 'outer',
      businessKey: 'H-1',
      waitId: wait?.id,
      elementId: 'o_call',
    });

    await complete(world, child.id, 'i_look');
    await world.drain();
    const after = await read(id);
    expect(after.children[0]).to.deep.include({ status: 'completed' }).and.not.deep.include({ endedAt: null });
    expect(after.waits).to.deep.equal([]);
  });

  it('an operator cancels an instance with a reason, sees before what that would do, and is refused a stale revision', async () => {
    const id = await run(world, 'outer');
    await world.drain();
    const path = `/v1/process-instances/${id}/cancellation`;
    const body = { reason: 'ordered twice' };

    const tried = await client.call('POST', `${path}?dryRun=true`, { as: 'operator', body });
    expect(tried.body).to.deep.include({ dryRun: true });
    expect(tried.body['steps']).to.deep.equal([{ processInstanceId: id, path: [], closes: ['o_call'], opens: [] }]);
    expect((await instance(world, id)).status).to.equal('running');
    expect((await client.call('POST', path, { as: 'operator', body, headers: { 'if-match': '"7"' } })).status).to.equal(412);
    expect((await client.call('POST', path, { as: 'sales', body })).status).to.equal(403);

    const answer = await client.call('POST', path, { as: 'operator', body });
    expect([answer.status, answer.body['status'], answer.headers.get('etag')]).to.deep.equal([200, 'cancelled', '"2"']);
    await world.drain();
    expect((await childOf(world, id)).status).to.equal('cancelled');
    const [step] = await world.database.query<{ reason: string }>(
      `select reason from orderflow.step where instance_id = $1 and trigger = 'cancel'`,
      [id],
    );
    expect(step?.reason).to.equal('ordered twice');
  });

  it('an order is not cancelled in this way', async () => {
    const sale = await aSaleOrder(world);
    const { status, body } = await client.call('POST', `/v1/process-instances/${sale.processInstanceId}/cancellation`, {
      as: 'operator',
      body: { reason: 'x' },
    });
    expect([status, body['code'], body['subjectType']]).to.deep.equal([409, 'wrong-state', 'sale_order']);
  });
});
