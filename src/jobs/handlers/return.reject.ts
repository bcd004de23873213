import type { JobEffect } from '../../commands/job.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import { freeClaims, readReturn, tellFulfilment } from '../../persistence/returns.ts';
import { internal } from '../handler.ts';

/** A return that comes to nothing: what it had claimed may be returned again, and its shipment counts anew. */
export const giveUpReturn: JobEffect = async ({ tx, job }) => {
  const request = await readReturn(tx, job.subject.id);
  await lockSaleOrder(tx, request.saleOrderId);
  await freeClaims(tx, request.id);
  await tellFulfilment(tx, request, 'return.closed');
  return { variables: {} };
};

/** The rules, an agent or the inspection said no. */
export const returnReject = internal('return.reject', giveUpReturn);
