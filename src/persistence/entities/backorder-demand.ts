import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A quantity that waits for stock to arrive, served by priority and commitment. */
@Entity({ schema: 'orderflow', name: 'backorder_demand' })
export class BackorderDemand {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'fulfilment_id', type: 'uuid' }) fulfilmentId: string;
  @Column({ name: 'sale_line_id', type: 'uuid' }) saleLineId: string;
  @Column({ type: 'text' }) sku: string;
  @Column({ type: 'bigint' }) quantity: number;
  @Column({ type: 'integer', default: () => '100' }) priority: number;
  @Column({ name: 'committed_at', type: 'timestamptz' }) committedAt: Date;
  /** Its picker did not find what the books promised: it waits for goods to arrive, and for nothing else. */
  @Column({ type: 'boolean', default: () => 'false' }) rests: boolean;
  @Column({ type: 'text', default: () => "'OPEN'" }) status: 'OPEN' | 'FILLED' | 'CANCELLED';
}
