import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A BPMN escalation that came up from a called process; it becomes a command of the caller. */
@Entity({ schema: 'orderflow', name: 'call_escalation' })
export class CallEscalation {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'bigint', insert: false, update: false }) sequence: number;
  @Column({ name: 'wait_id', type: 'uuid' }) waitId: string;
  @Column({ name: 'child_id', type: 'uuid' }) childId: string;
  @Column({ name: 'child_revision', type: 'integer' }) childRevision: number;
  @Column({ type: 'text' }) code: string;
  @Column({ type: 'text', nullable: true }) traceparent: string | null;
  @Column({ type: 'timestamptz' }) at: Date;
  @Column({ name: 'next_at', type: 'timestamptz' }) nextAt: Date;
  @Column({ type: 'integer', default: () => '0' }) attempts: number;
  @Column({ name: 'done_at', type: 'timestamptz', nullable: true }) doneAt: Date | null;
}
