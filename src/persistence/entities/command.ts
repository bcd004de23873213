import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** An accepted command and its stored answer, by actor and Idempotency-Key. */
@Entity({ schema: 'orderflow', name: 'command' })
export class Command {
  @Column({ type: 'uuid' }) id: string;
  @PrimaryColumn({ type: 'text' }) actor: string;
  @PrimaryColumn({ type: 'text' }) key: string;
  @Column({ type: 'text' }) name: string;
  @Column({ type: 'text' }) fingerprint: string;
  @Column({ type: 'integer', nullable: true }) status: number | null;
  @Column({ type: 'json', nullable: true }) body: JsonObject | null;
  @Column({ type: 'jsonb', nullable: true }) headers: JsonObject | null;
  @Column({ name: 'received_at', type: 'timestamptz', default: () => 'orderflow.now()' }) receivedAt: Date;
}
