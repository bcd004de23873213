import type { Mutant } from '../mutant.ts';

/** Money that counts twice, too much or not at all. */
export const moneyBugs: readonly Mutant[] = [
  {
    name: 'capture-beyond-total',
    what: 'all that was captured is applied, also beyond the total',
    edits: [
      {
        file: 'src/domain/captures.ts',
        from: 'order.overcaptureAllowedMinor - (order.capturedMinor - order.refundedMinor)',
        to: 'Number.MAX_SAFE_INTEGER / 2',
      },
      {
        file: 'migrations/1795392000000-sale-and-overrides.ts',
        from: 'captured_minor - refunded_minor <= total_minor + overcapture_allowed_minor)',
        to: 'captured_minor >= 0)',
      },
    ],
    caughtBy: {
      file: 'test/commands/override-requests.test.ts',
      title: 'money beyond the total: the approval is used up at once and raises what the sale may take',
    },
  },
  {
    name: 'capture-twice',
    what: 'a reference that is known already is another capture',
    edits: [
      { file: 'src/commands/record-capture.ts', from: '  if (earlier) {', to: '  if (earlier && earlier.amountMinor === 0) {' },
      {
        file: 'src/commands/record-capture.ts',
        from: 'const money = { provider, reference, amountMinor,',
        to: 'const money = { provider, reference: unit.commandId ?? reference, amountMinor,',
      },
    ],
    caughtBy: {
      file: 'test/commands/record-capture.test.ts',
      title: 'one reference for six orders at once is one capture and five refusals',
    },
  },
  {
    name: 'refund-uncapped',
    what: 'a refund is not held against what is left of the captures',
    edits: [
      {
        file: 'src/commands/refund-sale-order.ts',
        from: 'if (amountMinor > unapplied + applied)',
        to: 'if (amountMinor < 0)',
      },
    ],
    caughtBy: {
      file: 'test/jobs/money/refunds.test.ts',
      title: '58: of two refunds of the last 10.00 one is made and the other is told of refund_cap',
    },
  },
  {
    name: 'charged-twice',
    what: 'a capture is asked for under another key each time',
    edits: [
      {
        file: 'src/jobs/handlers/payment.capture-on-shipment.ts',
        from: 'idempotencyKey: reference }',
        to: 'idempotencyKey: `${reference}:${Math.random()}` }',
      },
    ],
    caughtBy: {
      file: 'test/jobs/money/card.test.ts',
      title: '49: the worker dies after the provider took the money and before it could write that down: one charge',
    },
  },
  {
    name: 'settled-twice',
    what: 'a capture counts when its answer comes, and again when it is told',
    edits: [
      {
        file: 'src/persistence/captures.ts',
        from: "if (!['REQUESTED', 'PENDING', 'UNKNOWN'].includes(row.status)) return row.status;",
        to: "if (row.status === 'FAILED') return row.status;",
      },
    ],
    caughtBy: {
      file: 'test/jobs/money/card.test.ts',
      title: 'the sale is cleared by the authorisation; the shipment takes the money, once, whether answer or event comes first',
    },
  },
  {
    name: 'refund-settled-twice',
    what: 'a refund counts as often as somebody says that it was made',
    edits: [
      {
        file: 'src/persistence/refund-ledger.ts',
        from: "if (!['REQUESTED', 'PENDING', 'UNKNOWN'].includes(row.status)) return row.status;",
        to: "if (row.status === 'FAILED') return row.status;",
      },
    ],
    caughtBy: {
      file: 'test/jobs/money/refunds.test.ts',
      title: 'a refund counts once, although others say as well that it was made',
    },
  },
  {
    name: 'invoice-paid-twice',
    what: 'a payment of an invoice counts again under the same reference',
    edits: [
      {
        file: 'src/persistence/invoices.ts',
        from: 'if (known !== null) return { knownMinor: known };',
        to: 'if (known === 0) return { knownMinor: known };',
      },
    ],
    caughtBy: {
      file: 'test/jobs/money/invoices.test.ts',
      title: 'a payment lessens what is unpaid; the same reference is the same money; too much is money on account',
    },
  },
  {
    name: 'credited-twice',
    what: 'goods that came back are credited as often as that is said',
    edits: [
      {
        file: 'src/persistence/invoices.ts',
        from: 'if (earlier.creditedMinor > 0) return earlier;',
        to: 'if (earlier.creditedMinor < 0) return earlier;',
      },
    ],
    caughtBy: {
      file: 'test/jobs/money/invoices.test.ts',
      title:
        'returned goods: what is open is credited, what was paid becomes money on account, and a second time gives nothing more',
    },
  },
  {
    name: 'own-hold-counts',
    what: 'what a sale holds already counts against it when its credit is decided anew',
    edits: [
      {
        file: 'src/jobs/handlers/credit.decide.ts',
        from: 'exposureMinor: profile.exposureMinor - (held?.amountMinor ?? 0) }',
        to: 'exposureMinor: profile.exposureMinor }',
      },
    ],
    caughtBy: {
      file: 'test/jobs/sale.test.ts',
      title:
        'an order that became smaller needs no second approval: its own hold does not count against it, and what was granted covers it',
    },
  },
  {
    name: 'credit-queue-jumping',
    what: 'credit that becomes free goes to who came last',
    edits: [
      { file: 'src/persistence/credit-waking.ts', from: 'desc, s.created_at, s.id`', to: 'desc, s.created_at desc, s.id`' },
    ],
    caughtBy: {
      file: 'test/time/credit-waking.test.ts',
      title: 'R7: 3,000 are freed, 12 wait for 1,000 each, 6 sweepers race: three are released, the oldest, once each',
    },
  },
];
