import { StepFailed } from '../engine/index.ts';
import type { Advance } from '../engine/types.ts';
import { StepFailure } from './incidents.ts';
import type { LockedInstance } from './instance.ts';

/**
 * Messages of orders that have a command of their own, which asks more than a message can: who may, what is true, what else is to be written.
 */
const ownCommands: Readonly<Record<string, string>> = {
  'quotation.withdraw-requested': 'POST /v1/quotations/{id}/withdrawal',
  'sale.cancel-requested': 'POST /v1/sale-orders/{id}/cancellation',
  'sale.changed': 'PATCH /v1/sale-orders/{id}',
  'sale.payment-method-changed': 'POST /v1/sale-orders/{id}/payment-method',
  'payment.captured': 'POST /v1/sale-orders/{id}/captures',
  'payment.declined': 'POST /v1/provider-events/payments',
  'carrier.delivered': 'POST /v1/fulfilments/{id}/deliveries',
  'carrier.exception': 'POST /v1/provider-events/carrier',
  'fulfilment.cancel-requested': 'POST /v1/fulfilments/{id}/cancellation',
  'inventory.deallocated': 'POST /v1/stock/{sku}/counts',
  'return.requested': 'POST /v1/fulfilments/{id}/returns',
  'return.received': 'POST /v1/returns/{id}/receipt',
  'return.cancel-requested': 'POST /v1/returns/{id}/cancellation',
  'return.closed': 'nothing: the return says it by itself',
  'sale.fulfilments-closed': 'nothing: the last fulfilment says it by itself',
};

/** Messages that have an order look again; one too many does no harm. */
const pokes = ['credit.headroom-changed', 'inventory.available', 'fulfilment.hold-released'];

/** What there is instead of publishing or throwing a message by hand; undefined for all others. */
export const ownCommandOf = (name: string): string | undefined =>
  Object.hasOwn(ownCommands, name) ? ownCommands[name] : undefined;

/** Is this a message of orders? It has one receiver, and nobody else may take it from them. */
export const isOrderMessage = (name: string): boolean => Object.hasOwn(ownCommands, name) || pokes.includes(name);

/**
 * A diagram throws no message that has a command of its own, and only orders wait for messages of orders: whoever deploys one could otherwise cancel and deliver what
 * they may not, or take from an order what it waits for.
 * @throws StepFailure
 */
export function refuseOrderMessages(
  instance: LockedInstance,
  request: StepFailure['request'],
  { thrown, opened }: Pick<Advance, 'thrown' | 'opened'>,
): void {
  const refuse = (elementId: string, why: string): never => {
    throw new StepFailure(instance, request, new StepFailed(elementId, why));
  };
  for (const { kind, name, elementId } of thrown) {
    const instead = kind === 'message' ? ownCommandOf(name) : undefined;
    if (instead !== undefined) refuse(elementId, `a diagram does not throw ${name}. Instead there is ${instead}.`);
  }
  if (instance.subject !== null) return;
  for (const { message, elementId } of opened)
    if (message && isOrderMessage(message.name))
      refuse(
        elementId,
        `${message.name} is for orders, and ${instance.businessKey} is none. Wait for a message with another name.`,
      );
}
