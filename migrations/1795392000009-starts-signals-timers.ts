import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What starts instances by itself (messages, signals, times), signals to everybody who waits, and timers whose due date is planned in working time or by hand (docs/adr/0020). */
export class StartsSignalsTimers1795392000009 implements MigrationInterface {
  name = 'StartsSignalsTimers1795392000009';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table orderflow.start_event (
        process_id text not null,
        element_id text not null,
        process_definition_id uuid not null references orderflow.process_definition,
        kind text not null check (kind in ('message', 'signal', 'timer')),
        name text,
        timer_type text check (timer_type in ('timeDate', 'timeDuration', 'timeCycle')),
        timer_text text,
        properties jsonb not null default '{}',
        due_at timestamptz,
        repeat_left integer,
        repeat_interval text,
        next_at timestamptz,
        firings integer not null default 0,
        fired_at timestamptz,
        failures integer not null default 0,
        last_error text,
        primary key (process_id, element_id),
        check ((kind = 'timer') = (name is null)),
        check ((kind = 'timer') = (num_nonnulls(timer_type, timer_text) = 2)),
        check ((due_at is null) = (next_at is null))
      );
      comment on table orderflow.start_event is 'Start events with a message, signal or timer of the latest version of each process; replaced by its next deployment';
      comment on column orderflow.start_event.due_at is 'When the timer starts an instance next; null when it never does again';
      comment on column orderflow.start_event.next_at is 'When somebody may try next: due_at, or later after a failure or while somebody is at it';
      create index start_event_name on orderflow.start_event (kind, name) where name is not null;
      create index start_event_due on orderflow.start_event (next_at) where next_at is not null;

      create table orderflow.message_start (
        message_id uuid not null references orderflow.message,
        process_id text not null,
        next_at timestamptz not null,
        failures integer not null default 0,
        last_error text,
        done_at timestamptz,
        instance_id uuid references orderflow.process_instance,
        primary key (message_id, process_id),
        check (instance_id is null or done_at is not null)
      );
      comment on table orderflow.message_start is 'A message that starts an instance of a process, or waits for the running one with its key to end';
      comment on column orderflow.message_start.instance_id is 'What it started; null although done_at is set when an instance that waited received the message';
      create index message_start_open on orderflow.message_start (next_at) where done_at is null;
      create unique index message_start_instance on orderflow.message_start (instance_id) where instance_id is not null;
    `);

    await db.query(`
      create table orderflow.signal (
        id uuid primary key,
        sequence bigint not null generated always as identity,
        name text not null,
        variables jsonb not null,
        source text not null,
        thrown_as text,
        at timestamptz not null,
        unique (source, thrown_as)
      );
      comment on table orderflow.signal is 'Signals that were broadcast (BPMN signal), each once';
      create table orderflow.signal_delivery (
        id uuid primary key,
        signal_id uuid not null references orderflow.signal,
        sequence bigint not null,
        wait_id uuid references orderflow.wait,
        instance_id uuid references orderflow.process_instance,
        slot text,
        process_id text,
        next_at timestamptz not null,
        tried_at timestamptz,
        failures integer not null default 0,
        last_error text,
        done_at timestamptz,
        received_wait_id uuid references orderflow.wait,
        started_instance_id uuid references orderflow.process_instance,
        check ((wait_id is null) = (process_id is not null)),
        check ((wait_id is null) = (instance_id is null) and (wait_id is null) = (slot is null)),
        check (num_nonnulls(received_wait_id, started_instance_id) = 0 or done_at is not null),
        check (received_wait_id is null or wait_id is not null),
        check (started_instance_id is null or process_id is not null),
        unique (signal_id, wait_id),
        unique (signal_id, process_id)
      );
      comment on table orderflow.signal_delivery is 'Whom a signal has to reach: the waits that were open, and the processes it starts; each becomes a command of its own';
      comment on column orderflow.signal_delivery.received_wait_id is 'The wait that it ended: wait_id, or what was armed again in its place; null when the token had gone';
      create index signal_delivery_open on orderflow.signal_delivery (next_at) where done_at is null;
      create index signal_delivery_instance on orderflow.signal_delivery (instance_id, sequence) where done_at is null;
      create unique index signal_delivery_received on orderflow.signal_delivery (received_wait_id) where received_wait_id is not null;
      create unique index signal_delivery_started on orderflow.signal_delivery (started_instance_id) where started_instance_id is not null;
    `);

    await db.query(`
      alter table orderflow.wait
        add column signal_name text,
        add column planned_at timestamptz,
        add column calendar_id text references orderflow.calendar,
        add column working_ms bigint check (working_ms >= 0),
        add constraint wait_signal check (kind <> 'signal' or signal_name is not null),
        add constraint wait_working_time check ((calendar_id is null) = (working_ms is null));
      comment on column orderflow.wait.planned_at is 'When the timer was due before somebody set its due date by hand; it follows no calendar any more';
      comment on column orderflow.wait.working_ms is 'Working time of calendar_id from opened_at until the timer is due, ms';
      create index wait_signal_name on orderflow.wait (signal_name) where status = 'open' and kind = 'signal';
      create index wait_calendar on orderflow.wait (calendar_id) where status = 'open' and calendar_id is not null;

      alter table orderflow.calendar add column time_zone text not null default 'UTC';
      comment on column orderflow.calendar.time_zone is 'Where its days begin at midnight';
      alter table orderflow.deadline add column set_by_hand boolean not null default false;
      comment on column orderflow.deadline.set_by_hand is 'Somebody has said when it is due; it follows the calendar no more';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table orderflow.deadline drop column set_by_hand;
      alter table orderflow.calendar drop column time_zone;
      alter table orderflow.wait drop column signal_name, drop column planned_at, drop column calendar_id, drop column working_ms;
      drop table orderflow.signal_delivery, orderflow.signal, orderflow.message_start, orderflow.start_event;
    `);
  }
}
