import { expect } from 'chai';
import { everySafety, planTakings, setAside, type Level } from '../../src/domain/reserving.ts';

const level = (id: string, onHand: number, safety = 0, reserved = 0, sku = 'A'): Level => ({ id, sku, onHand, reserved, safety });
const line = (id: string, open: number, sku = 'A') => ({ id, lineNo: Number(id), sku, open });

describe('taking stock for lines', () => {
  it('takes from the levels in their order, and what one line takes is gone for the next', () => {
    const { takings, missing } = planTakings([line('1', 5), line('2', 4)], [level('x', 3), level('y', 4)]);
    expect(takings.map(({ lineId, levelId, quantity }) => [lineId, levelId, quantity])).to.deep.equal([
      ['1', 'x', 3],
      ['1', 'y', 2],
      ['2', 'y', 2],
    ]);
    expect([...missing]).to.deep.equal([['2', 2]]);
  });

  it('leaves the safety stock alone, but for what was granted, and takes free stock anywhere first', () => {
    const levels = [level('x', 5, 3), level('y', 4, 1)];
    expect([...planTakings([line('1', 8)], levels).missing]).to.deep.equal([['1', 3]]);
    const granted = planTakings([line('1', 7)], levels, new Map([['x', 2]]));
    expect(granted.missing.size).to.equal(0);
    expect(granted.takings.map(({ levelId, quantity, fromSafety }) => [levelId, quantity, fromSafety])).to.deep.equal([
      ['x', 4, 2],
      ['y', 3, 0],
    ]);
  });

  it('a grant reaches no further than what lies there', () => {
    const drawn = level('x', 5, 3, 4);
    expect([...planTakings([line('1', 3)], [drawn], everySafety([drawn])).missing]).to.deep.equal([['1', 2]]);
  });

  it('what others wait for is set aside like safety stock, at the last level first', () => {
    const levels = [level('x', 5), level('y', 5), level('z', 5, 0, 0, 'B')];
    const set = setAside(levels, new Map([['A', 7]]));
    expect(set.map(({ id, safety }) => [id, safety])).to.deep.equal([
      ['x', 2],
      ['y', 5],
      ['z', 0],
    ]);
  });
});
