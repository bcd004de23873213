/** What can have become of an order in the old system; each gives another state here. */
export const saleKinds = [
  'pending-no-method',
  'pending-prepay',
  'partially-paid',
  'pending-terms',
  'confirmed-terms',
  'credit-approval',
  'credit-hold',
  'other-hold',
  'payment-failed',
  'ready',
  'backorder',
  'shipment-hold',
  'packed',
  'partly-shipped',
  'in-transit',
  'delivered',
  'return-requested',
  'return-approved',
  'return-received',
  'completed',
  'completed',
  'completed',
  'completed-prepaid',
  'partly-returned',
  'returned',
  'lost',
  'cancelled',
  'void',
  'refunded',
  'refunded-unshipped',
  'deposit',
] as const;

export type SaleKind = (typeof saleKinds)[number];

export interface Plan {
  readonly status: string;
  readonly reason?: string;
  readonly method: 'TERMS' | 'PREPAY' | 'CARD' | 'DEPOSIT' | null;
  /** Share of the total that was paid, and that went back. */
  readonly paid?: number;
  readonly refunded?: number;
  readonly failures?: number;
  /** Pieces are set aside for the order itself. */
  readonly reserves?: boolean;
  readonly shipments?: readonly Shipment[];
}

export interface Shipment {
  readonly status: string;
  readonly shipped?: number;
  readonly delivered?: number;
  readonly back?: { readonly status: string; readonly all?: boolean };
}

export const plans: Readonly<Record<SaleKind, Plan>> = {
  'pending-no-method': { status: 'PENDING', method: null },
  'pending-prepay': { status: 'PENDING', method: 'PREPAY', reserves: true },
  'partially-paid': { status: 'PARTIALLY_PAID', method: 'PREPAY', paid: 0.4, reserves: true },
  'pending-terms': { status: 'PENDING', method: 'TERMS' },
  'confirmed-terms': { status: 'CONFIRMED', method: 'TERMS' },
  'credit-approval': { status: 'PENDING_CREDIT_APPROVAL', method: 'TERMS' },
  'credit-hold': { status: 'ON_HOLD', reason: 'CREDIT', method: 'TERMS' },
  'other-hold': { status: 'ON_HOLD', reason: 'FRAUD', method: 'TERMS' },
  'payment-failed': { status: 'PAYMENT_FAILED', method: 'CARD', failures: 2 },
  ready: { status: 'CONFIRMED', method: 'TERMS', shipments: [{ status: 'READY' }] },
  backorder: { status: 'PROCESSING', method: 'TERMS', shipments: [{ status: 'WAITING_STOCK' }] },
  'shipment-hold': { status: 'PROCESSING', method: 'TERMS', shipments: [{ status: 'ON_HOLD' }] },
  packed: { status: 'PAID', method: 'PREPAY', paid: 1, shipments: [{ status: 'PACKED' }] },
  'partly-shipped': {
    status: 'PARTIALLY_SHIPPED',
    method: 'TERMS',
    shipments: [{ status: 'DELIVERED', shipped: 45, delivered: 40 }, { status: 'BACKORDER' }],
  },
  'in-transit': { status: 'SHIPPED', method: 'TERMS', shipments: [{ status: 'IN_TRANSIT', shipped: 2 }] },
  delivered: { status: 'SHIPPED', method: 'CARD', paid: 1, shipments: [{ status: 'DELIVERED', shipped: 6, delivered: 3 }] },
  'return-requested': {
    status: 'SHIPPED',
    method: 'TERMS',
    shipments: [{ status: 'RETURN_REQUESTED', shipped: 9, delivered: 7, back: { status: 'REQUESTED' } }],
  },
  'return-approved': {
    status: 'SHIPPED',
    method: 'PREPAY',
    paid: 1,
    shipments: [{ status: 'RETURN_PENDING', shipped: 9, delivered: 7, back: { status: 'APPROVED' } }],
  },
  'return-received': {
    status: 'SHIPPED',
    method: 'TERMS',
    shipments: [{ status: 'RETURN_REQUESTED', shipped: 9, delivered: 7, back: { status: 'RECEIVED' } }],
  },
  completed: { status: 'COMPLETED', method: 'TERMS', shipments: [{ status: 'DELIVERED', shipped: 62, delivered: 60 }] },
  'completed-prepaid': {
    status: 'DELIVERED',
    method: 'CARD',
    paid: 1,
    shipments: [
      { status: 'DELIVERED', shipped: 42, delivered: 40 },
      { status: 'DELIVERED', shipped: 41, delivered: 38 },
    ],
  },
  'partly-returned': {
    status: 'COMPLETED',
    method: 'TERMS',
    shipments: [{ status: 'DELIVERED', shipped: 70, delivered: 65, back: { status: 'COMPLETED' } }],
  },
  returned: {
    status: 'COMPLETED',
    method: 'TERMS',
    shipments: [{ status: 'RETURNED', shipped: 50, delivered: 45, back: { status: 'REFUNDED', all: true } }],
  },
  lost: {
    status: 'COMPLETED',
    method: 'TERMS',
    shipments: [
      { status: 'DELIVERED', shipped: 55, delivered: 50 },
      { status: 'LOST', shipped: 56 },
    ],
  },
  cancelled: { status: 'CANCELLED', method: 'TERMS' },
  void: { status: 'VOID', method: 'PREPAY', paid: 1, refunded: 1 },
  refunded: {
    status: 'REFUNDED',
    method: 'PREPAY',
    paid: 1,
    refunded: 1,
    shipments: [{ status: 'RETURNED', shipped: 60, delivered: 55, back: { status: 'REFUNDED', all: true } }],
  },
  'refunded-unshipped': { status: 'REFUNDED', method: 'CARD', paid: 1, refunded: 1 },
  deposit: { status: 'CONFIRMED', method: 'DEPOSIT', paid: 0.2, shipments: [{ status: 'PENDING' }] },
};
