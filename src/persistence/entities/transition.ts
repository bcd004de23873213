import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One change of an order's workflowState: who, when, by what; append-only and gapless per order. */
@Entity({ schema: 'orderflow', name: 'transition' })
export class Transition {
  @PrimaryColumn({ name: 'entity_type', type: 'text' }) entityType: 'quotation' | 'sale_order' | 'fulfilment' | 'return_request';
  @PrimaryColumn({ name: 'entity_id', type: 'uuid' }) entityId: string;
  @PrimaryColumn({ type: 'integer' }) sequence: number;
  @Column({ name: 'from_state', type: 'text', nullable: true }) fromState: string | null;
  @Column({ name: 'to_state', type: 'text' }) toState: string;
  @Column({ type: 'text' }) trigger: string;
  @Column({ name: 'element_id', type: 'text', nullable: true }) elementId: string | null;
  @Column({ name: 'instance_id', type: 'uuid', nullable: true }) instanceId: string | null;
  @Column({ name: 'instance_revision', type: 'integer', nullable: true }) instanceRevision: number | null;
  @Column({ type: 'text' }) actor: string;
  @Column({ name: 'on_behalf_of', type: 'text', nullable: true }) onBehalfOf: string | null;
  @Column({ type: 'text', nullable: true }) reason: string | null;
  @Column({ type: 'timestamptz' }) at: Date;
}
