import { expect } from 'chai';
import { parseDecisions } from '../../src/rules/dmn.ts';
import { tableFindings } from '../../src/rules/table-findings.ts';
import { tableXml, type TableText } from './dmn-builder.ts';
import { creditCheck, discountApproval, overrideApprover, shippingSplit } from './tables.ts';

const findingsOf = async (table: TableText): Promise<string[]> =>
  tableFindings(await parseDecisions(tableXml(table))).map(({ elementId, rule, message }) => `${elementId} ${rule}: ${message}`);

describe('tableFindings', () => {
  for (const table of [creditCheck, discountApproval, overrideApprover, shippingSplit]) {
    it(`has nothing to say about ${table.id}`, async () => expect(await findingsOf(table)).to.deep.equal([]));
  }

  const table: TableText = { id: 'stock', columns: 'days: number | tier: string => outcome: string', rules: '' };

  it('finds gaps between numbers, and accepts a restriction of the allowed values instead', async () => {
    const rules = '< 14 | - => "WAIT"\n > 14 | - => "ASK"';
    expect(await findingsOf({ ...table, rules })).to.deep.equal([
      `stock gap: No rule matches days = 14, tier = null: add a rule, or restrict the column's allowed values.`,
    ]);
    expect(await findingsOf({ ...table, rules, allowed: { days: '< 14, > 14' } })).to.deep.equal([]);
  });

  it('finds gaps among combinations', async () => {
    const rules = '<= 14 | "GOLD" => "WAIT"\n > 14 | - => "ASK"\n - | "TIN" => "REFUSE"';
    expect(
      (await findingsOf({ ...table, hitPolicy: 'FIRST', rules: rules.replace('- | "TIN"', '> 20 | "TIN"') })).join(),
    ).to.match(/gap: No rule matches days = 13, tier = "TIN"/);
  });

  it('finds rules that can never decide', async () => {
    const rules = '<= 14 | - => "WAIT"\n > 10 | - => "ASK"\n (11..13] | "GOLD" => "NEVER"';
    expect((await findingsOf({ ...table, hitPolicy: 'FIRST', rules })).join()).to.match(/r3 dead-rule: Rule 3 can never decide/);
  });

  it('finds overlaps of a UNIQUE table', async () => {
    const rules = '<= 14 | - => "WAIT"\n >= 14 | - => "ASK"';
    expect((await findingsOf({ ...table, rules })).join()).to.match(/stock overlap: Rules 1 and 2 both match days = 14/);
  });

  it('leaves alone what it cannot sample', async () => {
    expect(await findingsOf({ ...table, rules: '> limit | - => "ASK"' })).to.deep.equal([]);
  });
});
