import type { TableText } from './dmn-builder.ts';

/** Four tables of the business, as their owners wrote them. */
export const discountApproval: TableText = {
  id: 'discount-approval',
  hitPolicy: 'FIRST',
  columns:
    'marginBp: number | maxLineDiscountBp: number | totalMinor: number => level: string | approverRole: string | approvals: number | decideHours: number | useDays: number',
  rules: `
    < 0   | -            | -          => "FORBIDDEN" |                    | 0 | 0  | 0
    -     | > 4000       | -          => "FORBIDDEN" |                    | 0 | 0  | 0
    < 500 | -            | -          => "L3"        | "finance_director" | 2 | 24 | 7
    -     | (2500..4000] | -          => "L3"        | "finance_director" | 2 | 24 | 7
    -     | (1500..2500] | >= 5000000 => "L3"        | "finance_director" | 2 | 24 | 7
    -     | (1500..2500] | < 5000000  => "L2"        | "sales_manager"    | 1 | 24 | 14
    -     | (500..1500]  | >= 5000000 => "L2"        | "sales_manager"    | 1 | 24 | 14
    -     | (500..1500]  | < 5000000  => "L1"        | "team_lead"        | 1 | 8  | 14
    -     | <= 500       | -          => "NONE"      |                    | 0 | 0  | 0`,
};

export const creditCheck: TableText = {
  id: 'credit-check',
  hitPolicy: 'FIRST',
  columns:
    'accountHold: string | maxOverdueDays: number | overrideCovers: boolean | limitMinor: number | utilisationAfterPct: number | riskClass: string => outcome: string | approverRole: string | flag: string',
  allowed: { accountHold: '"NONE","WATCH","HOLD","STOP"', maxOverdueDays: '>= 0', limitMinor: '>= 0' },
  rules: `
    "STOP"         | -        | -     | -   | -          | -       => "REFUSE"                |                  |
    "HOLD"         | -        | true  | -   | -          | -       => "APPROVE_WITH_OVERRIDE" |                  | "HOLD_BYPASSED"
    "HOLD"         | -        | false | -   | -          | -       => "HOLD"                  | "credit_manager" |
    "NONE","WATCH" | > 60     | false | -   | -          | -       => "PREPAY"                |                  | "OVERDUE"
    "NONE","WATCH" | (30..60] | false | -   | -          | -       => "REVIEW"                | "credit_manager" | "OVERDUE"
    "NONE","WATCH" | -        | true  | -   | -          | -       => "APPROVE_WITH_OVERRIDE" |                  |
    "NONE","WATCH" | <= 30    | false | 0   | -          | -       => "PREPAY"                |                  | "NO_LIMIT"
    "NONE"         | <= 30    | false | > 0 | <= 90      | -       => "APPROVE"               |                  |
    "NONE"         | <= 30    | false | > 0 | (90..100]  | -       => "APPROVE"               |                  | "WATCH"
    "WATCH"        | <= 30    | false | > 0 | <= 80      | -       => "APPROVE"               |                  | "WATCH"
    "WATCH"        | <= 30    | false | > 0 | (80..100]  | -       => "REVIEW"                | "credit_analyst" | "WATCH"
    "NONE","WATCH" | <= 30    | false | > 0 | (100..120] | "A","B" => "REVIEW"                | "credit_analyst" |
    "NONE","WATCH" | <= 30    | false | > 0 | (100..150] | -       => "REVIEW"                | "credit_manager" |
    "NONE","WATCH" | <= 30    | false | > 0 | > 150      | -       => "HOLD"                  | "credit_manager" | "FAR_OVER"`,
};

export const overrideApprover: TableText = {
  id: 'override-approver',
  columns:
    'kind: string | amountMinor: number => approverRole: string | approvals: number | decideHours: number | useDays: number',
  rules: `
    "ADMIN"  | < 5000000          => "order_admin"       | 1 | 48 | 7
    "ADMIN"  | >= 5000000         => "order_admin"       | 2 | 48 | 7
    "CREDIT" | < 500000           => "credit_analyst"    | 1 | 24 | 3
    "CREDIT" | [500000..5000000)  => "credit_manager"    | 1 | 24 | 3
    "CREDIT" | >= 5000000         => "finance_director"  | 2 | 24 | 2
    "PRICE"  | < 1000000          => "team_lead"         | 1 | 8  | 14
    "PRICE"  | [1000000..5000000) => "sales_manager"     | 1 | 24 | 14
    "PRICE"  | >= 5000000         => "finance_director"  | 2 | 24 | 7
    "STOCK"  | < 2500000          => "warehouse_manager" | 1 | 8  | 2
    "STOCK"  | >= 2500000         => "supply_director"   | 1 | 24 | 2`,
};

export const shippingSplit: TableText = {
  id: 'shipping-split',
  hitPolicy: 'FIRST',
  columns: 'customerPolicy: string | availablePct: number | backorderDays: number | extraFreightMinor: number => plan: string',
  rules: `
    "COMPLETE_ONLY" | -    | -    | -       => "WAIT_ALL"
    -               | 100  | -    | -       => "SHIP_PER_LOCATION"
    "ALLOW_SPLIT"   | < 20 | <= 5 | -       => "WAIT_ALL"
    "ALLOW_SPLIT"   | -    | -    | > 5000  => "WAIT_ALL"
    "ALLOW_SPLIT"   | -    | -    | <= 5000 => "SHIP_AVAILABLE"
    "ASK"           | -    | -    | -       => "ASK_CUSTOMER"`,
};
