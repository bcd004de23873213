import { expect } from 'chai';
import type { JsonObject } from '../../src/support/json.ts';
import { EvaluationFailed } from '../../src/rules/evaluation-failed.ts';
import { checkExpression, evaluateExpression } from '../../src/rules/feel.ts';
import { regularExpressionFault } from '../../src/rules/regular-expression.ts';

const now = new Date('2026-01-02T03:04:05Z');
const variables: JsonObject = {
  x: { y: 1 },
  thousand: 1000,
  million: 1_000_000,
  text: 'a'.repeat(2000),
  list: Array.from({ length: 500 }, () => ({ a: 1 })),
};

const times = (count: number, of: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => of(index)).join(', ');

describe('checkExpression refuses before anything runs', () => {
  const refused: [what: string, text: string, message: RegExp][] = [
    ['an empty expression', '  ', /is empty/],
    ['a syntax error', 'sale.total >', /is not complete/],
    ['a syntax error in the middle', 'a + ) b', /cannot be read from character 5 on/],
    ['400 kB', `1${'+1'.repeat(200_000)}`, /has 400001 characters/],
    ['deep brackets', '('.repeat(900) + '1' + ')'.repeat(900), /nested more than 32 levels/],
    ['deep lists', '['.repeat(900) + ']'.repeat(900), /nested more than 32|not complete/],
    ['a range of a million', 'sum(for i in 1..1000000 return i)', /loops from 1 to 1000000: at most 1000/],
    ['a range of a million in brackets', 'for i in [1..1000000] return i', /at most 1000/],
    ['a cartesian product', 'count(for i in 1..1000, j in 1..1000 return i * j)', /more than 100000 times/],
    ['loops inside one another', 'for i in 1..1000 return for j in 1..1000 return 1', /more than 100000 times/],
    ['a catastrophic pattern', 'matches(text, "^(a+)+$")', /repeats a group that itself repeats/],
    ['a catastrophic pattern of replace()', 'replace(text, "(a|a)*$", "x")', /repeats a group/],
    ['a pattern that is computed', 'split(text, x.y)', /not a plain string/],
    ['the constructor of a variable', 'x.constructor', /"constructor", which is reserved/],
    ['the constructor of a literal', '{}.constructor', /reserved/],
    ['the way to the process', 'x.constructor.constructor("return process")()', /does not exist or is not supported/],
    ['__proto__', 'x.__proto__', /reserved/],
    ['a reserved entry', '{"__proto__": 1}', /reserved/],
    ['a recursive function', '{f: function(n) f(n + 1), r: f(1)}.r', /FunctionDefinition/],
    ['an unknown function', 'fetch("http://example.org")', /does not exist/],
    ['"?" outside a decision table', '? > 3', /only in the cells of a decision table/],
    [
      '"in" with "and", which the grammar reads the wrong way',
      'x.y in [1..5] and list = null',
      /put what belongs to "in" in brackets/,
    ],
    ['a wrong date', 'date("2026-02-30")', /not a valid date/],
  ];
  for (const [what, text, message] of refused) it(what, () => expect(checkExpression(text)).to.match(message));

  it('accepts what analysts write', () => {
    for (const text of [
      'sale.totalMinor > 0',
      `1${'+1'.repeat(1000)}`,
      'for i in 1..1000 return i',
      'matches(a, "^[A-Z]{2}[0-9]+$")',
      'x.toString',
    ]) {
      expect(checkExpression(text), text).to.equal(null);
    }
  });
});

describe('An evaluation stops at its budget', () => {
  const stopped: [what: string, text: string, message: RegExp][] = [
    ['a range with a computed end', 'count(for i in 1..million return i)', /at most 1000 numbers/],
    [
      'a cartesian product of computed ranges',
      'count(for i in 1..thousand, j in 1..thousand return i)',
      /more than 100000 operations/,
    ],
    ['a list with itself', 'some a in list, b in list satisfies a != b', /more than 100000 operations/],
    ['a filter inside a loop', 'for a in list return count(list[item.a > 1])', /more than 100000 operations/],
    ['a list that doubles itself', `{v0: ["x"], ${times(40, (n) => `v${n + 1}: [v${n}, v${n}]`)}}`, /operations/],
    [
      'a list that doubles itself, flattened',
      `flatten({v0: ["x"], ${times(40, (n) => `v${n + 1}: [v${n}, v${n}]`)}}.v40)`,
      /operations/,
    ],
    [
      'a text that doubles itself',
      `{v0: "${'x'.repeat(64)}", ${times(60, (n) => `v${n + 1}: v${n} + v${n}`)}}.v60`,
      /operations/,
    ],
    ['distinct values of many objects', 'distinct values(list)', /operations/],
    ['a pattern on a long text', 'matches(text, "^a+$")', /at most 1000/],
    ['a missing member, not an inherited one', 'x.toString', /names "x\.toString"/],
  ];
  for (const [what, text, message] of stopped) {
    it(what, () => {
      expect(checkExpression(text)).to.equal(null);
      expect(() => evaluateExpression(text, variables, now)).to.throw(EvaluationFailed, message);
    });
  }

  it('has room for an order of 500 lines', () => {
    expect(evaluateExpression('sum(for l in list return if l.a > 0 then l.a * 2 else 0)', variables, now).value).to.equal(1000);
  });
});

describe('regularExpressionFault', () => {
  const harmless = [
    '^[A-Z]{2}[0-9]+$',
    'a*b',
    '^\\S+@\\S+$',
    '^(red|green)$',
    'colou?r',
    '^(?:[A-Z]{2}-)?[0-9]+$',
    '^(ab)+$',
    '[+*?]+',
    '\\(a+\\)',
    '^\\p{L}+$',
  ];
  const harmful = [
    '(a+)+',
    '(a*)*b',
    '(a|a)*',
    '(a?){30}',
    '^(a+|b)*$',
    '(x+x+)+y',
    'a*a*b',
    '^a+b+c+$',
    '(.)\\1',
    '(?=a)b',
    '(?<n>a)',
    '(',
    '((a+))+',
    'a?a?a?a?a?a?a?aaaaaaa',
  ];
  for (const pattern of harmless) it(`accepts ${pattern}`, () => expect(regularExpressionFault(pattern)).to.equal(null));
  for (const pattern of harmful) it(`refuses ${pattern}`, () => expect(regularExpressionFault(pattern)).to.be.a('string'));
});
