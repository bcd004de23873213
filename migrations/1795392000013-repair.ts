import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an operator repairs with: incidents by cause, reasons in the log, suspensions of more than one instance, batches, and what the sweeper has seen (docs/adr/0024). */
export class Repair1795392000013 implements MigrationInterface {
  name = 'Repair1795392000013';

  async up(db: QueryRunner): Promise<void> {
    // Two incidents have the same cause when only ids and figures tell their messages apart. A trigger fills it in, so that nobody who writes an incident can
    // forget it.
    await db.query(`
      create function orderflow.incident_cause(kind text, process_id text, element_id text, message text) returns text language sql immutable as $$
        select left(encode(sha256(convert_to(concat_ws('|', kind, process_id, coalesce(element_id, '-'),
          left(btrim(regexp_replace(regexp_replace(regexp_replace(regexp_replace(message,
            '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}', '#', 'gi'),
            '\\m(?=[0-9a-f]*[0-9])[0-9a-f]{8,}\\M', '#', 'gi'),
            '[0-9]+([.,:][0-9]+)*', '#', 'g'),
            '\\s+', ' ', 'g')), 500)), 'UTF8')), 'hex'), 32)
      $$;
      alter table orderflow.incident
        add column fingerprint text,
        add column attempts integer not null default 0 check (attempts >= 0),
        add column failed_at timestamptz,
        drop constraint incident_kind_check,
        add constraint incident_kind_check check (kind in ('job-failed', 'step-failed', 'stuck', 'late-money', 'call-failed', 'stranded'));
      create function orderflow.incident_fingerprint() returns trigger language plpgsql as $$
        begin
          new.fingerprint := orderflow.incident_cause(new.kind, (select process_id from orderflow.process_instance where id = new.instance_id), new.element_id, new.message);
          return new;
        end $$;
      create trigger incident_fingerprint before insert or update of kind, element_id, message on orderflow.incident
        for each row execute function orderflow.incident_fingerprint();
      update orderflow.incident set message = message;
      alter table orderflow.incident alter column fingerprint set not null;
      create index incident_cause on orderflow.incident (fingerprint, opened_at);
      create unique index incident_open_stranded on orderflow.incident (instance_id) where kind = 'stranded' and wait_id is null and resolved_at is null;
      comment on column orderflow.incident.fingerprint is 'Hash of kind, process, element and message without ids and figures';
      comment on column orderflow.incident.attempts is 'How often it was tried again in vain';
      comment on column orderflow.incident.failed_at is 'When it failed last, if it has failed again since it was opened';
      comment on column orderflow.incident.retried_at is 'When somebody let it try again; null when that has failed, so that it is open again';
    `);

    // Why an operator did something is part of the chain; steps that were written before keep their hash.
    await db.query(`
      alter table orderflow.step add column reason text;
      drop function orderflow.step_digest;
      create function orderflow.step_digest(
        prev_hash text, instance_id uuid, revision integer, trigger text, element_id text, wait_id uuid,
        actor text, on_behalf_of text, command_id uuid, opened uuid[], closed uuid[], trail jsonb, asked jsonb, state_hash text, at timestamptz,
        reason text default null
      ) returns text language sql immutable as $$
        select encode(sha256(convert_to(concat_ws('|', coalesce(prev_hash, '-'), instance_id, revision, trigger, coalesce(element_id, '-'),
          coalesce(wait_id::text, '-'), actor, coalesce(on_behalf_of, '-'), coalesce(command_id::text, '-'), array_to_string(opened, ','),
          array_to_string(closed, ','), trail, asked, coalesce(state_hash, '-'),
          (extract(epoch from at) * 1000000)::bigint, reason), 'UTF8')), 'hex')
      $$;
    `);

    await db.query(`
      create table orderflow.suspension (
        id uuid primary key,
        kind text not null check (kind in ('process', 'definition', 'job-type')),
        ref text not null,
        reason text not null,
        suspended_by text not null,
        suspended_at timestamptz not null,
        resumed_at timestamptz,
        resumed_by text,
        resume_reason text,
        check (num_nonnulls(resumed_at, resumed_by, resume_reason) in (0, 3))
      );
      comment on table orderflow.suspension is 'Processes, versions of them and job types that rest or have rested; instances that rest by themselves are in process_instance';
      create unique index suspension_active on orderflow.suspension (kind, ref) where resumed_at is null;
      alter table orderflow.outbox add column begun_at timestamptz;
      comment on column orderflow.outbox.begun_at is 'When it was handed to a worker last';
    `);

    await db.query(`
      create table orderflow.incident_batch (
        id uuid primary key,
        fingerprint text not null,
        reason text not null,
        asked_by text not null,
        asked_at timestamptz not null,
        next_at timestamptz not null,
        ended_at timestamptz,
        halted boolean not null default false,
        check (ended_at is not null or not halted)
      );
      comment on table orderflow.incident_batch is 'All open incidents of one cause, let try again a few at a time';
      create index incident_batch_due on orderflow.incident_batch (next_at) where ended_at is null;
      create table orderflow.incident_batch_item (
        batch_id uuid not null references orderflow.incident_batch,
        incident_id uuid not null references orderflow.incident,
        asked_at timestamptz,
        attempts integer,
        refusal text,
        primary key (batch_id, incident_id),
        check (asked_at is not null or attempts is null)
      );
      comment on column orderflow.incident_batch_item.attempts is 'Of the incident, when it was asked; more of them now means that it was in vain';
      create index incident_batch_item_left on orderflow.incident_batch_item (batch_id) where asked_at is null;

      create table orderflow.stranded (
        key text primary key,
        finding text not null,
        instance_id uuid not null references orderflow.process_instance,
        wait_id uuid references orderflow.wait,
        message_id uuid references orderflow.message,
        element_id text,
        message text not null,
        first_seen_at timestamptz not null,
        looks integer not null default 1,
        incident_id uuid references orderflow.incident
      );
      comment on table orderflow.stranded is 'What the sweeper saw at its last look: work that nobody is going to do. Seen several times, it becomes an incident';
      insert into orderflow.sweep (name, next_at) values ('stranded-work', '-infinity'), ('overdue-overrides', '-infinity');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      delete from orderflow.sweep where name in ('stranded-work', 'overdue-overrides');
      drop table orderflow.stranded, orderflow.incident_batch_item, orderflow.incident_batch;
      alter table orderflow.outbox drop column begun_at;
      drop table orderflow.suspension;
      drop function orderflow.step_digest;
      create function orderflow.step_digest(
        prev_hash text, instance_id uuid, revision integer, trigger text, element_id text, wait_id uuid,
        actor text, on_behalf_of text, command_id uuid, opened uuid[], closed uuid[], trail jsonb, asked jsonb, state_hash text, at timestamptz
      ) returns text language sql immutable as $$
        select encode(sha256(convert_to(concat_ws('|', coalesce(prev_hash, '-'), instance_id, revision, trigger, coalesce(element_id, '-'),
          coalesce(wait_id::text, '-'), actor, coalesce(on_behalf_of, '-'), coalesce(command_id::text, '-'), array_to_string(opened, ','),
          array_to_string(closed, ','), trail, asked, coalesce(state_hash, '-'),
          (extract(epoch from at) * 1000000)::bigint), 'UTF8')), 'hex')
      $$;
      alter table orderflow.step drop column reason;
      delete from orderflow.incident where kind in ('call-failed', 'stranded');
      drop index orderflow.incident_open_stranded, orderflow.incident_cause;
      drop trigger incident_fingerprint on orderflow.incident;
      drop function orderflow.incident_fingerprint, orderflow.incident_cause;
      alter table orderflow.incident
        drop constraint incident_kind_check,
        add constraint incident_kind_check check (kind in ('job-failed', 'step-failed', 'stuck', 'late-money')),
        drop column fingerprint, drop column attempts, drop column failed_at;
    `);
  }
}
