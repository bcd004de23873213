import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is sold, with its list price and how a shortage of it is handled. */
@Entity({ schema: 'orderflow', name: 'product' })
export class Product {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) sku: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) currency: string;
  @Column({ name: 'list_price_minor', type: 'bigint' }) listPriceMinor: number;
  @Column({ name: 'cost_minor', type: 'bigint' }) costMinor: number;
  @Column({ name: 'tax_class', type: 'text', default: () => "'NONE'" }) taxClass: string;
  @Column({ name: 'line_policy', type: 'text', default: () => "'BACKORDER'" }) linePolicy:
    'BACKORDER' | 'NO_BACKORDER' | 'DISCONTINUED';
  @Column({ name: 'replenish_days', type: 'integer', default: () => '7' }) replenishDays: number;
  @Column({ name: 'return_window_seconds', type: 'integer', default: () => '2592000' }) returnWindowSeconds: number;
  @Column({ type: 'boolean', default: false }) restricted: boolean;
  @Column({ name: 'goods_class', type: 'text', default: () => "'STANDARD'" }) goodsClass:
    'STANDARD' | 'CUSTOM_MADE' | 'PERISHABLE';
  @Column({ type: 'integer', default: () => '1' }) revision: number;
}
