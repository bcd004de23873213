/** Where a sale stands, minor units: what its goods cost, and what was paid, secured or invoiced for them. */
export interface Balance {
  /** Goods that left, less those that were lost or came back. */
  readonly keptMinor: number;
  /** Goods that are to leave yet. */
  readonly promisedMinor: number;
  /** What we keep of the price of returned goods. */
  readonly feesMinor: number;
  /** What returns under way have still to give back: they do it themselves. */
  readonly claimedMinor: number;
  /** Money that counts for the order, less what went back, was charged back or is on its way back. */
  readonly appliedMinor: number;
  /** Money that does not, less the same. */
  readonly unappliedMinor: number;
  /** Captures whose outcome nobody knows yet. */
  readonly pendingMinor: number;
  /** Authorised, captures under way not counted. */
  readonly authorizedMinor: number;
  /** Credit that is held for what has not left. */
  readonly heldMinor: number;
  /** Invoices, open or paid, less what was credited. */
  readonly invoicedMinor: number;
  /** Given back by a person's will, with reasons of their own, after the last goods had left: that is not asked for again. */
  readonly forgivenMinor: number;
}

/** What the customer owes for in all. */
export const worthMinor = (sale: Balance): number => sale.keptMinor + sale.promisedMinor + sale.feesMinor;

/** What neither money nor an invoice covers of what the customer keeps. A capture that may have succeeded covers it. */
export const lackMinor = (sale: Balance): number =>
  Math.max(
    0,
    sale.keptMinor +
      sale.feesMinor -
      (sale.appliedMinor + sale.unappliedMinor + sale.pendingMinor + sale.invoicedMinor + sale.forgivenMinor),
  );

/** How much of the money that counts may go back: the rest has to pay for what is kept, and for what nothing else secures before it leaves. */
export const returnableMinor = (sale: Balance): number =>
  Math.max(
    0,
    sale.appliedMinor +
      sale.invoicedMinor +
      sale.forgivenMinor -
      (sale.keptMinor + sale.feesMinor + Math.max(0, sale.promisedMinor - sale.authorizedMinor - sale.heldMinor)),
  );

/** Money that nothing is owed for and that nobody looks after: it has to go back. `allowedMinor`: how much beyond its worth a sale may keep. */
export const surplusMinor = (sale: Balance, allowedMinor: number): number =>
  Math.min(
    sale.appliedMinor + sale.unappliedMinor,
    Math.max(
      0,
      sale.appliedMinor + sale.unappliedMinor + sale.invoicedMinor - worthMinor(sale) - sale.claimedMinor - allowedMinor,
    ),
  );

/** Is everything that is kept or still to leave paid, secured or invoiced, as far as it was to be paid in advance? */
export const isPrepaid = (sale: Balance, prepayMinor: number): boolean =>
  sale.appliedMinor + sale.unappliedMinor + sale.authorizedMinor + sale.pendingMinor >=
  Math.min(prepayMinor, worthMinor(sale) - sale.heldMinor - sale.invoicedMinor);
