import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** A wish to take running instances of one process to one version of it. */
@Entity({ schema: 'orderflow', name: 'migration_batch' })
export class MigrationBatch {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'process_id', type: 'text' }) processId: string;
  @Column({ name: 'target_definition_id', type: 'uuid' }) targetDefinitionId: string;
  @Column({ type: 'jsonb' }) mapping: JsonObject;
  @Column({ name: 'due_dates', type: 'text' }) dueDates: 'keep' | 'anew';
  @Column({ type: 'jsonb' }) filter: JsonObject;
  @Column({ type: 'text' }) reason: string;
  @Column({ type: 'text' }) status: 'planning' | 'planned' | 'cancelled' | 'executing' | 'executed' | 'undoing' | 'undone';
  @Column({ type: 'integer', default: () => '1' }) revision: number;
  @Column({ name: 'created_by', type: 'text' }) createdBy: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'executed_by', type: 'text', nullable: true }) executedBy: string | null;
  @Column({ name: 'executed_at', type: 'timestamptz', nullable: true }) executedAt: Date | null;
  @Column({ name: 'undone_by', type: 'text', nullable: true }) undoneBy: string | null;
  @Column({ name: 'undone_at', type: 'timestamptz', nullable: true }) undoneAt: Date | null;
  @Column({ name: 'undo_reason', type: 'text', nullable: true }) undoReason: string | null;
}

/** One instance of a batch, with its verdict and what has become of it. */
@Entity({ schema: 'orderflow', name: 'migration_item' })
export class MigrationItem {
  @PrimaryColumn({ name: 'batch_id', type: 'uuid' }) batchId: string;
  @PrimaryColumn({ name: 'instance_id', type: 'uuid' }) instanceId: string;
  @Column({ name: 'from_definition_id', type: 'uuid' }) fromDefinitionId: string;
  @Column({ type: 'text', nullable: true }) verdict: 'migrates' | 'refused' | 'ended' | 'there' | null;
  @Column({ type: 'text', nullable: true }) outcome: 'migrated' | 'refused' | 'ended' | 'there' | 'failed' | null;
  @Column({ name: 'undo_outcome', type: 'text', nullable: true }) undoOutcome: 'undone' | 'moved-on' | 'failed' | null;
  @Column({ type: 'text', nullable: true }) sentence: string | null;
  @Column({ type: 'jsonb', default: () => "'[]'" }) obstacles: JsonObject[];
  @Column({ name: 'migrated_revision', type: 'integer', nullable: true }) migratedRevision: number | null;
  @Column({ type: 'text', nullable: true }) todo: 'plan' | 'execute' | 'undo' | null;
  @Column({ name: 'next_at', type: 'timestamptz' }) nextAt: Date;
  @Column({ type: 'integer', default: () => '0' }) failures: number;
  @Column({ name: 'changed_at', type: 'timestamptz' }) changedAt: Date;
}
