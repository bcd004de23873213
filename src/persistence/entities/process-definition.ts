import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A version of a process; instances stay on the version that they started on. */
@Entity({ schema: 'orderflow', name: 'process_definition' })
export class ProcessDefinition {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'deployment_id', type: 'uuid' }) deploymentId: string;
  @Column({ name: 'process_id', type: 'text' }) processId: string;
  @Column({ type: 'integer' }) version: number;
  @Column({ name: 'resource_name', type: 'text' }) resourceName: string;
  /** `zeebe:versionTag`: a call activity may be bound to it. */
  @Column({ name: 'version_tag', type: 'text', nullable: true }) versionTag: string | null;
}
