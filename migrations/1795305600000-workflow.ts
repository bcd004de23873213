import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The process side: definitions, instances, waits, the two logs, outbox, messages, incidents and idempotency keys. */
export class Workflow1795305600000 implements MigrationInterface {
  name = 'Workflow1795305600000';

  async up(db: QueryRunner): Promise<void> {
    // One clock for everybody. The offset is moved only in test and demo mode (commands/move-clock).
    await db.query(`
      create table orderflow.clock (
        single boolean primary key default true check (single),
        offset_ms bigint not null default 0
      );
      insert into orderflow.clock default values;
      create function orderflow.now() returns timestamptz language sql stable as
        $$ select statement_timestamp() + (select offset_ms from orderflow.clock) * interval '1 millisecond' $$;
      create function orderflow.iso(at timestamptz) returns text language sql stable as
        $$ select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') $$;
      create function orderflow.append_only() returns trigger language plpgsql as
        $$ begin raise exception '% is append-only', tg_table_name using errcode = '23514'; end $$;
      create function orderflow.next_revision() returns trigger language plpgsql as $$
        begin
          if new.revision <> old.revision + 1 then
            raise exception '% %: revision % does not follow %', tg_table_name, old.id, new.revision, old.revision using errcode = '23514';
          end if;
          return new;
        end $$;
    `);

    // BPMN, DMN and schemas that were deployed together are one version; instances stay on theirs.
    await db.query(`
      create table orderflow.deployment (
        id uuid primary key,
        content_hash text not null,
        deployed_by text not null,
        deployed_at timestamptz not null default orderflow.now()
      );
      create table orderflow.deployment_resource (
        deployment_id uuid not null references orderflow.deployment,
        name text not null,
        content text not null,
        primary key (deployment_id, name)
      );
      create table orderflow.process_definition (
        id uuid primary key,
        deployment_id uuid not null references orderflow.deployment,
        process_id text not null,
        version integer not null check (version >= 1),
        resource_name text not null,
        unique (process_id, version),
        unique (deployment_id, process_id)
      );
      create table orderflow.engine_state (
        process_definition_id uuid not null references orderflow.process_definition,
        hash text not null,
        state text not null,
        primary key (process_definition_id, hash)
      );
      create trigger engine_state_append_only before update or delete on orderflow.engine_state
        for each row execute function orderflow.append_only();
    `);

    await db.query(`
      create table orderflow.process_instance (
        id uuid primary key,
        process_definition_id uuid not null references orderflow.process_definition,
        process_id text not null,
        business_key text not null,
        subject_type text check (subject_type in ('quotation', 'sale_order', 'fulfilment')),
        subject_id uuid,
        status text not null check (status in ('running', 'completed', 'cancelled')),
        revision integer not null default 0,
        state_hash text,
        variables jsonb not null,
        log_head text,
        started_by text not null,
        started_at timestamptz not null,
        ended_at timestamptz,
        foreign key (process_definition_id, state_hash) references orderflow.engine_state (process_definition_id, hash),
        check ((subject_type is null) = (subject_id is null)),
        check ((status = 'running') = (ended_at is null)),
        check (status <> 'running' or state_hash is not null or revision = 0)
      ) with (fillfactor = 70);
      create unique index process_instance_active_key on orderflow.process_instance (process_id, business_key) where status = 'running';
      create index process_instance_key on orderflow.process_instance (business_key);
      create index process_instance_subject on orderflow.process_instance (subject_id) where subject_id is not null;
      create trigger process_instance_revision before update on orderflow.process_instance
        for each row execute function orderflow.next_revision();

      create table orderflow.wait (
        id uuid primary key,
        instance_id uuid not null references orderflow.process_instance,
        slot text not null,
        kind text not null check (kind in ('user', 'job', 'call', 'message', 'signal', 'timer', 'condition')),
        element_id text not null,
        element_name text,
        status text not null default 'open' check (status in ('open', 'completed', 'cancelled')),
        revision integer not null default 1,
        properties jsonb not null default '{}',
        input jsonb,
        candidate_groups text[] not null default '{}',
        assignee text,
        form_id text,
        override_request_id uuid,
        job_type text,
        retries integer,
        message_name text,
        correlation_key text,
        due_at timestamptz,
        repeat_left integer,
        repeat_interval text,
        next_at timestamptz,
        opened_at timestamptz not null,
        opened_revision integer not null,
        closed_at timestamptz,
        closed_revision integer,
        closed_by text,
        check ((status = 'open') = (closed_at is null)),
        check (kind <> 'job' or job_type is not null),
        check (kind <> 'timer' or due_at is not null),
        check (kind <> 'message' or (message_name is not null and correlation_key is not null))
      ) with (fillfactor = 70);
      create unique index wait_open_slot on orderflow.wait (instance_id, slot) where status = 'open';
      create index wait_instance on orderflow.wait (instance_id, opened_revision);
      create index wait_task_list on orderflow.wait (opened_at, id) where status = 'open' and kind = 'user';
      create index wait_timer_due on orderflow.wait (next_at, id) where status = 'open' and kind = 'timer';
      create index wait_message on orderflow.wait (message_name, correlation_key) where status = 'open' and kind = 'message';
    `);

    await db.query(`
      create table orderflow.command (
        id uuid not null unique,
        actor text not null,
        key text not null,
        name text not null,
        fingerprint text not null,
        status integer,
        body json, -- not jsonb: a replay has to be the same bytes, so the order of the members counts
        headers jsonb,
        received_at timestamptz not null default orderflow.now(),
        primary key (actor, key)
      );

      create function orderflow.step_digest(
        prev_hash text, instance_id uuid, revision integer, trigger text, element_id text, wait_id uuid,
        actor text, on_behalf_of text, command_id uuid, opened uuid[], closed uuid[], trail jsonb, asked jsonb, state_hash text, at timestamptz
      ) returns text language sql immutable as $$
        select encode(sha256(convert_to(concat_ws('|', coalesce(prev_hash, '-'), instance_id, revision, trigger, coalesce(element_id, '-'),
          coalesce(wait_id::text, '-'), actor, coalesce(on_behalf_of, '-'), coalesce(command_id::text, '-'), array_to_string(opened, ','),
          array_to_string(closed, ','), trail, asked, coalesce(state_hash, '-'),
          (extract(epoch from at) * 1000000)::bigint), 'UTF8')), 'hex')
      $$;
      create table orderflow.step (
        instance_id uuid not null references orderflow.process_instance,
        revision integer not null check (revision >= 1),
        trigger text not null,
        element_id text,
        wait_id uuid references orderflow.wait,
        actor text not null,
        on_behalf_of text,
        command_id uuid references orderflow.command (id),
        opened uuid[] not null,
        closed uuid[] not null,
        trail jsonb not null,
        asked jsonb not null,
        state_hash text,
        traceparent text,
        at timestamptz not null,
        prev_hash text,
        hash text not null,
        primary key (instance_id, revision)
      );
      create index step_wait on orderflow.step (wait_id) where wait_id is not null;
      create trigger step_append_only before update or delete on orderflow.step for each row execute function orderflow.append_only();

      create table orderflow.transition (
        entity_type text not null check (entity_type in ('quotation', 'sale_order', 'fulfilment')),
        entity_id uuid not null,
        sequence integer not null check (sequence >= 1),
        from_state text,
        to_state text not null,
        trigger text not null,
        element_id text not null,
        instance_id uuid not null references orderflow.process_instance,
        instance_revision integer not null,
        actor text not null,
        on_behalf_of text,
        reason text,
        at timestamptz not null,
        primary key (entity_type, entity_id, sequence),
        check ((sequence = 1) = (from_state is null)),
        check (from_state is distinct from to_state)
      );
      create index transition_instance on orderflow.transition (instance_id, instance_revision);
      create trigger transition_append_only before update or delete on orderflow.transition
        for each row execute function orderflow.append_only();

      create table orderflow.decision_record (
        id uuid primary key,
        instance_id uuid not null references orderflow.process_instance,
        instance_revision integer not null,
        element_id text not null,
        decision_id text not null,
        deployment_id uuid not null references orderflow.deployment,
        inputs jsonb not null,
        outcome jsonb not null,
        matched_rules integer[] not null,
        at timestamptz not null
      );
      create index decision_record_instance on orderflow.decision_record (instance_id, instance_revision);
      create trigger decision_record_append_only before update or delete on orderflow.decision_record
        for each row execute function orderflow.append_only();
    `);

    // An outbox row stays open until the result of its job is committed; next_at is when it is rung (again). What an incident has stopped
    // has next_at = 'infinity', here, at timers and at messages.
    await db.query(`
      create table orderflow.outbox (
        id uuid primary key,
        sequence bigint not null generated always as identity,
        wait_id uuid not null unique references orderflow.wait,
        instance_id uuid not null references orderflow.process_instance,
        job_type text not null,
        deliveries integer not null default 0,
        failures integer not null default 0,
        last_error text,
        traceparent text,
        created_at timestamptz not null,
        next_at timestamptz not null,
        done_at timestamptz,
        cancelled_at timestamptz,
        check (num_nonnulls(done_at, cancelled_at) <= 1)
      ) with (fillfactor = 70);
      create index outbox_due on orderflow.outbox (next_at, sequence) where done_at is null and cancelled_at is null;

      create table orderflow.message (
        id uuid primary key,
        sequence bigint not null generated always as identity,
        name text not null,
        correlation_key text not null,
        variables jsonb not null,
        source text not null,
        message_id text,
        received_at timestamptz not null,
        expires_at timestamptz not null,
        next_at timestamptz not null,
        attempts integer not null default 0,
        consumed_at timestamptz,
        consumed_wait_id uuid references orderflow.wait,
        unique (source, message_id)
      );
      create index message_open on orderflow.message (name, correlation_key, sequence) where consumed_at is null;

      create table orderflow.incident (
        id uuid primary key,
        instance_id uuid not null references orderflow.process_instance,
        wait_id uuid references orderflow.wait,
        message_id uuid references orderflow.message,
        kind text not null check (kind in ('job-failed', 'step-failed', 'stuck', 'late-money')),
        element_id text,
        message text not null,
        details jsonb not null default '{}',
        opened_at timestamptz not null,
        retried_at timestamptz,
        resolved_at timestamptz,
        resolved_by text
      );
      create unique index incident_open_wait on orderflow.incident (wait_id) where resolved_at is null;
      create index incident_open on orderflow.incident (instance_id) where resolved_at is null;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table orderflow.incident, orderflow.message, orderflow.outbox, orderflow.decision_record, orderflow.transition, orderflow.step,
        orderflow.command, orderflow.wait, orderflow.process_instance, orderflow.engine_state, orderflow.process_definition,
        orderflow.deployment_resource, orderflow.deployment;
      drop function orderflow.step_digest, orderflow.next_revision, orderflow.append_only, orderflow.iso, orderflow.now;
      drop table orderflow.clock;
    `);
  }
}
