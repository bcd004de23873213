import { expect } from 'chai';
import { deploy } from '../../src/commands/deploy.ts';
import { failJob, takeDelivery } from '../../src/commands/fail-job.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import { activateJobs } from '../../src/commands/activate-jobs.ts';
import { readResources } from '../../src/resources.ts';
import { bpmn, end, flow, io, job, start, sub } from '../helpers/bpmn-builder.ts';
import { aSaleOrder } from '../helpers/builders.ts';
import { by, openWorld, person, type World } from '../helpers/world.ts';
import { aDocument, exampleFolder } from './stage.ts';

describe('jobs of the service, and of instances without an order', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());
  const outbox = async (column: string, value: string) =>
    (
      await world.database.query<{ failures: number; deliveries: number; rests: boolean; error: string | null }>(
        `select failures, deliveries, next_at = 'infinity' as rests, last_error as error from orderflow.outbox where ${column} = $1`,
        [value],
      )
    )[0];

  it('a delivery that took longer than its lease counts no failure against the one that has the job now', async () => {
    const sale = await aSaleOrder(world);
    const [open] = await world.database.query<{ jobId: string }>(
      'select wait_id as "jobId" from orderflow.outbox where instance_id = $1 and done_at is null',
      [sale.processInstanceId],
    );
    const jobId = open?.jobId ?? '';
    const first = await takeDelivery(world.deps, jobId, 1_000);
    const second = await takeDelivery(world.deps, jobId, 60_000);
    expect(await failJob(world.deps, jobId, first ?? '', 'too late')).to.equal('gone');
    expect(await outbox('wait_id', jobId)).to.deep.include({ failures: 0, deliveries: 2, error: null });
    expect(await failJob(world.deps, jobId, second ?? '', 'in time')).to.equal('retry');
    expect(await outbox('wait_id', jobId)).to.deep.include({ failures: 1, error: 'in time' });
    await world.pass(60_000);
    await world.drain();
  });

  it('a job type of the house in an instance without an order becomes an incident that says what to change', async () => {
    const example = await readResources(exampleFolder);
    const theirs = new Map([...example].map(([name, text]) => [name, text.replaceAll('document.scan', 'inventory.reserve')]));
    await deploy(world.database, theirs, 'test');
    const { id } = await aDocument(world);
    for (let retry = 0; retry < 3; retry++) {
      await world.pass(60_000);
      await world.drain();
    }
    expect(await outbox('instance_id', id)).to.deep.include({ failures: 3, rests: true });
    const [incident] = await world.database.query<{ message: string }>(
      'select message from orderflow.incident where instance_id = $1',
      [id],
    );
    expect(incident?.message).to.match(
      /inventory\.reserve works on orders, and D-\w+ is none\. Give dc_scan a job type of your own/,
    );
  });

  it('a job sees what its element sees: variables of the scopes around it, and its own input', async () => {
    const inside = [start('a'), job('scan', io({ input: { page: '=chapter + 1' } })), end('b'), flow('a', 'scan', 'b')];
    const process = bpmn(
      start('s'),
      sub('sp', io({ input: { chapter: '=book + 10' } }), ...inside),
      end('e'),
      flow('s', 'sp', 'e'),
    );
    const schema = { type: 'object', properties: { book: { type: ['integer', 'null'], default: null } } };
    const declared = { type: 'do-scan', output: { type: 'object' } };
    await deploy(
      world.database,
      new Map([
        ['P.bpmn', process],
        ['P.variables.schema.json', JSON.stringify(schema)],
        ['do-scan.job.schema.json', JSON.stringify(declared)],
      ]),
      'test',
    );
    await startProcess(world.deps, by('operator'), { processId: 'P', businessKey: 'P-1', variables: { book: 1 } });
    const asked = { actor: person('worker'), type: 'do-scan', worker: 'w', maxJobs: 1, lockMs: 60_000 };
    const { jobs } = await activateJobs(world.deps, asked);
    expect(jobs[0]?.['variables']).to.deep.equal({ book: 1, chapter: 11, page: 12 });
  });
});
