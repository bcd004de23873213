import { expect } from 'chai';
import type { QueryRunner } from 'typeorm';
import { DecisionDefinitions1795392000008 } from '../../migrations/1795392000008-decision-definitions.ts';
import { deploy } from '../../src/commands/deploy.ts';
import { processesFolder, readResources } from '../../src/resources.ts';
import { openTestDatabase } from '../helpers/database.ts';

describe('the migration that gives decisions versions', () => {
  it('finds the decisions of what was deployed before it, with the versions that they would have had', async () => {
    const { database, drop } = await openTestDatabase({ deployed: true });
    try {
      const shipped = await readResources(processesFolder);
      const table = shipped.get('credit-check.dmn') ?? '';
      await deploy(database, new Map([...shipped, ['credit-check.dmn', table.replace('&lt;= 90', '&lt;= 91')]]), 'test');
      const versions = () =>
        database.query(
          'select deployment_id, decision_id, name, version, resource_name from orderflow.decision_definition order by decision_id, version',
        );
      const before = await versions();
      expect(before.length).to.be.greaterThan(10);

      const migration = new DecisionDefinitions1795392000008();
      await database.transaction(async (tx) => {
        const runner = { query: (sql: string) => tx.query(sql) } as unknown as QueryRunner;
        await migration.down(runner);
        await migration.up(runner);
      });

      expect(await versions()).to.deep.equal(before);
    } finally {
      await drop();
    }
  });
});
