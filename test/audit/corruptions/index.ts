import { callCorruptions } from './calls.ts';
import type { Corruption } from './corruption.ts';
import { definitionCorruptions } from './definitions.ts';
import { eventCorruptions } from './events.ts';
import { instanceCorruptions } from './instances.ts';
import { invoiceCorruptions } from './invoices.ts';
import { leaseCorruptions } from './leases.ts';
import { migrationCorruptions } from './migrations.ts';
import { moneyCorruptions } from './money.ts';
import { orderCorruptions } from './orders.ts';
import { overrideCorruptions } from './overrides.ts';
import { priceCorruptions } from './prices.ts';
import { paymentCorruptions } from './payments.ts';
import { providerCorruptions } from './provider.ts';
import { repairCorruptions } from './repairs.ts';
import { returnCorruptions } from './returns.ts';
import { startCorruptions } from './starts.ts';
import { stockCorruptions } from './stock.ts';
import { waitCorruptions } from './waits.ts';

export type { Corruption } from './corruption.ts';

/** Everything that the audit is shown, by what it is about. */
export const corruptions: readonly Corruption[] = [
  ...instanceCorruptions,
  ...waitCorruptions,
  ...leaseCorruptions,
  ...callCorruptions,
  ...startCorruptions,
  ...repairCorruptions,
  ...migrationCorruptions,
  ...definitionCorruptions,
  ...eventCorruptions,
  ...orderCorruptions,
  ...stockCorruptions,
  ...returnCorruptions,
  ...invoiceCorruptions,
  ...moneyCorruptions,
  ...paymentCorruptions,
  ...overrideCorruptions,
  ...priceCorruptions,
  ...providerCorruptions,
];
