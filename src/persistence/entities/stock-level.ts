import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How much of a product lies at a location, and how much of that is promised. */
@Entity({ schema: 'orderflow', name: 'stock_level' })
export class StockLevel {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) sku: string;
  @Column({ type: 'text' }) location: string;
  @Column({ name: 'on_hand', type: 'bigint', default: () => '0' }) onHand: number;
  @Column({ type: 'bigint', default: () => '0' }) reserved: number;
  @Column({ type: 'bigint', default: () => '0' }) safety: number;
  @Column({ type: 'integer', default: () => '1' }) revision: number;
}
