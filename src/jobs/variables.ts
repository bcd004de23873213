import type { Job } from '../commands/job.ts';
import { ImpossibleState } from '../support/errors.ts';
import { isJsonObject } from '../support/json.ts';

/** The process variables that jobs read and write, as `processes/*.variables.schema.json` declare them. Amounts in minor units, times ISO 8601. */
export type Variables = {
  quotation: {
    id: string;
    number: string;
    customerId: string;
    currency: string;
    offerRevision: number;
    totalMinor: number;
    marginBp: number;
    maxLineDiscountBp: number;
    validUntil: string | null;
    result: 'ACCEPTED' | 'DECLINED' | 'EXPIRED' | null;
  };
  sale: {
    id: string;
    number: string;
    customerId: string;
    currency: string;
    totalMinor: number;
    result: 'CLEARED' | 'REJECTED' | 'CANCELLED' | null;
  };
  payment: { method: PaymentMethod | null; onTermsMinor: number; prepayMinor: number; attempts: number; dueAt: string | null };
  credit: {
    outcome: CreditOutcome | null;
    approverRole: string | null;
    flag: string | null;
    excessMinor: number;
    snapshotId: string | null;
  };
  override: {
    id: string | null;
    kind: string | null;
    status: string | null;
    approverRole: string | null;
    expiresAt: string | null;
  };
  fulfilment: { id: string; number: string; saleId: string; location: string; backorderOfId: string | null };
  shipment: { carrier: string | null; tracking: string | null; shippedAt: string | null; deliveredAt: string | null };
};

export type PaymentMethod = 'TERMS' | 'PREPAY' | 'CARD' | 'DEPOSIT';
export type CreditOutcome = 'APPROVE' | 'APPROVE_WITH_OVERRIDE' | 'REVIEW' | 'HOLD' | 'PREPAY' | 'REFUSE';

/** A process variable of a job; deployment has checked that the diagram declares it. */
export function variable<Name extends keyof Variables>(job: Job, name: Name): Variables[Name] {
  const value = job.variables[name];
  if (!isJsonObject(value))
    throw new ImpossibleState(`${job.businessKey} has no variable ${name}, which the job ${job.type} needs`);
  return value as unknown as Variables[Name];
}
