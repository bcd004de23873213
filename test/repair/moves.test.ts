import { expect } from 'chai';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { changeVariables, dropWait, moveToken } from '../../src/commands/repair/move-token.ts';
import { resolveIncident } from '../../src/commands/resolve-incident.ts';
import { suspendInstance } from '../../src/commands/suspend-instance.ts';
import { readInstance, readSteps, readVariables } from '../../src/queries/process-instance.ts';
import type { Problem } from '../../src/support/errors.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { findingsOf } from '../helpers/audit.ts';
import { aCustomer, aQuotation, aSaleOrder, completeAt, openTask, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';
import { anErrand, deployErrand, placesOf } from './errand.ts';

const moveIn = async (world: World, instanceId: string, fromElement: string | null, toElementId: string, more: JsonObject = {}) =>
  moveToken(world.deps, by('operator'), {
    instanceId,
    ...(fromElement !== null && { fromWaitId: (await placesOf(world, instanceId))[fromElement] ?? '' }),
    toElementId,
    reason: 'the packer is ill',
    ...more,
  });
const warned = (body: JsonObject) =>
  (body['warnings'] as { code: string; elementIds: string[]; jobTypes?: string[] }[]).map(({ code, jobTypes, elementIds }) => [
    code,
    jobTypes ?? elementIds,
  ]);

describe('repair by hand', () => {
  let world: World;
  beforeEach(async () => {
    world = await openWorld();
    await deployErrand(world);
  });
  afterEach(async () => {
    const found = await findingsOf(world);
    await world.close();
    expect(found).to.deep.equal([]);
  });

  const move = (instanceId: string, fromElement: string | null, toElementId: string, more: JsonObject = {}) =>
    moveIn(world, instanceId, fromElement, toElementId, more);
  const places = async (id: string) => Object.keys(await placesOf(world, id));
  const lastStep = async (id: string) => (await world.database.read((tx) => readSteps(tx, id))).at(-1) ?? {};

  describe('a move', () => {
    it('takes the token from its wait, puts it before the element, logs who and why, and warns of jobs that are passed over', async () => {
      const { id, revision } = await anErrand(world);
      const { body, headers } = await move(id, 'pick', 'check');
      expect(await places(id)).to.deep.equal(['check', 'hurry', 'weigh']);
      expect(warned(body)).to.deep.equal([['effects-skipped', ['errand.pick', 'errand.pack']]]);
      expect(body['revision']).to.equal(revision + 1);
      expect(headers).to.deep.equal({ ETag: `"${revision + 1}"` });
      expect(await lastStep(id)).to.include({
        trigger: 'move',
        elementId: 'check',
        actor: 'operator',
        reason: 'the packer is ill',
      });
      const [job] = await world.database.query(
        `select w.status, o.cancelled_at is not null as gone from orderflow.wait w join orderflow.outbox o on o.wait_id = w.id where w.element_id = 'pick'`,
      );
      expect(job, 'no worker gets the job any more').to.deep.equal({ status: 'cancelled', gone: true });
    });

    it('that is only tried shows what it would close, open and pass over, and changes nothing', async () => {
      const { id } = await anErrand(world);
      const from = (await placesOf(world, id))['pick'] ?? '';
      const { body } = await moveToken(
        world.deps,
        { ...by('operator'), dryRun: true },
        { instanceId: id, fromWaitId: from, toElementId: 'pack', reason: 'x' },
      );
      expect(body['dryRun']).to.equal(true);
      expect((body['steps'] as JsonObject[])[0]).to.deep.include({
        closes: ['pick'],
        opens: [{ elementId: 'pack', kind: 'job', jobType: 'errand.pack' }],
      });
      expect(warned(body['result'] as JsonObject)).to.deep.equal([['effects-skipped', ['errand.pick']]]);
      expect(await places(id)).to.deep.equal(['pick', 'weigh']);
    });

    it('back to a job that was done warns that it will be done again', async () => {
      const quotation = await aQuotation(world);
      await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
      await world.drain();
      const { body } = await move(quotation.processInstanceId, 'q_customer', 'q_price');
      expect(warned(body)).to.deep.equal([['effects-repeated', ['quotation.price', 'quotation.issue']]]);
      await world.drain();
      expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
    });

    it('moves the state of an order as the elements say that are entered, with the reason in its log', async () => {
      const quotation = await aQuotation(world);
      await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
      await world.drain();
      expect(await statesOf(world, quotation.id)).to.deep.equal(['DRAFT', 'SENT']);
      await move(quotation.processInstanceId, 'q_customer', 'q_draft');
      expect(await statesOf(world, quotation.id)).to.deep.equal(['DRAFT', 'SENT', 'DRAFT']);
      const [transition] = await world.database.query(
        `select trigger, actor, reason, element_id from orderflow.transition where entity_id = $1 order by sequence desc limit 1`,
        [quotation.id],
      );
      expect(transition).to.include({ trigger: 'move', actor: 'operator', reason: 'the packer is ill' });
      await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
      await world.drain();
      expect((await statesOf(world, quotation.id)).at(-1)).to.equal('SENT');
    });

    it('without a wait adds a token; with variables sets them before it moves', async () => {
      const { id } = await anErrand(world);
      await move(id, null, 'rush', { variables: { remark: 'by bicycle' } });
      expect(await places(id)).to.deep.equal(['pick', 'rush', 'weigh']);
      const [row] = await world.database.query<{ variables: JsonObject }>(
        'select variables from orderflow.process_instance where id = $1',
        [id],
      );
      expect(row?.variables).to.include({ remark: 'by bicycle' });
    });

    it('into a sub-process enters it, and the instance goes on to its end', async () => {
      const { id } = await anErrand(world, { remark: 'ring twice' });
      await move(id, 'pick', 'check');
      await move(id, 'check', 'address');
      expect(await places(id)).to.deep.equal(['address', 'weigh']);
      await dropWait(world.deps, by('operator'), {
        instanceId: id,
        waitId: (await placesOf(world, id))['weigh'] ?? '',
        reason: 'no scales',
      });
      await completeUserTask(world.deps, by('operator'), { taskId: await openTask(world, id, 'address'), variables: {} });
      expect(await places(id)).to.deep.equal(['post']);
      await move(id, 'post', 'done');
      expect(await world.database.read((tx) => readInstance(tx, id))).to.include({ status: 'completed' });
    });

    it('to where it stands begins that anew: another job, with another key', async () => {
      const { id } = await anErrand(world);
      const before = (await placesOf(world, id))['pick'];
      const { body } = await move(id, 'pick', 'pick');
      expect(warned(body)).to.deep.equal([]);
      const after = (await placesOf(world, id))['pick'];
      expect(after).to.be.a('string').and.not.equal(before);
    });

    it('warns of an approval that is left open', async () => {
      const customer = await aCustomer(world, { limitMinor: 4500 });
      const sale = await aSaleOrder(world, { customer: customer.id, quantity: 5 });
      await world.drain();
      const [task] = await world.database.query<{ id: string; elementId: string }>(
        `select id, element_id as "elementId" from orderflow.wait where status = 'open' and override_request_id is not null`,
      );
      const { body } = await moveToken(
        world.deps,
        { ...by('operator'), dryRun: true },
        { instanceId: sale.processInstanceId, fromWaitId: task?.id ?? '', toElementId: 's_credit', reason: 'x' },
      );
      expect(warned(body['result'] as JsonObject)).to.deep.include(['override-left-open', [task?.elementId]]);
    });

    it('of ten operators who move the same token at once, one does', async () => {
      const { id } = await anErrand(world);
      const from = (await placesOf(world, id))['pick'] ?? '';
      const all = await Promise.allSettled(
        Array.from({ length: 10 }, () =>
          moveToken(world.deps, by('operator'), { instanceId: id, fromWaitId: from, toElementId: 'check', reason: 'x' }),
        ),
      );
      expect(all.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      expect(new Set(all.flatMap((each) => (each.status === 'rejected' ? [(each.reason as Problem).code] : [])))).to.deep.equal(
        new Set(['task-not-open']),
      );
      expect(await places(id)).to.deep.equal(['check', 'hurry', 'weigh']);
    });

    it('of an instance that rests is taken, and it rests on', async () => {
      const { id } = await anErrand(world);
      await suspendInstance(world.deps, by('operator'), { instanceId: id, reason: 'to look at it' });
      const { body } = await move(id, 'pick', 'check');
      expect(body['suspendedAt']).to.be.a('string');
      expect(await places(id)).to.include('check');
    });

    it('is refused when it makes no sense: nothing is changed, and there is no incident', async () => {
      const { id, revision } = await anErrand(world);
      const other = await anErrand(world);
      const wait = (await placesOf(world, id))['pick'] ?? '';
      const code = async (more: JsonObject, who = 'operator') =>
        (
          await problemOf(
            moveToken(world.deps, by(who), { instanceId: id, fromWaitId: wait, toElementId: 'check', reason: 'x', ...more }),
          )
        ).code;
      const unknown = await problemOf(
        moveToken(world.deps, by('operator'), { instanceId: id, toElementId: 'chekc', reason: 'x' }),
      );
      expect(unknown.code).to.equal('validation-failed');
      expect(unknown.message).to.contain('did you mean check?');
      const boundary = await problemOf(
        moveToken(world.deps, by('operator'), { instanceId: id, toElementId: 'hurry', reason: 'x' }),
      );
      expect(boundary.code, 'a boundary event').to.equal('step-failed');
      expect(boundary.message, 'sentences end').to.contain('move it to what comes behind. Nothing was changed;');
      expect(await code({ fromWaitId: (await placesOf(world, other.id))['pick'] ?? '' }), 'of another instance').to.equal(
        'not-found',
      );
      expect(await code({ variables: { urgent: 'very' } })).to.equal('validation-failed');
      expect(await code({ ifRevision: revision - 1 })).to.equal('revision-mismatch');
      expect(await code({}, 'sales')).to.equal('forbidden');
      expect(await code({}, 'admin')).to.equal('forbidden');
      expect(await places(id)).to.deep.equal(['pick', 'weigh']);
      expect(await world.database.query('select 1 from orderflow.incident')).to.deep.equal([]);
      await move(id, 'pick', 'check');
      expect(await code({}), 'its token has gone').to.equal('task-not-open');
    });
  });

  it('a step that fails stops only what really happened: not a dry run; and what a person did is theirs to do again', async () => {
    const { id } = await anErrand(world);
    const open = await placesOf(world, id);
    await dropWait(world.deps, by('operator'), { instanceId: id, waitId: open['pick'] ?? '', reason: 'lost' });
    const weigh = (dryRun = false) =>
      completeUserTask(world.deps, { ...by('operator'), dryRun }, { taskId: open['weigh'] ?? '', variables: {} });
    const incidents = () =>
      world.database.query<{ id: string; resolved: boolean }>(
        'select id, resolved_at is not null as resolved from orderflow.incident',
      );
    expect((await problemOf(weigh(true))).code, 'nothing would be left to wait for').to.equal('step-failed');
    expect(await incidents()).to.deep.equal([]);
    expect((await problemOf(weigh())).code).to.equal('step-failed');
    const [incident] = await incidents();
    const retry = await problemOf(resolveIncident(world.deps, by('operator'), incident?.id ?? ''));
    expect(retry.code).to.equal('wrong-state');
    expect(retry.message).to.contain(`/v1/user-tasks/${open['weigh']}/completion`);

    await move(id, null, 'rush');
    await weigh();
    expect(await incidents()).to.deep.equal([{ id: incident?.id, resolved: true }]);
  });

  describe('a drop', () => {
    it('takes the token away, and warns of the job that is not done and of a join that will wait for it', async () => {
      const { id } = await anErrand(world);
      const { body } = await dropWait(world.deps, by('operator'), {
        instanceId: id,
        waitId: (await placesOf(world, id))['pick'] ?? '',
        reason: 'lost',
      });
      expect(await places(id)).to.deep.equal(['weigh']);
      expect(warned(body)).to.deep.equal([
        ['effects-skipped', ['errand.pick']],
        ['join-starved', ['both']],
      ]);
      expect(await lastStep(id)).to.include({ trigger: 'drop', elementId: 'pick', reason: 'lost' });
    });

    it('of the last token is refused', async () => {
      const { id } = await anErrand(world);
      const drop = async (element: string) =>
        dropWait(world.deps, by('operator'), { instanceId: id, waitId: (await placesOf(world, id))[element] ?? '', reason: 'x' });
      await drop('pick');
      const problem = await problemOf(drop('weigh'));
      expect(problem.code).to.equal('step-failed');
      expect(problem.message).to.contain('cancel');
    });
  });

  describe('a change of variables', () => {
    const change = (instanceId: string, variables: JsonObject, more: JsonObject = {}) =>
      changeVariables(world.deps, by('operator'), { instanceId, variables, reason: 'a typing mistake', ...more });

    it('keeps what is not named, and conditional events look again', async () => {
      const { id } = await anErrand(world, { remark: 'ring twice' });
      await move(id, 'pick', 'check');
      const { body } = await change(id, { urgent: true });
      expect(body['warnings']).to.deep.equal([]);
      expect(await places(id)).to.deep.equal(['rush', 'weigh']);
      const [row] = await world.database.query<{ variables: JsonObject }>(
        'select variables from orderflow.process_instance where id = $1',
        [id],
      );
      expect(row?.variables).to.deep.equal({ urgent: true, remark: 'ring twice', note: null });
      expect(await lastStep(id)).to.include({ trigger: 'variables', reason: 'a typing mistake' });
    });

    it('of a scope leaves those of the instance alone', async () => {
      const { id } = await anErrand(world, { remark: 'ring twice' });
      await move(id, 'pick', 'address');
      await change(id, { note: 'do not ring' }, { scope: 'sending' });
      const [row] = await world.database.query<{ variables: JsonObject; locals: JsonObject }>(
        'select variables, locals from orderflow.process_instance where id = $1',
        [id],
      );
      expect(row?.locals).to.deep.equal({ sending: { note: 'do not ring' } });
      expect(row?.variables).to.include({ note: null });
      const unknown = await problemOf(change(id, { note: 'x' }, { scope: 'nowhere' }));
      expect(unknown.code).to.equal('validation-failed');
      expect(unknown.message).to.contain('sending/address');
    });

    it('that the process does not declare is refused, with each place', async () => {
      const { id } = await anErrand(world);
      const problem = await problemOf(change(id, { urgent: 'very', colour: 'red' }));
      expect(problem.code).to.equal('validation-failed');
      expect(problem.extensions['errors']).to.deep.equal([
        { pointer: '/variables/colour', message: 'is not declared' },
        { pointer: '/variables/urgent', message: 'must be boolean' },
      ]);
    });
  });
});

/** A move whose warnings nobody heeds leaves ledgers wrong: invariants and audit are broken on purpose. */
describe('a move that nobody thought through', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ mayViolate: true });
  });
  after(() => world.close());

  it('forward warns of states that the order will not have been in, and the audit finds what was not done', async () => {
    const quotation = await aQuotation(world);
    const id = quotation.processInstanceId;
    const { quotation: draft } = await world.database.read((tx) => readVariables(tx, id));
    const dates = { remindAt: '2099-01-01T00:00:00.000Z', validUntil: '2099-02-01T00:00:00.000Z' };
    const variables = { quotation: { ...(draft as JsonObject), ...dates } };
    const forward = () => moveIn(world, id, 'q_draft', 'q_customer', { variables });
    expect((await problemOf(moveIn(world, id, 'q_draft', 'q_customer'))).message, 'its timers have no dates').to.contain(
      'quotation.remindAt',
    );
    const refused = await problemOf(forward());
    expect(refused.code, 'a quotation that was sent has a day until which it is valid').to.equal('wrong-state');
    expect(warned(refused.extensions as JsonObject)).to.have.length(2);

    await world.database.query(
      `update orderflow.quotation set valid_until = $2, fingerprint = 'f', revision = revision + 1 where id = $1`,
      [quotation.id, dates.validUntil],
    );
    const { body } = await forward();
    expect(warned(body)).to.deep.equal([
      ['effects-skipped', ['quotation.price', 'override.open', 'quotation.issue']],
      ['states-skipped', ['q_price_override']],
    ]);
    expect((await findingsOf(world)).map(({ subject }) => subject)).to.include(quotation.number);
  });
});
