/** Where an order's money stands, minor units. */
export interface Captured {
  readonly totalMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
  /** How much more than the total may be taken; only an override that was used up allows any. */
  readonly overcaptureAllowedMinor: number;
}

/**
 * How much of money that a provider really took counts towards the order: no more than the order is still worth to pay in
 * money, for of its total something may have been cancelled, lost, sent back or invoiced. The rest is unapplied, never refused: it was taken.
 */
export const appliedPart = (order: Captured, worthMinor: number, amountMinor: number): number =>
  Math.max(
    0,
    Math.min(
      amountMinor,
      Math.min(worthMinor, order.totalMinor) + order.overcaptureAllowedMinor - (order.capturedMinor - order.refundedMinor),
    ),
  );

/** A sale that came to nothing is owed nothing: whatever still comes for it goes back. */
export const isOver = (sale: { readonly workflowState: string | null }): boolean =>
  sale.workflowState === 'CANCELLED' || sale.workflowState === 'REJECTED';
