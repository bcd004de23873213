import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Diagrams, tables and schemas that were deployed together: one version, known by the hash of its content. */
@Entity({ schema: 'orderflow', name: 'deployment' })
export class Deployment {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'content_hash', type: 'text' }) contentHash: string;
  @Column({ name: 'deployed_by', type: 'text' }) deployedBy: string;
  @Column({ name: 'deployed_at', type: 'timestamptz', default: () => 'orderflow.now()' }) deployedAt: Date;
}

/** One file of a deployment, as it was uploaded. */
@Entity({ schema: 'orderflow', name: 'deployment_resource' })
export class DeploymentResource {
  @PrimaryColumn({ name: 'deployment_id', type: 'uuid' }) deploymentId: string;
  @PrimaryColumn({ type: 'text' }) name: string;
  @Column({ type: 'text' }) content: string;
}
