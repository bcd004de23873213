import { planShipments, type ShippableLine, type ShippingPlan } from '../domain/shipping.ts';
import { PhaseHandoff, type SaleLine, type SaleOrder } from '../persistence/entities/index.ts';
import { lockQuotation, quotationLines } from '../persistence/orders.ts';
import { assignToFulfilment, reservedByLocation } from '../persistence/reservations.ts';
import type { Transaction } from '../persistence/transaction.ts';
import { ImpossibleState } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { openFulfilment } from './open-fulfilment.ts';
import { openSaleOrder } from './open-sale-order.ts';
import type { Unit } from './unit.ts';

/** The targets that an earlier delivery of this hand-off made, if there was one. */
async function earlierTargets(unit: Unit, hook: PhaseHandoff['hook'], sourceId: string): Promise<readonly string[] | undefined> {
  const handoff = await unit.tx.manager.findOneBy(PhaseHandoff, { hook, sourceId });
  return handoff?.targetIds;
}

/**
 * Hands an approved quotation over: one sale order with the frozen lines, and its process. A second delivery answers what the first one made.
 */
export async function onQuotationApproved(unit: Unit, quotationId: string, now: Date): Promise<string> {
  const { tx } = unit;
  const quotation = await lockQuotation(tx, quotationId);
  const [earlier] = (await earlierTargets(unit, 'onQuotationApproved', quotationId)) ?? [];
  if (earlier !== undefined) return earlier;
  if (quotation.fingerprint === null) throw new ImpossibleState(`${quotation.number} was approved without having been priced`);
  const lines = await quotationLines(tx, quotation.id);
  const saleOrderId = await openSaleOrder(unit, {
    quotationId,
    customerId: quotation.customerId,
    currency: quotation.currency,
    fingerprint: quotation.fingerprint,
    totalMinor: quotation.totalMinor,
    createdBy: quotation.createdBy,
    authors: quotation.authors,
    lines,
    trigger: 'onQuotationApproved',
    now,
  });
  await tx.manager.insert(PhaseHandoff, {
    id: newId(),
    hook: 'onQuotationApproved',
    sourceId: quotationId,
    targetIds: [saleOrderId],
    at: now,
  });
  return saleOrderId;
}

/** The lines of a sale with where their reserved quantity lies. The sale's row is locked. */
export async function shippableLines(
  tx: Transaction,
  sale: Pick<SaleOrder, 'id'>,
  lines: readonly SaleLine[],
): Promise<ShippableLine[]> {
  const reserved = await reservedByLocation(tx, sale.id);
  return lines.map(({ id, backordered }) => ({ id, backordered, reserved: reserved.filter((part) => part.lineId === id) }));
}

/**
 * Hands a cleared sale over: a fulfilment for each shipment of the plan, with its lines, its reservations and its process. A second delivery answers
 * what the first one made. The sale's row is locked.
 */
export async function onSaleCleared(
  unit: Unit,
  sale: SaleOrder,
  lines: readonly SaleLine[],
  plan: ShippingPlan,
  now: Date,
): Promise<readonly string[]> {
  const { tx } = unit;
  const earlier = await earlierTargets(unit, 'onSaleCleared', sale.id);
  if (earlier) return earlier;
  const targetIds: string[] = [];
  for (const shipment of planShipments(await shippableLines(tx, sale, lines), plan)) {
    const { location, gathers, waits } = shipment;
    targetIds.push(
      await openFulfilment(unit, {
        saleOrderId: sale.id,
        location,
        backorderOfId: waits ? (targetIds[0] ?? null) : null,
        lines: shipment.lines,
        trigger: 'onSaleCleared',
        now,
        reserve: async (fulfilmentId) => {
          if (waits) return;
          for (const line of shipment.lines) await assignToFulfilment(tx, line.lineId, fulfilmentId, gathers ? null : location);
        },
      }),
    );
  }
  await tx.manager.insert(PhaseHandoff, { id: newId(), hook: 'onSaleCleared', sourceId: sale.id, targetIds, at: now });
  return targetIds;
}
