import type { Transaction } from '../persistence/transaction.ts';
import { ImpossibleState, Problem } from '../support/errors.ts';
import { isUuid } from '../support/ids.ts';
import { lockInstance, type LockedInstance, type Subject } from './instance.ts';

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
};

/**
 * Finds an order by id or number, locks its instance, and reads it: what it says holds until the transaction ends.
 * @throws Problem not-found, revision-mismatch
 */
export async function lockOrder(
  tx: Transaction,
  type: Subject['type'],
  idOrNumber: string,
  ifRevision?: number,
): Promise<LockedOrder> {
  const select = `select id, number, workflow_state as "workflowState", revision, process_instance_id as "instanceId" from orderflow.${type}
                   where ${isUuid(idOrNumber) ? 'id' : 'number'} = $1`;
  type Row = { id: string; number: string; workflowState: string; revision: number; instanceId: string | null };
  const found = await tx.maybeOne<Row>(select, [idOrNumber]);
  if (!found) throw new Problem('not-found', `There is no ${words[type]} ${idOrNumber}.`);
  if (found.instanceId === null) throw new ImpossibleState(`${found.number} has no process instance`);
  const instance = await lockInstance(tx, found.instanceId);
  const { revision, instanceId: _instanceId, ...order } = await tx.one<Row>(select, [idOrNumber]);
  if (ifRevision !== undefined && ifRevision !== revision) {
    throw new Problem(
      'revision-mismatch',
      `You have seen revision ${ifRevision} of ${order.number}; it is at ${revision}. Read it again.`,
      { revision },
    );
  }
  return { ...order, instance };
}
