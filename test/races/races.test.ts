import { expect } from 'chai';
import { violations } from '../helpers/invariants.ts';
import { startScenarioService, type ScenarioService } from '../scenarios/service.ts';
import { createStage } from '../scenarios/stage.ts';
import { deadlocks } from './deadlocks.ts';
import { races } from './races.ts';

/** How often each race is run; 20 in the full run. */
const repetitions = Number(process.env['RACE_REPETITIONS'] ?? 3);

describe('races', function () {
  this.timeout(repetitions * 30_000);
  let service: ScenarioService;
  before(async () => {
    service = await startScenarioService();
  });
  after(() => service.close());

  for (const { id, title, run } of races) {
    it(`${id} ${title}`, async () => {
      for (let done = 0; done < repetitions; done++) await run(createStage(service));
      expect(await violations(service.database)).to.deep.equal([]);
    });
  }

  it('none of them was a deadlock for PostgreSQL', async () => {
    expect(await deadlocks(service.database)).to.equal(0);
  });
});
