import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** What a call activity waits for: its next turn is a command of the child or of its caller (persistence/calls.ts). */
@Entity({ schema: 'orderflow', name: 'call' })
export class Call {
  @PrimaryColumn({ name: 'wait_id', type: 'uuid' }) waitId: string;
  @Column({ type: 'bigint', insert: false, update: false }) sequence: number;
  @Column({ name: 'instance_id', type: 'uuid' }) instanceId: string;
  @Column({ name: 'process_id', type: 'text' }) processId: string;
  @Column({ type: 'text' }) binding: 'deployment' | 'latest' | 'versionTag';
  @Column({ name: 'version_tag', type: 'text', nullable: true }) versionTag: string | null;
  @Column({ name: 'business_key', type: 'text' }) businessKey: string;
  @Column({ name: 'all_variables', type: 'boolean' }) allVariables: boolean;
  @Column({ type: 'jsonb' }) variables: JsonObject;
  @Column({ type: 'integer', default: () => '1' }) turn: number;
  @Column({ type: 'text', nullable: true }) todo: 'start' | 'answer' | 'cancel' | null;
  @Column({ type: 'jsonb', nullable: true }) outcome: JsonObject | null;
  @Column({ type: 'text', nullable: true }) traceparent: string | null;
  @Column({ name: 'next_at', type: 'timestamptz' }) nextAt: Date;
  @Column({ type: 'integer', default: () => '0' }) attempts: number;
  @Column({ name: 'opened_at', type: 'timestamptz' }) openedAt: Date;
  @Column({ name: 'closed_at', type: 'timestamptz', nullable: true }) closedAt: Date | null;
}
