import { expect } from 'chai';
import type { Oracle } from '../../src/engine/types.ts';
import { parseDecisions } from '../../src/rules/dmn.ts';
import { EvaluationFailed } from '../../src/rules/evaluation-failed.ts';
import { createOracle } from '../../src/rules/oracle.ts';
import { tableXml } from './dmn-builder.ts';
import { overrideApprover, shippingSplit } from './tables.ts';

describe('createOracle', () => {
  let oracle: Oracle;

  before(async () => {
    const decisions = await Promise.all([overrideApprover, shippingSplit].map((table) => parseDecisions(tableXml(table))));
    oracle = createOracle({ decisions, now: new Date('2026-01-02T03:04:05Z') });
  });

  it('answers expressions at its instant', () => {
    expect(oracle.evaluate('sale.totalMinor > 5', { sale: { totalMinor: 6, number: 'S-1' } }, 's_ok')).to.deep.equal({
      value: true,
      inputs: { sale: { totalMinor: 6 } },
    });
    expect(oracle.evaluate('today()', {}, 's_ok').value).to.equal('2026-01-02');
  });

  it('answers decisions of any of its files', () => {
    const variables = { customerPolicy: 'ASK', availablePct: 5, backorderDays: 5, extraFreightMinor: 5, more: 1 };
    expect(oracle.decide('shipping-split', variables, 's_split')).to.deep.include({ value: 'ASK_CUSTOMER', matchedRules: [6] });
    expect(oracle.decide('override-approver', { kind: 'STOCK', amountMinor: 0 }, 's_open').matchedRules).to.deep.equal([9]);
  });

  it('names the element in a failure', () => {
    expect(() => oracle.evaluate('sale.totl', { sale: { total: 1 } }, 's_ok'))
      .to.throw(EvaluationFailed, /^s_ok: The expression "sale\.totl" names "sale\.totl"/)
      .with.property('elementId', 's_ok');
    expect(() => oracle.decide('shipping-splt', {}, 's_split')).to.throw(
      EvaluationFailed,
      /^s_split: There is no decision "shipping-splt".*"shipping-split"/,
    );
  });
});
