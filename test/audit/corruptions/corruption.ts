import type { LedgerRow } from '../../sandbox/world.ts';
import { id } from '../life.ts';

/** Something that is wrong with the world, and the checks that must see it: these and no others. */
export interface Corruption {
  readonly check: string;
  /** Checks that see it too: the same fact from another side. */
  readonly also?: readonly string[];
  readonly because: string;
  readonly sql?: string | readonly string[];
  /** What the provider says instead. */
  readonly effects?: (effects: readonly LedgerRow[]) => readonly LedgerRow[];
}

/** Conditions for the rows of one instance, order or wait. */
export const ofInstance = (number: string): string => `instance_id = '${id(number)}'`;
export const instance = (number: string): string => `id = '${id(number)}'`;
export const order = (number: string): string => `id = '${id(`order ${number}`)}'`;
export const wait = (number: string, element: string): string => `'${id(`${number}/${element}`)}'`;
