import { reject } from '../acts/overrides.ts';
import { cancel, capture, order, saleIn, type SaleOrderBody } from '../acts/sale-orders.ts';
import type { Stage } from '../stage.ts';
import type { Story } from '../story.ts';

/** Sales in every state that one can rest in before it is cleared, and two ends. */
export const saleScenes: readonly Story[] = [
  rests('no method', 'Nobody has agreed how to pay', 'AWAITING_PAYMENT_METHOD', ['ELBE', 'FAN-300', 2]),
  rests('blocked', 'The customer is blocked: an administrator has to decide', 'AWAITING_ADMIN_OVERRIDE', ['FROST', 'FAN-300', 1]),
  rests('restricted', 'Restricted goods: an administrator has to decide', 'AWAITING_ADMIN_OVERRIDE', [
    'BALTIC',
    'REFRIGERANT',
    2,
  ]),
  rests('large first', 'A large first order: an administrator has to decide', 'AWAITING_ADMIN_OVERRIDE', [
    'MISTRAL',
    'CHILLER-40',
    6,
  ]),
  rests('account on hold', 'The account is on hold', 'CREDIT_HOLD', ['GLACIER', 'DUCT-2', 5]),
  rests('account stopped', 'The account is stopped: refused', 'REJECTED', ['KESTREL', 'DUCT-2', 5]),
  rests('beyond the limit', 'Beyond the credit limit: a manager has to decide', 'AWAITING_CREDIT_OVERRIDE', [
    'IRONWOOD',
    'DUCT-2',
    6,
  ]),
  rests('safety stock left', 'Only safety stock is left', 'AWAITING_STOCK_OVERRIDE', ['ALPEN', 'CONTROLLER', 3]),
  rests('too little', 'Too little is there: the customer has to say what now', 'AWAITING_CUSTOMER_DECISION', [
    'BALTIC',
    'DAMPER-E',
    5,
  ]),
  rests('unpaid', 'The prepayment is awaited', 'AWAITING_PAYMENT', ['CORAL', 'FAN-300', 3]),
  rests('deposit due', 'The deposit is awaited', 'AWAITING_PAYMENT', ['DELTA', 'DUCT-2', 10]),
  rests('partly paid', 'A part of the prepayment has arrived', 'AWAITING_PAYMENT', ['CORAL', 'DUCT-2', 10], (stage, sale) =>
    capture(stage, sale, Math.floor(sale.total.amountMinor / 3)),
  ),
  rests('cancelled', 'Cancelled before it was paid', 'CANCELLED', ['CORAL', 'GRILLE-60', 4], async (stage, sale) => {
    await saleIn(stage, sale.id, 'AWAITING_PAYMENT');
    await cancel(stage, sale, 'The customer changed their mind');
  }),
  rests(
    'not let pass',
    'An administrator does not let a blocked customer pass',
    'REJECTED',
    ['FROST', 'DUCT-2', 3],
    async (stage, sale) =>
      reject(stage, 'admin', await saleIn(stage, sale.id, 'AWAITING_ADMIN_OVERRIDE'), 'They still owe us the last one'),
  ),
];

/** An order that comes to rest in a state by itself, or after somebody did something. */
function rests(
  name: string,
  title: string,
  state: string,
  [customerId, sku, quantity]: readonly [customer: string, sku: string, quantity: number],
  meanwhile: (stage: Stage, sale: SaleOrderBody) => Promise<void> = async () => undefined,
): Story {
  return {
    name,
    title,
    expected: [state],
    play: async (stage) => {
      const sale = await order(stage, { customerId, lines: [{ sku, quantity }] });
      await meanwhile(stage, sale);
      await saleIn(stage, sale.id, state);
    },
  };
}
