import { expect } from 'chai';
import type { JsonObject } from '../../src/support/json.ts';
import { compileSchema, declaredPaths, initialVariables, undeclaredNames } from '../../src/rules/schema.ts';

const schema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: { line: { type: 'object', properties: { quantity: { type: 'integer' } }, additionalProperties: false } },
  properties: {
    sale: {
      type: 'object',
      properties: {
        totalMinor: { type: 'integer', default: 0 },
        result: { type: ['string', 'null'], enum: ['DONE', null] },
        dueAt: { type: 'string', format: 'date-time' },
        lines: { type: 'array', items: { $ref: '#/$defs/line' }, default: [] },
      },
      required: ['totalMinor'],
      additionalProperties: false,
    },
    override: { type: ['object', 'null'], properties: { status: { type: 'string' } } },
    notes: { type: 'object' },
  },
  additionalProperties: false,
};

describe('declaredPaths', () => {
  it('lists every path, through references and list items', () => {
    expect([...declaredPaths(schema)]).to.have.members(
      'sale,sale.totalMinor,sale.result,sale.dueAt,sale.lines,sale.lines.quantity,override,override.status,notes,notes.*'.split(
        ',',
      ),
    );
  });
});

describe('undeclaredNames', () => {
  const cases: [expression: string, names: string[]][] = [
    ['sale.totalMinor > 0 and override.status = "APPROVED"', []],
    ['sum(sale.lines.quantity)', []],
    ['sale.lines[quantity > 3]', []],
    ['notes.anything.at.all', []],
    ['for l in sale.lines return l.whatever', []],
    ['sale.totalMinr', ['sale.totalMinr -> sale.totalMinor']],
    ['sael.result', ['sael.result -> sale.result']],
    ['sale.result.text', ['sale.result.text -> undefined']],
    ['method = "TERMS"', ['method -> undefined']],
  ];
  for (const [expression, names] of cases) {
    it(`of ${expression}: ${names.join() || 'none'}`, () => {
      expect(undeclaredNames(expression, schema).map(({ name, nearest }) => `${name} -> ${nearest}`)).to.deep.equal(names);
    });
  }

  it('knows local names', () =>
    expect(undeclaredNames('method = "TERMS" and result.code = 1', schema, ['method', 'result'])).to.deep.equal([]));
});

describe('initialVariables', () => {
  it('has defaults, and null for what has none', () => {
    expect(initialVariables(schema)).to.deep.equal({
      sale: { totalMinor: 0, result: null, dueAt: null, lines: [] },
      override: null,
      notes: null,
    });
  });
});

describe('compileSchema', () => {
  const validate = compileSchema(schema);

  it('accepts what the schema accepts', () =>
    expect(validate({ sale: { totalMinor: 1, dueAt: '2026-01-31T00:00:00Z' } })).to.deep.equal([]));

  it('points at each place that is wrong', () => {
    expect(validate({ sale: { result: 'LATER', dueAt: 'soon', extra: 1, lines: [{ quantity: 'x' }] } })).to.have.deep.members([
      { pointer: '/sale/totalMinor', message: 'is missing' },
      { pointer: '/sale/extra', message: 'is not declared' },
      { pointer: '/sale/result', message: 'must be equal to one of the allowed values: "DONE", null' },
      { pointer: '/sale/dueAt', message: 'must match format "date-time"' },
      { pointer: '/sale/lines/0/quantity', message: 'must be integer' },
    ]);
  });

  it('refuses a wrong schema', () => expect(() => compileSchema({ type: 'strng' })).to.throw(/schema is invalid/));
});
