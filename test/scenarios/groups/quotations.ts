import { expect } from 'chai';
import { onQuotationApproved, onSaleCleared } from '../../../src/commands/phase-coordinator.ts';
import { lockSaleOrder, saleLines } from '../../../src/persistence/orders.ts';
import { systemActor } from '../../../src/policies/actor.ts';
import { acceptOffer, complete, quote } from '../acts.ts';
import { now } from '../lab.ts';
import type { Scenario } from '../scenario.ts';
import { deliver, ship, shipmentOf } from '../shipping.ts';
import type { Order, Stage } from '../stage.ts';

export const quotationScenarios: readonly Scenario[] = [
  {
    number: '01',
    title: 'happy path: quotation, sale on terms, fulfilment, completed',
    paths: [
      'DRAFT>SENT>APPROVED',
      'OPEN>CREDIT_CHECK>RESERVING>CLEARED>COMPLETED',
      'ALLOCATING>PICKING>PACKING>SHIPPED>DELIVERED>COMPLETED',
    ],
    apart: true,
    play: async (stage) => {
      const quotation = await quote(stage);
      const sale = await acceptOffer(stage, quotation);
      const fulfilment = await shipmentOf(stage, sale);
      await ship(stage, fulfilment);
      await deliver(stage, fulfilment);
      await stage.pass({ minutes: 2 });
      return Promise.all([quotation, sale, fulfilment].map((each) => stage.path(each)));
    },
  },
  {
    number: '31',
    title: 'quotation accepted in the second it expires: the guard decides, not the timer',
    paths: ['DRAFT>SENT>EXPIRED'],
    apart: true,
    play: async (stage) => {
      const quotation = await quote(stage);
      await complete(stage, 'sales', quotation);
      const { validUntil } = await stage.quotation(quotation.id);
      const leftMs = Date.parse(validUntil ?? '') - (await now(stage)).getTime();
      const [task] = (await stage.quotation(quotation.id)).waits.filter(({ kind }) => kind === 'user');
      await stage.as('operator').post('/v1/clock', { forwardMs: leftMs });
      const answer = await stage
        .as('buyer')
        .ask('POST', `/v1/user-tasks/${task?.id}/completion`, { body: { variables: { customer: { answer: 'ACCEPT' } } } });
      expect(answer.status, 'in time for the task or too late for it').to.be.oneOf([200, 409]);
      await stage.settled();
      expect((await stage.quotation(quotation.id)).saleOrder).to.equal(null);
      return [await stage.path(quotation)];
    },
  },
  {
    number: '36',
    title: 'hand-off delivered twice creates one sale and one set of fulfilments',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>CLEARED'],
    play: async (stage) => {
      const quotation = await quote(stage);
      const sale = await acceptOffer(stage, quotation);
      const before = await stage.sale(sale.id);
      const again = await handOffAgain(stage, quotation, sale);
      expect(again).to.deep.equal({ sale: sale.id, fulfilments: before.fulfilments.map(({ id }) => id) });
      const after = await stage.sale(sale.id);
      expect([after.fulfilments, after.revision]).to.deep.equal([before.fulfilments, before.revision]);
      return [await stage.path(sale)];
    },
  },
];

/** What the jobs of both hand-offs do, once more: a worker that died before it could say so. */
const handOffAgain = (stage: Stage, quotation: Order, sale: Order): Promise<{ sale: string; fulfilments: readonly string[] }> =>
  stage.service.database.transaction(async (tx) => {
    const now = await tx.now();
    const deps = stage.service.deps();
    const unit = { tx, deps, actor: systemActor('test'), commandId: null, traceparent: null, now, steps: [] };
    const row = await lockSaleOrder(tx, sale.id);
    return {
      sale: await onQuotationApproved(unit, quotation.id, now),
      fulfilments: await onSaleCleared(unit, row, await saleLines(tx, row.id), 'SHIP_AVAILABLE', now),
    };
  });
