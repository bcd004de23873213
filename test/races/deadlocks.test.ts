import { expect } from 'chai';
import { openTestDatabase } from '../helpers/database.ts';
import { deadlocks } from './deadlocks.ts';

describe('the count of deadlocks', () => {
  it('has one in it that was provoked', async () => {
    const { database, drop } = await openTestDatabase();
    try {
      let arrived = 0;
      let letGo: () => void = () => undefined;
      const bothHold = new Promise<void>((resolve) => (letGo = resolve));
      const lock = (first: number, second: number): Promise<unknown> =>
        database.transaction(async (tx) => {
          await tx.query('select pg_advisory_xact_lock($1)', [first]);
          if (++arrived === 2) letGo();
          await bothHold;
          await tx.query('select pg_advisory_xact_lock($1)', [second]);
        });
      expect(await deadlocks(database)).to.equal(0);

      const ends = await Promise.allSettled([lock(1, 2), lock(2, 1)]);

      expect(ends.map(({ status }) => status)).to.have.members(['fulfilled', 'rejected']);
      expect(await deadlocks(database)).to.equal(1);
    } finally {
      await drop();
    }
  });
});
