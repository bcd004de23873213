import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Instances that run go to another version of their process (docs/versions.md): what each left behind, and batches of them. */
export class InstanceMigrations1795392000012 implements MigrationInterface {
  name = 'InstanceMigrations1795392000012';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table orderflow.migration_batch (
        id uuid primary key,
        process_id text not null,
        target_definition_id uuid not null references orderflow.process_definition,
        mapping jsonb not null,
        due_dates text not null check (due_dates in ('keep', 'anew')),
        filter jsonb not null,
        reason text not null check (length(btrim(reason)) > 0),
        status text not null check (status in ('planning', 'planned', 'cancelled', 'executing', 'executed', 'undoing', 'undone')),
        revision integer not null default 1,
        created_by text not null,
        created_at timestamptz not null,
        executed_by text,
        executed_at timestamptz,
        undone_by text,
        undone_at timestamptz,
        undo_reason text,
        check ((executed_by is null) = (executed_at is null)),
        check (num_nulls(undone_by, undone_at, undo_reason) in (0, 3)),
        check (status not in ('executing', 'executed', 'undoing', 'undone') or executed_at is not null),
        check (status not in ('undoing', 'undone') or undone_at is not null)
      );
      create index migration_batch_busy on orderflow.migration_batch (id) where status in ('planning', 'executing', 'undoing');
      create trigger migration_batch_revision before update on orderflow.migration_batch
        for each row execute function orderflow.next_revision();
      comment on table orderflow.migration_batch is 'A wish to take running instances of one process to one version of it, planned before it is done.';

      create table orderflow.migration_item (
        batch_id uuid not null references orderflow.migration_batch,
        instance_id uuid not null references orderflow.process_instance,
        from_definition_id uuid not null references orderflow.process_definition,
        verdict text check (verdict in ('migrates', 'refused', 'ended', 'there')),
        outcome text check (outcome in ('migrated', 'refused', 'ended', 'there', 'failed')),
        undo_outcome text check (undo_outcome in ('undone', 'moved-on', 'failed')),
        sentence text,
        obstacles jsonb not null default '[]',
        migrated_revision integer,
        todo text check (todo in ('plan', 'execute', 'undo')),
        next_at timestamptz not null,
        failures integer not null default 0,
        changed_at timestamptz not null,
        primary key (batch_id, instance_id),
        check ((outcome = 'migrated') is true = (migrated_revision is not null)),
        check (undo_outcome is null or outcome = 'migrated')
      );
      create index migration_item_todo on orderflow.migration_item (next_at, batch_id, instance_id) where todo is not null;
      create index migration_item_instance on orderflow.migration_item (instance_id);
      comment on table orderflow.migration_item is 'One instance of a batch: what is to be done with it next, what was found, what has become of it.';
      comment on column orderflow.migration_item.todo is 'What a worker has to do next, from next_at on; null when it has nothing to do.';

      create table orderflow.instance_migration (
        instance_id uuid not null,
        revision integer not null,
        from_definition_id uuid not null references orderflow.process_definition,
        to_definition_id uuid not null references orderflow.process_definition,
        batch_id uuid references orderflow.migration_batch,
        mapping jsonb not null,
        undoes integer,
        before jsonb,
        primary key (instance_id, revision),
        foreign key (instance_id, revision) references orderflow.step (instance_id, revision),
        foreign key (instance_id, undoes) references orderflow.instance_migration (instance_id, revision),
        unique (instance_id, undoes),
        check ((undoes is null) = (before is not null)),
        check (from_definition_id <> to_definition_id)
      );
      create index instance_migration_batch on orderflow.instance_migration (batch_id) where batch_id is not null;
      create trigger instance_migration_append_only before update or delete on orderflow.instance_migration
        for each row execute function orderflow.append_only();
      comment on table orderflow.instance_migration is 'An instance changed its version with this step; "before" is what takes it back.';
      comment on column orderflow.instance_migration.undoes is 'The revision of the migration that this one has taken back.';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table orderflow.instance_migration, orderflow.migration_item, orderflow.migration_batch');
  }
}
