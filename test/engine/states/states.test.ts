import { expect } from 'chai';
import { advance, compile } from '../../../src/engine/index.ts';
import { testOracle } from '../../helpers/oracle.ts';
import { readRecorded } from './recorded.ts';

const recorded = readRecorded();

describe('engine: recorded states', () => {
  it('there are at least 40 of format 1 and 20 of format 2, and nobody took one away', () => {
    const of = (wanted: number): number => recorded.filter(([, { format }]) => format === wanted).length;
    expect(of(1)).to.be.at.least(40);
    expect(of(2)).to.be.at.least(20);
  });

  for (const [name, { about, source, state, variables, locals, decisions, command, after, format }] of recorded) {
    it(`${name} (format ${format}: ${about}) loads and continues as recorded`, async () => {
      const [process] = await compile(source);
      if (!process) throw new Error('no process');
      const oracle = testOracle(Object.fromEntries(Object.entries(decisions).map(([id, result]) => [id, () => result])));
      const next = await advance(process, { state, variables, ...(locals && { locals }) }, command, oracle, new Date('2026-06-01T00:00:00Z'));
      expect({ status: next.status, variables: next.variables, open: next.open }).to.deep.equal({
        status: after.status,
        variables: after.variables,
        open: after.open,
      });
      if (after.locals) expect(next.locals).to.deep.equal(after.locals);
      expect(next.trail.filter(({ event }) => event === 'enter').map(({ elementId }) => elementId)).to.deep.equal(after.entered);
      // an engine of the same format writes the same text; a newer format has its own
      if (next.state !== null && after.state !== null && marking(next.state).format === format) expect(marking(next.state)).to.deep.equal(marking(after.state));
    });
  }
});

const marking = (state: string) => {
  const { engine: _engine, ...rest } = JSON.parse(state) as { engine: string; format: number };
  return rest;
};
