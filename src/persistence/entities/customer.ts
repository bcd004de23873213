import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Who buys. */
@Entity({ schema: 'orderflow', name: 'customer' })
export class Customer {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) code: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text', default: () => "'STANDARD'" }) tier: 'STANDARD' | 'GOLD';
  @Column({ type: 'text', default: () => "'ACTIVE'" }) status: 'ACTIVE' | 'BLOCKED' | 'CLOSED';
  @Column({ name: 'payment_method', type: 'text', nullable: true }) paymentMethod: 'TERMS' | 'PREPAY' | 'CARD' | 'DEPOSIT' | null;
  @Column({ name: 'shipping_policy', type: 'text', default: () => "'ALLOW_SPLIT'" }) shippingPolicy:
    'COMPLETE_ONLY' | 'ALLOW_SPLIT' | 'ASK';
  @Column({ type: 'integer', default: () => '1' }) revision: number;
}
