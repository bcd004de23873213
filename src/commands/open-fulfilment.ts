import { Fulfilment, FulfilmentLine } from '../persistence/entities/index.ts';
import { nextNumber } from '../persistence/orders.ts';
import { newId } from '../support/ids.ts';
import { startOrHandOver } from './slice.ts';
import { startInstance } from './start-instance.ts';
import type { Unit } from './unit.ts';

export interface NewFulfilment {
  readonly saleOrderId: string;
  readonly location: string;
  /** The shipment whose missing goods these are. */
  readonly backorderOfId: string | null;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  /** What makes it: the hand-off of the sale, or the shipment that it is split off. */
  readonly trigger: 'onSaleCleared' | 'split';
  readonly now: Date;
  /** Binds reservations to the new shipment, before its process looks for them. */
  readonly reserve?: (fulfilmentId: string) => Promise<void>;
}

/** Writes a shipment with its lines and starts its process, in the unit's transaction. The sale's row is locked. Answers its id. */
export async function openFulfilment(unit: Unit, wanted: NewFulfilment): Promise<string> {
  const { tx } = unit;
  const { saleOrderId, location, backorderOfId, now } = wanted;
  const id = newId();
  const number = await nextNumber(tx, 'fulfilment');
  await tx.manager.insert(Fulfilment, { id, number, saleOrderId, location, backorderOfId, createdAt: now });
  await tx.manager.insert(
    FulfilmentLine,
    wanted.lines.map(({ lineId, quantity }) => ({ id: newId(), fulfilmentId: id, saleLineId: lineId, quantity })),
  );
  await wanted.reserve?.(id);
  const start = {
    processId: 'fulfilment',
    businessKey: number,
    subject: { type: 'fulfilment', id },
    trigger: wanted.trigger,
    variables: { fulfilment: { id, number, saleId: saleOrderId, location, backorderOfId } },
  } as const;
  // a part of a shipment that runs here runs here
  if (wanted.trigger === 'onSaleCleared') await startOrHandOver(unit, 'workflow.fulfilment', start);
  else await startInstance(unit, start);
  return id;
}
