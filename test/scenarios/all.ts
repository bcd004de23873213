import { creditScenarios } from './groups/credit.ts';
import { failureScenarios } from './groups/failures.ts';
import { fulfilmentScenarios } from './groups/fulfilments.ts';
import { overrideScenarios } from './groups/overrides.ts';
import { paymentScenarios } from './groups/payment.ts';
import { quotationScenarios } from './groups/quotations.ts';
import { raceScenarios } from './groups/races.ts';
import { returnScenarios } from './groups/returns.ts';
import { stockScenarios } from './groups/stock.ts';
import { uploadScenarios } from './groups/uploads.ts';
import { versionScenarios } from './groups/versions.ts';
import type { Scenario } from './scenario.ts';

/** Every scenario of docs/domain.md, by number. */
export const scenarios: readonly Scenario[] = [
  ...quotationScenarios,
  ...paymentScenarios,
  ...creditScenarios,
  ...stockScenarios,
  ...fulfilmentScenarios,
  ...returnScenarios,
  ...overrideScenarios,
  ...raceScenarios,
  ...failureScenarios,
  ...uploadScenarios,
  ...versionScenarios,
].toSorted((a, b) => a.number.localeCompare(b.number));
