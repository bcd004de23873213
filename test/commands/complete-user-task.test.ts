import { expect } from 'chai';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { claimUserTask } from '../../src/commands/claim-user-task.ts';
import type { Problem } from '../../src/support/errors.ts';
import { aQuotation, openTask, statesOf } from '../helpers/builders.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

describe('completing a user task', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  it('20 people with 20 keys at once: one succeeds, nineteen are told who was first, and the log has one completion (D7, scenario 38)', async () => {
    const quotation = await aQuotation(world);
    const taskId = await openTask(world, quotation.processInstanceId, 'q_draft');
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) =>
        completeUserTask(world.deps, by(n % 2 ? 'sales' : 'sales-2'), { taskId, variables: {} }),
      ),
    );
    const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as Problem] : []));
    expect(results.filter((result) => result.status === 'fulfilled')).to.have.length(1);
    expect(refused.map((problem) => problem.code)).to.deep.equal(Array.from({ length: 19 }, () => 'task-not-open'));
    const [row] = await world.database.query<{ by: string; steps: number }>(
      `select w.closed_by as by, (select count(*) from orderflow.step s where s.wait_id = w.id) as steps from orderflow.wait w where w.id = $1`,
      [taskId],
    );
    expect(row?.steps).to.equal(1);
    for (const problem of refused) expect(problem.extensions['closedBy']).to.equal(row?.by);
  });

  it('a late completion of an earlier round of a loop does not complete the present one', async () => {
    const quotation = await aQuotation(world);
    const first = await openTask(world, quotation.processInstanceId, 'q_draft');
    // a discount that nobody may give sends the draft back: the same element waits again, as another task
    await world.database.query('update orderflow.quotation_line set discount_bp = 5000 where quotation_id = $1', [quotation.id]);
    await completeUserTask(world.deps, by('sales'), { taskId: first, variables: {} });
    await world.drain();
    const second = await openTask(world, quotation.processInstanceId, 'q_draft');
    expect(second).not.to.equal(first);
    const problem = await problemOf(completeUserTask(world.deps, by('sales-2'), { taskId: first, variables: {} }));
    expect(problem.code).to.equal('task-not-open');
    expect(await openTask(world, quotation.processInstanceId, 'q_draft')).to.equal(second);
    expect(await statesOf(world, quotation.id)).to.deep.equal(['DRAFT']);
  });

  it('refuses somebody without the role, naming the role, and changes nothing', async () => {
    const quotation = await aQuotation(world);
    const taskId = await openTask(world, quotation.processInstanceId, 'q_draft');
    const problem = await problemOf(completeUserTask(world.deps, by('warehouse'), { taskId, variables: {} }));
    expect([problem.code, problem.extensions['requiredRoles']]).to.deep.equal(['forbidden', ['sales_rep']]);
    expect(await openTask(world, quotation.processInstanceId, 'q_draft')).to.equal(taskId);
  });

  it('refuses a result that does not fit the form, naming the place', async () => {
    const quotation = await aQuotation(world);
    await completeUserTask(world.deps, by('sales'), {
      taskId: await openTask(world, quotation.processInstanceId, 'q_draft'),
      variables: {},
    });
    await world.drain();
    const taskId = await openTask(world, quotation.processInstanceId, 'q_customer');
    const problem = await problemOf(
      completeUserTask(world.deps, by('buyer'), { taskId, variables: { customer: { answer: 'MAYBE' } } }),
    );
    expect(problem.code).to.equal('validation-failed');
    expect(problem.extensions['errors']).to.have.nested.property('[0].pointer', '/variables/customer/answer');
  });

  it('a claimed task is for its claimer, and a stale revision is refused', async () => {
    const quotation = await aQuotation(world);
    const taskId = await openTask(world, quotation.processInstanceId, 'q_draft');
    await claimUserTask(world.deps, by('sales'), { taskId, claim: true });
    const claimed = await problemOf(completeUserTask(world.deps, by('sales-2'), { taskId, variables: {} }));
    expect([claimed.code, claimed.extensions['assignee']]).to.deep.equal(['task-claimed', 'sales']);
    const stale = await problemOf(completeUserTask(world.deps, by('sales'), { taskId, variables: {}, ifRevision: 1 }));
    expect([stale.code, stale.extensions['revision']]).to.deep.equal(['revision-mismatch', 2]);
    const { headers } = await completeUserTask(world.deps, by('sales'), { taskId, variables: {}, ifRevision: 2 });
    expect(headers).to.deep.equal({ ETag: '"2"' });
  });

  it('a dry run tells the path and writes nothing', async () => {
    const quotation = await aQuotation(world);
    const taskId = await openTask(world, quotation.processInstanceId, 'q_draft');
    const { body } = await completeUserTask(world.deps, { ...by('sales'), dryRun: true }, { taskId, variables: {} });
    expect(body['dryRun']).to.equal(true);
    expect(body['steps']).to.have.nested.property('[0].opens[0].jobType', 'quotation.price');
    expect(await openTask(world, quotation.processInstanceId, 'q_draft')).to.equal(taskId);
  });
});
