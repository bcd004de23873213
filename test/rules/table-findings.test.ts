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
      `stock gap: No rule of stock matches days = 14: add a rule, or restrict the column's allowed values.`,
    ]);
    expect(await findingsOf({ ...table, rules, allowed: { days: '< 14, > 14' } })).to.deep.equal([]);
  });

  it('finds gaps among combinations', async () => {
    const rules = '<= 14 | "GOLD" => "WAIT"\n > 14 | - => "ASK"\n - | "TIN" => "REFUSE"';
    expect(
      (await findingsOf({ ...table, hitPolicy: 'FIRST', rules: rules.replace('- | "TIN"', '> 20 | "TIN"') })).join(),
    ).to.match(/gap: No rule of stock matches days = 13, tier = "TIN"/);
  });

  it('finds rules that can never decide', async () => {
    const rules = '<= 14 | - => "WAIT"\n > 10 | - => "ASK"\n (11..13] | "GOLD" => "NEVER"';
    expect((await findingsOf({ ...table, hitPolicy: 'FIRST', rules })).join()).to.match(
      /r3 dead-rule: Rule 3 of stock can never decide/,
    );
  });

  it('finds overlaps of a UNIQUE table', async () => {
    const rules = '<= 14 | - => "WAIT"\n >= 14 | - => "ASK"';
    expect((await findingsOf({ ...table, rules })).join()).to.match(/stock overlap: Rules 1 and 2 of stock both match days = 14/);
  });

  it('does not call a rule dead that takes fractions, or nothing at all', async () => {
    const rules = '<= 0 | - => "NONE"\n (0..1) | - => "PART"\n >= 1 | - => "ALL"\n - | - => "UNKNOWN"';
    expect(await findingsOf({ ...table, hitPolicy: 'FIRST', rules })).to.deep.equal([]);
    const halves = '< 0.5 | - => "A"\n (0.5..1) | - => "B"\n >= 1 | - => "C"\n 0.5 | - => "D"';
    expect(await findingsOf({ ...table, rules: halves })).to.deep.equal([]);
    expect(await findingsOf({ ...table, rules: 'null | - => "NEW"\n not(null) | - => "OLD"' })).to.deep.equal([]);
    expect(await findingsOf({ ...table, rules: '< -5 | - => "A"\n [-5..5] | - => "B"\n > 5 | - => "C"' })).to.deep.equal([]);
  });

  it('leaves alone what it cannot sample', async () => {
    expect(await findingsOf({ ...table, rules: '> limit | - => "ASK"' })).to.deep.equal([]);
    expect(await findingsOf({ ...table, rules: '- | > "M" => "ASK"' })).to.deep.equal([]);
  });

  describe('with a table that is made to be hard', () => {
    const list = (count: number, each: (index: number) => string, separator: string) =>
      Array.from({ length: count }, (_, index) => each(index)).join(separator);
    const soon = async (work: () => Promise<unknown>): Promise<void> => {
      const began = performance.now();
      await work();
      expect(performance.now() - began).to.be.below(5000);
    };

    it('gives up before the work, not after it', async () => {
      const columns = list(20, (index) => `c${index}: number`, ' | ');
      const cells = list(20, (index) => String(index), ' | ');
      await soon(async () =>
        expect(await findingsOf({ id: 'wide', columns: `${columns} => out: string`, rules: `${cells} => "X"` })).to.deep.equal(
          [],
        ),
      );
      const long = list(1000, (row) => `${list(60, (index) => String(row * 1000 + index * 2), ',')} => "X"`, '\n');
      await soon(async () =>
        expect(await findingsOf({ id: 'long', columns: 'n: number => out: string', rules: long })).to.deep.equal([]),
      );
    });

    it('says ten things and how many more there are', async () => {
      const rules = list(40, () => '> 1 => "X"', '\n') + '\n<= 1 => "Y"';
      const findings = await findingsOf({ id: 'same', hitPolicy: 'FIRST', columns: 'n: number => out: string', rules });
      expect(findings).to.have.lengthOf(10);
      expect(findings.at(-1)).to.match(/There are 29 more like this/);
    });
  });
});
