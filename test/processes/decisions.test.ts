import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { evaluateDecision } from '../../src/rules/decision.ts';
import { parseDecisions } from '../../src/rules/dmn.ts';
import { tableFindings } from '../../src/rules/table-findings.ts';
import type { Json, JsonObject } from '../../src/support/json.ts';
import { processesFolder } from './diagram.ts';

const readDecision = async (id: string) => parseDecisions(await readFile(new URL(`${id}.dmn`, processesFolder), 'utf8'));

/** An account in good standing, 104 % of its limit used with this order. */
const overLimit: JsonObject = {
  accountHold: 'NONE',
  maxOverdueDays: 0,
  overrideCovers: false,
  limitMinor: 1_000_000,
  utilisationAfterPct: 104,
  riskClass: 'B',
};
/** A known customer who orders what everybody may buy. */
const admitted: JsonObject = { customerStatus: 'ACTIVE', restrictedGoods: false, firstOrder: false, totalMinor: 100_000 };
const overdue: JsonObject = { ...overLimit, accountHold: 'WATCH', maxOverdueDays: 45 };

/** A gold customer's line that may not be backordered, and that the safety stock would cover. */
const short: JsonObject = { linePolicy: 'NO_BACKORDER', replenishDays: 5, safetyCovers: true, customerTier: 'GOLD' };

/** Nobody has to approve. */
const nobody: JsonObject = { approverRole: null, approvals: 0, decideHours: 0, useDays: 0 };

/** A customer who takes what is there, of which there is most. */
const split: JsonObject = { customerPolicy: 'ALLOW_SPLIT', availablePct: 60, backorderDays: 4, extraFreightMinor: 5000 };

/** Goods on terms of an account in good standing. */
const free: JsonObject = { accountHold: 'NONE', onTerms: true, maxOverdueDays: 0, releaseOverride: false, prepayCovered: true };

/** A customer who does not like it after 20 days. */
const returned: JsonObject = {
  reason: 'CHANGED_MIND',
  daysSinceDelivery: 20,
  goodsClass: 'STANDARD',
  valueMinor: 10_000,
  returnRatePct: 5,
};
const eligible = (outcome: string, reasonCode: string | null, feeBp: number, freightPaidBy: string): JsonObject => ({
  outcome,
  reasonCode,
  feeBp,
  freightPaidBy,
});
const refund: JsonObject = { paidBy: 'CARD', invoiceState: null, refundMinor: 1_000_000 };

/** What the owners of the tables expect: decision, inputs, outcome. */
const samples: readonly (readonly [string, JsonObject, Json])[] = [
  [
    'discount-approval',
    { marginBp: 1200, maxLineDiscountBp: 1800, totalMinor: 6_000_000 },
    { level: 'L3', approverRole: 'finance_director', approvals: 2, decideHours: 24, useDays: 7 },
  ],
  [
    'discount-approval',
    { marginBp: 1200, maxLineDiscountBp: 500, totalMinor: 6_000_000 },
    { level: 'NONE', approverRole: null, approvals: 0, decideHours: 0, useDays: 0 },
  ],
  ['discount-approval', { marginBp: -1, maxLineDiscountBp: 0, totalMinor: 1 }, { ...nobody, level: 'FORBIDDEN' }],
  ['discount-approval', { marginBp: 1200, maxLineDiscountBp: 4001, totalMinor: 1 }, { ...nobody, level: 'FORBIDDEN' }],
  [
    'discount-approval',
    { marginBp: 499, maxLineDiscountBp: 0, totalMinor: 1 },
    { level: 'L3', approverRole: 'finance_director', approvals: 2, decideHours: 24, useDays: 7 },
  ],
  [
    'discount-approval',
    { marginBp: 1200, maxLineDiscountBp: 1800, totalMinor: 4_999_999 },
    { level: 'L2', approverRole: 'sales_manager', approvals: 1, decideHours: 24, useDays: 14 },
  ],
  [
    'discount-approval',
    { marginBp: 1200, maxLineDiscountBp: 501, totalMinor: 4_999_999 },
    { level: 'L1', approverRole: 'team_lead', approvals: 1, decideHours: 8, useDays: 14 },
  ],
  ['sale-admission', admitted, { outcome: 'PASS', reasonCode: null }],
  ['sale-admission', { ...admitted, customerStatus: 'CLOSED' }, { outcome: 'REJECT', reasonCode: 'CUSTOMER_CLOSED' }],
  ['sale-admission', { ...admitted, customerStatus: 'BLOCKED' }, { outcome: 'ADMIN_OVERRIDE', reasonCode: 'CUSTOMER_BLOCKED' }],
  ['sale-admission', { ...admitted, restrictedGoods: true }, { outcome: 'ADMIN_OVERRIDE', reasonCode: 'RESTRICTED_GOODS' }],
  ['sale-admission', { ...admitted, firstOrder: true, totalMinor: 2_499_999 }, { outcome: 'PASS', reasonCode: null }],
  [
    'sale-admission',
    { ...admitted, firstOrder: true, totalMinor: 2_500_000 },
    { outcome: 'ADMIN_OVERRIDE', reasonCode: 'LARGE_FIRST_ORDER' },
  ],
  ['sale-admission', { ...admitted, totalMinor: 49_999_999 }, { outcome: 'PASS', reasonCode: null }],
  ['sale-admission', { ...admitted, totalMinor: 50_000_000 }, { outcome: 'ADMIN_OVERRIDE', reasonCode: 'VERY_LARGE_ORDER' }],
  ['credit-check', overLimit, { outcome: 'REVIEW', approverRole: 'credit_analyst', flag: null }],
  ['credit-check', { ...overLimit, riskClass: 'D' }, { outcome: 'REVIEW', approverRole: 'credit_manager', flag: null }],
  ['credit-check', overdue, { outcome: 'REVIEW', approverRole: 'credit_manager', flag: 'OVERDUE' }],
  ['credit-check', { ...overdue, overrideCovers: true }, { outcome: 'APPROVE_WITH_OVERRIDE', approverRole: null, flag: null }],
  [
    'credit-check',
    { ...overLimit, accountHold: 'STOP', overrideCovers: true },
    { outcome: 'REFUSE', approverRole: null, flag: null },
  ],
  [
    'override-approver',
    { kind: 'CREDIT', amountMinor: 5_000_000, askedRole: null },
    { approverRole: 'finance_director', approvals: 2, decideHours: 24, useDays: 2 },
  ],
  ['credit-check', { ...overdue, maxOverdueDays: 61 }, { outcome: 'PREPAY', approverRole: null, flag: 'OVERDUE' }],
  ['credit-check', { ...overLimit, limitMinor: 0 }, { outcome: 'PREPAY', approverRole: null, flag: 'NO_LIMIT' }],
  ['credit-check', { ...overLimit, utilisationAfterPct: 90 }, { outcome: 'APPROVE', approverRole: null, flag: null }],
  [
    'credit-check',
    { ...overLimit, utilisationAfterPct: 151 },
    { outcome: 'HOLD', approverRole: 'credit_manager', flag: 'FAR_OVER' },
  ],
  ['credit-check', { ...overLimit, accountHold: 'HOLD' }, { outcome: 'HOLD', approverRole: 'credit_manager', flag: null }],
  [
    'credit-check',
    { ...overLimit, accountHold: 'HOLD', overrideCovers: true },
    { outcome: 'APPROVE_WITH_OVERRIDE', approverRole: null, flag: 'HOLD_BYPASSED' },
  ],
  [
    'override-approver',
    { kind: 'ADMIN', amountMinor: 5_000_000, askedRole: null },
    { approverRole: 'order_admin', approvals: 2, decideHours: 48, useDays: 7 },
  ],
  [
    'override-approver',
    { kind: 'CREDIT', amountMinor: 4_999_999, askedRole: null },
    { approverRole: 'credit_manager', approvals: 1, decideHours: 24, useDays: 3 },
  ],
  [
    'override-approver',
    { kind: 'CREDIT', amountMinor: 0, askedRole: 'credit_manager' },
    { approverRole: 'credit_manager', approvals: 1, decideHours: 24, useDays: 3 },
  ],
  [
    'override-approver',
    { kind: 'CREDIT', amountMinor: 499_999, askedRole: 'credit_analyst' },
    { approverRole: 'credit_analyst', approvals: 1, decideHours: 24, useDays: 3 },
  ],
  [
    'override-approver',
    { kind: 'PRICE', amountMinor: 999_999, askedRole: null },
    { approverRole: 'team_lead', approvals: 1, decideHours: 8, useDays: 14 },
  ],
  [
    'override-approver',
    { kind: 'STOCK', amountMinor: 2_499_999, askedRole: null },
    { approverRole: 'warehouse_manager', approvals: 1, decideHours: 8, useDays: 2 },
  ],
  [
    'override-approver',
    { kind: 'STOCK', amountMinor: 2_500_000, askedRole: null },
    { approverRole: 'supply_director', approvals: 1, decideHours: 24, useDays: 2 },
  ],
  ['stock-shortage', short, 'STOCK_OVERRIDE'],
  ['stock-shortage', { ...short, customerTier: 'SILVER' }, 'ASK_CUSTOMER'],
  ['stock-shortage', { ...short, linePolicy: 'BACKORDER', replenishDays: 15 }, 'STOCK_OVERRIDE'],
  ['stock-shortage', { ...short, linePolicy: 'BACKORDER', replenishDays: 61, safetyCovers: false }, 'ASK_CUSTOMER'],
  ['stock-shortage', { ...short, linePolicy: 'DISCONTINUED' }, 'ASK_CUSTOMER'],
  ['stock-shortage', { linePolicy: 'BACKORDER', replenishDays: 14, safetyCovers: false, customerTier: 'SILVER' }, 'BACKORDER'],
  ['shipping-split', { customerPolicy: 'ALLOW_SPLIT', availablePct: 10, backorderDays: 4, extraFreightMinor: 0 }, 'WAIT_ALL'],
  ['shipping-split', { ...split, customerPolicy: 'COMPLETE_ONLY' }, 'WAIT_ALL'],
  ['shipping-split', { ...split, availablePct: 100 }, 'SHIP_PER_LOCATION'],
  ['shipping-split', { ...split, extraFreightMinor: 5001 }, 'WAIT_ALL'],
  ['shipping-split', split, 'SHIP_AVAILABLE'],
  ['shipping-split', { ...split, availablePct: 19, backorderDays: 5 }, 'WAIT_ALL'],
  ['shipping-split', { ...split, availablePct: 19, backorderDays: 6 }, 'SHIP_AVAILABLE'],
  ['shipping-split', { ...split, customerPolicy: 'ASK' }, 'ASK_CUSTOMER'],
  [
    'fulfilment-release',
    { ...free, prepayCovered: false, releaseOverride: true },
    { outcome: 'HOLD', reason: 'PAYMENT_MISSING' },
  ],
  ['fulfilment-release', { ...free, accountHold: 'STOP', releaseOverride: true }, { outcome: 'RELEASE', reason: 'OVERRIDE' }],
  ['fulfilment-release', { ...free, accountHold: 'STOP', onTerms: false }, { outcome: 'RELEASE', reason: null }],
  ['fulfilment-release', { ...free, accountHold: 'HOLD' }, { outcome: 'HOLD', reason: 'CREDIT_HOLD' }],
  ['fulfilment-release', { ...free, accountHold: 'WATCH', maxOverdueDays: 61 }, { outcome: 'HOLD', reason: 'OVERDUE' }],
  ['fulfilment-release', { ...free, accountHold: 'WATCH', maxOverdueDays: 60 }, { outcome: 'RELEASE', reason: null }],
  ['return-eligibility', returned, eligible('AUTO_APPROVE', 'LATE_FEE', 1500, 'BUYER')],
  ['return-eligibility', { ...returned, daysSinceDelivery: 14 }, eligible('AUTO_APPROVE', null, 0, 'BUYER')],
  ['return-eligibility', { ...returned, daysSinceDelivery: 31 }, eligible('REJECT', 'WINDOW_CLOSED', 0, 'BUYER')],
  ['return-eligibility', { ...returned, goodsClass: 'PERISHABLE' }, eligible('REJECT', 'NOT_RETURNABLE', 0, 'BUYER')],
  ['return-eligibility', { ...returned, valueMinor: 500_001 }, eligible('MANUAL_REVIEW', 'HIGH_VALUE', 1500, 'BUYER')],
  ['return-eligibility', { ...returned, returnRatePct: 26 }, eligible('MANUAL_REVIEW', 'SERIAL_RETURNER', 1500, 'BUYER')],
  ['return-eligibility', { ...returned, reason: 'DEFECT' }, eligible('MANUAL_REVIEW', 'WARRANTY', 0, 'SELLER')],
  [
    'return-eligibility',
    { ...returned, reason: 'DEFECT', daysSinceDelivery: 731 },
    eligible('REJECT', 'OUT_OF_WARRANTY', 0, 'BUYER'),
  ],
  ['return-eligibility', { ...returned, reason: 'WRONG_ITEM' }, eligible('MANUAL_REVIEW', 'LATE_CLAIM', 0, 'SELLER')],
  [
    'return-eligibility',
    { ...returned, reason: 'DAMAGED_IN_TRANSIT', daysSinceDelivery: 14 },
    eligible('AUTO_APPROVE', 'CLAIM', 0, 'SELLER'),
  ],
  ['refund-method', { ...refund, paidBy: 'TERMS', invoiceState: 'PART_PAID' }, { method: 'CREDIT_NOTE', extraApproval: 'none' }],
  ['refund-method', { ...refund, paidBy: 'TERMS', invoiceState: 'PAID' }, { method: 'ACCOUNT_CREDIT', extraApproval: 'none' }],
  ['refund-method', refund, { method: 'ORIGINAL_PAYMENT', extraApproval: 'none' }],
  ['refund-method', { ...refund, refundMinor: 1_000_001 }, { method: 'ORIGINAL_PAYMENT', extraApproval: 'finance' }],
  ['payment-coverage', { unappliedMinor: 0, remainingMinor: 6000, netCapturedMinor: 4000 }, 'PARTIAL'],
  ['payment-coverage', { unappliedMinor: 0, remainingMinor: 0, netCapturedMinor: 10_000 }, 'COVERED'],
  ['payment-coverage', { unappliedMinor: 1, remainingMinor: -1, netCapturedMinor: 10_000 }, 'OVERPAID'],
  ['payment-coverage', { unappliedMinor: 0, remainingMinor: 10_000, netCapturedMinor: 0 }, 'NONE'],
];

describe('processes: the decision tables', () => {
  it('hold one decision each, named like the file, without gaps, overlaps or rules that never decide', async () => {
    for (const file of (await readdir(processesFolder)).filter((name) => name.endsWith('.dmn'))) {
      const id = file.slice(0, -'.dmn'.length);
      const model = await readDecision(id);
      expect(model.decisions.map((decision) => decision.id)).to.deep.equal([id]);
      expect(tableFindings(model), id).to.deep.equal([]);
    }
  });

  for (const [id, inputs, outcome] of samples) {
    it(`${id}: ${JSON.stringify(Object.values(inputs))} is ${JSON.stringify(outcome)}`, async () => {
      expect(evaluateDecision(await readDecision(id), id, inputs, new Date()).value).to.deep.equal(outcome);
    });
  }
});
