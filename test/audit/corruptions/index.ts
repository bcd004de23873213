import type { Corruption } from './corruption.ts';
import { instanceCorruptions } from './instances.ts';
import { moneyCorruptions } from './money.ts';
import { orderCorruptions } from './orders.ts';
import { overrideCorruptions } from './overrides.ts';
import { providerCorruptions } from './provider.ts';
import { stockCorruptions } from './stock.ts';
import { waitCorruptions } from './waits.ts';

export type { Corruption } from './corruption.ts';

/** Everything that the audit is shown, by what it is about. */
export const corruptions: readonly Corruption[] = [
  ...instanceCorruptions,
  ...waitCorruptions,
  ...orderCorruptions,
  ...stockCorruptions,
  ...moneyCorruptions,
  ...overrideCorruptions,
  ...providerCorruptions,
];
