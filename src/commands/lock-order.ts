import type { Transaction } from '../persistence/transaction.ts';
import { Problem } from '../support/errors.ts';
import { isUuid } from '../support/ids.ts';
import { lockInstance, refuseSuspended, type LockedInstance, type Subject } from './instance.ts';
import { refuseStale } from './refuse-stale.ts';

/** An order whose instance this transaction has locked. */
export interface LockedOrder {
  readonly id: string;
  readonly number: string;
  readonly workflowState: string;
  readonly instance: LockedInstance;
}

const words: Readonly<Record<Subject['type'], string>> = {
  quotation: 'quotation',
  sale_order: 'sale order',
  fulfilment: 'fulfilment',
  return_request: 'return',
};

/**
 * Finds an order by id or number, locks its instance, and reads it: what it says holds until the transaction ends.
 * One whose instance is suspended is refused, unless it is only written down what has happened outside anyway (`evenSuspended`).
 * @throws Problem not-found, revision-mismatch, suspended
 */
export async function lockOrder(
  tx: Transaction,
  type: Subject['type'],
  idOrNumber: string,
  ifRevision?: number,
  { evenSuspended = false } = {},
): Promise<LockedOrder> {
  const select = `select id, number, workflow_state as "workflowState", revision, process_instance_id as "instanceId" from orderflow.${type}
                   where ${isUuid(idOrNumber) ? 'id' : 'number'} = $1`;
  type Row = { id: string; number: string; workflowState: string; revision: number; instanceId: string | null };
  const found = await tx.maybeOne<Row>(select, [idOrNumber]);
  if (!found) throw new Problem('not-found', `There is no ${words[type]} ${idOrNumber}.`);
  if (found.instanceId === null) {
    throw new Problem(
      'wrong-state',
      `${found.number} is not run here: it is with the old system, or was over when it was adopted.`,
    );
  }
  const instance = await lockInstance(tx, found.instanceId);
  if (!evenSuspended) refuseSuspended(instance);
  const { revision, instanceId: _instanceId, ...order } = await tx.one<Row>(select, [idOrNumber]);
  refuseStale(order.number, revision, ifRevision);
  return { ...order, instance };
}
