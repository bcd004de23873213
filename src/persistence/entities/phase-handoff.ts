import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A phase that was handed to the next one, once. */
@Entity({ schema: 'orderflow', name: 'phase_handoff' })
export class PhaseHandoff {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) hook: 'onQuotationApproved' | 'onSaleCleared';
  @Column({ name: 'source_id', type: 'uuid' }) sourceId: string;
  @Column({ name: 'target_ids', type: 'uuid', array: true }) targetIds: string[];
  @Column({ type: 'timestamptz' }) at: Date;
}
