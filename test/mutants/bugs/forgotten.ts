import type { Mutant } from '../mutant.ts';

const undo = 'src/jobs/handlers/sale.undo-commitments.ts';

/** What has to follow from something, and is forgotten; or does not end when it has to. */
export const forgottenBugs: readonly Mutant[] = [
  {
    name: 'credit-kept',
    what: 'a sale that is given up keeps its credit',
    edits: [{ file: undo, from: '  await releaseCredit(tx, sale.id, job.key, now);\n', to: '' }],
    caughtBy: {
      file: 'test/jobs/sale.test.ts',
      title:
        'credit that another sale gives up wakes who waits for it, and the request that is open for it is void (scenario 15)',
    },
  },
  {
    name: 'stock-kept',
    what: 'a sale that is given up keeps its stock',
    edits: [{ file: undo, from: '  await releaseReservations(tx, sale.id, job.key, now);\n', to: '' }],
    caughtBy: { file: 'test/audit/service.test.ts', title: 'a prepaid sale that was paid too much and is cancelled' },
  },
  {
    name: 'card-kept',
    what: 'what was asked of the payer of a sale that is given up stands',
    edits: [{ file: undo, from: '  await voidRequests(tx, sale, now);\n', to: '' }],
    caughtBy: { file: 'test/jobs/money/refunds.test.ts', title: 'a card that was authorised is let go by a cancellation' },
  },
  {
    name: 'late-money-kept',
    what: 'money that arrives for a sale that is over stays',
    edits: [
      {
        file: 'src/persistence/settlements.ts',
        from: 'if (isOver(sale)) return void (await requestRefunds(tx, sale, cause));',
        to: 'if (isOver(sale)) return;',
      },
    ],
    caughtBy: {
      file: 'test/jobs/money/refunds.test.ts',
      title: '11: money that arrives after the cancellation is refunded by itself, and is unapplied until then',
    },
  },
  {
    name: 'nobody-woken',
    what: 'goods of a shipment that is cancelled wake nobody who waits for them',
    edits: [
      {
        file: 'src/jobs/handlers/fulfilment.undo.ts',
        from: '    await wakeBackorders(tx, await lockStock(tx, skus));\n',
        to: '',
      },
    ],
    caughtBy: {
      file: 'test/fulfilment/cancelling.test.ts',
      title: 'gives the goods back while they are picked, and they serve whoever waits (scenario 42)',
    },
  },
  {
    name: 'claims-kept',
    what: 'a return that is rejected keeps its claim on the lines',
    edits: [
      {
        file: 'src/persistence/returns.ts',
        from: 'set return_requested = l.return_requested - x.requested',
        to: 'set return_requested = l.return_requested',
      },
    ],
    caughtBy: {
      file: 'test/fulfilment/returns.test.ts',
      title: 'rejects a return of nothing that was accepted: no refund, nothing restocked (scenario 44)',
    },
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
    name: 'job-forgotten',
    what: 'a job that the queue has lost is not rung again',
    edits: [
      {
        file: 'src/outbox/relay.ts',
        from: `set next_at = orderflow.now() + $2 * interval '1 millisecond'`,
        to: `set next_at = orderflow.now() + $2 * interval '1 year'`,
      },
    ],
    caughtBy: {
      file: 'test/outbox/relay.test.ts',
      title: 'rings a job once, and again after the lease as long as no result is committed (D9: the queue has lost it)',
    },
  },
  {
    name: 'job-for-ever',
    what: 'a job that keeps failing is tried for ever, and nobody is told',
    edits: [
      {
        file: 'src/commands/fail-job.ts',
        from: 'if (failed.failures >= failed.retries) {',
        to: 'if (failed.failures >= 1_000_000) {',
      },
    ],
    caughtBy: {
      file: 'test/jobs/worker.test.ts',
      title: 'a job that keeps failing becomes an incident after its retries, and goes on when that is resolved',
    },
  },
  {
    name: 'offer-for-ever',
    what: 'an offer is accepted after its validity, when its timer has not fired yet',
    edits: [
      {
        file: 'src/jobs/handlers/quotation.accept.ts',
        from: 'if (quotation.validUntil === null || now > quotation.validUntil)',
        to: 'if (quotation.validUntil === null)',
      },
    ],
    caughtBy: {
      file: 'test/scenarios/beyond.test.ts',
      title: '31 accepted after its validity, before any timer has fired: the guard alone decides',
    },
  },
];
