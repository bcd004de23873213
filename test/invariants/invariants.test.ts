import { expect } from 'chai';
import { dropGuards } from '../audit/guards.ts';
import { violations } from '../helpers/invariants.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { corruptions } from './corruptions.ts';
import { liveThrough } from './lives.ts';

describe('the view invariant_violation', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ mayViolate: true });
    await liveThrough(world);
  });
  after(() => world?.close());

  it('is empty where all is well', async () => {
    expect(await violations(world.database)).to.deep.equal([]);
  });

  describe('of a world that was tampered with', () => {
    before(() => world.database.transaction(dropGuards));

    /** The invariants that are violated by a change, which is taken back. */
    async function violatedBy(sql: readonly string[]): Promise<string[]> {
      const undo = new Error('undo');
      let found: { inv: string }[] = [];
      await world.database
        .transaction(async (tx) => {
          for (const statement of sql) await tx.query(statement);
          found = await tx.query<{ inv: string }>('select inv from orderflow.invariant_violation');
          throw undo;
        })
        .catch((error: unknown) => {
          if (error !== undo) throw error;
        });
      return found.map(({ inv }) => inv.split(' ')[0] ?? '');
    }

    for (const { inv, because, sql } of corruptions) {
      it(`${inv} shows that ${because}`, async () => {
        expect(await violatedBy([sql].flat())).to.include(inv);
      });
    }

    it('every invariant is tested by a corruption', async () => {
      const [{ text }] = (await world.database.query<{ text: string }>(
        `select prosrc as text from pg_proc where proname = 'find_violations'`,
      )) as [{ text: string }];
      const all = [...text.matchAll(/select '(INV-\w+) /g)].map(([, inv]) => inv);
      expect(all).to.have.length.greaterThan(25);
      expect(all.filter((inv) => !corruptions.some((each) => each.inv === inv))).to.deep.equal([]);
    });
  });
});
