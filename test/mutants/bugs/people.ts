import type { Mutant } from '../mutant.ts';

/** People who may not, and do. */
export const peopleBugs: readonly Mutant[] = [
  {
    name: 'delegation-for-ever',
    what: 'a delegation does not end',
    edits: [
      {
        file: 'src/queries/person.ts',
        from: 'and d.valid_from <= orderflow.now() and d.valid_until > orderflow.now()',
        to: 'and d.valid_from <= orderflow.now()',
      },
    ],
    caughtBy: {
      file: 'test/http/people.test.ts',
      title:
        'a delegation ends by its time or by a word, is no delegation for a third, and is made for others by an order_admin only',
    },
  },
  {
    name: 'any-role-approves',
    what: 'whoever has seen an override request decides it, whatever their role',
    edits: [
      {
        file: 'src/commands/decide-override.ts',
        from: `  requireAnyRole(actor, [override.requiredRole], 'decide this override request');\n`,
        to: '',
      },
    ],
    caughtBy: {
      file: 'test/http/people.test.ts',
      title:
        'a role that was taken away between opening a request and approving it is gone: 403, and the request is PENDING (scenario 59)',
    },
  },
  {
    name: 'anybody-refunds',
    what: 'anybody gives money back',
    edits: [
      {
        file: 'src/commands/refund-sale-order.ts',
        from: `    requireAnyRole(unit.actor, permissions['refund a sale order'], 'refund a sale order');\n`,
        to: '',
      },
    ],
    caughtBy: { file: 'test/jobs/money/refunds.test.ts', title: 'only finance refunds' },
  },
  {
    name: 'claim-ignored',
    what: 'a task that somebody has claimed is completed by others',
    edits: [{ file: 'src/commands/complete-user-task.ts', from: 'task.assignee !== null &&', to: `task.assignee === '' &&` }],
    caughtBy: {
      file: 'test/commands/complete-user-task.test.ts',
      title: 'a claimed task is for its claimer, and a stale revision is refused',
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
  {
    name: 'suspended-moves',
    what: 'an instance that is suspended takes steps',
    edits: [
      {
        file: 'src/commands/instance.ts',
        from: '  if (suspendedAt === null) return;',
        to: '  if (suspendedAt === null || businessKey !== "") return;',
      },
    ],
    caughtBy: {
      file: 'test/time/suspension.test.ts',
      title:
        'commands on it are refused with 423, and nothing of it moves: no job is rung or completed, no message given, no timer fired',
    },
  },
];
