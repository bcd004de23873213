import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** A message to an instance (BPMN message), kept until it is correlated or expires. */
@Entity({ schema: 'orderflow', name: 'message' })
export class Message {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'bigint', insert: false, update: false }) sequence: number;
  @Column({ type: 'text' }) name: string;
  @Column({ name: 'correlation_key', type: 'text' }) correlationKey: string;
  @Column({ type: 'jsonb' }) variables: JsonObject;
  @Column({ type: 'text' }) source: string;
  @Column({ name: 'message_id', type: 'text', nullable: true }) messageId: string | null;
  @Column({ name: 'received_at', type: 'timestamptz' }) receivedAt: Date;
  @Column({ name: 'expires_at', type: 'timestamptz' }) expiresAt: Date;
  @Column({ name: 'next_at', type: 'timestamptz' }) nextAt: Date;
  @Column({ type: 'integer', default: () => '0' }) attempts: number;
  @Column({ name: 'consumed_at', type: 'timestamptz', nullable: true }) consumedAt: Date | null;
  @Column({ name: 'consumed_wait_id', type: 'uuid', nullable: true }) consumedWaitId: string | null;
}
