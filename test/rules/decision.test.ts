import { expect } from 'chai';
import type { Json } from '../../src/support/json.ts';
import { evaluateDecision, type DecisionResult } from '../../src/rules/decision.ts';
import { parseDecisions } from '../../src/rules/dmn.ts';
import { EvaluationFailed } from '../../src/rules/evaluation-failed.ts';
import { definitionsXml, given, tableXml, type TableText } from './dmn-builder.ts';
import { creditCheck, discountApproval, overrideApprover, shippingSplit } from './tables.ts';

const now = new Date('2026-01-02T03:04:05Z');

async function decide(table: TableText, variables: string): Promise<DecisionResult> {
  return evaluateDecision(await parseDecisions(tableXml(table)), table.id, given(variables), now);
}

async function failure(table: TableText, variables: string): Promise<string> {
  try {
    const { value } = await decide(table, variables);
    return `gave ${JSON.stringify(value)}`;
  } catch (error) {
    expect(error).to.be.instanceOf(EvaluationFailed);
    return (error as EvaluationFailed).message;
  }
}

describe('The worked samples of the business', () => {
  const good = 'accountHold="NONE"; maxOverdueDays=0; overrideCovers=false; limitMinor=1000000; utilisationAfterPct=104';
  const late = 'accountHold="WATCH"; maxOverdueDays=45; limitMinor=1000000; utilisationAfterPct=50; riskClass="A"';
  const samples: [table: TableText, variables: string, value: Json, rule: number][] = [
    [
      discountApproval,
      'marginBp=1200; maxLineDiscountBp=1800; totalMinor=6000000',
      { level: 'L3', approverRole: 'finance_director', approvals: 2, decideHours: 24, useDays: 7 },
      5,
    ],
    [
      discountApproval,
      'marginBp=1200; maxLineDiscountBp=500; totalMinor=99999999',
      { level: 'NONE', approverRole: null, approvals: 0, decideHours: 0, useDays: 0 },
      9,
    ],
    [creditCheck, `${good}; riskClass="B"`, { outcome: 'REVIEW', approverRole: 'credit_analyst', flag: null }, 12],
    [creditCheck, `${good}; riskClass="D"`, { outcome: 'REVIEW', approverRole: 'credit_manager', flag: null }, 13],
    [creditCheck, `${late}; overrideCovers=false`, { outcome: 'REVIEW', approverRole: 'credit_manager', flag: 'OVERDUE' }, 5],
    [creditCheck, `${late}; overrideCovers=true`, { outcome: 'APPROVE_WITH_OVERRIDE', approverRole: null, flag: null }, 6],
    [
      creditCheck,
      `${good.replace('NONE', 'STOP').replace('false', 'true')}; riskClass="A"`,
      { outcome: 'REFUSE', approverRole: null, flag: null },
      1,
    ],
    [
      overrideApprover,
      'kind="CREDIT"; amountMinor=5000000',
      { approverRole: 'finance_director', approvals: 2, decideHours: 24, useDays: 2 },
      5,
    ],
    [shippingSplit, 'customerPolicy="ALLOW_SPLIT"; availablePct=10; backorderDays=4; extraFreightMinor=0', 'WAIT_ALL', 3],
  ];
  for (const [table, variables, value, rule] of samples) {
    it(`${table.id}: ${variables} matches rule ${rule}`, async () => {
      const result = await decide(table, variables);
      expect(result.value).to.deep.equal(value);
      expect(result.matchedRules).to.deep.equal([rule]);
      expect(result.inputs).to.deep.equal(given(variables));
    });
  }
});

describe('evaluateDecision', () => {
  const stock: TableText = {
    id: 'stock',
    hitPolicy: 'UNIQUE',
    columns: 'days: number | tier: string => outcome: string',
    rules: `
      <= 14    | -      => "WAIT"
      (14..60] | "GOLD" => "ASK"
      >= 60    | "GOLD" => "OVERRIDE"`,
  };

  it('names both rules of a UNIQUE table that match', async () => {
    expect(await failure(stock, 'days=60; tier="GOLD"')).to.match(
      /matches rules 2 and 3 for days = 60, tier = "GOLD", but its hit policy is UNIQUE/,
    );
  });

  it('names the table and its inputs when no rule matches', async () => {
    expect(await failure(stock, 'days=20; tier="SILVER"')).to.match(
      /decision "stock" has no rule that matches days = 20, tier = "SILVER"/,
    );
  });

  it('takes the default outputs when no rule matches', async () => {
    const table = { ...stock, outputExtra: '<defaultOutputEntry id="d"><text>"NONE"</text></defaultOutputEntry>' };
    expect(await decide(table, 'days=20; tier="SILVER"')).to.deep.include({ value: 'NONE', matchedRules: [] });
  });

  it('fails for a missing input, naming the nearest variable', async () => {
    expect(await failure(stock, 'day=20; tier="GOLD"')).to.match(/names "days", which does not exist: the nearest name is "day"/);
  });

  it('fails for an input of the wrong type or outside the allowed values, and lets null pass to the rules', async () => {
    const table = { ...stock, allowed: { tier: '"GOLD","SILVER"' } };
    expect(await failure(table, 'days="20"; tier="GOLD"')).to.match(/needs days to be of type number, but it is the string "20"/);
    expect(await failure(table, 'days=1; tier="gold"')).to.match(
      /allows for tier only "GOLD","SILVER", but it is the string "gold"/,
    );
    expect((await decide(table, 'days=1; tier=null')).value).to.equal('WAIT');
    expect(await failure(table, 'days=null; tier=null')).to.match(/no rule that matches days = null, tier = null/);
  });

  it('checks computed outputs when they are computed', async () => {
    const table = { ...stock, rules: '- | - => days + 1' };
    expect(await failure(table, 'days=1; tier="GOLD"')).to.match(
      /rule 1, column outcome: it gives the number 2, which is not of type string/,
    );
  });

  it('works with dates: cells see FEEL values, results are ISO text', async () => {
    const table = {
      id: 'due',
      columns: 'date(dueOn): date => remindOn: date',
      rules: '>= today() => date(dueOn) - duration("P1D")',
    };
    expect((await decide(table, 'dueOn="2026-01-03"')).value).to.equal('2026-01-02');
    expect(await failure(table, 'dueOn="2026-01-01"')).to.match(/no rule that matches date\(dueOn\) = "the date 2026-01-01"/);
  });

  it('evaluates literal expressions', async () => {
    const text = 'if unapplied &gt; 0 then "OVERPAID" else if captured &gt;= due then "COVERED" else "NONE"';
    const xml = definitionsXml(
      `<decision id="coverage" name="Coverage"><literalExpression id="l"><text>${text}</text></literalExpression></decision>`,
    );
    const result = evaluateDecision(await parseDecisions(xml), 'coverage', given('unapplied=0; captured=5; due=5; other=1'), now);
    expect(result).to.deep.equal({ value: 'COVERED', inputs: { unapplied: 0, captured: 5, due: 5 }, matchedRules: [] });
  });

  it('names the nearest decision for an unknown id', async () => {
    const model = await parseDecisions(tableXml(stock));
    expect(() => evaluateDecision(model, 'stocks', {}, now)).to.throw(
      EvaluationFailed,
      /no decision "stocks". The nearest is "stock"/,
    );
  });
});
