import { expect } from 'chai';
import { DecisionRefused, parseDecisions } from '../../src/rules/dmn.ts';
import { definitionsXml, tableXml, type TableText } from './dmn-builder.ts';
import { creditCheck } from './tables.ts';

const table: TableText = { id: 'stock', columns: 'days: number => outcome: string', rules: '<= 14 => "WAIT"\n > 14 => "ASK"' };

async function findingsOf(xml: string): Promise<string[]> {
  try {
    await parseDecisions(xml);
    return [];
  } catch (error) {
    expect(error).to.be.instanceOf(DecisionRefused);
    return (error as DecisionRefused).findings.map(({ elementId, rule, message }) => `${elementId} ${rule}: ${message}`);
  }
}

describe('parseDecisions', () => {
  it('reads a decision table', async () => {
    const { id, decisions } = await parseDecisions(tableXml(creditCheck));
    expect(id).to.equal('definitions');
    const [decision] = decisions;
    expect(decision).to.include({ id: 'credit-check', name: 'credit-check' });
    const logic = decision!.logic;
    if (logic.kind !== 'table') throw new Error('not a table');
    expect(logic.hitPolicy).to.equal('FIRST');
    expect(logic.rules).to.have.length(14);
    expect(logic.inputs[3]).to.deep.equal({
      id: 'i3',
      label: 'limitMinor',
      expression: 'limitMinor',
      type: 'number',
      allowed: '>= 0',
    });
    expect(logic.rules[0]).to.deep.include({ id: 'r1', number: 1, conclusions: ['"REFUSE"', null, null] });
  });

  it('takes UNIQUE when no hit policy is written, and an empty condition for any value', async () => {
    const { decisions } = await parseDecisions(tableXml({ ...table, rules: ' => "WAIT"' }));
    expect(decisions[0]!.logic).to.deep.include({ hitPolicy: 'UNIQUE' });
    expect(decisions[0]!.logic).to.have.nested.property('rules[0].tests[0]', '-');
  });

  const xml = tableXml(table);
  const refused: [what: string, xml: string, finding: RegExp][] = [
    ['what is not XML', 'hello', /null xml: /],
    ['another root', '<a/>', /null xml: /],
    ['a DOCTYPE', xml.replace('<definitions', '<!DOCTYPE definitions [<!ENTITY a "b">]><definitions'), /null doctype/],
    [
      'more than 1 MB',
      xml.replace('</definitions>', `<!--${'x'.repeat(1_000_000)}--></definitions>`),
      /null size: The file has 100\d+ bytes/,
    ],
    ['an unknown element', xml.replace('<decisionTable', '<surprise/><decisionTable'), /null xml/],
    ['a duplicate id', xml.replace('id="r2"', 'id="r1"'), /null xml: .*duplicate/],
    ['a broken file', xml.slice(0, -30), /null xml: /],
    ['no decision', definitionsXml(''), /definitions decision-missing/],
    [
      'a decision without logic',
      definitionsXml('<decision id="empty" name="Empty"/>'),
      /empty decision-logic: The decision has no logic/,
    ],
    ['a long id', tableXml({ ...table, id: 'x'.repeat(65) }), /decision-id: The decision's id "x+" must begin/],
    [
      'another hit policy',
      tableXml({ ...table, hitPolicy: 'COLLECT' }),
      /t hit-policy: The hit policy COLLECT is not supported: use UNIQUE or FIRST/,
    ],
    [
      'FEEL that cannot be read',
      tableXml({ ...table, rules: '<= => "WAIT"' }),
      /r1 feel: Rule 1, input days: "<=" is not complete/,
    ],
    [
      'FEEL that is not allowed',
      tableXml({ ...table, columns: 'sort(days, function(a, b) a): Any => x: Any', rules: '- => 1' }),
      /i0 feel: .*sort/,
    ],
    ['a wrong cell', tableXml({ ...table, rules: '<= 14 => "WAIT' }), /r1 feel: Rule 1, output outcome/],
    [
      'an unknown type',
      tableXml({ ...table, columns: 'days: numbr => outcome: string' }),
      /i0 type-ref: The type "numbr" is not known; the nearest is "number"/,
    ],
    [
      'an output of the wrong type',
      tableXml({ ...table, rules: '- => 14' }),
      /r1 output-value: .*gives the number 14, which is not of type string/,
    ],
    [
      'an output that is not allowed',
      tableXml({ ...table, outputExtra: '<outputValues id="ov"><text>"WAIT"</text></outputValues>' }),
      /r2 output-value: .*not among the allowed values "WAIT"/,
    ],
    [
      'outputs without different names',
      tableXml({ ...table, columns: 'days: number => a: string | a: string', rules: '- => "x" | "y"' }),
      /t columns/,
    ],
    [
      'a rule with too few cells',
      tableXml({ ...table, columns: 'days: number | tier: string => outcome: string' }),
      /r1 columns: Rule 1 has 1 \+ 1 cells/,
    ],
    [
      'another language',
      xml.replace('<inputExpression', '<inputExpression expressionLanguage="juel"'),
      /expression-language: The expression is in juel/,
    ],
    [
      'a decision that needs a decision',
      xml.replace(
        '<decisionTable',
        '<informationRequirement id="q"><requiredDecision href="#other"/></informationRequirement><decisionTable',
      ),
      /stock decision-requirement: The decision needs the decision #other/,
    ],
  ];
  for (const [what, text, finding] of refused) {
    it(`refuses ${what}`, async () => expect((await findingsOf(text)).join('\n')).to.match(finding));
  }

  it('reports all findings at once', async () => {
    expect(await findingsOf(tableXml({ ...table, rules: '<= => 1\n > => 2' }))).to.have.length(4);
  });
});
