import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** What a decision was asked and what it answered, with the rules that matched; append-only. */
@Entity({ schema: 'orderflow', name: 'decision_record' })
export class DecisionRecord {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'instance_id', type: 'uuid' }) instanceId: string;
  @Column({ name: 'instance_revision', type: 'integer' }) instanceRevision: number;
  @Column({ name: 'element_id', type: 'text' }) elementId: string;
  @Column({ name: 'decision_id', type: 'text' }) decisionId: string;
  @Column({ name: 'deployment_id', type: 'uuid' }) deploymentId: string;
  @Column({ type: 'jsonb' }) inputs: JsonObject;
  @Column({ type: 'jsonb' }) outcome: JsonObject;
  @Column({ name: 'matched_rules', type: 'integer', array: true }) matchedRules: number[];
  @Column({ type: 'timestamptz' }) at: Date;
}
