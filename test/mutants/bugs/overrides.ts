import type { Edit, Mutant } from '../mutant.ts';

const overrides = 'test/commands/override-requests.test.ts';
const decide = 'src/commands/decide-override.ts';

const unasked: Edit = { file: decide, from: 'if (own !== undefined)', to: `if (own === 'nobody')` };
const untriggered: Edit = {
  file: 'migrations/1795392000000-sale-and-overrides.ts',
  from: '(o.requested_by = any(eyes) or o.requested_on_behalf_of = any(eyes) or o.parties && eyes)',
  to: `o.requested_by = 'nobody'`,
};
const principals = 'count the principal: nobody decides for whom they asked, nor through somebody (scenario 60)';

/** Approvals that nobody gave, that were given by the wrong one, or for something else. */
export const overrideBugs: readonly Mutant[] = [
  {
    name: 'self-approval-service',
    what: 'the service lets people decide their own requests (the trigger of the database refuses)',
    edits: [unasked],
    caughtBy: { file: overrides, title: principals },
  },
  {
    name: 'self-approval-trigger',
    what: 'the database lets people decide their own requests (the service refuses)',
    edits: [untriggered],
    caughtBy: { file: overrides, title: 'are enforced by the database as well, and so is what becomes of a request' },
  },
  {
    name: 'self-approval',
    what: 'people decide their own requests',
    edits: [unasked, untriggered],
    caughtBy: { file: overrides, title: principals },
  },
  {
    name: 'principal-uncounted',
    what: 'who acts for somebody is looked at, whom they act for is not',
    edits: [{ file: decide, from: 'const eyes = handsOf(actor);', to: 'const eyes = [actor.id];' }],
    caughtBy: {
      file: overrides,
      title:
        'two approvals take two people: not one for themselves and again for another, nor one by two delegates (scenario 13)',
    },
  },
  {
    name: 'override-twice',
    what: 'an approval is used up without looking whether it still stands',
    edits: [
      {
        file: 'src/persistence/overrides.ts',
        from: "`id = $2 and status = 'APPROVED' and use_by >= $1`",
        to: '`id = $2 and use_by >= $1`',
      },
    ],
    caughtBy: { file: overrides, title: '20 who want to use one approval at once: one does' },
  },
  {
    name: 'override-outdated',
    what: 'an approval stands for an order that was changed after it was given',
    edits: [
      {
        file: 'src/persistence/overrides.ts',
        from: 'and subject_fingerprint = $3 and',
        to: 'and $3::text is not null and',
      },
    ],
    caughtBy: { file: overrides, title: 'an approval stands for the lines that it was given for, and for no others' },
  },
  {
    name: 'decided-late',
    what: 'a request is decided after its time is over',
    edits: [{ file: decide, from: 'if (now > override.decideBy)', to: `if (override.status !== 'PENDING')` }],
    caughtBy: {
      file: 'test/scenarios/beyond.test.ts',
      title: '14 after decide-by nobody can approve, although no timer has fired',
    },
  },
];
