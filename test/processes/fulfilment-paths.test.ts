import { expect } from 'chai';
import { fulfilmentGiven, fulfilmentWays } from './fulfilment-ways.ts';
import { allDone, done, error, later, message, timer, untakenFlows, walk, walkWay, type Happening } from './walk.ts';

const toPick = [done('f_allocate'), done('f_release', { release: { outcome: 'RELEASE', reason: null } })];
const picked = done('f_pick', { pick: { pickedQty: 2, shortQty: 0 } });
const shipped = [...toPick, picked, ...allDone('f_pack', 'f_book', 'f_post', 'f_capture')];
const delivered = [...shipped, message('f_transit'), done('f_deliver', { returnWindow: { endsAt: later } })];
const walkOn = (...happenings: readonly Happening[]) => walk('fulfilment', fulfilmentGiven, happenings);

describe('processes: the ways through fulfilment.bpmn, on the engine', () => {
  for (const [title, way] of Object.entries(fulfilmentWays)) {
    it(title, async () => {
      const { states, at = [] } = way;
      const end = await walkWay('fulfilment', fulfilmentGiven, way);
      expect(end).to.deep.include({ states, at });
      expect(end.status === 'completed').to.equal(at.length === 0);
    });
  }

  it('take every flow of the diagram', async () => {
    expect(await untakenFlows('fulfilment', fulfilmentGiven, fulfilmentWays)).to.deep.equal([]);
  });

  it('open and close the return window as often as returns come, with one wait for each way out', async () => {
    const open = { open: 0, allReturned: false, windowOpen: true };
    const again: Happening[] = [message('f_ret_req'), done('f_rollup', { returns: open })];
    const end = await walkOn(...delivered, ...again, ...again, ...again);
    expect(end.open).to.deep.equal(['f_ret_req', 'f_window_end']);
    expect(end.states).to.match(/SHIPPED > DELIVERED$/);
  });

  it('take the end of the return window as a fact', async () => {
    const { variables, at } = await walkOn(...delivered, timer('f_window_end'));
    expect(at).to.deep.equal(['f_rollup']);
    expect(variables['returns']).to.deep.equal({ open: 0, allReturned: false, windowOpen: false });
  });

  it('trace a silent shipment once for each attempt, beside its wait', async () => {
    const silent = await walkOn(...shipped, timer('f_b_silence'));
    expect(silent.open).to.have.members(['f_b_exc', 'f_trace', 'f_transit']);
    const again = await walkOn(
      ...shipped,
      message('f_b_exc'),
      done('f_exception', { exception: { resolution: 'DELIVER_AGAIN' } }),
    );
    expect(again.open).to.have.members(['f_b_exc', 'f_b_silence', 'f_transit']);
  });

  it('prepare anew as often as stock is taken away, and can still be cancelled', async () => {
    const taken: Happening[] = [...toPick, message('f_b_dealloc')];
    const end = await walkOn(...taken, ...taken, ...taken, ...toPick, message('f_b_cancel'), done('f_undo'));
    expect(end).to.deep.include({ status: 'completed', open: [] });
    expect(end.states).to.match(/PICKING > ALLOCATING > PICKING > CANCELLING > CANCELLED$/);
  });

  it('cannot be cancelled, nor robbed of its stock, once the goods have left', async () => {
    const { open } = await walkOn(...shipped);
    expect(open).to.not.include.members(['f_b_cancel']);
    expect(open).to.not.include.members(['f_b_dealloc']);
  });

  it('may be cancelled wherever the shipment is being prepared', async () => {
    const places: Happening[][] = [
      [],
      [error('f_allocate', 'OUT_OF_STOCK'), done('f_backorder')],
      [error('f_allocate', 'OUT_OF_STOCK'), done('f_backorder'), timer('f_b_bo_review')],
      [done('f_allocate'), done('f_release', { release: { outcome: 'HOLD', reason: 'CREDIT_HOLD' } })],
      [...toPick, picked],
      [...toPick, picked, done('f_pack'), error('f_book', 'CARRIER_REJECTED')],
    ];
    for (const place of places) {
      const end = await walkOn(...place, message('f_b_cancel'), done('f_undo'));
      expect(end).to.deep.include({ status: 'completed', open: [] });
      expect(end.states).to.match(/CANCELLING > CANCELLED$/);
    }
  });
});
