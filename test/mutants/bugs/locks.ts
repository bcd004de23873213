import type { Mutant } from '../mutant.ts';

const locks = 'test/races/locks.test.ts';
const guards = 'test/persistence/guarded-updates.test.ts';

/** Locks that are not taken, and updates that do not look at what they change. */
export const lockBugs: readonly Mutant[] = [
  {
    name: 'credit-unlocked',
    what: 'the credit profile is read without a lock',
    edits: [
      {
        file: 'src/persistence/credit.ts',
        from: `findOneOrFail(CreditProfile, { where: { customerId, currency }, lock: { mode: 'for_no_key_update' } })`,
        to: 'findOneOrFail(CreditProfile, { where: { customerId, currency } })',
      },
    ],
    caughtBy: { file: locks, title: 'a credit check decides on what the one before it has left of the profile' },
  },
  {
    name: 'sale-unlocked',
    what: "a capture reads the sale without its row's lock",
    edits: [
      {
        file: 'src/persistence/orders.ts',
        from: `findOne(SaleOrder, { where: { id }, lock: { mode: 'for_no_key_update' } })`,
        to: 'findOne(SaleOrder, { where: { id } })',
      },
    ],
    caughtBy: { file: locks, title: 'a capture counts on top of what came while it waited for the sale' },
  },
  {
    name: 'stock-unlocked',
    what: 'the stock levels are read without a lock',
    edits: [
      {
        file: 'src/persistence/stock.ts',
        from: 'where sku = any($1) order by id for no key update`',
        to: 'where sku = any($1) order by id`',
      },
    ],
    caughtBy: { file: locks, title: 'a reservation takes from what the one before it has left of the stock' },
  },
  {
    name: 'instance-unlocked',
    what: 'a process instance is read without a lock',
    edits: [{ file: 'src/commands/instance.ts', from: 'where i.id = $1\n        for no key update`', to: 'where i.id = $1`' }],
    caughtBy: {
      file: 'test/commands/lock-instance.test.ts',
      title: 'whoever has waited for the lock sees the state that the one before left behind',
    },
  },
  {
    name: 'stock-unguarded',
    what: 'stock is promised by what was read before, not by what is there',
    edits: [
      {
        file: 'src/persistence/stock.ts',
        from: 'where id = $1 and on_hand - reserved >= $2 and greatest(0, on_hand - reserved - safety) >= $2 - $3::bigint`',
        to: 'where id = $1 and $3::bigint >= 0`',
      },
    ],
    caughtBy: { file: guards, title: 'of 20 who take one of the last 5 pieces at once 5 get one' },
  },
  {
    name: 'credit-unguarded',
    what: 'credit is taken by what was read before, not by what is left',
    edits: [
      {
        file: 'src/persistence/credit.ts',
        from: 'where id = $1 and exposure_minor + $2 <= limit_minor + $3`',
        to: 'where id = $1 and $3::bigint >= 0`',
      },
    ],
    caughtBy: { file: guards, title: 'of 20 who take 10.00 of the last 50.00 of credit at once 5 get it' },
  },
  {
    name: 'stale-revision',
    what: 'If-Match is not compared',
    edits: [
      {
        file: 'src/commands/lock-order.ts',
        from: 'refuseStale(order.number, revision, ifRevision);',
        to: 'refuseStale(order.number, revision, ifRevision && Math.max(ifRevision, revision));',
      },
    ],
    caughtBy: { file: 'test/http/commands.test.ts', title: 'If-Match: 412 when it has changed, done when it has not' },
  },
  {
    name: 'goods-issue-blind',
    what: 'goods issue does not look whether the shipment was cancelled',
    edits: [
      {
        file: 'src/jobs/handlers/shipment.post.ts',
        from: 'if (fulfilment.cancelRequestedAt !== null)',
        to: 'if (fulfilment.closedAt !== null)',
      },
    ],
    caughtBy: {
      file: 'test/fulfilment/cancelling.test.ts',
      title: 'marks one that is packed and about to leave: goods issue finds the mark, and its label is voided',
    },
  },
];
