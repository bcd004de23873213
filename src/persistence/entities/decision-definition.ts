import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A version of a decision; processes use the one that was deployed with them. */
@Entity({ schema: 'orderflow', name: 'decision_definition' })
export class DecisionDefinition {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'deployment_id', type: 'uuid' }) deploymentId: string;
  @Column({ name: 'decision_id', type: 'text' }) decisionId: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'integer' }) version: number;
  @Column({ name: 'resource_name', type: 'text' }) resourceName: string;
}
