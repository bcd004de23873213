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
const overdue: JsonObject = { ...overLimit, accountHold: 'WATCH', maxOverdueDays: 45 };

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
    { kind: 'CREDIT', amountMinor: 5_000_000 },
    { approverRole: 'finance_director', approvals: 2, decideHours: 24, useDays: 2 },
  ],
  ['stock-shortage', { linePolicy: 'BACKORDER', replenishDays: 14, safetyCovers: false, customerTier: 'SILVER' }, 'BACKORDER'],
  ['shipping-split', { customerPolicy: 'ALLOW_SPLIT', availablePct: 10, backorderDays: 4, extraFreightMinor: 0 }, 'WAIT_ALL'],
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
