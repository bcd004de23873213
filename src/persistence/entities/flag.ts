import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A slice of the work, or a kind of override, that can be switched off by itself. */
@Entity({ schema: 'orderflow', name: 'flag' })
export class Flag {
  @PrimaryColumn({ type: 'text' }) name: string;
  @Column({ type: 'boolean', default: () => 'true' }) enabled: boolean;
  @Column({ type: 'text', nullable: true }) reason: string | null;
  @Column({ name: 'changed_by', type: 'text', default: () => "'default'" }) changedBy: string;
  @Column({ name: 'changed_at', type: 'timestamptz', default: () => 'orderflow.now()' }) changedAt: Date;
  /** Since when it is on, or was last. */
  @Column({ name: 'switched_on_at', type: 'timestamptz', nullable: true }) switchedOnAt: Date | null;
  @Column({ type: 'integer', default: () => '1' }) revision: number;
}

/** Who switched a flag, and why; append-only. */
@Entity({ schema: 'orderflow', name: 'flag_change' })
export class FlagChange {
  @PrimaryColumn({ name: 'flag_name', type: 'text' }) flagName: string;
  @PrimaryColumn({ type: 'integer' }) revision: number;
  @Column({ type: 'boolean' }) enabled: boolean;
  @Column({ type: 'text' }) reason: string;
  @Column({ type: 'text' }) actor: string;
  @Column({ type: 'timestamptz' }) at: Date;
}
