import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** One run of a process definition. Changed only by a guarded update with the next revision (commands/step.ts). */
@Entity({ schema: 'orderflow', name: 'process_instance' })
export class ProcessInstance {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'process_definition_id', type: 'uuid' }) processDefinitionId: string;
  @Column({ name: 'process_id', type: 'text' }) processId: string;
  @Column({ name: 'business_key', type: 'text' }) businessKey: string;
  @Column({ name: 'subject_type', type: 'text', nullable: true }) subjectType:
    'quotation' | 'sale_order' | 'fulfilment' | 'return_request' | null;
  @Column({ name: 'subject_id', type: 'uuid', nullable: true }) subjectId: string | null;
  @Column({ type: 'text' }) status: 'running' | 'completed' | 'cancelled' | 'failed';
  @Column({ type: 'integer', default: () => '0' }) revision: number;
  @Column({ name: 'state_hash', type: 'text', nullable: true }) stateHash: string | null;
  @Column({ type: 'jsonb' }) variables: JsonObject;
  /** Variables that only one scope sees, by the slot of the scope. */
  @Column({ type: 'jsonb', default: () => "'{}'" }) locals: Record<string, JsonObject>;
  @Column({ name: 'log_head', type: 'text', nullable: true }) logHead: string | null;
  @Column({ type: 'jsonb', default: () => "'{}'" }) flags: JsonObject;
  /** The first instance's id, through all phases of an order. */
  @Column({ name: 'correlation_id', type: 'uuid', nullable: true }) correlationId: string | null;
  /** Who called it: the instance, and its wait at the call activity. */
  @Column({ name: 'parent_instance_id', type: 'uuid', nullable: true }) parentInstanceId: string | null;
  @Column({ name: 'parent_wait_id', type: 'uuid', nullable: true }) parentWaitId: string | null;
  /** How many callers it has above it. */
  @Column({ name: 'call_depth', type: 'integer', default: () => '0' }) callDepth: number;
  @Column({ name: 'suspended_at', type: 'timestamptz', nullable: true }) suspendedAt: Date | null;
  @Column({ name: 'suspended_by', type: 'text', nullable: true }) suspendedBy: string | null;
  @Column({ name: 'suspension_reason', type: 'text', nullable: true }) suspensionReason: string | null;
  @Column({ name: 'started_by', type: 'text' }) startedBy: string;
  @Column({ name: 'started_at', type: 'timestamptz' }) startedAt: Date;
  @Column({ name: 'ended_at', type: 'timestamptz', nullable: true }) endedAt: Date | null;
}
