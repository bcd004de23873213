/** The events that states of an order stand for, by order table and state; states that only the process knows have none of their own. */
const byState: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  quotation: {
    SENT: 'quotation.sent',
    UNDER_NEGOTIATION: 'quotation.revised',
    APPROVED: 'quotation.approved',
    REJECTED: 'quotation.rejected',
    EXPIRED: 'quotation.expired',
    WITHDRAWN: 'quotation.withdrawn',
  },
  sale_order: {
    OPEN: 'sale.opened',
    CREDIT_HOLD: 'sale.held',
    CLEARED: 'sale.cleared',
    CANCELLED: 'sale.cancelled',
    REJECTED: 'sale.rejected',
    COMPLETED: 'sale.completed',
  },
  fulfilment: {
    BACKORDERED: 'fulfilment.backordered',
    ON_HOLD: 'fulfilment.held',
    PICKING: 'fulfilment.released',
    SHIPPING_EXCEPTION: 'fulfilment.exception',
    SHIPPED: 'fulfilment.shipped',
    DELIVERY_EXCEPTION: 'fulfilment.exception',
    DELIVERED: 'fulfilment.delivered',
    RETURNED: 'fulfilment.returned',
    LOST: 'fulfilment.lost',
    CANCELLED: 'fulfilment.cancelled',
    COMPLETED: 'fulfilment.completed',
  },
  return_request: {
    RETURN_REQUESTED: 'return.requested',
    RETURN_AUTHORIZED: 'return.authorized',
    RETURN_INSPECTION: 'return.received',
    RETURN_REJECTED: 'return.rejected',
    RETURN_COMPLETED: 'return.closed',
    RETURN_EXPIRED: 'return.expired',
    RETURN_CANCELLED: 'return.cancelled',
  },
};

/** A quotation and a shipment are in the first state as soon as they are there; a sale says so by OPEN, a return by RETURN_REQUESTED. */
const byCreation: Readonly<Record<string, string>> = { quotation: 'quotation.created', fulfilment: 'fulfilment.created' };

const beforeAdmission = ['OPEN', 'AWAITING_ADMIN_OVERRIDE'];
const notAdmitted = [...beforeAdmission, 'CANCELLING', 'CANCELLED', 'REJECTED'];

/** The types of the events that a change of state stands for, without prefix and version (contract/events.ts), besides `workflow.transitioned`. */
export function eventsOfTransition(table: string, from: string | null, to: string): string[] {
  const types: string[] = [];
  const created = byCreation[table];
  if (from === null && created !== undefined) types.push(created);
  if (table === 'sale_order' && from !== null && beforeAdmission.includes(from) && !notAdmitted.includes(to))
    types.push('sale.admitted');
  // back from a return that came to nothing: the goods were delivered before
  const again = table === 'fulfilment' && to === 'DELIVERED' && from === 'RETURN_REQUESTED';
  const entered = byState[table]?.[to];
  if (entered !== undefined && !again) types.push(entered);
  return types;
}
