/** Where an order's money stands, minor units. */
export interface Captured {
  readonly totalMinor: number;
  /** What the customer owes for by now, less what they owe by invoice: of the total, what was not cancelled, lost or sent back. */
  readonly worthMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** How much more than the total may be taken; only an override that was used up allows any. */
  readonly overcaptureAllowedMinor: number;
}

/**
 * How much of money that a provider really took counts towards the order: no more than the order is still worth. The rest is unapplied, never refused: it was taken.
 */
export const appliedPart = (order: Captured, amountMinor: number): number =>
  Math.max(
    0,
    Math.min(
      amountMinor,
      Math.min(order.worthMinor, order.totalMinor) + order.overcaptureAllowedMinor - (order.capturedMinor - order.refundedMinor),
    ),
  );

/** A sale that came to nothing is owed nothing: whatever still comes for it goes back. */
export const isOver = (sale: { readonly workflowState: string | null }): boolean =>
  sale.workflowState === 'CANCELLED' || sale.workflowState === 'REJECTED';
