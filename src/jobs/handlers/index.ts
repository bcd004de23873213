import type { Handler } from '../handler.ts';
import { carrierBook } from './carrier.book.ts';
import { creditDecide } from './credit.decide.ts';
import { fulfilmentBackorder } from './fulfilment.backorder.ts';
import { fulfilmentComplete } from './fulfilment.complete.ts';
import { inventoryAllocate } from './inventory.allocate.ts';
import { inventoryReservePartial } from './inventory.reserve-partial.ts';
import { inventoryReserve } from './inventory.reserve.ts';
import { overrideExpire } from './override.expire.ts';
import { overrideOpen } from './override.open.ts';
import { paymentCaptureOnShipment } from './payment.capture-on-shipment.ts';
import { paymentCoverage } from './payment.coverage.ts';
import { paymentRecordDecline } from './payment.record-decline.ts';
import { paymentRequest } from './payment.request.ts';
import { phaseOnQuotationApproved } from './phase.on-quotation-approved.ts';
import { phaseOnSaleCleared } from './phase.on-sale-cleared.ts';
import { quotationAccept } from './quotation.accept.ts';
import { quotationDecline } from './quotation.decline.ts';
import { quotationExpire } from './quotation.expire.ts';
import { quotationIssue } from './quotation.issue.ts';
import { quotationPrice } from './quotation.price.ts';
import { quotationWithdraw } from './quotation.withdraw.ts';
import { saleAbandon } from './sale.abandon.ts';
import { saleBeginCancel } from './sale.begin-cancel.ts';
import { saleClear } from './sale.clear.ts';
import { saleClose } from './sale.close.ts';
import { saleOpen } from './sale.open.ts';
import { saleReject } from './sale.reject.ts';
import { saleUndoCommitments } from './sale.undo-commitments.ts';
import { shipmentDeliver } from './shipment.deliver.ts';
import { shipmentPost } from './shipment.post.ts';

/** Every handler; each file is named after the job type that the diagrams use. */
const all: readonly Handler[] = [
  carrierBook,
  creditDecide,
  fulfilmentBackorder,
  fulfilmentComplete,
  inventoryAllocate,
  inventoryReservePartial,
  inventoryReserve,
  overrideExpire,
  overrideOpen,
  paymentCaptureOnShipment,
  paymentCoverage,
  paymentRecordDecline,
  paymentRequest,
  phaseOnQuotationApproved,
  phaseOnSaleCleared,
  quotationAccept,
  quotationDecline,
  quotationExpire,
  quotationIssue,
  quotationPrice,
  quotationWithdraw,
  saleAbandon,
  saleBeginCancel,
  saleClear,
  saleClose,
  saleOpen,
  saleReject,
  saleUndoCommitments,
  shipmentDeliver,
  shipmentPost,
];

export const handlers: ReadonlyMap<string, Handler> = new Map(all.map((handler) => [handler.type, handler]));
