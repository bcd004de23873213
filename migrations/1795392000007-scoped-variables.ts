import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Local variables of sub-processes, loops and tasks, by the slot of their scope (src/engine/scoped-variables.ts). */
export class ScopedVariables1795392000007 implements MigrationInterface {
  name = 'ScopedVariables1795392000007';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table orderflow.process_instance
        add column locals jsonb not null default '{}' check (jsonb_typeof(locals) = 'object');
      comment on column orderflow.process_instance.locals is 'Variables that only one scope sees: {"<slot of the scope>": {...}}';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table orderflow.process_instance drop column locals');
  }
}
