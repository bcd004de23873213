import { runProperty } from './run.ts';

/** Random operations; 5,000 in the full run. */
const count = Number(process.env['PROPERTY_OPERATIONS'] ?? 500);
const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 1_000_000);

describe('random operations', function () {
  this.timeout(120_000 + count * 400);

  it(`${count} at random, 16 at a time, over HTTP: the invariants hold all the time, and in the end the books close`, async () => {
    console.log(`      seed ${seed} (PROPERTY_SEED), ${count} operations (PROPERTY_OPERATIONS)`);
    const { answers, looks, ms } = await runProperty({ count, seed });
    console.log(`      ${Math.round(ms / 1000)} s, the invariants looked at ${looks} times`);
    for (const [name, counts] of answers) console.log(`      ${name}: ${JSON.stringify(counts)}`);
  });
});
