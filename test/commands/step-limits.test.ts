import { expect } from 'chai';
import { completeUserTask } from '../../src/commands/complete-user-task.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { problemOf } from '../helpers/problems.ts';
import { by, openWorld, type World } from '../helpers/world.ts';

/** Every time the task is done the note is twice as long. */
const growing = b.bpmnNamed(
  'growing',
  b.start('s'),
  b.element(
    'userTask',
    { id: 't' },
    '<zeebe:assignmentDefinition candidateGroups="operator"/>',
    b.io({ output: { note: '=note + note' } }),
  ),
  b.xor('x', 't'),
  b.end('e'),
  b.flow('s', 't', 'x', 't'),
  b.flowIf('x', 'e', '=note = "enough"'),
);

describe('limits of an instance', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
    const variables = JSON.stringify({ type: 'object', properties: { note: { type: 'string' } } });
    await deploy(
      world.database,
      new Map([
        ['growing.bpmn', growing],
        ['growing.variables.schema.json', variables],
      ]),
      'test',
    );
  });
  after(() => world.close());

  it('a step after which its variables would have more than 1 MB is not taken, and says which one grew', async () => {
    const { body } = await startProcess(world.deps, by('operator'), {
      processId: 'growing',
      businessKey: 'G-1',
      variables: { note: 'x'.repeat(60_000) },
    });
    const instanceId = body['id'] as string;
    const openTask = async (): Promise<string> =>
      (
        await world.database.query<{ id: string }>(`select id from orderflow.wait where instance_id = $1 and status = 'open'`, [
          instanceId,
        ])
      )[0]!.id;
    const complete = async () => completeUserTask(world.deps, by('operator'), { taskId: await openTask(), variables: {} });
    for (let length = 60_000; length * 2 < 1_000_000; length *= 2) await complete();
    const task = await openTask();

    const problem = await problemOf(complete());

    expect(problem.code).to.equal('step-failed');
    expect(problem.message).to.match(/t: the variables would have 19\d{5} characters, note alone 19\d{5}; 1000000 are allowed/);
    expect(await openTask(), 'the instance stands where it stood').to.equal(task);
  });
});
