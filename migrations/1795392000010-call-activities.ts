import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Call activities: instances that were started by another one's wait, and the rows by which the two tell each other. */
export class CallActivities1795392000010 implements MigrationInterface {
  name = 'CallActivities1795392000010';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table orderflow.process_definition add column version_tag text;
      comment on column orderflow.process_definition.version_tag is 'zeebe:versionTag of the diagram: a call activity may be bound to it';
      create index process_definition_tag on orderflow.process_definition (process_id, version_tag, version) where version_tag is not null;

      alter table orderflow.process_instance
        add column parent_instance_id uuid references orderflow.process_instance,
        add column parent_wait_id uuid references orderflow.wait,
        add column call_depth integer not null default 0 check (call_depth between 0 and 5),
        drop constraint process_instance_status_check,
        add constraint process_instance_status_check check (status in ('running', 'completed', 'cancelled', 'failed')),
        add check ((parent_instance_id is null) = (parent_wait_id is null)),
        add check ((parent_instance_id is null) = (call_depth = 0)),
        add check (status <> 'failed' or parent_wait_id is not null);
      comment on column orderflow.process_instance.parent_wait_id is 'the wait of a call activity that this instance was started for';
      comment on column orderflow.process_instance.call_depth is 'how many callers there are above it';
      -- a child that was cancelled may be followed by another one; no other may
      create unique index process_instance_called on orderflow.process_instance (parent_wait_id)
        where parent_wait_id is not null and status <> 'cancelled';
      create index process_instance_parent on orderflow.process_instance (parent_instance_id, started_at) where parent_instance_id is not null;
    `);

    // Every turn of a call is one command of one instance: start (of the child), answer (to the parent), cancel (of the child).
    await db.query(`
      create table orderflow.call (
        wait_id uuid primary key references orderflow.wait,
        sequence bigint not null generated always as identity,
        instance_id uuid not null references orderflow.process_instance,
        process_id text not null,
        binding text not null check (binding in ('deployment', 'latest', 'versionTag')),
        version_tag text,
        business_key text not null,
        all_variables boolean not null,
        variables jsonb not null,
        turn integer not null default 1,
        todo text check (todo in ('start', 'answer', 'cancel')),
        outcome jsonb,
        traceparent text,
        next_at timestamptz not null,
        attempts integer not null default 0,
        opened_at timestamptz not null,
        closed_at timestamptz,
        check ((binding = 'versionTag') = (version_tag is not null)),
        check (todo is null or closed_at is null)
      ) with (fillfactor = 70);
      comment on table orderflow.call is 'what a call activity waits for: its next turn is a command of the child or of the parent, never of both';
      comment on column orderflow.call.instance_id is 'the caller';
      comment on column orderflow.call.business_key is 'of the child';
      comment on column orderflow.call.variables is 'what the child is started with';
      comment on column orderflow.call.turn is 'counts the commands that it became; part of their keys';
      comment on column orderflow.call.todo is 'the next command; null while the child runs, and when the call is over';
      comment on column orderflow.call.outcome is 'how the child ended';
      create index call_due on orderflow.call (next_at, sequence) where todo is not null;
      create index call_instance on orderflow.call (instance_id);

      create table orderflow.call_escalation (
        id uuid primary key,
        sequence bigint not null generated always as identity,
        wait_id uuid not null references orderflow.call,
        child_id uuid not null references orderflow.process_instance,
        child_revision integer not null,
        code text not null,
        traceparent text,
        at timestamptz not null,
        next_at timestamptz not null,
        attempts integer not null default 0,
        done_at timestamptz
      ) with (fillfactor = 70);
      comment on table orderflow.call_escalation is 'a BPMN escalation that nothing in a called process catches: it becomes a command of the caller, before the answer does';
      comment on column orderflow.call_escalation.done_at is 'when the caller was told, or stopped waiting';
      create index call_escalation_due on orderflow.call_escalation (next_at, sequence) where done_at is null;
      create index call_escalation_call on orderflow.call_escalation (wait_id, sequence) where done_at is null;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table orderflow.call_escalation, orderflow.call;
      drop index orderflow.process_instance_parent, orderflow.process_instance_called, orderflow.process_definition_tag;
      alter table orderflow.process_instance
        drop column parent_instance_id, drop column parent_wait_id, drop column call_depth,
        drop constraint process_instance_status_check,
        add constraint process_instance_status_check check (status in ('running', 'completed', 'cancelled'));
      alter table orderflow.process_definition drop column version_tag;
    `);
  }
}
