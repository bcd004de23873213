import { scenarios } from './all.ts';
import { playAll, type Performance } from './play.ts';

/** Scenarios of docs/domain.md by number, with the path of states that each has to take: through HTTP and workers (`npm run scenarios`). */
describe('scenarios', function () {
  this.timeout(240_000); // they play at the same time, so each may have to wait for all the others
  let performance: Performance;
  before(() => {
    performance = playAll(scenarios);
  });
  after(() => performance.over);

  for (const scenario of scenarios) {
    it(`${scenario.number} ${scenario.title}`, async () => {
      const outcome = await performance.outcomes.get(scenario);
      if (outcome?.error) throw outcome.error;
    });
  }
});
