/** What a customer may owe and owes, minor units of the profile's currency. */
export interface CreditPosition {
  readonly limitMinor: number;
  /** Open orders plus unpaid invoices less unapplied cash, without the order that is looked at. */
  readonly exposureMinor: number;
}

/** How the exposure would stand to the limit with this order, percent rounded up; 999 when there is no limit. */
export const utilisationAfterPct = ({ limitMinor, exposureMinor }: CreditPosition, orderMinor: number): number =>
  limitMinor === 0 ? 999 : Math.max(0, Math.ceil(((exposureMinor + orderMinor) * 100) / limitMinor));

/**
 * By how much the customer would owe more than the limit with this order: what an override has to cover. It can be more than the order, when other overrides
 * have let the exposure pass the limit before.
 */
export const excessMinor = ({ limitMinor, exposureMinor }: CreditPosition, orderMinor: number): number =>
  Math.max(0, exposureMinor + orderMinor - limitMinor);
