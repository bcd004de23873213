import type { JsonObject } from '../../src/support/json.ts';
import { done, error, later, message, timer, type Happening, type Way } from './walk.ts';

const sale = { id: 's', number: 'S-000001', customerId: 'c', currency: 'EUR', totalMinor: 1003, result: null };

/** What a sale is started with. */
export const saleGiven = { sale };

/** Whole variables, as jobs give them. */
export const whole = {
  admission: { customerStatus: 'ACTIVE', restrictedGoods: false, firstOrder: false, outcome: null, reasonCode: null },
  credit: { outcome: 'APPROVE', approverRole: null, flag: null, excessMinor: 0, snapshotId: null },
  shortage: {
    outcome: null,
    linePolicy: 'BACKORDER',
    replenishDays: 5,
    safetyCovers: true,
    customerTier: 'GOLD',
    shortValueMinor: 500,
  },
};

const off = (flag: string): JsonObject => ({
  flags: { overridePrice: true, overrideAdmin: true, overrideCredit: true, overrideStock: true, [flag]: false },
});
const result = (elementId: string, word: string): Happening => done(elementId, { sale: { ...sale, result: word } });
const opened = (method: string | null, admission: JsonObject = {}): Happening =>
  done('s_open', { method, totalMinor: 1003, admission: { ...whole.admission, ...admission } });
const credit = (outcome: string): Happening => done('s_credit', { credit: { ...whole.credit, outcome } });
const override = (elementId: string, status: string): Happening =>
  done(elementId, { override: { id: 'o', kind: 'CREDIT', status, approverRole: 'credit_analyst', expiresAt: later } });
const short = (linePolicy: string, replenishDays = 5): Happening =>
  error('s_reserve', 'OUT_OF_STOCK', { shortage: { ...whole.shortage, linePolicy, replenishDays } });
const chosen = (answer: string): Happening => done('s_choice', { choice: { answer } });
const reduced = done('s_reduce', { method: 'TERMS', totalMinor: 600 });
const payment = (method: string | null, attempts = 0): JsonObject => ({
  payment: { method, onTermsMinor: 0, prepayMinor: method === null ? 0 : 1003, attempts, dueAt: later },
});
const coverage = (outcome: string): Happening =>
  done('s_pay_status', { coverage: { outcome, capturedMinor: 0, dueMinor: 1003 } });
const counted = (attempts: number): Happening => done('s_declined', payment(null, attempts));
const shipped = (elementId: string, count: number): Happening => done(elementId, { fulfilments: { count: 2, shipped: count } });

const reserved = done('s_reserve');
const cleared = [result('s_clear', 'CLEARED'), shipped('s_handoff', 0)];
const rejected = [result('s_reject', 'REJECTED'), done('s_undo')];
const abandoned = [result('s_abandon', 'CANCELLED'), done('s_undo')];
const cancelled = [message('s_b_cancel'), result('s_begin_cancel', 'CANCELLED'), done('s_undo')];
const onTerms = [opened('TERMS'), credit('APPROVE')];
const asked = [opened('TERMS'), credit('REVIEW'), override('s_open_credit', 'PENDING')];
const askedAdmin = [opened('TERMS', { customerStatus: 'BLOCKED' }), override('s_open_admin', 'PENDING')];
const askedStock = [...onTerms, short('NO_BACKORDER'), override('s_open_stock', 'PENDING')];
const asksCustomer = [...onTerms, short('DISCONTINUED')];
const prepaid = [opened('PREPAY'), reserved];
const requested = done('s_pay_request', payment('PREPAY'));
const unpaid = [reserved, requested, coverage('NONE')];
const waiting = [opened('PREPAY'), ...unpaid];
const paid = (outcome: string): Happening[] => [message('s_await_payment'), coverage(outcome)];
const atWork = [...onTerms, reserved, ...cleared];

/** Numbers are those of the scenarios. */
export const saleWays: Readonly<Record<string, Way>> = {
  '01 on terms, to the end': {
    happenings: [...atWork, message('s_fulfilment'), done('s_close')],
    states: 'OPEN > CREDIT_CHECK > RESERVING > CLEARED > COMPLETED',
  },
  '02 prepaid, partial captures accumulate': {
    happenings: [...waiting, ...paid('PARTIAL'), ...paid('PARTIAL'), ...paid('COVERED'), ...cleared],
    states: 'OPEN > RESERVING > AWAITING_PAYMENT > CLEARED',
    at: ['s_fulfilment'],
  },
  '03 a capture that does not cover leaves it waiting': {
    happenings: [...waiting, ...paid('PARTIAL')],
    states: 'OPEN > RESERVING > AWAITING_PAYMENT',
    at: ['s_await_payment'],
  },
  '04 paid too much': {
    happenings: [...waiting, ...paid('OVERPAID'), ...cleared],
    states: 'OPEN > RESERVING > AWAITING_PAYMENT > CLEARED',
    at: ['s_fulfilment'],
  },
  '05 paid before anybody waits': {
    happenings: [...prepaid, requested, coverage('COVERED'), ...cleared],
    states: 'OPEN > RESERVING > CLEARED',
    at: ['s_fulfilment'],
  },
  '06 declined twice, then for good': {
    happenings: [1, 2, 3].flatMap((attempt) => [
      ...(attempt === 1 ? prepaid : [done('s_method', { method: 'CARD' }), reserved]),
      error('s_pay_request', 'PAYMENT_DECLINED'),
      counted(attempt),
      ...(attempt === 3 ? rejected : []),
    ]),
    states:
      'OPEN > RESERVING > AWAITING_PAYMENT_METHOD > RESERVING > AWAITING_PAYMENT_METHOD > RESERVING > CANCELLING > REJECTED',
  },
  'declined while it waits': {
    happenings: [...waiting, message('s_b_declined'), counted(1)],
    states: 'OPEN > RESERVING > AWAITING_PAYMENT > AWAITING_PAYMENT_METHOD',
    at: ['s_method'],
  },
  '07 nobody chooses a method': {
    happenings: [opened(null), timer('s_b_abandon'), ...abandoned],
    states: 'OPEN > AWAITING_PAYMENT_METHOD > CANCELLING > CANCELLED',
  },
  '08 payment overdue': {
    happenings: [...waiting, timer('s_b_pay_due'), ...abandoned],
    states: 'OPEN > RESERVING > AWAITING_PAYMENT > CANCELLING > CANCELLED',
  },
  '09 a deposit: cancelled while it waits for money': {
    happenings: [opened('DEPOSIT'), credit('APPROVE'), ...unpaid, ...cancelled],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_PAYMENT > CANCELLING > CANCELLED',
  },
  '10 cancelled while the reserve job is in flight': {
    happenings: [...onTerms, ...cancelled],
    states: 'OPEN > CREDIT_CHECK > RESERVING > CANCELLING > CANCELLED',
  },
  '12 credit override approved, credit decided anew': {
    happenings: [...asked, override('s_credit_override', 'APPROVED'), credit('APPROVE_WITH_OVERRIDE'), reserved, ...cleared],
    states: 'OPEN > CREDIT_CHECK > AWAITING_CREDIT_OVERRIDE > CREDIT_CHECK > RESERVING > CLEARED',
    at: ['s_fulfilment'],
  },
  '14 credit override expired, held too long': {
    happenings: [...asked, timer('s_b_credit_exp'), override('s_expire_credit', 'EXPIRED'), timer('s_b_hold_max'), ...rejected],
    states: 'OPEN > CREDIT_CHECK > AWAITING_CREDIT_OVERRIDE > CREDIT_HOLD > CANCELLING > REJECTED',
  },
  '15 cancelled after clearing, nothing shipped': {
    happenings: [...atWork, message('s_b_cancel2'), shipped('s_cancel_open', 0), done('s_undo')],
    states: 'OPEN > CREDIT_CHECK > RESERVING > CLEARED > CANCELLING > CANCELLED',
  },
  '15 credit freed while the override is undecided': {
    happenings: [...asked, message('s_b_freed1'), override('s_supersede', 'SUPERSEDED'), credit('APPROVE'), reserved, ...cleared],
    states: 'OPEN > CREDIT_CHECK > AWAITING_CREDIT_OVERRIDE > CREDIT_CHECK > RESERVING > CLEARED',
    at: ['s_fulfilment'],
  },
  '16 prepayment forced': {
    happenings: [
      opened('TERMS'),
      done('s_credit', {
        credit: {
          ...whole.credit,
          outcome: 'PREPAY',
        },
        ...payment(null),
      }),
      done('s_method', { method: 'PREPAY' }),
      ...unpaid,
      ...paid('COVERED'),
      ...cleared,
    ],
    states: 'OPEN > CREDIT_CHECK > AWAITING_PAYMENT_METHOD > RESERVING > AWAITING_PAYMENT > CLEARED',
    at: ['s_fulfilment'],
  },
  '17 account stopped': {
    happenings: [opened('TERMS'), credit('REFUSE'), ...rejected],
    states: 'OPEN > CREDIT_CHECK > CANCELLING > REJECTED',
  },
  '18 admin override rejected': {
    happenings: [...askedAdmin, override('s_admin_override', 'REJECTED'), ...rejected],
    states: 'OPEN > AWAITING_ADMIN_OVERRIDE > CANCELLING > REJECTED',
  },
  'admin override expired': {
    happenings: [...askedAdmin, timer('s_b_admin_exp'), override('s_expire_admin', 'EXPIRED'), ...rejected],
    states: 'OPEN > AWAITING_ADMIN_OVERRIDE > CANCELLING > REJECTED',
  },
  'admin override approved and used': {
    happenings: [...askedAdmin, override('s_admin_override', 'APPROVED'), done('s_admit')],
    states: 'OPEN > AWAITING_ADMIN_OVERRIDE > CREDIT_CHECK',
    at: ['s_credit'],
  },
  'admin override approved, and void when it is used: opened anew': {
    happenings: [...askedAdmin, override('s_admin_override', 'APPROVED'), error('s_admit', 'OVERRIDE_VOID')],
    states: 'OPEN > AWAITING_ADMIN_OVERRIDE > OPEN',
    at: ['s_open'],
  },
  'blocked customer when admin overrides are off': {
    given: off('overrideAdmin'),
    happenings: [opened('TERMS', { customerStatus: 'BLOCKED' }), ...rejected],
    states: 'OPEN > CANCELLING > REJECTED',
  },
  'closed customer': {
    happenings: [opened('TERMS', { customerStatus: 'CLOSED' }), ...rejected],
    states: 'OPEN > CANCELLING > REJECTED',
  },
  '19 short of stock, backordered': {
    happenings: [...onTerms, short('BACKORDER'), done('s_reserve_bo'), ...cleared],
    states: 'OPEN > CREDIT_CHECK > RESERVING > CLEARED',
    at: ['s_fulfilment'],
  },
  '21 safety stock released by a stock override': {
    happenings: [...askedStock, override('s_stock_override', 'APPROVED'), reserved, ...cleared],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_STOCK_OVERRIDE > RESERVING > CLEARED',
    at: ['s_fulfilment'],
  },
  'stock override rejected, the customer is asked and cancels': {
    happenings: [...askedStock, override('s_stock_override', 'REJECTED'), chosen('CANCEL'), ...rejected],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_STOCK_OVERRIDE > AWAITING_CUSTOMER_DECISION > CANCELLING > REJECTED',
  },
  'stock override expired, the customer backorders': {
    happenings: [
      ...askedStock,
      timer('s_b_stock_exp'),
      override('s_expire_stock', 'EXPIRED'),
      chosen('BACKORDER'),
      done('s_reserve_bo'),
      ...cleared,
    ],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_STOCK_OVERRIDE > AWAITING_CUSTOMER_DECISION > RESERVING > CLEARED',
    at: ['s_fulfilment'],
  },
  'stock overrides are off: the customer is asked': {
    given: off('overrideStock'),
    happenings: [...onTerms, short('NO_BACKORDER')],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_CUSTOMER_DECISION',
    at: ['s_choice'],
  },
  '22 the customer reduces: credit is decided on the new total': {
    happenings: [...asksCustomer, chosen('REDUCE'), reduced, credit('APPROVE'), reserved, ...cleared],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_CUSTOMER_DECISION > CREDIT_CHECK > RESERVING > CLEARED',
    at: ['s_fulfilment'],
  },
  'nothing is left to deliver': {
    happenings: [...asksCustomer, chosen('REDUCE'), error('s_reduce', 'NOTHING_LEFT'), ...rejected],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_CUSTOMER_DECISION > CANCELLING > REJECTED',
  },
  '26 cancelled when one shipment has gone: completes': {
    happenings: [...atWork, message('s_b_cancel2'), shipped('s_cancel_open', 1), message('s_fulfilment'), done('s_close')],
    states: 'OPEN > CREDIT_CHECK > RESERVING > CLEARED > CANCELLING > CLEARED > COMPLETED',
  },
  '40 reservation lost between payment and clearing': {
    happenings: [
      ...waiting,
      ...paid('COVERED'),
      error('s_clear', 'RESERVATION_LOST'),
      reserved,
      requested,
      coverage('COVERED'),
      ...cleared,
    ],
    states: 'OPEN > RESERVING > AWAITING_PAYMENT > RESERVING > CLEARED',
    at: ['s_fulfilment'],
  },
  '41 account stopped between reserving and clearing': {
    happenings: [
      opened('DEPOSIT'),
      credit('APPROVE'),
      ...unpaid,
      ...paid('COVERED'),
      error('s_clear', 'CREDIT_BLOCKED'),
      credit('REFUSE'),
      ...rejected,
    ],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_PAYMENT > CREDIT_CHECK > CANCELLING > REJECTED',
  },
  '43 the customer never answers': {
    happenings: [...asksCustomer, timer('s_b_choice'), ...abandoned],
    states: 'OPEN > CREDIT_CHECK > RESERVING > AWAITING_CUSTOMER_DECISION > CANCELLING > CANCELLED',
  },
  '46 on hold, and woken when there is headroom': {
    happenings: [opened('TERMS'), credit('HOLD'), message('s_credit_hold'), credit('APPROVE')],
    states: 'OPEN > CREDIT_CHECK > CREDIT_HOLD > CREDIT_CHECK > RESERVING',
    at: ['s_reserve'],
  },
  'credit override rejected': {
    happenings: [...asked, override('s_credit_override', 'REJECTED')],
    states: 'OPEN > CREDIT_CHECK > AWAITING_CREDIT_OVERRIDE > CREDIT_HOLD',
    at: ['s_credit_hold'],
  },
  'credit overrides are off: held': {
    given: off('overrideCredit'),
    happenings: [opened('TERMS'), credit('REVIEW')],
    states: 'OPEN > CREDIT_CHECK > CREDIT_HOLD',
    at: ['s_credit_hold'],
  },
  'on hold, another method is chosen': {
    happenings: [opened('TERMS'), credit('HOLD'), message('s_b_hold_method', { payment: { method: 'CARD' } }), reserved],
    states: 'OPEN > CREDIT_CHECK > CREDIT_HOLD > RESERVING',
    at: ['s_pay_request'],
  },
  '51 changed after its credit override was approved: asked again': {
    happenings: [
      ...asked,
      override('s_credit_override', 'APPROVED'),
      credit('APPROVE_WITH_OVERRIDE'),
      message('s_b_changed'),
      done('s_reopen'),
      ...asked,
    ],
    states:
      'OPEN > CREDIT_CHECK > AWAITING_CREDIT_OVERRIDE > CREDIT_CHECK > RESERVING > OPEN > CREDIT_CHECK > AWAITING_CREDIT_OVERRIDE',
    at: ['s_credit_override'],
  },
};
