/** Where an order's money stands, minor units. */
export interface Captured {
  readonly totalMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** How much more than the total may be taken; only an override that was used up allows any. */
  readonly overcaptureAllowedMinor: number;
}

/**
 * How much of money that a provider really took counts towards the order. The rest is unapplied, never refused: it was taken.
 */
export const appliedPart = (order: Captured, amountMinor: number): number =>
  Math.max(
    0,
    Math.min(amountMinor, order.totalMinor + order.overcaptureAllowedMinor - (order.capturedMinor - order.refundedMinor)),
  );

/** A sale that came to nothing is owed nothing: whatever still comes for it goes back. */
export const isOver = (sale: { readonly workflowState: string | null }): boolean =>
  sale.workflowState === 'CANCELLED' || sale.workflowState === 'REJECTED';

/** What has left and what was taken or invoiced for it, minor units. */
export interface Shipped {
  /** Value of everything that has left so far. */
  readonly shippedMinor: number;
  /** Captured in all. What was refunded counts: it was given back for goods that came back or never left, and is not asked for again. */
  readonly capturedMinor: number;
  /** Of that, what a chargeback took away. */
  readonly reversedMinor: number;
  /** Invoiced in all, paid or not. */
  readonly invoicedMinor: number;
}

/** What left without having been paid or invoiced. */
export const uncoveredMinor = (sale: Shipped): number =>
  Math.max(0, sale.shippedMinor - (sale.capturedMinor - sale.reversedMinor) - sale.invoicedMinor);
