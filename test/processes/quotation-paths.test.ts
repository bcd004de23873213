import { expect } from 'chai';
import type { JsonObject } from '../../src/support/json.ts';
import { allDone, done, error, later, message, timer, untakenFlows, walk, walkWay, type Happening, type Way } from './walk.ts';

const quotation = {
  id: 'q',
  offerRevision: 1,
  totalMinor: 1000,
  marginBp: 1200,
  maxLineDiscountBp: 0,
  validUntil: later,
  remindAt: later,
  result: null,
};
const given = { quotation };

const priced = (discountBp: number): Happening => done('q_price', { quotation: { ...quotation, maxLineDiscountBp: discountBp } });
const override = (elementId: string, status: string): Happening =>
  done(elementId, { override: { id: 'o', kind: 'PRICE', status, approverRole: 'finance_director', expiresAt: later } });
const answer = (word: string): Happening => done('q_customer', { customer: { answer: word, reason: null } });
const result = (elementId: string, word: string): Happening => done(elementId, { quotation: { ...quotation, result: word } });
const without: JsonObject = {
  flags: { overridePrice: false, overrideAdmin: true, overrideCredit: true, overrideStock: true },
};

const draft = done('q_draft');
const sent = [draft, priced(500), done('q_issue')];
const asked = [draft, priced(3000), override('q_open_override', 'PENDING')];
const expired = result('q_mark_expired', 'EXPIRED');

const ways: Readonly<Record<string, Way>> = {
  '01 accepted without an override': {
    happenings: [...sent, answer('ACCEPT'), result('q_accept', 'ACCEPTED'), done('q_handoff')],
    states: 'DRAFT > SENT > APPROVED',
  },
  '31 accepted in the second it expires: the guard decides': {
    happenings: [...sent, answer('ACCEPT'), error('q_accept', 'QUOTATION_EXPIRED'), expired],
    states: 'DRAFT > SENT > EXPIRED',
  },
  'expires without an answer, reminded before': {
    happenings: [...sent, timer('q_b_remind'), done('q_remind'), timer('q_b_valid'), expired],
    states: 'DRAFT > SENT > EXPIRED',
  },
  '32 approved, sent, changes asked for: a new revision': {
    happenings: [...asked, override('q_price_override', 'APPROVED'), done('q_issue'), answer('CHANGES'), done('q_revise')],
    states: 'DRAFT > AWAITING_PRICE_OVERRIDE > SENT > UNDER_NEGOTIATION > DRAFT',
    at: ['q_draft'],
  },
  '32 a forbidden discount goes back to the draft': { happenings: [draft, priced(4001)], states: 'DRAFT', at: ['q_draft'] },
  'a discount that needs approval goes back to the draft when price overrides are off': {
    given: without,
    happenings: [draft, priced(900)],
    states: 'DRAFT',
    at: ['q_draft'],
  },
  'price overrides are off, and none is needed': { given: without, happenings: sent, states: 'DRAFT > SENT', at: ['q_customer'] },
  'the override is rejected': {
    happenings: [...asked, override('q_price_override', 'REJECTED')],
    states: 'DRAFT > AWAITING_PRICE_OVERRIDE > DRAFT',
    at: ['q_draft'],
  },
  'the override expires undecided': {
    happenings: [...asked, timer('q_b_override_exp'), override('q_override_expire', 'EXPIRED')],
    states: 'DRAFT > AWAITING_PRICE_OVERRIDE > DRAFT',
    at: ['q_draft'],
  },
  'the approval is void when the offer is issued: priced anew': {
    happenings: [...asked, override('q_price_override', 'APPROVED'), error('q_issue', 'OVERRIDE_VOID')],
    states: 'DRAFT > AWAITING_PRICE_OVERRIDE',
    at: ['q_price'],
  },
  'accepted at a price that is no longer in force: priced anew': {
    happenings: [...sent, answer('ACCEPT'), error('q_accept', 'PRICE_STALE')],
    states: 'DRAFT > SENT',
    at: ['q_price'],
  },
  declined: { happenings: [...sent, answer('DECLINE'), done('q_decline')], states: 'DRAFT > SENT > REJECTED' },
  'withdrawn while somebody decides': {
    happenings: [...asked, message('q_b_withdraw'), done('q_withdraw')],
    states: 'DRAFT > AWAITING_PRICE_OVERRIDE > WITHDRAWN',
  },
};

describe('processes: the ways through quotation.bpmn, on the engine with the real tables', () => {
  for (const [title, way] of Object.entries(ways)) {
    it(title, async () => {
      const { states, at = [] } = way;
      expect(await walkWay('quotation', given, way)).to.deep.include({ states, at });
    });
  }

  it('take every flow of the diagram', async () => {
    expect(await untakenFlows('quotation', given, ways)).to.deep.equal([]);
  });

  it('the table says who approves, and how long they have', async () => {
    const { variables } = await walk('quotation', given, [draft, priced(900)]);
    expect(variables['discount']).to.deep.equal({
      level: 'L1',
      approverRole: 'team_lead',
      approvals: 1,
      decideHours: 8,
      useDays: 14,
    });
  });

  it('reminding leaves the task with the customer, who may answer before the reminder has gone out', async () => {
    const reminded = await walk('quotation', given, [...sent, timer('q_b_remind')]);
    expect(reminded.at).to.deep.equal(['q_customer', 'q_remind']);
    const accepted = [answer('ACCEPT'), result('q_accept', 'ACCEPTED'), ...allDone('q_remind', 'q_handoff')];
    const end = await walk('quotation', given, [...sent, timer('q_b_remind'), ...accepted]);
    expect(end).to.include({ status: 'completed', states: 'DRAFT > SENT > APPROVED' });
  });
});
