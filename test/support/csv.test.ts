import { expect } from 'chai';
import fc from 'fast-check';
import { formatCsv, parseCsv } from '../../src/support/csv.ts';

describe('CSV', () => {
  it('reads quotes, commas, line ends and empty cells', () => {
    expect(parseCsv('\uFEFFa,b\r\n1,"x, ""y""\nz"\r\n,\n')).to.deep.equal([
      { a: '1', b: 'x, "y"\nz' },
      { a: '', b: '' },
    ]);
    expect(parseCsv('a,b\n1,2')).to.deep.equal([{ a: '1', b: '2' }]);
    expect(parseCsv('')).to.deep.equal([]);
  });

  for (const [text, fault] of [
    ['a,b\n1,2,3\n', 'line 2 has 3 cells, the first has 2'],
    ['a\n"1\n2', 'line 2 opens a quote that nothing closes'],
    ['a\n"1"2\n', 'line 2 goes on after a closing quote'],
  ] as const) {
    it(`says where it cannot be read: ${fault}`, () => {
      expect(() => parseCsv(text)).to.throw(SyntaxError, fault);
    });
  }

  it('reads what it writes', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', '\r', 'ß') });
    fc.assert(
      fc.property(
        fc.array(fc.record({ first: fc.string({ unit: fc.constantFrom('x', '"', ','), minLength: 1 }), second: cell }), {
          minLength: 1,
        }),
        (rows) => {
          expect(parseCsv(formatCsv(rows))).to.deep.equal(rows);
        },
      ),
    );
  });
});
