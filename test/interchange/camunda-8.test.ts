import { expect } from 'chai';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lintBundle } from '../../src/commands/lint-bundle.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { missingDeclarations } from '../../src/commands/missing-declarations.ts';
import { startProcess } from '../../src/commands/start-process.ts';
import { readResources } from '../../src/resources.ts';
import { orderflow } from '../cli/run.ts';
import * as b from '../helpers/bpmn-builder.ts';
import { by, openWorld } from '../helpers/world.ts';

const folder = path.join(import.meta.dirname, 'camunda-8');

describe('a diagram as Camunda Modeler writes it', function () {
  this.timeout(60_000);

  it('lacks declarations; "orderflow declare" drafts them, and then it is deployed and runs', async () => {
    const mine = await mkdtemp(path.join(tmpdir(), 'orderflow-declare-'));
    await cp(folder, mine, { recursive: true });
    const rules = (await lintBundle(await readResources(mine))).findings.map(({ rule }) => rule);
    expect(rules).to.have.members(['variables-declared', 'job-type-known', 'job-type-known', 'layout-missing']);

    const declared = await orderflow(['declare', mine, '--json']);
    expect(declared.code, declared.err).to.equal(0);
    expect((JSON.parse(declared.out) as { written: string[] }).written).to.deep.equal([
      'order-process.variables.schema.json',
      'initiate-payment.job.schema.json',
      'ship-with-insurance.job.schema.json',
    ]);
    const again = await orderflow(['declare', mine]);
    expect([again.code, again.out, again.err]).to.deep.equal([0, '', 'Nothing is missing.\n']);

    const world = await openWorld();
    try {
      await deploy(world.database, await readResources(mine), 'test');
      const { body } = await startProcess(world.deps, by('operator'), {
        processId: 'order-process',
        businessKey: 'O-1',
        variables: { orderId: 'O-1', orderValue: 99, user: 'operator' },
      });
      const waits = await world.database.query(
        `select element_id, kind from orderflow.wait where instance_id = $1 and status = 'open'`,
        [body['id']],
      );
      expect(waits).to.deep.equal([{ element_id: 'pay', kind: 'job' }]);
    } finally {
      await world.close();
      await rm(mine, { recursive: true });
    }
  });

  it('a name that only output mappings of a job use is a result of that job, every other one a variable', async () => {
    const xml = b.bpmn(
      b.start('s'),
      b.job('t', b.io({ input: { id: '=order.id' }, output: { total: '=sum', state: '=order.next' } })),
      b.end('e'),
      b.flow('s', 't', 'e'),
    );
    const drafts = missingDeclarations(await lintBundle(new Map([['p.bpmn', xml]])));
    const read = (name: string): unknown => JSON.parse(drafts.get(name) ?? '') as unknown;
    expect([...drafts.keys()]).to.deep.equal(['P.variables.schema.json', 'do-t.job.schema.json']);
    expect(read('P.variables.schema.json')).to.deep.equal({
      type: 'object',
      properties: { order: { type: 'object', properties: { id: {}, next: {} } } },
    });
    expect(read('do-t.job.schema.json')).to.deep.include({ type: 'do-t', output: { type: 'object', properties: { sum: {} } } });
  });
});
