import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Slices that are switched on one by one, and orders that come over from an old system (docs/rollout.md). */
export class Adoption1795392000004 implements MigrationInterface {
  name = 'Adoption1795392000004';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table orderflow.flag (
        name text primary key,
        enabled boolean not null default true,
        reason text,
        changed_by text not null default 'default',
        changed_at timestamptz not null default orderflow.now(),
        switched_on_at timestamptz,
        revision integer not null default 1,
        check (not enabled or switched_on_at is not null)
      );
      insert into orderflow.flag (name, switched_on_at)
        select name, orderflow.now() from unnest(array['workflow.quotation', 'workflow.sale', 'workflow.fulfilment',
          'overrides.price', 'overrides.admin', 'overrides.credit', 'overrides.stock']) as name;
      create table orderflow.flag_change (
        flag_name text not null references orderflow.flag,
        revision integer not null,
        enabled boolean not null,
        reason text not null check (length(btrim(reason)) > 0),
        actor text not null,
        at timestamptz not null,
        primary key (flag_name, revision)
      );
      create trigger flag_change_append_only before update or delete on orderflow.flag_change
        for each row execute function orderflow.append_only();
      alter table orderflow.process_instance add column flags jsonb not null default '{}';
    `);

    // What the old system calls the state, and since when the order is ours. A status without adopted_at: the old system goes on with it.
    for (const table of ['quotation', 'sale_order', 'fulfilment', 'return_request']) {
      await db.query(`
        alter table orderflow.${table} add column legacy_status text, add column adopted_at timestamptz,
          add constraint ${table}_adopted_from check (adopted_at is null or legacy_status is not null)`);
    }

    // An adopted order that was over has a log, but no instance; nor do the states that it had before it was adopted.
    await db.query(`
      alter table orderflow.transition
        alter column instance_id drop not null,
        alter column instance_revision drop not null,
        alter column element_id drop not null,
        add constraint transition_made_by_a_step check (num_nulls(instance_id, instance_revision, element_id) = 0
          or (num_nonnulls(instance_id, instance_revision, element_id) = 0 and trigger in ('backfill', 'backfill-history')));
    `);

    // What a customer owed before: an invoice of the old system, whose order may not be here.
    await db.query(`
      alter table orderflow.invoice
        alter column sale_order_id drop not null,
        drop constraint invoice_kind_check,
        add constraint invoice_kind_check check (kind in ('SHIPMENT', 'RECEIVABLE', 'CHARGEBACK', 'OPENING')),
        add constraint invoice_of_an_order check (sale_order_id is not null or kind = 'OPENING');
    `);

    // The rows of the old system, one by one: what became of each, and those that a person has to look at.
    await db.query(`
      create table orderflow.adoption (
        source text not null,
        entity text not null,
        key text not null,
        digest text not null,
        target_id uuid,
        adopted_at timestamptz not null,
        primary key (source, entity, key)
      );
      create index adoption_target on orderflow.adoption (target_id) where target_id is not null;
      create trigger adoption_append_only before update or delete on orderflow.adoption
        for each row execute function orderflow.append_only();
      create table orderflow.adoption_review (
        source text not null,
        entity text not null,
        key text not null,
        code text not null,
        message text not null,
        record jsonb not null,
        found_at timestamptz not null,
        resolved_at timestamptz,
        primary key (source, entity, key, code)
      );
      create index adoption_review_open on orderflow.adoption_review (entity, key) where resolved_at is null;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table orderflow.adoption_review, orderflow.adoption');
    await db.query(`
      delete from orderflow.invoice_entry where invoice_id in (select id from orderflow.invoice where kind = 'OPENING');
      delete from orderflow.invoice where kind = 'OPENING';
      alter table orderflow.invoice
        drop constraint invoice_of_an_order,
        drop constraint invoice_kind_check,
        add constraint invoice_kind_check check (kind in ('SHIPMENT', 'RECEIVABLE', 'CHARGEBACK')),
        alter column sale_order_id set not null;
    `);
    // what has no step cannot be told to the schema before
    await db.query(`
      alter table orderflow.transition disable trigger transition_append_only;
      delete from orderflow.transition where instance_id is null;
      alter table orderflow.transition enable trigger transition_append_only;
      alter table orderflow.transition
        drop constraint transition_made_by_a_step,
        alter column instance_id set not null,
        alter column instance_revision set not null,
        alter column element_id set not null;
    `);
    for (const table of ['quotation', 'sale_order', 'fulfilment', 'return_request']) {
      await db.query(`alter table orderflow.${table} drop column adopted_at, drop column legacy_status`);
    }
    await db.query(`
      alter table orderflow.process_instance drop column flags;
      drop table orderflow.flag_change, orderflow.flag;
    `);
  }
}
