import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A job type that the service does itself; jobs of all others wait for external workers. */
@Entity({ schema: 'orderflow', name: 'job_handler' })
export class JobHandler {
  @PrimaryColumn({ name: 'job_type', type: 'text' }) jobType: string;
  @Column({ name: 'registered_at', type: 'timestamptz', default: () => 'orderflow.now()' }) registeredAt: Date;
}

/** A job in the hands of an external worker, from `leasedAt` until it said how it ended or somebody else took it. */
@Entity({ schema: 'orderflow', name: 'job_lease' })
export class JobLease {
  @PrimaryColumn({ type: 'uuid' }) token: string;
  @Column({ name: 'job_id', type: 'uuid' }) jobId: string;
  @Column({ type: 'text' }) worker: string;
  @Column({ type: 'text' }) actor: string;
  @Column({ name: 'leased_at', type: 'timestamptz' }) leasedAt: Date;
  @Column({ type: 'timestamptz' }) until: Date;
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true }) endedAt: Date | null;
  @Column({ type: 'text', nullable: true }) outcome: 'completed' | 'error' | 'failed' | 'expired' | 'withdrawn' | null;
  @Column({ name: 'command_id', type: 'uuid', nullable: true }) commandId: string | null;
}
