import { expect } from 'chai';
import { fuzz } from './run.ts';

const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);
const diagrams = Number(process.env['FUZZ_DIAGRAMS'] ?? 300);

describe('engine: random diagrams', () => {
  it(`${diagrams} diagrams from seed ${seed}: the engine is where the token game is, whatever the schedule, and crashes change nothing`, async function () {
    this.timeout(60_000 + diagrams * 1000);
    const { faults, commands } = await fuzz(diagrams, seed);
    expect(faults, 'run again with FUZZ_SEED=<seed> FUZZ_DIAGRAMS=1').to.deep.equal([]);
    expect(commands).to.be.greaterThan(diagrams);
  });
});
