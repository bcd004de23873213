import { violations } from '../helpers/invariants.ts';
import { expect } from 'chai';
import { startScenarioService, type ScenarioService } from '../scenarios/service.ts';
import { createStage } from '../scenarios/stage.ts';
import { playLargeOrder } from './play.ts';

const lineCount = 500;
const seed = Number(process.env['LARGE_ORDER_SEED'] ?? Date.now() % 1_000_000);

describe('an order of many lines', function () {
  this.timeout(180_000);
  let service: ScenarioService;
  before(async () => {
    service = await startScenarioService();
  });
  after(() => service.close());

  it(`${lineCount} lines: quoted, reserved, shipped in three parts with lines that are short, lost and returned; lines and phase are those of a model`, async () => {
    console.log(`      seed ${seed} (LARGE_ORDER_SEED)`);
    await playLargeOrder(createStage(service), { lineCount, seed });
    expect(await violations(service.database)).to.deep.equal([]);
  });
});
