import { creditOf, setHold } from '../acts/credit.ts';
import { cancelShipment, deliver, fulfilmentIn, loseOnTheWay, pick, ship } from '../acts/fulfilments.ts';
import { payInvoiceOf } from '../acts/money.ts';
import { bothShipmentsOf, clearedSale, order, saleIn, shipmentOf } from '../acts/sale-orders.ts';
import { receive } from '../acts/stock.ts';
import { complete } from '../acts/tasks.ts';
import { check, type Stage } from '../stage.ts';
import type { Story } from '../story.ts';

/** Shipments in every state that one can rest in; BACKORDER_REVIEW takes weeks. */
export const fulfilmentScenes: readonly Story[] = [
  scene('two places', 'Some lies here and some there: two shipments', ['CLEARED', 'PICKING', 'PICKING'], async (stage) => {
    const { id } = await order(stage, { customerId: 'ALPEN', lines: [{ sku: 'HUMIDIFIER', quantity: 6 }] });
    for (const shipment of await bothShipmentsOf(stage, id)) await fulfilmentIn(stage, shipment, 'PICKING');
  }),
  scene('packing', 'Picked, and being packed', ['CLEARED', 'PACKING'], async (stage) =>
    pick(stage, (await sell(stage, 'BALTIC', 'FAN-300', 2)).shipment),
  ),
  scene('backordered', 'Waits for goods', ['CLEARED', 'BACKORDERED'], async (stage) => {
    const { shipment } = await sell(stage, 'BALTIC', 'VESSEL-50', 4);
    await fulfilmentIn(stage, shipment, 'BACKORDERED');
  }),
  scene('on hold', 'The goods are there, but the account was stopped meanwhile', ['CLEARED', 'ON_HOLD'], async (stage) => {
    const { shipment } = await sell(stage, 'HOLLOW', 'COMPRESSOR', 1);
    await fulfilmentIn(stage, shipment, 'BACKORDERED');
    await setHold(stage, 'HOLLOW', 'HOLD', 'The last cheque was returned');
    await receive(stage, 'COMPRESSOR', 1);
    await fulfilmentIn(stage, shipment, 'ON_HOLD');
  }),
  atCarrier('address refused', 'The carrier does not serve the address', ['CLEARED', 'SHIPPING_EXCEPTION'], async (stage) => {
    const { shipment } = await sell(stage, 'BALTIC', 'DUCT-2', 3);
    const { number } = await fulfilmentIn(stage, shipment, 'PICKING');
    await stage.sandbox.declineNext({ operation: 'carrier.book', reference: number });
    await ship(stage, shipment, 'SHIPPING_EXCEPTION');
  }),
  scene('under way', 'Shipped', ['CLEARED', 'SHIPPED'], async (stage) => {
    await ship(stage, (await sell(stage, 'ALPEN', 'FAN-300', 12)).shipment);
  }),
  atCarrier('card taken', 'Paid by card when it was shipped', ['CLEARED', 'SHIPPED'], async (stage) => {
    await ship(stage, (await sell(stage, 'LUMEN', 'GRILLE-60', 6)).shipment);
  }),
  atCarrier('not handed over', 'The carrier could not hand it over', ['CLEARED', 'DELIVERY_EXCEPTION'], async (stage) => {
    await undeliverable(stage, 'nobody at home');
  }),
  atCarrier('lost', 'The carrier has lost it', ['COMPLETED', 'LOST'], async (stage) => {
    const { id, parcel } = await undeliverable(stage, 'the parcel is not found');
    await complete(stage, 'warehouse', parcel, { exception: { resolution: 'LOST' } });
    await saleIn(stage, id, 'COMPLETED');
  }),
  atCarrier('sent back', 'It comes back from the carrier', ['COMPLETED', 'RETURNED'], async (stage) => {
    const { id, parcel } = await undeliverable(stage, 'the company has moved');
    await complete(stage, 'warehouse', parcel, { exception: { resolution: 'RETURN_TO_SENDER' } });
    await saleIn(stage, id, 'COMPLETED');
  }),
  scene('shipment cancelled', 'Cancelled before it left', ['COMPLETED', 'CANCELLED'], async (stage) => {
    const { id, shipment } = await sell(stage, 'BALTIC', 'GRILLE-60', 8);
    await fulfilmentIn(stage, shipment, 'PICKING');
    await cancelShipment(stage, shipment, 'Ordered twice');
    await saleIn(stage, id, 'COMPLETED');
  }),
  scene('delivered', 'Arrived; it may still come back', ['CLEARED', 'DELIVERED'], async (stage) => {
    const { shipment } = await sell(stage, 'ALPEN', 'DUCT-2', 15);
    await ship(stage, shipment);
    await deliver(stage, shipment);
  }),
  scene('done', 'Delivered, kept and paid', ['COMPLETED', 'COMPLETED'], async (stage) => {
    const id = await sellAndKeep(stage, 'ALPEN', 'GRILLE-60', 5);
    await payInvoiceOf(stage, id);
  }),
  scene('overdue', 'Delivered and kept, but only half is paid, and it is overdue', ['COMPLETED', 'COMPLETED'], async (stage) => {
    const id = await sellAndKeep(stage, 'JUNIPER', 'MANUAL-EN', 8);
    await payInvoiceOf(stage, id, 0.5);
    const { overdue } = await creditOf(stage, 'JUNIPER');
    check(overdue.amountMinor > 0, 'Half of an invoice of JUNIPER is open beyond its time, and nothing is overdue.');
  }),
];

function scene(name: string, title: string, expected: readonly string[], play: Story['play']): Story {
  return { name, title, expected, play };
}

/** A scene in which the carrier or the bank does what only the sandbox does when told. */
function atCarrier(name: string, title: string, expected: readonly string[], play: Story['play']): Story {
  return { ...scene(name, title, expected, play), needsSandbox: true };
}

interface Sold {
  readonly id: string;
  readonly shipment: string;
}

/** An order that clears at once, with its only shipment. */
export async function sell(stage: Stage, customerId: string, sku: string, quantity: number): Promise<Sold> {
  const { id } = await order(stage, { customerId, lines: [{ sku, quantity }] });
  await clearedSale(stage, id);
  return { id, shipment: await shipmentOf(stage, id) };
}

async function sellAndKeep(stage: Stage, customerId: string, sku: string, quantity: number): Promise<string> {
  const { id, shipment } = await sell(stage, customerId, sku, quantity);
  await ship(stage, shipment);
  await deliver(stage, shipment, 'COMPLETED');
  await saleIn(stage, id, 'COMPLETED');
  return id;
}

async function undeliverable(stage: Stage, why: string) {
  const { id, shipment } = await sell(stage, 'BALTIC', 'FAN-300', 1);
  return { id, parcel: await loseOnTheWay(stage, await ship(stage, shipment), why) };
}
