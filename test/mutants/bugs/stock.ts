import type { Mutant } from '../mutant.ts';

const returns = 'test/fulfilment/returns.test.ts';

/** Pieces that are promised, shipped or returned twice, or never again. */
export const stockBugs: readonly Mutant[] = [
  {
    name: 'shipped-and-reserved',
    what: 'what leaves the house stays reserved on its level',
    edits: [
      {
        file: 'src/persistence/stock.ts',
        from: 'set on_hand = on_hand - $2, reserved = reserved - $2, revision',
        to: 'set on_hand = on_hand - $2, revision',
      },
    ],
    caughtBy: {
      file: 'test/audit/service.test.ts',
      title: 'a quotation that becomes a sale on terms and is shipped, delivered and closed',
    },
  },
  {
    name: 'stock-kept',
    what: 'a sale that is given up keeps its stock',
    edits: [
      {
        file: 'src/jobs/handlers/sale.undo-commitments.ts',
        from: '  await releaseReservations(tx, sale.id, job.key, now);\n',
        to: '',
      },
    ],
    caughtBy: { file: 'test/audit/service.test.ts', title: 'a prepaid sale that was paid too much and is cancelled' },
  },
  {
    name: 'reserved-for-ever',
    what: 'soft reservations never expire',
    edits: [
      {
        file: 'src/commands/expire-reservations.ts',
        from: `where r.status = 'SOFT' and r.expires_at <= orderflow.now()\n      group`,
        to: `where r.status = 'SOFT' and r.expires_at = 'infinity'\n      group`,
      },
    ],
    caughtBy: {
      file: 'test/time/sweeps.test.ts',
      title: 'a soft reservation that has run out is let go, by one of six sweepers: stock, line and ledger agree',
    },
  },
  {
    name: 'queue-jumping',
    what: 'goods that arrive go to whoever, not to who was promised first',
    edits: [
      {
        file: 'src/persistence/backorders.ts',
        from: 'order by min(d.priority), min(d.committed_at), min(d.id::text)`',
        to: 'order by min(md5(d.id::text))`',
      },
    ],
    caughtBy: {
      file: 'test/fulfilment/picking.test.ts',
      title: 'serves those who wait in the order in which they were promised, and lets nobody overtake (scenario 20)',
    },
  },
  {
    name: 'return-of-too-much',
    what: 'more is claimed than was delivered and has not come back',
    edits: [
      { file: 'src/commands/request-return.ts', from: 'else if (quantity > line.left)', to: 'else if (quantity < 0)' },
      {
        file: 'migrations/1795392000001-fulfilments-and-returns.ts',
        from: 'check (return_requested + returned <= delivered)',
        to: 'check (returned >= 0)',
      },
    ],
    caughtBy: { file: returns, title: 'claims no more than has arrived and not come back, also when several ask at once' },
  },
  {
    name: 'accepted-too-much',
    what: 'an inspection accepts more than was to come back',
    edits: [
      { file: 'src/commands/task-results.ts', from: 'if (each.accepted > line.requested)', to: 'if (each.accepted < 0)' },
      {
        file: 'migrations/1795392000001-fulfilments-and-returns.ts',
        from: 'check (accepted <= requested)',
        to: 'check (accepted >= 0)',
      },
    ],
    caughtBy: { file: returns, title: 'refuses an inspection that does not fit the return' },
  },
];
