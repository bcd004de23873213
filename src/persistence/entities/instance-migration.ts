import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** A step with which an instance changed its version; append-only. */
@Entity({ schema: 'orderflow', name: 'instance_migration' })
export class InstanceMigration {
  @PrimaryColumn({ name: 'instance_id', type: 'uuid' }) instanceId: string;
  @PrimaryColumn({ type: 'integer' }) revision: number;
  @Column({ name: 'from_definition_id', type: 'uuid' }) fromDefinitionId: string;
  @Column({ name: 'to_definition_id', type: 'uuid' }) toDefinitionId: string;
  @Column({ name: 'batch_id', type: 'uuid', nullable: true }) batchId: string | null;
  @Column({ type: 'jsonb' }) mapping: JsonObject;
  @Column({ type: 'integer', nullable: true }) undoes: number | null;
  /** What takes it back (persistence/instance-migrations.ts); null when it takes something back itself. */
  @Column({ type: 'jsonb', nullable: true }) before: JsonObject | null;
}
