import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A job that has to be rung until its result is committed (transactional outbox). */
@Entity({ schema: 'orderflow', name: 'outbox' })
export class Outbox {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'bigint', insert: false, update: false }) sequence: number;
  @Column({ name: 'wait_id', type: 'uuid' }) waitId: string;
  @Column({ name: 'instance_id', type: 'uuid' }) instanceId: string;
  @Column({ name: 'job_type', type: 'text' }) jobType: string;
  @Column({ type: 'integer', default: () => '0' }) deliveries: number;
  @Column({ type: 'integer', default: () => '0' }) failures: number;
  @Column({ name: 'last_error', type: 'text', nullable: true }) lastError: string | null;
  @Column({ type: 'text', nullable: true }) traceparent: string | null;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'boolean', default: () => 'false' }) external: boolean;
  @Column({ name: 'lease_token', type: 'uuid', nullable: true }) leaseToken: string | null;
  @Column({ name: 'leased_by', type: 'text', nullable: true }) leasedBy: string | null;
  /** When it was handed to a worker last. */
  @Column({ name: 'begun_at', type: 'timestamptz', nullable: true }) begunAt: Date | null;
  @Column({ name: 'next_at', type: 'timestamptz' }) nextAt: Date;
  @Column({ name: 'done_at', type: 'timestamptz', nullable: true }) doneAt: Date | null;
  @Column({ name: 'cancelled_at', type: 'timestamptz', nullable: true }) cancelledAt: Date | null;
}
