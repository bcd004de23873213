import { expect } from 'chai';
import { orderflow, urlOf } from '../cli/run.ts';
import { openWorld } from '../helpers/world.ts';
import { auditBugs, lives, type AuditBug } from './seeded-bugs.ts';

describe('orderflow audit, of a service with a bug in it', function () {
  this.timeout(60_000); // each audit is a process of its own
  const auditAfter = async ({ handler, live }: Pick<AuditBug, 'live'> & Partial<AuditBug>) => {
    const world = await openWorld({ mayViolate: true });
    try {
      if (handler) world.handlers.set(handler.type, handler);
      await live(world);
      return await orderflow(['audit'], { DATABASE_URL: urlOf(world.target) });
    } finally {
      await world.close();
    }
  };

  for (const [name, live] of Object.entries(lives)) {
    it(`exits with 0 without a bug (${name})`, async () => {
      const { code, out } = await auditAfter({ live });
      expect(code, out).to.equal(0);
    });
  }

  for (const bug of auditBugs) {
    it(`exits with 1 and tells of the order: ${bug.what}`, async () => {
      const { code, out } = await auditAfter(bug);
      expect(code, out).to.equal(1);
      expect(out).to.match(/\b(?:[QSF]-\d{6}|[CP]-[0-9a-f]{8})\b/);
    });
  }
});
