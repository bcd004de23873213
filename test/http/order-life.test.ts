import { expect } from 'chai';
import type { z } from 'zod';
import { CreditProfile, Customer } from '../../src/contract/customer.ts';
import { Fulfilment, FulfilmentItem } from '../../src/contract/fulfilment.ts';
import { OverrideRequest } from '../../src/contract/override-request.ts';
import { ProcessInstance, Step } from '../../src/contract/process-instance.ts';
import { Product } from '../../src/contract/product.ts';
import { Quotation, QuotationItem } from '../../src/contract/quotation.ts';
import { SaleOrder, SaleOrderItem, Timeline } from '../../src/contract/sale-order.ts';
import { listOf, pageOf } from '../../src/contract/search.ts';
import { Stock } from '../../src/contract/stock.ts';
import { UserTask } from '../../src/contract/user-task.ts';
import { Wait } from '../../src/contract/wait.ts';
import type { JsonObject } from '../../src/support/json.ts';
import { signWebhook } from '../../src/support/webhook-signature.ts';
import { aCustomer, aProduct, aSaleOrder } from '../helpers/builders.ts';
import { openWorld, type World } from '../helpers/world.ts';
import { serve, webhookSecret, type Client } from './client.ts';

describe('an order over HTTP', () => {
  let world: World;
  let client: Client;
  before(async () => {
    world = await openWorld();
    client = await serve(world.deps);
  });
  after(async () => {
    await client.close();
    await world.close();
  });

  /** Reads something and holds it against its schema. */
  async function get<Schema extends z.ZodType>(as: string, path: string, schema: Schema): Promise<z.output<Schema>> {
    const { status, body, text } = await client.call('GET', path, { as });
    expect(status, text).to.equal(200);
    return schema.parse(body);
  }

  /** Does what `_actions` offers under this name. */
  async function act(
    as: string,
    thing: { _actions: readonly { name: string; method: string; href: string }[] },
    name: string,
    body?: unknown,
  ): Promise<JsonObject> {
    const action = thing._actions.find((each) => each.name === name);
    if (!action)
      throw new Error(`${as} is not offered ${name}, only ${thing._actions.map((each) => each.name).join(', ') || 'nothing'}`);
    const answer = await client.call(action.method, action.href, { as, ...(body !== undefined && { body }) });
    expect(answer.status, answer.text).to.be.oneOf([200, 201]);
    await world.drain();
    return answer.body;
  }

  const names = (thing: { _actions: readonly { name: string }[] }): string[] =>
    thing._actions.map((action) => action.name).sort();

  it('goes from quotation to delivery by what is offered to whom, and every answer fits its schema', async () => {
    const [{ code }, { sku }] = [await aCustomer(world), await aProduct(world)];
    const lines = [{ sku, quantity: 3 }];
    const { body: made } = await client.call('POST', '/v1/quotations', {
      as: 'sales',
      body: { customerId: code, currency: 'EUR', lines },
    });
    const path = `/v1/quotations/${made['number'] as string}`;

    const draft = await get('sales', path, Quotation);
    expect(names(draft)).to.deep.equal(['change', 'claim', 'complete', 'withdraw']);
    expect(names(await get('buyer', path, Quotation))).to.deep.equal([]);
    await act('sales', draft, 'change', { lines: [{ sku, quantity: 4 }] });
    await act('sales', draft, 'complete', {});
    expect(names(await get('sales', path, Quotation))).to.deep.equal(['withdraw']);
    await act('buyer', await get('buyer', path, Quotation), 'complete', { variables: { customer: { answer: 'ACCEPT' } } });

    const { saleOrder } = await get('sales', path, Quotation);
    const sale = await get('sales', `/v1/sale-orders/${saleOrder?.id}`, SaleOrder);
    expect(sale.workflowState).to.equal('CLEARED');
    const [link] = sale.fulfilments;
    const shipping = await get('warehouse', `/v1/fulfilments/${link?.id}`, Fulfilment);
    expect(names(shipping)).to.deep.equal(['cancel', 'claim', 'complete', 'ship']);
    expect(names(await get('sales', `/v1/fulfilments/${link?.id}`, Fulfilment))).to.deep.equal(['cancel']);
    expect(names(await get('buyer', `/v1/fulfilments/${link?.id}`, Fulfilment))).not.to.include('ship');
    await act('warehouse', shipping, 'ship');
    await act('warehouse', await get('warehouse', `/v1/fulfilments/${link?.id}`, Fulfilment), 'record-delivery');
    await world.pass(86_400_000);
    await world.drain();

    expect((await get('sales', `/v1/sale-orders/${sale.number}`, SaleOrder)).workflowState).to.equal('COMPLETED');
    const timeline = await get('auditor', `/v1/sale-orders/${sale.number}/timeline`, Timeline);
    expect(timeline.items.map((entry) => entry.to)).to.include.members([
      'DRAFT',
      'SENT',
      'APPROVED',
      'CLEARED',
      'SHIPPED',
      'DELIVERED',
      'COMPLETED',
    ]);
    const instance = `/v1/process-instances/${sale.processInstanceId}`;
    expect((await get('auditor', instance, ProcessInstance)).status).to.equal('completed');
    expect((await get('auditor', `${instance}/transitions`, listOf(Step))).items.length).to.be.greaterThan(3);
    expect((await get('auditor', `${instance}/waits`, listOf(Wait))).items).to.deep.equal([]);
    await get('auditor', '/v1/quotations', pageOf(QuotationItem));
    await get('auditor', '/v1/sale-orders?workflowState=COMPLETED', pageOf(SaleOrderItem));
    await get('auditor', '/v1/fulfilments', pageOf(FulfilmentItem));
    await get('auditor', '/v1/user-tasks?status=completed', pageOf(UserTask));
    await get('auditor', '/v1/customers', listOf(Customer));
    await get('auditor', '/v1/products', listOf(Product));
    await get('auditor', `/v1/stock/${sku}`, Stock);
    expect(
      (await get('auditor', `/v1/customers/${code}/credit-profile`, listOf(CreditProfile))).items[0]?.snapshots,
    ).to.have.length(1);
  });

  it('an override is offered to those who may decide it and did not ask for it', async () => {
    const { id: customer } = await aCustomer(world, { limitMinor: 4500 });
    const { number } = await aSaleOrder(world, { customer });
    await world.drain();
    const sale = await get('credit', `/v1/sale-orders/${number}`, SaleOrder);
    expect(sale.workflowState).to.equal('AWAITING_CREDIT_OVERRIDE');
    expect(names(sale)).to.deep.equal(['decide-override']);
    const href = sale._actions[0]?.href ?? '';
    expect(names(await get('sales', href, OverrideRequest))).to.deep.equal([]);
    const request = await get('credit', href, OverrideRequest);
    expect(names(request)).to.deep.equal(['approve', 'reject']);
    const [task] = (await get('credit', `/v1/user-tasks?status=open&businessKey=${number}`, pageOf(UserTask))).items;
    const bypass = await client.call('POST', `/v1/user-tasks/${task?.id}/completion`, { as: 'credit', body: {} });
    expect([bypass.status, bypass.body['code']]).to.deep.equal([409, 'decide-the-override']);
    await act('credit', request, 'approve', { reason: 'a good customer for years' });
    expect(names(await get('credit-2', href, OverrideRequest))).to.deep.equal([]);
    expect((await get('sales', `/v1/sale-orders/${number}`, SaleOrder)).workflowState).to.equal('CLEARED');
  });

  it('takes in a signed event of a provider once, and an unsigned one never', async () => {
    const { id, number } = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
    await world.drain();
    const event = JSON.stringify({
      type: 'payment.captured',
      timestamp: new Date().toISOString(),
      data: { reference: id, amountMinor: 100, currency: 'EUR', captureReference: `cap-${id}` },
    });
    const signed = { ...signWebhook({ id: `evt-${id}`, sentAt: new Date(), body: event, secrets: [webhookSecret] }) };
    const send = (headers: Record<string, string>, raw = event) =>
      client.call('POST', '/v1/provider-events/payments', { raw, headers });
    for (const answer of [await send({}), await send(signed, event.replace('100', '900'))]) {
      expect([answer.status, answer.body['code']]).to.deep.equal([401, 'unauthenticated']);
    }
    const before = (await get('finance', `/v1/sale-orders/${number}`, SaleOrder)).captured.amountMinor;
    for (let times = 0; times < 3; times++) expect((await send(signed)).body).to.deep.equal({ result: 'recorded' });
    const after = await get('finance', `/v1/sale-orders/${number}`, SaleOrder);
    expect(after.captured.amountMinor + after.unapplied.amountMinor - before).to.equal(100);
  });

  it('money, stock, messages and the clock', async () => {
    const { id: customer } = await aCustomer(world);
    const { sku } = await aProduct(world);
    const { id } = await aSaleOrder(world, { customer, product: sku, paymentMethod: 'DEPOSIT' });
    const capture = { amountMinor: 10, currency: 'EUR', reference: `bank-${id}`, occurredAt: '2026-01-02T03:04:05Z' };
    for (const status of [201, 200]) {
      expect((await client.call('POST', `/v1/sale-orders/${id}/captures`, { as: 'finance', body: capture })).status).to.equal(
        status,
      );
    }
    const receipt = { quantity: 5, reference: 'note-1' };
    expect((await client.call('POST', `/v1/stock/${sku}/receipts`, { as: 'warehouse', body: receipt })).status).to.equal(201);
    const message = { name: 'credit.headroom-changed', correlationKey: 'nobody', variables: {} };
    const send = async (more: object) => client.call('POST', '/v1/messages', { as: 'operator', body: { ...message, ...more } });
    expect((await send({})).body['code']).to.equal('nobody-waits');
    expect((await send({ timeToLive: 60_000 })).body['errors']).to.have.nested.property('[0].pointer', '/messageId');
    expect((await send({ timeToLive: 60_000, messageId: 'm-1' })).body).to.deep.equal({ result: 'buffered' });
    expect((await send({ variables: { big: 'x'.repeat(64_001) } })).body['errors']).to.have.nested.property(
      '[0].pointer',
      '/variables/big',
    );
    const profile = { currency: 'EUR', limitMinor: 5, hold: 'STOP', riskClass: 'A', termsDays: 14 };
    const put = (body: object) => client.call('PUT', `/v1/customers/${customer}/credit-profile`, { as: 'credit', body });
    expect((await put(profile)).body['errors']).to.deep.equal([
      { pointer: '/holdReason', message: 'is needed for every hold but NONE' },
    ]);
    expect((await put({ ...profile, holdReason: 'insolvent' })).body).to.have.nested.property('items[0].hold', 'STOP');
    const moved = await client.call('POST', '/v1/clock', { as: 'operator', body: { forwardMs: 1000 } });
    expect(moved.body['now']).to.be.a('string');
  });
});
