import { cancelSaleOrder } from '../../src/commands/cancel-sale-order.ts';
import { decideOverride } from '../../src/commands/decide-override.ts';
import { takeProviderEvent } from '../../src/commands/provider-event.ts';
import { recordDelivery } from '../../src/commands/record-delivery.ts';
import { shipFulfilment } from '../../src/commands/ship-fulfilment.ts';
import { aCustomer, aProduct, aQuotation, aSaleOrder, completeAt } from '../helpers/builders.ts';
import { by, type World } from '../helpers/world.ts';
import { clientOf } from '../sandbox/world.ts';

/**
 * Orders in many places, made by running the flows: one beyond its limit that somebody let pass, of which a part has left and was invoiced and the rest is
 * backordered; one that was paid and cancelled, one that is over, one that waits, and a quotation.
 */
export async function liveThrough(world: World): Promise<void> {
  const customer = await aCustomer(world, { limitMinor: 4_500 });
  const { sku } = await aProduct(world, { stock: 3 });
  const beyond = await aSaleOrder(world, { customer: customer.id, product: sku });
  await world.drain();
  const [request] = await world.database.query<{ id: string }>(
    'select id from orderflow.override_request where subject_id = $1',
    [beyond.id],
  );
  const approval = { overrideRequestId: request?.id ?? '', decision: 'APPROVE', reason: 'an old customer of ours' } as const;
  await decideOverride(world.deps, by('credit'), approval);
  await world.drain();
  await shipFirst(world, beyond.id);

  const paid = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
  await world.drain();
  await pay(world, paid.number, 3_000);
  await cancelSaleOrder(world.deps, by('sales'), { saleOrderId: paid.id, reason: 'changed their mind' });
  await world.drain();

  const over = await aSaleOrder(world);
  await world.drain();
  await recordDelivery(world.deps, by('warehouse'), { fulfilmentId: await shipFirst(world, over.id) });
  await world.drain();
  await world.pass(120_000);
  await world.drain();

  await pay(world, await waiting(world), 1_000);
  const quotation = await aQuotation(world);
  await completeAt(world, 'sales', quotation.processInstanceId, 'q_draft');
  await world.drain();
  await completeAt(world, 'buyer', quotation.processInstanceId, 'q_customer', { customer: { answer: 'ACCEPT' } });
  await world.drain();
}

/** A sale that waits for the rest of its payment. */
async function waiting(world: World): Promise<string> {
  const { number } = await aSaleOrder(world, { paymentMethod: 'PREPAY' });
  await world.drain();
  return number;
}

/** The first shipment of a sale leaves; answers it. */
async function shipFirst(world: World, saleId: string): Promise<string> {
  const [first] = await world.database.query<{ id: string }>(
    'select id from orderflow.fulfilment where sale_order_id = $1 order by number limit 1',
    [saleId],
  );
  await shipFulfilment(world.deps, by('warehouse'), { fulfilmentId: first?.id ?? '' });
  await world.drain();
  return first?.id ?? '';
}

/** Somebody pays at the sandbox, and its event comes in. */
async function pay(world: World, number: string, amountMinor: number): Promise<void> {
  const sandbox = clientOf(world.sandboxUrl);
  const { body: intent } = await sandbox.get(`/payments/intents/${number}`);
  const { body: taken } = await sandbox.post(`/payments/intents/${intent.id}/captures`, `${number} pays`, { amountMinor });
  const data = { reference: number, amountMinor, currency: 'EUR', captureReference: taken.id };
  await takeProviderEvent(world.deps, { provider: 'payments', eventId: `event ${taken.id}`, type: 'payment.captured', data });
  await world.drain();
}
