import { planShipments, type ShippingPlan } from '../domain/shipping.ts';
import { Fulfilment, FulfilmentLine, PhaseHandoff, type SaleLine, type SaleOrder } from '../persistence/entities/index.ts';
import { lockQuotation, nextNumber, quotationLines } from '../persistence/orders.ts';
import { assignToFulfilment } from '../persistence/reservations.ts';
import { ImpossibleState } from '../support/errors.ts';
import { newId } from '../support/ids.ts';
import { openSaleOrder } from './open-sale-order.ts';
import { startInstance } from './start-instance.ts';
import type { Unit } from './unit.ts';

/** Where goods lie; one location for now. */
const location = 'MAIN';

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
  for (const shipment of planShipments(lines, plan)) {
    const [first] = targetIds;
    const fulfilment = {
      id: newId(),
      number: await nextNumber(tx, 'fulfilment'),
      saleOrderId: sale.id,
      location,
      backorderOfId: first ?? null,
      createdAt: now,
    };
    await tx.manager.insert(Fulfilment, fulfilment);
    for (const { lineId, quantity } of shipment) {
      await tx.manager.insert(FulfilmentLine, { id: newId(), fulfilmentId: fulfilment.id, saleLineId: lineId, quantity });
      await assignToFulfilment(tx, lineId, fulfilment.id);
    }
    targetIds.push(fulfilment.id);
    await startInstance(unit, {
      processId: 'fulfilment',
      businessKey: fulfilment.number,
      subject: { type: 'fulfilment', id: fulfilment.id },
      trigger: 'onSaleCleared',
      variables: {
        fulfilment: {
          id: fulfilment.id,
          number: fulfilment.number,
          saleId: sale.id,
          location,
          backorderOfId: fulfilment.backorderOfId,
        },
      },
    });
  }
  await tx.manager.insert(PhaseHandoff, { id: newId(), hook: 'onSaleCleared', sourceId: sale.id, targetIds, at: now });
  return targetIds;
}
