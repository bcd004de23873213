import { flagsOf, type FlagName } from '../persistence/flags.ts';
import { Problem } from '../support/errors.ts';
import type { Subject } from './instance.ts';
import { startInstance, type NewInstance } from './start-instance.ts';
import type { Unit } from './unit.ts';

/** The phases of an order that can be switched to this service one by one. */
export type Slice = Extract<FlagName, `workflow.${string}`>;

/** The legacy status of an order that came into being while its slice was off: the old system goes on with it, and it can be adopted later. */
export const handedOver = 'HANDED_OVER';

/** @throws Problem flag-off */
export async function requireSlice(unit: Unit, slice: Slice, action: string): Promise<void> {
  if ((await flagsOf(unit.tx))[slice]) return;
  throw new Problem(
    'flag-off',
    `The flag ${slice} is off, so nobody can ${action} here: do it in the old system, or ask an operator to switch the flag on.`,
    { flag: slice },
  );
}

/** Starts the process of an order that another phase has made; while its slice is off, the order is a row that the old system goes on with. */
export async function startOrHandOver(
  unit: Unit,
  slice: Slice,
  start: NewInstance & { readonly subject: Subject },
): Promise<void> {
  if ((await flagsOf(unit.tx))[slice]) {
    await startInstance(unit, start);
  } else {
    const { type, id } = start.subject;
    await unit.tx.execute(`update orderflow.${type} set legacy_status = $2 where id = $1`, [id, handedOver]);
  }
}
