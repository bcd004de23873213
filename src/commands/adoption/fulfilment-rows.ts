import { newId } from '../../support/ids.ts';
import type { Batch, Draft } from './batch.ts';
import type { Case, CaseFulfilment, CaseReturn } from './case.ts';
import { windowEndOf } from './facts.ts';
import { closedState, runningState } from './instance-rows.ts';
import type { WrittenSale } from './sale-rows.ts';
import { writeGoods, writeReturnedGoods } from './stock-rows.ts';

const dayMs = 86_400_000;
/** As long as goods may take to come back (`r_goods`), ms. */
const rmaMs = 21 * dayMs;

/** Writes a shipment with its lines, goods and returns. Answers its id. */
export async function writeFulfilment(
  batch: Batch,
  draft: Draft,
  fulfilment: CaseFulfilment,
  sale: NonNullable<Case['sale']>,
  written: WrittenSale,
  committedAt: Date,
): Promise<string> {
  const handedOver = batch.handedOver.get(fulfilment.number);
  const id = handedOver?.id ?? newId();
  draft.targets.set(`fulfilments/${fulfilment.number}`, id);
  const { number, location, target, shippedAt, deliveredAt, carrier, tracking } = fulfilment;
  const order = { ...fulfilment, subject: { type: 'fulfilment', id } as const };
  const windowEndsAt = windowEndOf(fulfilment);
  const variables = {
    fulfilment: { id, number, saleId: written.id, location, backorderOfId: null },
    shipment: { carrier, tracking, shippedAt: shippedAt?.toISOString() ?? null, deliveredAt: deliveredAt?.toISOString() ?? null },
  };
  const facts = {
    ...variables,
    pieces: fulfilment.lines.reduce((sum, line) => sum + line.quantity, 0),
    returnWindow: { endsAt: windowEndsAt?.toISOString() ?? null },
    returns: {
      open: fulfilment.returns.filter((request) => !request.target.over).length,
      allReturned: false,
      windowOpen: windowEndsAt !== null && windowEndsAt > batch.now,
    },
  };
  const state = target.over
    ? closedState(batch, draft, order, 'fulfilment')
    : await runningState(batch, draft, order, { instanceId: newId(), phase: 'fulfilment', variables, facts });
  draft.rows.add('fulfilment', {
    id,
    number,
    sale_order_id: written.id,
    location,
    carrier,
    tracking,
    shipped_at: shippedAt,
    delivered_at: deliveredAt,
    return_window_ends_at: deliveredAt && windowEndsAt,
    closed_at: target.over
      ? (fulfilment.closedAt ?? fulfilment.events.at(-1)?.at ?? deliveredAt ?? shippedAt ?? committedAt)
      : null,
    revision: handedOver ? 2 : 1,
    created_at: fulfilment.createdAt,
    ...state,
  });
  const lines = fulfilment.lines.map((line) => ({
    ...line,
    id: handedOver?.lines[String(line.lineNo)] ?? newId(),
    lineId: written.lineIds.get(line.lineNo) ?? '',
    sku: sale.lines.find((each) => each.lineNo === line.lineNo)?.sku ?? '',
  }));
  for (const line of lines) {
    draft.rows.add('fulfilment_line', {
      id: line.id,
      fulfilment_id: id,
      sale_line_id: line.lineId,
      quantity: line.quantity,
      picked: target.state === 'PACKING' || shippedAt ? line.quantity : null,
    });
  }
  writeGoods(batch, draft, { ...fulfilment, fulfilmentId: id }, lines, committedAt);
  for (const request of fulfilment.returns)
    await writeReturn(batch, draft, request, { fulfilment, fulfilmentId: id, sale, written });
  return id;
}

async function writeReturn(
  batch: Batch,
  draft: Draft,
  request: CaseReturn,
  of: {
    readonly fulfilment: CaseFulfilment;
    readonly fulfilmentId: string;
    readonly sale: NonNullable<Case['sale']>;
    readonly written: WrittenSale;
  },
): Promise<void> {
  const { now } = batch;
  const { fulfilment, fulfilmentId, sale, written } = of;
  const id = newId();
  draft.targets.set(`returns/${request.number}`, id);
  const { number, reason, target, requestedAt } = request;
  const skuOf = (lineNo: number): string => sale.lines.find((line) => line.lineNo === lineNo)?.sku ?? '';
  const isAuthorised = request.rmaNumber !== null || ['RETURN_AUTHORIZED', 'RETURN_INSPECTION'].includes(target.state);
  const rma = {
    number: request.rmaNumber ?? `RMA-${number}`,
    expiresAt: (request.rmaExpiresAt ?? new Date(now.getTime() + rmaMs)).toISOString(),
  };
  const order = { ...request, subject: { type: 'return_request', id } as const };
  const variables = {
    returnRequest: {
      id,
      number,
      fulfilmentId,
      saleId: written.id,
      reason,
      daysSinceDelivery: Math.max(0, Math.floor((requestedAt.getTime() - Number(fulfilment.deliveredAt ?? requestedAt)) / dayMs)),
      goodsClass: batch.products.get(skuOf(request.lines[0]?.lineNo ?? 0))?.goodsClass ?? 'STANDARD',
      valueMinor: request.refundMinor,
      returnRatePct: 0,
    },
  };
  const state = target.over
    ? closedState(batch, draft, order, 'return')
    : await runningState(batch, draft, order, { instanceId: newId(), phase: 'return', variables, facts: { rma } });
  const isRestocked = target.state === 'RETURN_COMPLETED';
  const closedAt = request.closedAt ?? request.events.at(-1)?.at ?? request.receivedAt ?? requestedAt;
  draft.rows.add('return_request', {
    id,
    number,
    fulfilment_id: fulfilmentId,
    sale_order_id: written.id,
    reason,
    requested_by: request.requestedBy,
    requested_at: requestedAt,
    rma_number: isAuthorised ? rma.number : null,
    rma_expires_at: isAuthorised ? rma.expiresAt : null,
    received_at: request.receivedAt,
    restocked_at: isRestocked ? closedAt : null,
    refund_minor: isRestocked ? request.refundMinor : 0,
    closed_at: target.over ? closedAt : null,
    revision: 1,
    ...state,
  });
  for (const line of request.lines) {
    const returnLineId = newId();
    const { accepted, good } = isRestocked ? line : { accepted: 0, good: 0 };
    const saleLineId = written.lineIds.get(line.lineNo);
    draft.rows.add('return_line', {
      id: returnLineId,
      return_request_id: id,
      sale_line_id: saleLineId,
      requested: line.requested,
      accepted,
      good,
    });
    if (isRestocked)
      writeReturnedGoods(batch, draft, {
        ...line,
        reference: `${id}:${line.lineNo}`,
        sku: skuOf(line.lineNo),
        location: fulfilment.location,
        at: closedAt,
      });
  }
}
