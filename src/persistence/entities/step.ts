import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** One applied command of an instance; append-only, chained by hash (docs/adr/0004). */
@Entity({ schema: 'orderflow', name: 'step' })
export class Step {
  @PrimaryColumn({ name: 'instance_id', type: 'uuid' }) instanceId: string;
  @PrimaryColumn({ type: 'integer' }) revision: number;
  @Column({ type: 'text' }) trigger: string;
  @Column({ name: 'element_id', type: 'text', nullable: true }) elementId: string | null;
  @Column({ name: 'wait_id', type: 'uuid', nullable: true }) waitId: string | null;
  @Column({ type: 'text' }) actor: string;
  @Column({ name: 'on_behalf_of', type: 'text', nullable: true }) onBehalfOf: string | null;
  @Column({ name: 'command_id', type: 'uuid', nullable: true }) commandId: string | null;
  @Column({ type: 'uuid', array: true }) opened: string[];
  @Column({ type: 'uuid', array: true }) closed: string[];
  @Column({ type: 'jsonb' }) trail: JsonObject;
  @Column({ type: 'jsonb' }) asked: JsonObject;
  @Column({ name: 'state_hash', type: 'text', nullable: true }) stateHash: string | null;
  @Column({ type: 'text', nullable: true }) traceparent: string | null;
  @Column({ type: 'timestamptz' }) at: Date;
  /** Why it was done by hand. */
  @Column({ type: 'text', nullable: true }) reason: string | null;
  @Column({ name: 'prev_hash', type: 'text', nullable: true }) prevHash: string | null;
  @Column({ type: 'text' }) hash: string;
}
