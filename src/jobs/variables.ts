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
    remindAt: string | null;
    result: 'ACCEPTED' | 'DECLINED' | 'EXPIRED' | null;
  };
  discount: {
    level: DiscountLevel | null;
    approverRole: string | null;
    approvals: number;
    decideHours: number;
    useDays: number;
  };
  customer: { answer: 'ACCEPT' | 'CHANGES' | 'DECLINE' | null; reason: string | null };
  sale: {
    id: string;
    number: string;
    customerId: string;
    currency: string;
    totalMinor: number;
    result: 'CLEARED' | 'REJECTED' | 'CANCELLED' | null;
  };
  payment: { method: PaymentMethod | null; onTermsMinor: number; prepayMinor: number; attempts: number; dueAt: string | null };
  admission: {
    customerStatus: 'ACTIVE' | 'BLOCKED' | 'CLOSED' | null;
    restrictedGoods: boolean;
    firstOrder: boolean;
    outcome: 'PASS' | 'ADMIN_OVERRIDE' | 'REJECT' | null;
    reasonCode: string | null;
  };
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
  shortage: {
    outcome: string | null;
    linePolicy: string | null;
    replenishDays: number;
    safetyCovers: boolean;
    customerTier: string | null;
    shortValueMinor: number;
  };
  choice: { answer: 'BACKORDER' | 'REDUCE' | 'CANCEL' | null };
  coverage: { outcome: string | null; capturedMinor: number; dueMinor: number };
  fulfilments: { count: number; shipped: number };
  flags: { overridePrice: boolean; overrideAdmin: boolean; overrideCredit: boolean; overrideStock: boolean };
  fulfilment: { id: string; number: string; saleId: string; location: string; backorderOfId: string | null };
  release: { outcome: 'RELEASE' | 'HOLD' | null; reason: string | null };
  pick: { pickedQty: number | null; shortQty: number };
  backorder: { choice: 'KEEP' | 'CANCEL' | null };
  prep: { result: 'READY' | 'CANCELLED' };
  shipment: { carrier: string | null; tracking: string | null; shippedAt: string | null; deliveredAt: string | null };
  exception: { resolution: 'RETURN_TO_SENDER' | 'LOST' | 'DELIVER_AGAIN' | null };
  returnWindow: { endsAt: string | null };
  returns: { open: number; allReturned: boolean; windowOpen: boolean };
  returnRequest: {
    id: string;
    number: string;
    fulfilmentId: string;
    saleId: string;
    reason: ReturnReason | null;
    daysSinceDelivery: number;
    goodsClass: GoodsClass | null;
    valueMinor: number;
    returnRatePct: number;
  };
  eligibility: {
    outcome: 'AUTO_APPROVE' | 'MANUAL_REVIEW' | 'REJECT' | null;
    reasonCode: string | null;
    feeBp: number;
    freightPaidBy: 'SELLER' | 'BUYER' | null;
  };
  review: { accept: boolean | null };
  rma: { number: string | null; expiresAt: string | null };
  inspection: { acceptedQty: number; goodQty: number };
  refund: {
    amountMinor: number;
    paidBy: 'TERMS' | 'CARD' | 'PREPAY' | 'DEPOSIT' | null;
    invoiceState: 'UNPAID' | 'PART_PAID' | 'PAID' | null;
    method: 'CREDIT_NOTE' | 'ACCOUNT_CREDIT' | 'ORIGINAL_PAYMENT' | null;
    extraApproval: 'finance' | 'none' | null;
    manualReference: string | null;
  };
};

export type PaymentMethod = 'TERMS' | 'PREPAY' | 'CARD' | 'DEPOSIT';
export type DiscountLevel = 'NONE' | 'L1' | 'L2' | 'L3' | 'FORBIDDEN';
export type ReturnReason = 'CHANGED_MIND' | 'DEFECT' | 'WRONG_ITEM' | 'DAMAGED_IN_TRANSIT';
export type GoodsClass = 'STANDARD' | 'CUSTOM_MADE' | 'PERISHABLE';
export type CreditOutcome = 'APPROVE' | 'APPROVE_WITH_OVERRIDE' | 'REVIEW' | 'HOLD' | 'PREPAY' | 'REFUSE';

/** A process variable of a job; deployment has checked that the diagram declares it. */
export function variable<Name extends keyof Variables>(job: Job, name: Name): Variables[Name] {
  const value = job.variables[name];
  if (!isJsonObject(value))
    throw new ImpossibleState(`${job.businessKey} has no variable ${name}, which the job ${job.type} needs`);
  return value as unknown as Variables[Name];
}
