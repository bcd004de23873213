import { callBugs } from './bugs/calls.ts';
import { forgottenBugs } from './bugs/forgotten.ts';
import { lockBugs } from './bugs/locks.ts';
import { migrationBugs } from './bugs/migrations.ts';
import { moneyBugs } from './bugs/money.ts';
import { onceBugs } from './bugs/once.ts';
import { overrideBugs } from './bugs/overrides.ts';
import { peopleBugs } from './bugs/people.ts';
import { stockBugs } from './bugs/stock.ts';
import type { Mutant } from './mutant.ts';

/** Every bug that is seeded into the source. */
export const mutants: readonly Mutant[] = [
  ...lockBugs,
  ...overrideBugs,
  ...peopleBugs,
  ...onceBugs,
  ...moneyBugs,
  ...stockBugs,
  ...forgottenBugs,
  ...callBugs,
  ...migrationBugs,
];
