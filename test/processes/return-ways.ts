import type { JsonObject } from '../../src/support/json.ts';
import { done, error, later, message, timer, type Happening, type Way } from './walk.ts';

const request: JsonObject = {
  id: 'r',
  number: 'R-000001',
  fulfilmentId: 'f',
  saleId: 's',
  reason: 'CHANGED_MIND',
  daysSinceDelivery: 3,
  goodsClass: 'STANDARD',
  valueMinor: 10_000,
  returnRatePct: 5,
};

/** What a return is started with. */
export const returnGiven: JsonObject = { returnRequest: request };

const given = (changed: JsonObject): JsonObject => ({ returnRequest: { ...request, ...changed } });
const defect = given({ reason: 'DEFECT' });
const late = given({ daysSinceDelivery: 31 });

const reviewed = (accept: boolean): Happening => done('r_review', { review: { accept } });
const restocked = (acceptedQty: number, refund: JsonObject = {}): Happening =>
  done('r_restock', {
    inspection: { acceptedQty, goodQty: acceptedQty },
    refund: {
      amountMinor: 10_000,
      paidBy: 'CARD',
      invoiceState: null,
      method: null,
      extraApproval: null,
      manualReference: null,
      ...refund,
    },
  });
const authorised = done('r_authorize', { rma: { number: 'RMA-1', expiresAt: later } });
const inspected = [authorised, message('r_goods'), done('r_inspect')];
const refunded = [done('r_refund'), done('r_close')];

const accepted = 'RETURN_REQUESTED > RETURN_AUTHORIZED > RETURN_INSPECTION';

/** Every way through return.bpmn that its owners have thought of; the numbers are those of the acceptance scenarios. */
export const returnWays: Readonly<Record<string, Way>> = {
  'sent back, inspected, refunded (27, 28)': {
    happenings: [...inspected, restocked(1), ...refunded],
    states: `${accepted} > REFUND_PENDING > RETURN_COMPLETED`,
  },
  'the refund fails and is made by hand (29)': {
    happenings: [
      ...inspected,
      restocked(1),
      error('r_refund', 'REFUND_FAILED'),
      done('r_manual', { manualReference: 'TRANSFER 7' }),
      done('r_close'),
    ],
    states: `${accepted} > REFUND_PENDING > REFUND_MANUAL > RETURN_COMPLETED`,
  },
  'a large refund is approved by finance first': {
    happenings: [...inspected, restocked(1, { amountMinor: 1_000_001 }), done('r_approve'), ...refunded],
    states: `${accepted} > REFUND_PENDING > RETURN_COMPLETED`,
  },
  'requested too late: rejected (30)': {
    given: late,
    happenings: [done('r_reject')],
    states: 'RETURN_REQUESTED > RETURN_REJECTED',
  },
  'the goods never arrive: expired (30)': {
    happenings: [authorised, timer('r_b_exp'), done('r_expire')],
    states: 'RETURN_REQUESTED > RETURN_AUTHORIZED > RETURN_EXPIRED',
  },
  'the customer thinks again': {
    happenings: [authorised, message('r_b_cancel'), done('r_cancel')],
    states: 'RETURN_REQUESTED > RETURN_AUTHORIZED > RETURN_CANCELLED',
  },
  'an agent accepts it': {
    given: defect,
    happenings: [reviewed(true), authorised],
    states: 'RETURN_REQUESTED > RETURN_UNDER_REVIEW > RETURN_AUTHORIZED',
    at: ['r_goods'],
  },
  'an agent refuses it': {
    given: defect,
    happenings: [reviewed(false), done('r_reject')],
    states: 'RETURN_REQUESTED > RETURN_UNDER_REVIEW > RETURN_REJECTED',
  },
  'nothing is accepted at the inspection (44)': {
    happenings: [...inspected, restocked(0), done('r_reject')],
    states: `${accepted} > RETURN_REJECTED`,
  },
};
