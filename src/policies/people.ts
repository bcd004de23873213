import type { Role } from './roles.ts';

/** A person of the demo world; the bearer token is `demo-<id>`. Demo mode only (config.ts refuses it in production). */
export interface Person {
  readonly id: string;
  readonly roles: readonly Role[];
  readonly does: string;
}

export const demoPeople: readonly Person[] = [
  { id: 'sales', roles: ['sales_rep'], does: 'makes quotations' },
  { id: 'sales-2', roles: ['sales_rep', 'team_lead'], does: 'makes quotations, leads the team' },
  { id: 'buyer', roles: ['customer_buyer'], does: 'accepts quotations for the customer' },
  { id: 'credit', roles: ['credit_analyst', 'credit_manager'], does: 'decides credit overrides' },
  {
    id: 'credit-2',
    roles: ['credit_analyst', 'credit_manager', 'finance_director'],
    does: 'decides credit overrides, large ones too',
  },
  { id: 'admin', roles: ['order_admin', 'sales_manager', 'finance_director', 'supply_director'], does: 'administers orders' },
  {
    id: 'admin-2',
    roles: ['order_admin', 'sales_manager', 'finance_director', 'supply_director'],
    does: 'administers orders, second pair of eyes',
  },
  {
    id: 'warehouse',
    roles: ['warehouse', 'warehouse_manager', 'logistics', 'returns_agent'],
    does: 'picks, packs, ships, receives',
  },
  { id: 'finance', roles: ['finance'], does: 'records captures' },
  { id: 'analyst', roles: ['analyst'], does: 'owns diagrams and tables' },
  { id: 'operator', roles: ['operator'], does: 'watches and repairs' },
  { id: 'auditor', roles: ['auditor'], does: 'reads everything' },
  { id: 'worker', roles: ['worker'], does: 'is a program that runs jobs' },
];
