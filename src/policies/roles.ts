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
  'change a sale order': ['sales_rep', 'order_admin'],
  'change the payment method': ['customer_buyer', 'sales_rep'],
  'cancel a sale order': ['sales_rep', 'customer_buyer', 'order_admin'],
  'request an override': ['sales_rep', 'order_admin', 'credit_analyst', 'finance', 'warehouse_manager', 'logistics'],
  'change a person': ['order_admin'],
  'delegate for others': ['order_admin'],
  'record a capture': ['finance', 'order_admin'],
  'refund a sale order': ['finance'],
  'record an invoice payment': ['finance'],
  'receive stock': ['warehouse', 'warehouse_manager', 'supply_director'],
  'count stock': ['warehouse', 'warehouse_manager', 'supply_director'],
  'ship a fulfilment': ['warehouse', 'warehouse_manager', 'logistics'],
  'record a delivery': ['warehouse', 'logistics'],
  'cancel a fulfilment': ['sales_rep', 'order_admin', 'warehouse_manager'],
  'request a return': ['customer_buyer', 'sales_rep', 'returns_agent', 'order_admin'],
  'receive a return': ['warehouse', 'returns_agent'],
  'cancel a return': ['customer_buyer', 'sales_rep', 'returns_agent', 'order_admin'],
  'change a credit profile': ['credit_manager', 'finance_director'],
  deploy: ['analyst', 'order_admin'],
  'publish a message': ['operator', 'worker'],
  'broadcast a signal': ['operator', 'worker'],
  'change a timer': ['operator', 'order_admin'],
  'start a process instance': ['operator', 'order_admin', 'worker'],
  'work on jobs': ['worker'],
  'resolve an incident': ['operator', 'order_admin'],
  'switch a flag': ['order_admin', 'operator'],
  'change the calendar': ['analyst', 'order_admin'],
  'cancel a process instance': ['operator', 'order_admin'],
  'suspend a process instance': ['operator', 'order_admin'],
  'suspend work': ['operator'],
  'repair a process instance': ['operator'],
  'migrate process instances': ['operator', 'order_admin'],
  'manage event consumers': ['operator'],
  'acknowledge events': ['operator', 'worker'],
  'move the clock': ['operator'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

/** Who may read what not everybody may; any known caller may read the rest. */
export const readPermissions = {
  'read events': ['operator', 'worker', 'analyst', 'auditor'],
  'read credit profiles': [
    'credit_analyst',
    'credit_manager',
    'finance',
    'finance_director',
    'order_admin',
    'auditor',
    'operator',
  ],
  'read invoices': ['credit_analyst', 'credit_manager', 'finance', 'finance_director', 'order_admin', 'auditor', 'operator'],
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
