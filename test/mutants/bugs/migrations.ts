import type { Mutant } from '../mutant.ts';

const joins = 'test/engine/migration/joins.test.ts';
const many = 'test/migration/many.test.ts';
const one = 'test/migration/one.test.ts';

/** What becomes of instances that go to another version of their process. */
export const migrationBugs: readonly Mutant[] = [
  {
    name: 'stuck-at-a-join',
    what: 'an instance goes to a version in which it waits for ever at a join',
    edits: [
      {
        file: 'src/engine/migration/joins.ts',
        from: 'if (news.length === 0) continue;',
        to: 'if (news.length >= 0) continue;',
      },
    ],
    caughtBy: {
      file: joins,
      title: 'a branch that is new, and whose token would have been made before, keeps it: the join would wait for ever',
    },
  },
  {
    name: 'done-once-for-each-token',
    what: 'tokens that run side by side go to a version that does not join them',
    edits: [
      {
        file: 'src/engine/migration/joins.ts',
        from: 'if (coming.length + (before.held[join.id]?.length ?? 0) < 2) continue;',
        to: 'if (coming.length + (before.held[join.id]?.length ?? 0) < 200) continue;',
      },
    ],
    caughtBy: {
      file: joins,
      title: 'a join that is no join any more keeps tokens that run side by side: what follows would be done for each',
    },
  },
  {
    name: 'undo-of-the-past',
    what: 'a migration is taken back although the instance has gone on since',
    edits: [{ file: 'src/commands/migration/undo.ts', from: 'if (since > 0)', to: 'if (since > 9)' }],
    caughtBy: { file: one, title: 'one that has moved since is not taken back' },
  },
  {
    name: 'plan-that-acts',
    what: 'a batch migrates what was only to be judged',
    edits: [
      {
        file: 'src/commands/migration/work.ts',
        from: "if (item.todo === 'plan') await plan(deps, item, work);",
        to: "if (item.todo === 'plan') {\n      await plan(deps, item, work);\n      await deps.database.query(`update orderflow.migration_item set todo = 'execute' where batch_id = $1 and verdict = 'migrates'`, [item.batchId]);\n    }",
      },
    ],
    caughtBy: {
      file: many,
      title:
        '200 of them over a renamed, a removed and an added element: each has its verdict, who is refused is untouched, all can be taken back',
    },
  },
];
