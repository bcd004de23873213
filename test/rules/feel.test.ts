import { expect } from 'chai';
import { evaluate } from 'feelin';
import type { Json, JsonObject } from '../../src/support/json.ts';
import { EvaluationFailed } from '../../src/rules/evaluation-failed.ts';
import { evaluateExpression, evaluateUnaryTests, namesOf } from '../../src/rules/feel.ts';

const now = new Date('2026-01-02T03:04:05.678Z');

const variables: JsonObject = {
  sale: {
    totalMinor: 1200,
    country: 'SE',
    dueAt: '2026-01-05T00:00:00Z',
    lines: [
      { sku: 'A', quantity: 2 },
      { sku: 'B', quantity: 5 },
    ],
  },
  credit: { limit: 1000 },
  customer: { answer: null },
  quantity: 99,
  nothing: null,
};

const valueOf = (text: string): Json => evaluateExpression(text, variables, now).value;

describe('evaluateExpression', () => {
  const values: [text: string, value: Json][] = [
    ['sale.totalMinor > credit.limit and sale.country = "SE"', true],
    ['if sale.totalMinor > 1000 then "big" else "small"', 'big'],
    ['sale.totalMinor between 1000 and 1200', true],
    ['sale.country in ("DK", "SE")', true],
    ['sale.totalMinor in [1200..1300)', true],
    ['sale.totalMinor in (< 5, > 1199)', true],
    ['-sale.totalMinor + 2 ** 3 * 10 / 4', -1180],
    ['12e2', 1200],
    ['sale.lines.quantity', [2, 5]],
    ['sale.lines[2].sku', 'B'],
    ['sale.lines[-1].sku', 'B'],
    ['sale.lines[quantity > 3].sku', ['B']],
    ['sale.lines[item.quantity > 3].sku', ['B']],
    ['sum(for line in sale.lines return line.quantity * 10)', 70],
    ['for i in 1..3, j in i..3 return 10 * i + j', [11, 12, 13, 22, 23, 33]],
    ['some line in sale.lines satisfies line.quantity > 4', true],
    ['every line in sale.lines satisfies line.quantity > 4', false],
    ['{a: 1, b: a + 1}', { a: 1, b: 2 }],
    ['{"two words": 1}.two words', 1],
    ['substring(string: "orderflow", start position: 6)', 'flow'],
    ['string length("order") + count(sale.lines)', 7],
    ['matches("AB-12", "^[A-Z]+-[0-9]+$")', true],
    ['sale.lines instance of list', true],
    ['"a \\"quoted\\" text"', 'a "quoted" text'],
    ['not(sale.totalMinor > 5) or true', true],
    ['1 + 1 // two', 2],
  ];
  for (const [text, value] of values) {
    it(`gives ${JSON.stringify(value)} for ${text}`, () => expect(valueOf(text)).to.deep.equal(value));
  }

  it('takes as inputs only what the expression names, and gives the same value over them', () => {
    const text = 'sale.totalMinor > credit.limit and count(sale.lines) = 2';
    const { value, inputs } = evaluateExpression(text, variables, now);
    expect(inputs).to.deep.equal({
      sale: { totalMinor: 1200, lines: (variables.sale as JsonObject).lines! },
      credit: { limit: 1000 },
    });
    expect(evaluateExpression(text, inputs, now)).to.deep.equal({ value, inputs });
  });

  it('knows the names of a text: paths, but not loop variables, functions and entries of its own', () => {
    const { required, optional } = namesOf('for l in sale.lines return {x: l.quantity, y: x + credit.limit}');
    expect(required.map((path) => path.join('.'))).to.have.members(['sale.lines', 'credit.limit']);
    expect(optional).to.deep.equal([]);
    expect(namesOf('sale.lines[quantity > 3]').optional).to.deep.equal(['quantity']);
  });

  describe('agrees with feelin where feelin answers without a warning', () => {
    const texts = [
      '1 + 2 * 3 - 4 / 8',
      '(1 + 2) * -3',
      '2 ** 3 ** 2',
      '10 - 4 - 3',
      'true and false or true',
      'if 1 < 2 then [1, 2][1] else null',
      '[1, 2, 3][item > 1]',
      'flatten([1, [2, [3]]])',
      'distinct values([1, 2, 1])',
      'string join(["a", "b"], "-")',
      'date("2024-02-28") + duration("P2D") = date("2024-03-01")',
      'date and time("2026-01-01T00:00:00Z") < date and time("2026-01-01T00:00:01Z")',
      'duration("P1D") = duration("PT24H")',
      'years and months duration(date("2020-01-31"), date("2021-03-01")).months',
      'date("2026-05-17").weekday',
      'round half up(2.5, 0) + floor(-1.5) + modulo(7, 3)',
      'every x in [1, 2], y in [3, 4] satisfies x < y',
      '(5 in [1..5)) or 5 in (1..5]',
      '"b" in ("a", "b")',
      'upper case(substring("orderflow", -4))',
      'context put({a: 1}, "b", 2)',
      'get entries({a: 1})',
    ];
    for (const text of texts) {
      it(text, () => {
        const { value, warnings } = evaluate(text);
        expect(warnings).to.deep.equal([]);
        expect(valueOf(text)).to.deep.equal(value);
      });
    }
  });

  describe('is strict where FEEL would pass on a silent null', () => {
    const failures: [text: string, message: RegExp][] = [
      ['sale.totl > 3', /names "sale\.totl", which does not exist: the nearest name is "sale\.totalMinor"/],
      ['slae.totalMinor > 3', /the nearest name is "sale"/],
      ['false and undeclared', /names "undeclared"/],
      ['sale.lines.qty', /names "sale\.lines\.qty"/],
      ['customer.answer.text', /customer\.answer is null: test it first/],
      ['"5" > 3', /compares the string "5" with the number 3/],
      ['1 = "1"', /different types/],
      ['sale.dueAt < now()', /a variable holds a date as text, so convert it with date/],
      ['nothing + 1', /cannot calculate null \+ the number 1/],
      ['1 / 0', /divides by zero/],
      ['10 ** 400', /too large/],
      ['if nothing then 1 else 2', /needs true or false in "if" but got null/],
      ['sale.totalMinor and true', /"and"/],
      ['max([])', /cannot compute max\(\)/],
      ['string length(nothing)', /cannot compute string length\(\) of null/],
      ['date("2026-13-01")', /not a valid date/],
      ['sale.lines[3]', /item 3 of a list of 2/],
      ['number("ten")', /numeric string/],
      ['sum("a")', /sum\(\)/],
      ['[1..3]', /gives a range/],
      ['5 in [10..1]', /runs backwards/],
      ['strin length("a")', /the nearest is "string length"/],
      ['quantity > 3 and not nothing', /negation is a function/],
    ];
    for (const [text, message] of failures) {
      it(text, () => {
        expect(() => valueOf(text)).to.throw(EvaluationFailed, message);
        expect(() => valueOf(text))
          .to.throw(EvaluationFailed)
          .with.property('expression', text);
      });
    }
  });

  describe('treats a declared null as a value', () => {
    const values: [text: string, value: Json][] = [
      ['nothing = null', true],
      ['nothing != null', false],
      ['customer.answer = null', true],
      ['customer.answer = "ACCEPT"', false],
      ['nothing > 0', null],
      ['nothing in [1..5]', null],
      ['not(nothing > 0)', null],
      ['nothing > 0 or true', true],
      ['nothing > 0 and false', false],
      ['nothing > 0 and true', null],
      ['customer.answer != null and string length(customer.answer) > 3', false],
      ['if nothing = null then 0 else nothing + 1', 0],
      ['customer.answer', null],
    ];
    for (const [text, value] of values) it(`${text} is ${JSON.stringify(value)}`, () => expect(valueOf(text)).to.equal(value));
  });

  describe('answers now() and today() from the instant it is given', () => {
    const values: [text: string, value: Json][] = [
      ['now()', '2026-01-02T03:04:05.678Z'],
      ['today()', '2026-01-02'],
      ['now() + duration("P30D")', '2026-02-01T03:04:05.678Z'],
      ['date and time(sale.dueAt) > now()', true],
      ['date and time(sale.dueAt) - now()', 'P2DT20H55M54.322S'],
      ['today().year', 2026],
      ['day of week(today())', 'Friday'],
      ['@"PT90M"', 'PT1H30M'],
      ['duration("P14M")', 'P1Y2M'],
      ['time("10:30:00")', '10:30:00'],
      ['date and time("2026-07-01T12:00:00@Europe/Stockholm")', '2026-07-01T10:00:00Z'],
      ['[date("2026-01-31")]', ['2026-01-31']],
    ];
    for (const [text, value] of values)
      it(`${text} is ${JSON.stringify(value)}`, () => expect(valueOf(text)).to.deep.equal(value));
  });
});

describe('evaluateUnaryTests', () => {
  const cases: [tests: string, value: Json, satisfied: boolean][] = [
    ['-', null, true],
    ['> 3', 4, true],
    ['> 3', null, false],
    ['not(> 3)', null, false],
    ['"A","B"', 'B', true],
    ['not("A","B")', 'C', true],
    ['[1..3)', 3, false],
    [']1..3]', 3, true],
    ['< 0, > 10', 11, true],
    ['null', null, true],
    ['not(null)', 5, true],
    ['true', true, true],
    ['true', false, false],
    ['? > 3 and ? < 5', 4, true],
    ['contains(?, "flow")', 'orderflow', true],
    ['> credit.limit', 1001, true],
    ['sale.country = "SE"', 7, true],
    ['[1, 2, 3]', 2, true],
  ];
  for (const [tests, value, satisfied] of cases) {
    it(`${JSON.stringify(value)} ${satisfied ? 'satisfies' : 'does not satisfy'} ${tests}`, () => {
      expect(evaluateUnaryTests(tests, value, variables, now)).to.equal(satisfied);
    });
  }

  it('refuses to compare different types', () => {
    expect(() => evaluateUnaryTests('"A"', 3, variables, now)).to.throw(EvaluationFailed, /the number 3 with the string "A"/);
  });
});
