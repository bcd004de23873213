import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Stock that is promised to a sale line. */
@Entity({ schema: 'orderflow', name: 'stock_reservation' })
export class StockReservation {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'stock_level_id', type: 'uuid' }) stockLevelId: string;
  @Column({ name: 'sale_line_id', type: 'uuid' }) saleLineId: string;
  @Column({ name: 'fulfilment_id', type: 'uuid', nullable: true }) fulfilmentId: string | null;
  @Column({ type: 'bigint' }) quantity: number;
  @Column({ type: 'text' }) status: 'SOFT' | 'FIRM' | 'SHIPPED' | 'RELEASED' | 'EXPIRED';
  @Column({ name: 'expires_at', type: 'timestamptz', nullable: true }) expiresAt: Date | null;
  @Column({ name: 'override_request_id', type: 'uuid', nullable: true }) overrideRequestId: string | null;
  @Column({ name: 'job_key', type: 'text' }) jobKey: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
}
