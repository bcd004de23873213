import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** Something that stopped an instance and that a person has to look at. */
@Entity({ schema: 'orderflow', name: 'incident' })
export class Incident {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'instance_id', type: 'uuid' }) instanceId: string;
  @Column({ name: 'wait_id', type: 'uuid', nullable: true }) waitId: string | null;
  @Column({ name: 'message_id', type: 'uuid', nullable: true }) messageId: string | null;
  /** The movement of money that it is about. */
  @Column({ name: 'payment_id', type: 'uuid', nullable: true }) paymentId: string | null;
  @Column({ type: 'text' }) kind: 'job-failed' | 'step-failed' | 'call-failed' | 'stuck' | 'late-money' | 'stranded';
  @Column({ name: 'element_id', type: 'text', nullable: true }) elementId: string | null;
  @Column({ type: 'text' }) message: string;
  @Column({ type: 'jsonb', default: () => "'{}'" }) details: JsonObject;
  @Column({ name: 'opened_at', type: 'timestamptz' }) openedAt: Date;
  /** Hash of kind, process, element and message without ids and figures. */
  @Column({ type: 'text', insert: false, update: false }) fingerprint: string;
  /** How often it was tried again in vain. */
  @Column({ type: 'integer', default: () => '0' }) attempts: number;
  @Column({ name: 'failed_at', type: 'timestamptz', nullable: true }) failedAt: Date | null;
  /** Null when that has failed again. */
  @Column({ name: 'retried_at', type: 'timestamptz', nullable: true }) retriedAt: Date | null;
  @Column({ name: 'resolved_at', type: 'timestamptz', nullable: true }) resolvedAt: Date | null;
  @Column({ name: 'resolved_by', type: 'text', nullable: true }) resolvedBy: string | null;
}
