/** Where an order's money stands, minor units. */
export interface Captured {
  readonly totalMinor: number;
  readonly capturedMinor: number;
  readonly refundedMinor: number;
}

/**
 * How much of money that a provider really took counts towards the order. The rest is unapplied, never refused: it was taken.
 */
export const appliedPart = (order: Captured, amountMinor: number): number =>
  Math.max(0, Math.min(amountMinor, order.totalMinor - (order.capturedMinor - order.refundedMinor)));
