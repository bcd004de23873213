import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events with their readers (docs/adr/0016), calendars and deadlines in working time, and instances that rest. */
export class CommercialTimeAndEvents1795392000003 implements MigrationInterface {
  name = 'CommercialTimeAndEvents1795392000003';

  async up(db: QueryRunner): Promise<void> {
    // `sequence` is drawn before the commit, so it shows up out of order; readers go by `position`, which the publisher gives to what is committed.
    await db.query(`
      create table orderflow.event (
        id uuid primary key,
        sequence bigint not null generated always as identity,
        position bigint unique,
        subject_sequence integer,
        type text not null,
        subject_type text not null,
        subject_id uuid not null,
        subject_number text,
        data jsonb not null,
        actor text not null,
        correlation_id uuid,
        causation_id uuid,
        traceparent text,
        at timestamptz not null,
        unique (subject_id, subject_sequence),
        check ((position is null) = (subject_sequence is null))
      );
      create index event_unpublished on orderflow.event (sequence) where position is null;
      create trigger event_append_only before update on orderflow.event for each row
        when (old.position is not null or (new.id, new.sequence, new.type, new.subject_type, new.subject_id, new.subject_number, new.data, new.actor,
              new.correlation_id, new.causation_id, new.traceparent, new.at)
          is distinct from (old.id, old.sequence, old.type, old.subject_type, old.subject_id, old.subject_number, old.data, old.actor,
              old.correlation_id, old.causation_id, old.traceparent, old.at))
        execute function orderflow.append_only();
      create trigger event_kept before delete on orderflow.event for each row execute function orderflow.append_only();

      create table orderflow.event_consumer (
        name text primary key check (name ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
        url text,
        secret text,
        position bigint not null default 0 check (position >= 0),
        acknowledged_at timestamptz,
        failures integer not null default 0,
        last_error text,
        next_at timestamptz not null,
        revision integer not null default 1,
        created_by text not null,
        created_at timestamptz not null,
        check ((url is null) = (secret is null))
      );
    `);

    // Time runs on working days only. What a process was told (planned_at) stays; due_at follows the calendar.
    await db.query(`
      create table orderflow.calendar (
        id text primary key,
        name text not null,
        weekend_days integer[] not null check (weekend_days <@ array[1, 2, 3, 4, 5, 6, 7] and cardinality(weekend_days) < 7),
        revision integer not null default 1
      );
      insert into orderflow.calendar (id, name, weekend_days) values ('company', 'Working days of the company', '{6,7}');
      create table orderflow.calendar_holiday (
        calendar_id text not null references orderflow.calendar,
        date date not null,
        name text not null,
        primary key (calendar_id, date)
      );
      create table orderflow.commercial_period (
        name text primary key,
        working_hours integer not null check (working_hours between 1 and 87600),
        description text not null,
        revision integer not null default 1
      );
      insert into orderflow.commercial_period (name, working_hours, description) values
        ('quotation-validity', 720, 'How long a quotation that was sent may be accepted'),
        ('quotation-reminder', 480, 'When the customer is reminded of a quotation that was sent'),
        ('payment-due', 120, 'How long a prepayment may take after it was asked for'),
        ('backorder-review', 240, 'When somebody asks a customer who waits for goods whether to go on waiting');
      create table orderflow.deadline (
        subject_type text not null,
        subject_id uuid not null,
        kind text not null,
        calendar_id text not null references orderflow.calendar,
        process_instance_id uuid references orderflow.process_instance,
        from_at timestamptz not null,
        working_hours integer not null check (working_hours >= 0),
        planned_at timestamptz not null,
        due_at timestamptz not null,
        primary key (subject_id, kind)
      );
      create index deadline_due on orderflow.deadline (due_at);
      create index deadline_instance on orderflow.deadline (process_instance_id, planned_at);
    `);

    // An instance that rests takes no step. Its correlation goes on to the instances that it starts.
    await db.query(`
      alter table orderflow.process_instance
        add column correlation_id uuid,
        add column suspended_at timestamptz,
        add column suspended_by text,
        add column suspension_reason text,
        add constraint process_instance_suspension check (num_nonnulls(suspended_at, suspended_by, suspension_reason) in (0, 3)
          and (suspended_at is null or status = 'running'));
      create index process_instance_suspended on orderflow.process_instance (id) where suspended_at is not null;

      create index stock_reservation_expiry on orderflow.stock_reservation (expires_at) where status = 'SOFT';
      create table orderflow.sweep (
        name text primary key,
        next_at timestamptz not null
      );
      insert into orderflow.sweep (name, next_at) values ('overdue-invoices', '-infinity'), ('lost-wake-ups', '-infinity');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table orderflow.sweep;
      drop index orderflow.stock_reservation_expiry;
      drop index orderflow.process_instance_suspended;
      alter table orderflow.process_instance
        drop constraint process_instance_suspension,
        drop column correlation_id, drop column suspended_at, drop column suspended_by, drop column suspension_reason;
      drop table orderflow.deadline, orderflow.commercial_period, orderflow.calendar_holiday, orderflow.calendar,
        orderflow.event_consumer, orderflow.event;
    `);
  }
}
