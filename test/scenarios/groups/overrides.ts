import { expect } from 'chai';
import { complete, order, quote, stateOf } from '../acts.ts';
import { decide, overrideStatus, pendingOverride, tryToDecide } from '../credit.ts';
import { delegate, withRoles } from '../lab.ts';
import type { Scenario } from '../scenario.ts';

export const overrideScenarios: readonly Scenario[] = [
  {
    number: '18',
    title: 'admin override rejected: sale rejected, nothing held',
    paths: ['OPEN>AWAITING_ADMIN_OVERRIDE>CANCELLING>REJECTED'],
    play: async (stage) => {
      const { id: customer } = await stage.customer({ status: 'BLOCKED' });
      const sale = await order(stage, { customer });
      await decide(stage, 'admin', sale, 'rejection');
      return [await stage.path(sale)];
    },
  },
  {
    number: '32',
    title: 'discount of 30 % needs two directors; changes requested: new revision; a forbidden discount returns to draft',
    paths: ['DRAFT>AWAITING_PRICE_OVERRIDE>SENT>UNDER_NEGOTIATION>DRAFT'],
    play: async (stage) => {
      const sku = await stage.product();
      const quotation = await quote(stage, { lines: [{ sku, quantity: 5, discountBp: 3_000 }] });
      await complete(stage, 'sales', quotation);
      const request = await decide(stage, 'admin', quotation, 'approval');
      expect(await stateOf(stage, quotation)).to.equal('AWAITING_PRICE_OVERRIDE');
      await decide(stage, 'credit-2', quotation, 'approval');
      expect(await overrideStatus(stage, request)).to.equal('CONSUMED');
      await complete(stage, 'buyer', quotation, { customer: { answer: 'CHANGES', reason: 'Ten per cent more' } });
      expect((await stage.quotation(quotation.id)).offerRevision).to.equal(2);
      await stage.as('sales').patch(`/v1/quotations/${quotation.id}`, { lines: [{ sku, quantity: 5, discountBp: 4_500 }] });
      await complete(stage, 'sales', quotation);
      return [await stage.path(quotation)];
    },
  },
  {
    number: '51',
    title: 'total raised by an edit after a credit override was approved: SUPERSEDED, AWAITING_CREDIT_OVERRIDE again',
    paths: ['OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE>OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE'],
    play: async (stage) => {
      const customer = await stage.customer({ limitMinor: 40_000_000 });
      await order(stage, { customer: customer.id }); // a large first order would be another question
      const dear = await stage.product({ listPriceMinor: 45_000_000, costMinor: 30_000_000 });
      const other = await stage.product({ listPriceMinor: 1_000_000, costMinor: 600_000 });
      const lines = [dear, other].map((sku) => ({ sku, quantity: 1 }));
      const sale = await order(stage, { customer: customer.id, lines });
      const request = await decide(stage, 'credit-2', sale, 'approval'); // the first of two
      const change = { lines: [{ lineNo: 2, quantity: 2 }], reason: 'They need one more' };
      await stage.as('sales').patch(`/v1/sale-orders/${sale.id}`, change);
      await stage.settled();
      expect(await overrideStatus(stage, request)).to.equal('SUPERSEDED');
      expect(await pendingOverride(stage, sale)).not.to.equal(request);
      return [await stage.path(sale)];
    },
  },
  {
    number: '56',
    title: 'same Idempotency-Key with another body: 422; with the same body: the stored answer, one effect',
    paths: ['OPEN>CREDIT_CHECK>RESERVING>CLEARED'],
    play: async (stage) => {
      const { id: customerId } = await stage.customer();
      const sku = await stage.product();
      const key = `key of ${sku}`;
      const ask = (quantity: number) =>
        stage
          .as('sales')
          .ask('POST', '/v1/sale-orders', { key, body: { customerId, currency: 'EUR', lines: [{ sku, quantity }] } });
      const first = await ask(5);
      const [again, other] = [await ask(5), await ask(6)];
      expect([again.status, again.body, again.headers.get('idempotency-replayed')]).to.deep.equal([201, first.body, 'true']);
      expect([other.status, other.body['code']]).to.deep.equal([422, 'idempotency-key-reused']);
      await stage.settled();
      const { items } = (await stage.as('auditor').post('/v1/sale-orders/search', { filter: { customerId } })) as {
        items: unknown[];
      };
      expect(items).to.have.length(1);
      return [await stage.path(first.body as unknown as { id: string; number: string })];
    },
  },
  {
    number: '59',
    title: 'approver loses the role between opening the task and approving: 403, the request is still PENDING',
    paths: ['OPEN>CREDIT_CHECK>AWAITING_CREDIT_OVERRIDE'],
    apart: true,
    play: async (stage) => {
      const customer = await stage.customer({ limitMinor: 4_500 });
      const sale = await order(stage, { customer: customer.id });
      const request = await pendingOverride(stage, sale);
      await withRoles(stage, 'credit-2', [], async () => {
        const refused = await tryToDecide(stage, 'credit-2', request, 'approval');
        expect([refused.status, refused.body['code']]).to.deep.equal([403, 'forbidden']);
      });
      expect(await overrideStatus(stage, request)).to.equal('PENDING');
      return [await stage.path(sale)];
    },
  },
  {
    number: '60',
    title: "requester's delegate approves: refused, four eyes count the principal",
    paths: ['DRAFT>AWAITING_PRICE_OVERRIDE'],
    play: async (stage) => {
      const lines = [{ sku: await stage.product(), quantity: 5, discountBp: 1_000 }];
      const quotation = await quote(stage, { by: 'sales-2', lines });
      await complete(stage, 'sales-2', quotation);
      const request = await pendingOverride(stage, quotation);
      await delegate(stage, 'sales-2', 'credit'); // sales-2 leads the team, and could decide for others
      for (const person of ['sales-2', 'credit']) {
        const refused = await tryToDecide(stage, person, request, 'approval', person === 'credit' ? 'sales-2' : undefined);
        expect([refused.status, refused.body['code']], person).to.deep.equal([403, 'four-eyes']);
      }
      expect(await overrideStatus(stage, request)).to.equal('PENDING');
      return [await stage.path(quotation)];
    },
  },
];
