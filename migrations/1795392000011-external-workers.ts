import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs for workers of others: which types the service does itself, and who has which job for how long. */
export class ExternalWorkers1795392000011 implements MigrationInterface {
  name = 'ExternalWorkers1795392000011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table orderflow.job_handler (job_type text primary key, registered_at timestamptz not null default orderflow.now());
      comment on table orderflow.job_handler is
        'Job types that the service does itself; every start adds those of its release. Jobs of all other types wait for external workers.';

      alter table orderflow.outbox
        add external boolean not null default false,
        add lease_token uuid,
        add leased_by text;
      comment on column orderflow.outbox.external is 'The job waits for an external worker, which asks for it; all others are rung by the relay.';
      comment on column orderflow.outbox.lease_token is
        'Who may fail or (external workers) complete the job now; the lease ends at next_at, after which somebody else may take it.';
      comment on column orderflow.outbox.leased_by is 'Name of the external worker that has the job; null when none has, or the service itself.';
      create index outbox_work on orderflow.outbox (job_type, next_at, sequence) where external and done_at is null and cancelled_at is null;
      drop index orderflow.outbox_due;
      create index outbox_due on orderflow.outbox (next_at, sequence) where not external and done_at is null and cancelled_at is null;

      create table orderflow.job_lease (
        token uuid primary key,
        job_id uuid not null references orderflow.wait,
        worker text not null,
        actor text not null,
        leased_at timestamptz not null,
        until timestamptz not null,
        ended_at timestamptz,
        outcome text check (outcome in ('completed', 'error', 'failed', 'expired', 'withdrawn')),
        command_id uuid references orderflow.command (id),
        check (until > leased_at),
        check ((ended_at is null) = (outcome is null)),
        check ((outcome in ('completed', 'error', 'failed')) = (command_id is not null))
      );
      comment on table orderflow.job_lease is
        'Every lease of a job by an external worker. completed, error, failed: its worker said so, by command_id; expired: somebody else took the job after until; '
        'withdrawn: it was taken away, or its worker was gone before it heard of the job. The last lease of a job that was cancelled stays open.';
      create unique index job_lease_open on orderflow.job_lease (job_id) where ended_at is null;
      create index job_lease_job on orderflow.job_lease (job_id, leased_at);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table orderflow.job_lease;
      drop index orderflow.outbox_work;
      drop index orderflow.outbox_due;
      alter table orderflow.outbox drop external, drop lease_token, drop leased_by;
      create index outbox_due on orderflow.outbox (next_at, sequence) where done_at is null and cancelled_at is null;
      drop table orderflow.job_handler;
    `);
  }
}
