import type { Handler } from '../handler.ts';
import { carrierBook } from './carrier.book.ts';
import { carrierTrace } from './carrier.trace.ts';
import { creditDecide } from './credit.decide.ts';
import { fulfilmentBackorder } from './fulfilment.backorder.ts';
import { fulfilmentCancelLines } from './fulfilment.cancel-lines.ts';
import { fulfilmentCancelOpen } from './fulfilment.cancel-open.ts';
import { fulfilmentComplete } from './fulfilment.complete.ts';
import { fulfilmentReleaseCheck } from './fulfilment.release-check.ts';
import { fulfilmentSplitShort } from './fulfilment.split-short.ts';
import { fulfilmentUndo } from './fulfilment.undo.ts';
import { inventoryAllocate } from './inventory.allocate.ts';
import { inventoryReservePartial } from './inventory.reserve-partial.ts';
import { inventoryReserve } from './inventory.reserve.ts';
import { inventoryRestock } from './inventory.restock.ts';
import { notifyQuotationReminder } from './notify.quotation-reminder.ts';
import { overrideConsume } from './override.consume.ts';
import { overrideExpire } from './override.expire.ts';
import { overrideOpen } from './override.open.ts';
import { overrideSupersede } from './override.supersede.ts';
import { paymentCaptureOnShipment } from './payment.capture-on-shipment.ts';
import { paymentCoverage } from './payment.coverage.ts';
import { paymentRecordDecline } from './payment.record-decline.ts';
import { paymentRefund } from './payment.refund.ts';
import { paymentRequest } from './payment.request.ts';
import { phaseOnQuotationApproved } from './phase.on-quotation-approved.ts';
import { phaseOnSaleCleared } from './phase.on-sale-cleared.ts';
import { quotationAccept } from './quotation.accept.ts';
import { quotationDecline } from './quotation.decline.ts';
import { quotationExpire } from './quotation.expire.ts';
import { quotationIssue } from './quotation.issue.ts';
import { quotationPrice } from './quotation.price.ts';
import { quotationRevise } from './quotation.revise.ts';
import { quotationWithdraw } from './quotation.withdraw.ts';
import { returnAuthorize } from './return.authorize.ts';
import { returnCancel } from './return.cancel.ts';
import { returnClose } from './return.close.ts';
import { returnExpire } from './return.expire.ts';
import { returnReject } from './return.reject.ts';
import { returnRollup } from './return.rollup.ts';
import { receivableRaise } from './receivable.raise.ts';
import { saleAbandon } from './sale.abandon.ts';
import { saleBeginCancel } from './sale.begin-cancel.ts';
import { saleClear } from './sale.clear.ts';
import { saleClose } from './sale.close.ts';
import { saleOpen } from './sale.open.ts';
import { saleReduceLines } from './sale.reduce-lines.ts';
import { saleReject } from './sale.reject.ts';
import { saleReopen } from './sale.reopen.ts';
import { saleUndoCommitments } from './sale.undo-commitments.ts';
import { shipmentDeliver } from './shipment.deliver.ts';
import { shipmentPost } from './shipment.post.ts';
import { shipmentReturnToSender } from './shipment.return-to-sender.ts';
import { shipmentWriteOff } from './shipment.write-off.ts';

/** Every handler; each file is named after the job type that the diagrams use. */
const all: readonly Handler[] = [
  carrierBook,
  carrierTrace,
  creditDecide,
  fulfilmentBackorder,
  fulfilmentCancelLines,
  fulfilmentCancelOpen,
  fulfilmentComplete,
  fulfilmentReleaseCheck,
  fulfilmentSplitShort,
  fulfilmentUndo,
  inventoryAllocate,
  inventoryReservePartial,
  inventoryReserve,
  inventoryRestock,
  notifyQuotationReminder,
  overrideConsume,
  overrideExpire,
  overrideOpen,
  overrideSupersede,
  paymentCaptureOnShipment,
  paymentCoverage,
  paymentRecordDecline,
  paymentRefund,
  paymentRequest,
  phaseOnQuotationApproved,
  phaseOnSaleCleared,
  quotationAccept,
  quotationDecline,
  quotationExpire,
  quotationIssue,
  quotationPrice,
  quotationRevise,
  quotationWithdraw,
  returnAuthorize,
  returnCancel,
  returnClose,
  returnExpire,
  returnReject,
  returnRollup,
  receivableRaise,
  saleAbandon,
  saleBeginCancel,
  saleClear,
  saleClose,
  saleOpen,
  saleReduceLines,
  saleReject,
  saleReopen,
  saleUndoCommitments,
  shipmentDeliver,
  shipmentPost,
  shipmentReturnToSender,
  shipmentWriteOff,
];

export const handlers: ReadonlyMap<string, Handler> = new Map(all.map((handler) => [handler.type, handler]));
