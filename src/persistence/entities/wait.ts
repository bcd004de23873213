import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** A place where a token waits: a task, a job, a message, a timer. Closed waits stay as history. */
@Entity({ schema: 'orderflow', name: 'wait' })
export class Wait {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'instance_id', type: 'uuid' }) instanceId: string;
  @Column({ type: 'text' }) slot: string;
  @Column({ type: 'text' }) kind: 'user' | 'job' | 'call' | 'message' | 'signal' | 'timer' | 'condition';
  @Column({ name: 'element_id', type: 'text' }) elementId: string;
  @Column({ name: 'element_name', type: 'text', nullable: true }) elementName: string | null;
  @Column({ type: 'text', default: () => "'open'" }) status: 'open' | 'completed' | 'cancelled';
  @Column({ type: 'integer', default: () => '1' }) revision: number;
  @Column({ type: 'jsonb', default: () => "'{}'" }) properties: JsonObject;
  @Column({ type: 'jsonb', nullable: true }) input: JsonObject | null;
  @Column({ name: 'candidate_groups', type: 'text', array: true, default: () => "'{}'" }) candidateGroups: string[];
  @Column({ type: 'text', nullable: true }) assignee: string | null;
  @Column({ name: 'form_id', type: 'text', nullable: true }) formId: string | null;
  @Column({ name: 'override_request_id', type: 'uuid', nullable: true }) overrideRequestId: string | null;
  @Column({ name: 'job_type', type: 'text', nullable: true }) jobType: string | null;
  @Column({ type: 'integer', nullable: true }) retries: number | null;
  @Column({ name: 'message_name', type: 'text', nullable: true }) messageName: string | null;
  @Column({ name: 'correlation_key', type: 'text', nullable: true }) correlationKey: string | null;
  @Column({ name: 'due_at', type: 'timestamptz', nullable: true }) dueAt: Date | null;
  @Column({ name: 'repeat_left', type: 'integer', nullable: true }) repeatLeft: number | null;
  @Column({ name: 'repeat_interval', type: 'text', nullable: true }) repeatInterval: string | null;
  @Column({ name: 'signal_name', type: 'text', nullable: true }) signalName: string | null;
  /** When the timer was due before somebody set its due date by hand. */
  @Column({ name: 'planned_at', type: 'timestamptz', nullable: true }) plannedAt: Date | null;
  @Column({ name: 'calendar_id', type: 'text', nullable: true }) calendarId: string | null;
  @Column({ name: 'working_ms', type: 'bigint', nullable: true }) workingMs: number | null;
  @Column({ name: 'next_at', type: 'timestamptz', nullable: true }) nextAt: Date | null;
  @Column({ name: 'opened_at', type: 'timestamptz' }) openedAt: Date;
  @Column({ name: 'opened_revision', type: 'integer' }) openedRevision: number;
  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true }) closedAt: Date | null;
  @Column({ name: 'closed_revision', type: 'integer', nullable: true }) closedRevision: number | null;
  @Column({ name: 'closed_by', type: 'text', nullable: true }) closedBy: string | null;
}
