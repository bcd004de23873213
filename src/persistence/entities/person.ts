import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Somebody who works with the service, and what they may do. Read at every request: a role that is taken away is gone at once. */
@Entity({ schema: 'orderflow', name: 'person' })
export class Person {
  @PrimaryColumn({ type: 'text' }) id: string;
  @Column({ type: 'text', array: true }) roles: string[];
  @Column({ type: 'integer', default: () => '1' }) revision: number;
}

/** The right of one person to act for another, for a time. */
@Entity({ schema: 'orderflow', name: 'delegation' })
export class Delegation {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) principal: string;
  @Column({ type: 'text' }) delegate: string;
  @Column({ name: 'valid_from', type: 'timestamptz' }) validFrom: Date;
  @Column({ name: 'valid_until', type: 'timestamptz' }) validUntil: Date;
  @Column({ name: 'created_by', type: 'text' }) createdBy: string;
  @Column({ name: 'created_at', type: 'timestamptz' }) createdAt: Date;
  @Column({ name: 'revoked_by', type: 'text', nullable: true }) revokedBy: string | null;
  @Column({ name: 'revoked_at', type: 'timestamptz', nullable: true }) revokedAt: Date | null;
}
