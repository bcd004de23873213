import type { Mutant } from '../mutant.ts';

/** Money that counts twice, too much or not at all. */
export const moneyBugs: readonly Mutant[] = [
  {
    name: 'capture-beyond-total',
    what: 'all that was captured is applied, also beyond the total',
    edits: [
      {
        file: 'src/persistence/captures.ts',
        from: 'const appliedMinor = isOver(sale) ? 0 : appliedPart(sale, amountMinor);',
        to: 'const appliedMinor = isOver(sale) ? 0 : amountMinor;',
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
        file: 'src/persistence/captures.ts',
        from: '    provider,\n    reference,\n    parentId: request ?? null,',
        to: '    provider,\n    reference: newId(),\n    parentId: request ?? null,',
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
    name: 'credit-kept',
    what: 'a sale that is given up keeps its credit',
    edits: [
      { file: 'src/jobs/handlers/sale.undo-commitments.ts', from: '  await releaseCredit(tx, sale.id, job.key, now);\n', to: '' },
    ],
    caughtBy: {
      file: 'test/jobs/sale.test.ts',
      title:
        'credit that another sale gives up wakes who waits for it, and the request that is open for it is void (scenario 15)',
    },
  },
  {
    name: 'unsigned-believed',
    what: 'an event of a provider is believed by its looks: the signature is not compared',
    edits: [
      {
        file: 'src/support/webhook-signature.ts',
        from: 'given.length === wanted.length && timingSafeEqual(given, wanted)',
        to: 'given.length === wanted.length && given.length > 0',
      },
    ],
    caughtBy: {
      file: 'test/http/order-life.test.ts',
      title: 'takes in a signed event of a provider once, and an unsigned one never',
    },
  },
];
