import { expect } from 'chai';
import { saleGiven, saleWays, whole } from './sale-ways.ts';
import { done, error, message, timer, untakenFlows, walk, walkWay, type EditTable } from './walk.ts';

describe('processes: the ways through sale.bpmn, on the engine with the real tables', () => {
  for (const [title, way] of Object.entries(saleWays)) {
    it(title, async () => {
      const { states, at = [] } = way;
      expect(await walkWay('sale', saleGiven, way)).to.deep.include({ states, at });
    });
  }

  it('take every flow of the diagram but the one that no row of the tables leads to', async () => {
    expect(await untakenFlows('sale', saleGiven, saleWays)).to.deep.equal(['s_gw_shortage_to_s_reject']);
  });

  it('reject a short order where an analyst has the table say so', async () => {
    const stern: EditTable = (xml) => xml.replaceAll('"ASK_CUSTOMER"', '"REJECT"');
    const short = error('s_reserve', 'OUT_OF_STOCK', { shortage: { ...whole.shortage, linePolicy: 'DISCONTINUED' } });
    const opened = done('s_open', { method: 'PREPAY', totalMinor: 1003, admission: whole.admission });
    expect((await walk('sale', saleGiven, [opened, short], stern)).at).to.deep.equal(['s_reject']);
  });

  it('split the total by the method, wherever it is chosen or the total changes', async () => {
    const deposit = { method: 'DEPOSIT', onTermsMinor: 803, prepayMinor: 200, attempts: 0, dueAt: null };
    const opened = (method: string | null) => done('s_open', { method, totalMinor: 1003, admission: whole.admission });
    const hold = done('s_credit', { credit: { ...whole.credit, outcome: 'HOLD' } });
    const short = error('s_reserve', 'OUT_OF_STOCK', { shortage: { ...whole.shortage, linePolicy: 'DISCONTINUED' } });
    const reduced = [
      done('s_choice', { choice: { answer: 'REDUCE' } }),
      done('s_reduce', { method: 'DEPOSIT', totalMinor: 1003 }),
    ];
    const ways = [
      [opened('DEPOSIT')],
      [opened(null), done('s_method', { method: 'DEPOSIT' })],
      [opened('TERMS'), hold, message('s_b_hold_method', { payment: { method: 'DEPOSIT' } })],
      [opened('CARD'), short, ...reduced],
    ];
    for (const happenings of ways) {
      const { variables, at } = await walk('sale', { sale: { ...saleGiven.sale, totalMinor: 1 } }, [...happenings]);
      expect(at).to.deep.equal(['s_credit']);
      expect(variables['payment']).to.deep.equal({ ...deposit });
      expect(variables['sale']).to.deep.include({ totalMinor: 1003 });
      expect(variables).to.not.have.any.keys('method', 'totalMinor');
    }
  });

  it('put the verdict of the admission table beside the facts', async () => {
    const admission = { ...whole.admission, restrictedGoods: true };
    const { variables } = await walk('sale', saleGiven, [done('s_open', { method: null, totalMinor: 1, admission })]);
    expect(variables['admission']).to.deep.equal({
      ...admission,
      outcome: 'ADMIN_OVERRIDE',
      reasonCode: 'RESTRICTED_GOODS',
    });
    expect(variables).to.not.have.any.keys('admitted');
  });

  it('begin anew as often as the sale changes, and can still be cancelled', async () => {
    const opened = (totalMinor: number) => done('s_open', { method: 'TERMS', totalMinor, admission: whole.admission });
    const changed = (totalMinor: number) => [message('s_b_changed'), done('s_reopen'), opened(totalMinor)];
    const twice = await walk('sale', saleGiven, [opened(1), ...changed(2), ...changed(3)]);
    expect(twice.open).to.deep.equal(['s_b_cancel', 's_b_changed', 's_credit']);
    expect(twice.variables['sale']).to.deep.include({ totalMinor: 3 });
    const cancelled = [message('s_b_cancel'), done('s_begin_cancel'), done('s_undo')];
    expect(await walk('sale', saleGiven, [opened(1), ...changed(2), ...cancelled])).to.include({
      status: 'completed',
      states: 'OPEN > CREDIT_CHECK > OPEN > CREDIT_CHECK > CANCELLING > CANCELLED',
    });
    const betweenTimes = await walk('sale', saleGiven, [opened(1), message('s_b_changed')]);
    expect(betweenTimes.open).to.deep.equal(['s_reopen']);
  });

  it('leave one wait for credit at a time, so that a message reaches the right one', async () => {
    const opened = done('s_open', { method: 'TERMS', totalMinor: 1, admission: whole.admission });
    const pending = {
      override: { id: 'o', kind: 'CREDIT', status: 'PENDING', approverRole: 'credit_analyst', expiresAt: '2026-01-02' },
    };
    const review = done('s_credit', { credit: { ...whole.credit, outcome: 'REVIEW' } });
    const asked = [opened, review, done('s_open_credit', pending)];
    const waiting = await walk('sale', saleGiven, asked);
    expect(waiting.open).to.deep.equal(['s_b_cancel', 's_b_changed', 's_b_credit_exp', 's_b_freed1', 's_credit_override']);
    const held = await walk('sale', saleGiven, [...asked, timer('s_b_credit_exp'), done('s_expire_credit')]);
    expect(held.open).to.deep.equal(['s_b_cancel', 's_b_changed', 's_b_hold_max', 's_b_hold_method', 's_credit_hold']);
  });
});
