import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The ledger of a stock level; append-only. */
@Entity({ schema: 'orderflow', name: 'stock_movement' })
export class StockMovement {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'stock_level_id', type: 'uuid' }) stockLevelId: string;
  @Column({ type: 'text' }) kind: 'RECEIVED' | 'RESERVED' | 'RELEASED' | 'SHIPPED' | 'RETURNED' | 'SCRAPPED' | 'COUNTED';
  @Column({ type: 'bigint' }) quantity: number;
  @Column({ type: 'text' }) reference: string;
  @Column({ type: 'timestamptz' }) at: Date;
}
