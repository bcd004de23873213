import { expect } from 'chai';
import { lineValueMinor, withTax, type LineTerms } from '../../src/domain/money.ts';
import { priceOf, saleTermsOf, saleTotalMinor, termsOf } from '../../src/domain/pricing.ts';

describe('what lines are worth', () => {
  const odd: LineTerms = { unitPriceMinor: 333, discountBp: 1234, taxBp: 1900 };

  it('the parts of a line add up to the whole, however it is cut, and no part is worth less than nothing', () => {
    for (const line of [
      odd,
      { unitPriceMinor: 1, discountBp: 9999, taxBp: 1 },
      { unitPriceMinor: 99_999, discountBp: 1, taxBp: 2500 },
    ]) {
      for (let pieces = 1; pieces <= 40; pieces++) {
        const whole = lineValueMinor(line, 0, pieces);
        const single = Array.from({ length: pieces }, (_, piece) => lineValueMinor(line, piece, piece + 1));
        expect(Math.min(...single)).to.be.at.least(0);
        expect(single.reduce((sum, value) => sum + value, 0)).to.equal(whole);
        for (let cut = 0; cut <= pieces; cut++)
          expect(lineValueMinor(line, 0, cut) + lineValueMinor(line, cut, pieces)).to.equal(whole);
      }
    }
  });

  it('tax is rounded half up on the discounted amount', () => {
    expect(withTax(50, 1900)).to.equal(60); // 59.5
    expect(withTax(1000, 0)).to.equal(1000);
    expect(lineValueMinor({ unitPriceMinor: 1000, discountBp: 1000, taxBp: 1900 }, 0, 3)).to.equal(3213);
  });

  it('the total is gross, the margin net, the discount against the list', () => {
    const line = {
      sku: 'A',
      quantity: 10,
      unitPriceMinor: 1000,
      discountBp: 0,
      taxBp: 1900,
      listPriceMinor: 1250,
      costMinor: 600,
    };
    expect(priceOf([line])).to.deep.equal({ totalMinor: 11_900, marginBp: 4000, maxLineDiscountBp: 2000 });
  });

  it('what is left of a sale is its total and its terms; untaxed terms read as they did before there were taxes', () => {
    const lines = [
      { sku: 'A', unitPriceMinor: 1000, discountBp: 0, taxBp: 0, ordered: 5, cancelled: 2 },
      { sku: 'B', unitPriceMinor: 500, discountBp: 0, taxBp: 1900, ordered: 1, cancelled: 1 },
    ];
    expect(saleTotalMinor(lines)).to.equal(3000);
    expect(saleTermsOf('c', 'EUR', lines)).to.equal('["c","EUR",[["A",3,1000,0]]]');
    expect(termsOf('c', 'EUR', [{ sku: 'B', quantity: 1, unitPriceMinor: 500, discountBp: 0, taxBp: 1900 }])).to.equal(
      '["c","EUR",[["B",1,500,0,1900]]]',
    );
  });
});
