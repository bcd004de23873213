import { readdir, readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { advance } from '../../src/engine/advance.ts';
import { compile } from '../../src/engine/compile.ts';
import type { Advance, EngineCommand } from '../../src/engine/types.ts';
import type { DecisionModel } from '../../src/rules/decision-model.ts';
import { parseDecisions } from '../../src/rules/dmn.ts';
import { createOracle } from '../../src/rules/oracle.ts';
import { initialVariables } from '../../src/rules/schema.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { diagramText, processesFolder } from './diagram.ts';

const now = new Date('2026-01-01T09:00:00Z');
const later = '2026-01-02T09:00:00Z';

/** What happens at the open wait of an element. */
type Happening = readonly [
  elementId: string,
  what: 'complete' | 'message' | 'timer' | { readonly error: string },
  result?: JsonObject,
];

const done = (elementId: string, result: JsonObject = {}): Happening => [elementId, 'complete', result];
const allDone = (...elementIds: readonly string[]): Happening[] => elementIds.map((id) => done(id));

function commandOf([, what, variables = {}]: Happening, slot: string): EngineCommand {
  if (what === 'timer') return { type: 'timer', slot };
  if (typeof what === 'string') return { type: what, slot, variables };
  return { type: 'error', slot, code: what.error, message: what.error, variables };
}

async function readDecisions(): Promise<DecisionModel[]> {
  const files = (await readdir(processesFolder)).filter((name) => name.endsWith('.dmn'));
  return Promise.all(files.map(async (name) => parseDecisions(await readFile(new URL(name, processesFolder), 'utf8'))));
}

/** Walks a diagram on the engine with its real tables; answers the workflow states it passed, the places where it waits now, and the variables. */
async function walk(processId: string, given: JsonObject, happenings: readonly Happening[]) {
  const [process] = await compile(await diagramText(processId));
  const schema = JSON.parse(await readFile(new URL(`${processId}.variables.schema.json`, processesFolder), 'utf8')) as JsonObject;
  const oracle = createOracle({ decisions: await readDecisions(), now });
  const states: string[] = [];
  const note = (advanced: Advance): Advance => {
    const entered = advanced.trail.filter(({ event }) => event === 'enter').flatMap(({ workflowState }) => workflowState ?? []);
    for (const state of entered) if (state !== states.at(-1)) states.push(state);
    return advanced;
  };
  const start: EngineCommand = { type: 'start', variables: { ...initialVariables(schema), ...given } };
  let at = note(await advance(process!, null, start, oracle, now));
  for (const happening of happenings) {
    const slot = at.open.find((open) => open.split('/').at(-1) === happening[0]);
    if (slot === undefined || at.state === null)
      throw new Error(`${happening[0]} is not open; open: ${at.open.join(', ') || 'nothing'}`);
    at = note(await advance(process!, { state: at.state, variables: at.variables }, commandOf(happening, slot), oracle, now));
  }
  return {
    states: states.join(' > '),
    open: at.open.map((slot) => slot.split('/').at(-1)),
    variables: at.variables,
    status: at.status,
  };
}

describe('processes: the ways through the diagrams, on the engine with the real tables', () => {
  describe('quotation', () => {
    const quotation = {
      id: 'q',
      offerRevision: 1,
      totalMinor: 1000,
      marginBp: 1200,
      maxLineDiscountBp: 0,
      validUntil: later,
      result: null,
    };
    const sent = allDone('q_draft', 'q_price', 'q_issue');
    const answered = [...sent, done('q_customer', { customer: { answer: 'ACCEPT' } })];

    it('accepted', async () => {
      const accepted = done('q_accept', { quotation: { ...quotation, result: 'ACCEPTED' } });
      const end = await walk('quotation', { quotation }, [...answered, accepted, done('q_handoff')]);
      expect(end).to.include({ status: 'completed', states: 'DRAFT > SENT > APPROVED' });
    });

    it('a discount that needs approval goes back to the draft', async () => {
      const priced = done('q_price', { quotation: { ...quotation, maxLineDiscountBp: 900 } });
      const end = await walk('quotation', { quotation }, [done('q_draft'), priced]);
      expect(end.open).to.include('q_draft');
      expect(end.variables['discount']).to.include({ level: 'L1', approverRole: 'team_lead' });
    });

    it('expired, by the timer and by the guard', async () => {
      const expired = done('q_mark_expired', { quotation: { ...quotation, result: 'EXPIRED' } });
      for (const how of [
        [...sent, ['q_b_valid', 'timer']],
        [...answered, ['q_accept', { error: 'QUOTATION_EXPIRED' }]],
      ] as Happening[][]) {
        const end = await walk('quotation', { quotation }, [...how, expired]);
        expect(end).to.include({ status: 'completed', states: 'DRAFT > SENT > EXPIRED' });
      }
    });

    it('declined, and withdrawn', async () => {
      const declined = done('q_customer', { customer: { answer: 'DECLINE' } });
      expect((await walk('quotation', { quotation }, [...sent, declined, done('q_decline')])).states).to.equal(
        'DRAFT > SENT > REJECTED',
      );
      const withdrawn = await walk('quotation', { quotation }, [['q_b_withdraw', 'message'], done('q_withdraw')]);
      expect(withdrawn).to.include({ status: 'completed', states: 'DRAFT > WITHDRAWN' });
    });
  });

  describe('sale', () => {
    const sale = { id: 's', totalMinor: 1003, result: null };
    const result = (elementId: string, word: string): Happening => done(elementId, { sale: { ...sale, result: word } });
    const credit = (outcome: string): Happening => done('s_credit', { credit: { outcome } });
    const override = (elementId: string, status: string): Happening =>
      done(elementId, { override: { id: 'o', status, approverRole: 'credit_analyst', expiresAt: later } });
    const coverage = (outcome: string): Happening => done('s_pay_status', { coverage: { outcome } });
    const onTerms = done('s_open', { method: 'TERMS' });
    const requested = done('s_pay_request', {
      payment: { method: 'PREPAY', onTermsMinor: 0, prepayMinor: 1003, attempts: 0, dueAt: later },
    });
    const toPay = [done('s_open', { method: 'PREPAY' }), done('s_reserve'), requested];

    it('on terms, to the end', async () => {
      const rest: Happening[] = [result('s_clear', 'CLEARED'), done('s_handoff'), ['s_fulfilment', 'message'], done('s_close')];
      const end = await walk('sale', { sale }, [onTerms, credit('APPROVE'), done('s_reserve'), ...rest]);
      expect(end).to.include({ status: 'completed', states: 'OPEN > CREDIT_CHECK > RESERVING > CLEARED > COMPLETED' });
    });

    it('splits the total by the method that was chosen', async () => {
      const end = await walk('sale', { sale }, [done('s_open', { method: null }), done('s_method', { method: 'DEPOSIT' })]);
      expect(end.states).to.equal('OPEN > AWAITING_PAYMENT_METHOD > CREDIT_CHECK');
      expect(end.variables['payment']).to.deep.equal({
        method: 'DEPOSIT',
        onTermsMinor: 803,
        prepayMinor: 200,
        attempts: 0,
        dueAt: null,
      });
      expect(end.variables).to.not.have.property('method');
    });

    it('credit override approved, and decided anew', async () => {
      const asked = [onTerms, credit('REVIEW'), override('s_open_credit', 'PENDING'), override('s_credit_override', 'APPROVED')];
      const end = await walk('sale', { sale }, [
        ...asked,
        credit('APPROVE_WITH_OVERRIDE'),
        done('s_reserve'),
        result('s_clear', 'CLEARED'),
      ]);
      expect(end.states).to.equal('OPEN > CREDIT_CHECK > AWAITING_CREDIT_OVERRIDE > CREDIT_CHECK > RESERVING');
      expect(end.open).to.deep.equal(['s_handoff']);
    });

    it('credit override expired, held too long, rejected', async () => {
      const asked = [onTerms, credit('REVIEW'), override('s_open_credit', 'PENDING')];
      const expired: Happening[] = [
        ['s_b_credit_exp', 'timer'],
        override('s_expire_credit', 'EXPIRED'),
        ['s_b_hold_max', 'timer'],
      ];
      const end = await walk('sale', { sale }, [...asked, ...expired, result('s_reject', 'REJECTED'), done('s_undo')]);
      expect(end.states).to.equal('OPEN > CREDIT_CHECK > AWAITING_CREDIT_OVERRIDE > CREDIT_HOLD > CANCELLING > REJECTED');
    });

    it('paid in parts, and paid before anybody waits', async () => {
      const parts: Happening[] = [
        coverage('NONE'),
        ['s_await_payment', 'message'],
        coverage('PARTIAL'),
        ['s_await_payment', 'message'],
      ];
      const slow = await walk('sale', { sale }, [...toPay, ...parts, coverage('COVERED')]);
      expect(slow).to.deep.include({ states: 'OPEN > RESERVING > AWAITING_PAYMENT', open: ['s_b_cancel', 's_clear'] });
      const early = await walk('sale', { sale }, [...toPay, coverage('OVERPAID')]);
      expect(early).to.deep.include({ states: 'OPEN > RESERVING', open: ['s_b_cancel', 's_clear'] });
    });

    it('declined, once and for good', async () => {
      const declined = (attempts: number): Happening[] => [
        ['s_pay_request', { error: 'PAYMENT_DECLINED' }],
        done('s_declined', { payment: { method: null, onTermsMinor: 0, prepayMinor: 0, attempts, dueAt: null } }),
      ];
      const again = await walk('sale', { sale }, [...toPay.slice(0, 2), ...declined(1), done('s_method', { method: 'CARD' })]);
      expect(again.states).to.equal('OPEN > RESERVING > AWAITING_PAYMENT_METHOD > RESERVING');
      const over = await walk('sale', { sale }, [
        ...toPay.slice(0, 2),
        ...declined(3),
        result('s_reject', 'REJECTED'),
        done('s_undo'),
      ]);
      expect(over.states).to.equal('OPEN > RESERVING > CANCELLING > REJECTED');
    });

    it('short of stock: backordered where the table allows it, else rejected', async () => {
      const short = (linePolicy: string): Happening => [
        's_reserve',
        { error: 'OUT_OF_STOCK' },
        { shortage: { outcome: null, linePolicy, replenishDays: 5, safetyCovers: false, customerTier: 'GOLD' } },
      ];
      const backordered = await walk('sale', { sale }, [...toPay.slice(0, 1), short('BACKORDER')]);
      expect(backordered.open).to.include('s_reserve_bo');
      expect(backordered.variables['shortage']).to.include({ outcome: 'BACKORDER', replenishDays: 5 });
      expect((await walk('sale', { sale }, [...toPay.slice(0, 1), short('NO_BACKORDER')])).open).to.include('s_reject');
    });

    it('cancelled while it waits for money', async () => {
      const cancelled: Happening[] = [
        coverage('NONE'),
        ['s_b_cancel', 'message'],
        result('s_begin_cancel', 'CANCELLED'),
        done('s_undo'),
      ];
      const end = await walk('sale', { sale }, [...toPay, ...cancelled]);
      expect(end).to.include({ status: 'completed', states: 'OPEN > RESERVING > AWAITING_PAYMENT > CANCELLING > CANCELLED' });
    });
  });

  it('fulfilment, with a backorder on the way', async () => {
    const short: Happening[] = [['f_allocate', { error: 'OUT_OF_STOCK' }], done('f_backorder'), ['f_backordered', 'message']];
    const shipped = [
      ...allDone('f_allocate', 'f_pick', 'f_pack', 'f_book', 'f_post', 'f_capture'),
      ['f_transit', 'message'],
    ] as Happening[];
    const delivered: Happening[] = [
      done('f_deliver', { returnWindow: { endsAt: later } }),
      ['f_window_end', 'timer'],
      done('f_complete'),
    ];
    const end = await walk('fulfilment', { fulfilment: { id: 'f' } }, [...short, ...shipped, ...delivered]);
    expect(end).to.include({
      status: 'completed',
      states: 'ALLOCATING > BACKORDERED > ALLOCATING > PICKING > PACKING > SHIPPED > DELIVERED > COMPLETED',
    });
  });
});
