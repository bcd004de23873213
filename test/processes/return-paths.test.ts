import { expect } from 'chai';
import { returnGiven, returnWays } from './return-ways.ts';
import { untakenFlows, walk, walkWay } from './walk.ts';

describe('processes: the ways through return.bpmn, on the engine with the real tables', () => {
  for (const [title, way] of Object.entries(returnWays)) {
    it(title, async () => {
      const { states, at = [] } = way;
      const end = await walkWay('return', returnGiven, way);
      expect(end).to.deep.include({ states, at });
      expect(end.status === 'completed').to.equal(at.length === 0);
    });
  }

  it('take every flow of the diagram', async () => {
    expect(await untakenFlows('return', returnGiven, returnWays)).to.deep.equal([]);
  });

  it('keep what the tables have said', async () => {
    const { variables } = await walk('return', returnGiven, returnWays['sent back, inspected, refunded (27, 28)']!.happenings);
    expect(variables['eligibility']).to.deep.equal({
      outcome: 'AUTO_APPROVE',
      reasonCode: null,
      feeBp: 0,
      freightPaidBy: 'BUYER',
    });
    expect(variables['refund']).to.deep.include({ amountMinor: 10_000, method: 'ORIGINAL_PAYMENT', extraApproval: 'none' });
    expect(variables).to.not.have.any.keys('decided', 'reason', 'refundMinor');
  });

  it('keep the reference of a refund by hand', async () => {
    const { variables } = await walk('return', returnGiven, returnWays['the refund fails and is made by hand (29)']!.happenings);
    expect(variables['refund']).to.deep.include({ method: 'ORIGINAL_PAYMENT', manualReference: 'TRANSFER 7' });
    expect(variables).to.not.have.any.keys('manualReference');
  });
});
