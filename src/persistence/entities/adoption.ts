import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { JsonObject } from '../../support/json.ts';

/** A record of the old system that has been taken over, as it was then; append-only. */
@Entity({ schema: 'orderflow', name: 'adoption' })
export class Adoption {
  @PrimaryColumn({ type: 'text' }) source: string;
  @PrimaryColumn({ type: 'text' }) entity: string;
  @PrimaryColumn({ type: 'text' }) key: string;
  /** Hash of the record: another one later says that the old system went on with it. */
  @Column({ type: 'text' }) digest: string;
  @Column({ name: 'target_id', type: 'uuid', nullable: true }) targetId: string | null;
  @Column({ name: 'adopted_at', type: 'timestamptz' }) adoptedAt: Date;
}

/** A record of the old system that contradicts itself or others, or says what nobody has mapped: a person decides, nobody guesses. */
@Entity({ schema: 'orderflow', name: 'adoption_review' })
export class AdoptionReview {
  @PrimaryColumn({ type: 'text' }) source: string;
  @PrimaryColumn({ type: 'text' }) entity: string;
  @PrimaryColumn({ type: 'text' }) key: string;
  @PrimaryColumn({ type: 'text' }) code: string;
  @Column({ type: 'text' }) message: string;
  @Column({ type: 'jsonb' }) record: JsonObject;
  @Column({ name: 'found_at', type: 'timestamptz' }) foundAt: Date;
  @Column({ name: 'resolved_at', type: 'timestamptz', nullable: true }) resolvedAt: Date | null;
}
