/** Every role there is (docs/glossary.md). A diagram may name these as candidate groups and nothing else. */
export const roles = [
  'sales_rep',
  'team_lead',
  'sales_manager',
  'customer_buyer',
  'credit_analyst',
  'credit_manager',
  'finance',
  'finance_director',
  'order_admin',
  'supply_director',
  'warehouse',
  'warehouse_manager',
  'logistics',
  'returns_agent',
  'analyst',
  'operator',
  'auditor',
  'worker',
] as const;

export type Role = (typeof roles)[number];

/**
 * Who may give which command; completing a user task and deciding an override are not here, because the task's candidate groups and the
 * request's required role decide those. The whole policy is this table.
 */
export const permissions = {
  'create a quotation': ['sales_rep'],
  'change a quotation': ['sales_rep'],
  'withdraw a quotation': ['sales_rep', 'order_admin'],
  'create a sale order': ['sales_rep', 'order_admin'],
  'cancel a sale order': ['sales_rep', 'customer_buyer', 'order_admin'],
  'record a capture': ['finance', 'order_admin'],
  'receive stock': ['warehouse', 'warehouse_manager', 'supply_director'],
  'ship a fulfilment': ['warehouse', 'warehouse_manager', 'logistics'],
  'record a delivery': ['warehouse', 'logistics'],
  'change a credit profile': ['credit_manager', 'finance_director'],
  'publish a message': ['operator', 'worker'],
  'resolve an incident': ['operator', 'order_admin'],
  'move the clock': ['operator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

/** Who may read what not everybody may; any known caller may read the rest. */
export const readPermissions = {
  'read credit profiles': [
    'credit_analyst',
    'credit_manager',
    'finance',
    'finance_director',
    'order_admin',
    'auditor',
    'operator',
  ],
  'read sales aggregates': [
    'sales_rep',
    'credit_analyst',
    'credit_manager',
    'finance',
    'finance_director',
    'order_admin',
    'auditor',
    'operator',
  ],
} as const satisfies Record<string, readonly Role[]>;

export type ReadPermission = keyof typeof readPermissions;
