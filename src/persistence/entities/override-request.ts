import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A request to let something pass that a rule stopped; decided by somebody else, used once. */
@Entity({ schema: 'orderflow', name: 'override_request' })
export class OverrideRequest {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ type: 'text' }) kind: 'ADMIN' | 'CREDIT' | 'PRICE' | 'STOCK';
  @Column({ name: 'subject_type', type: 'text' }) subjectType: 'quotation' | 'sale_order' | 'fulfilment';
  @Column({ name: 'subject_id', type: 'uuid' }) subjectId: string;
  @Column({ name: 'subject_number', type: 'text' }) subjectNumber: string;
  @Column({ name: 'subject_fingerprint', type: 'text' }) subjectFingerprint: string;
  @Column({ type: 'jsonb' }) scope: object;
  @Column({ name: 'scope_amount_minor', type: 'bigint', nullable: true }) scopeAmountMinor: number | null;
  @Column({ name: 'reason_code', type: 'text' }) reasonCode: string;
  @Column({ type: 'text' }) reason: string;
  @Column({ type: 'text', default: () => "'PENDING'" }) status:
    'PENDING' | 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'WITHDRAWN' | 'SUPERSEDED' | 'CONSUMED' | 'REVOKED';
  @Column({ name: 'requested_by', type: 'text' }) requestedBy: string;
  @Column({ name: 'requested_on_behalf_of', type: 'text', nullable: true }) requestedOnBehalfOf: string | null;
  /** Everybody else who had a hand in what is asked for. */
  @Column({ type: 'text', array: true, default: () => "'{}'" }) parties: string[];
  @Column({ name: 'requested_at', type: 'timestamptz' }) requestedAt: Date;
  @Column({ name: 'required_role', type: 'text' }) requiredRole: string;
  @Column({ name: 'required_approvals', type: 'integer', default: () => '1' }) requiredApprovals: number;
  @Column({ name: 'approvals_count', type: 'integer', default: () => '0' }) approvalsCount: number;
  @Column({ name: 'decide_by', type: 'timestamptz' }) decideBy: Date;
  @Column({ name: 'use_days', type: 'integer' }) useDays: number;
  @Column({ name: 'use_by', type: 'timestamptz', nullable: true }) useBy: Date | null;
  @Column({ name: 'decided_at', type: 'timestamptz', nullable: true }) decidedAt: Date | null;
  @Column({ name: 'consumed_at', type: 'timestamptz', nullable: true }) consumedAt: Date | null;
  @Column({ name: 'revoked_by', type: 'text', nullable: true }) revokedBy: string | null;
  @Column({ name: 'revocation_reason', type: 'text', nullable: true }) revocationReason: string | null;
  @Column({ name: 'decision_record_id', type: 'uuid', nullable: true }) decisionRecordId: string | null;
  @Column({ type: 'integer', default: () => '1' }) revision: number;
}

/** One person's word on an override request. */
@Entity({ schema: 'orderflow', name: 'override_decision' })
export class OverrideDecision {
  @PrimaryColumn({ type: 'uuid' }) id: string;
  @Column({ name: 'override_request_id', type: 'uuid' }) overrideRequestId: string;
  @Column({ type: 'text' }) actor: string;
  @Column({ name: 'on_behalf_of', type: 'text', nullable: true }) onBehalfOf: string | null;
  @Column({ name: 'actor_roles', type: 'text', array: true }) actorRoles: string[];
  @Column({ type: 'text' }) decision: 'APPROVE' | 'REJECT';
  @Column({ type: 'text' }) reason: string;
  @Column({ type: 'timestamptz' }) at: Date;
}
