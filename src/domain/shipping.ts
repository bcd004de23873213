/** A sale line as shipping sees it: what is reserved can go, what is backordered has to wait. */
export interface ShippableLine {
  readonly id: string;
  readonly reserved: number;
  readonly backordered: number;
}

export interface ShipmentLine {
  readonly lineId: string;
  readonly quantity: number;
}

/** Plans of the decision `shipping-split`; with one location, and nobody to ask yet, all but SHIP_AVAILABLE travel as one. */
export type ShippingPlan = 'SHIP_AVAILABLE' | 'SHIP_PER_LOCATION' | 'WAIT_ALL' | 'ASK_CUSTOMER';

/** Splits a cleared sale into shipments; each line's reserved and backordered quantity is in exactly one of them. */
export function planShipments(lines: readonly ShippableLine[], plan: ShippingPlan): ShipmentLine[][] {
  const pick = (quantity: (line: ShippableLine) => number): ShipmentLine[] =>
    lines.filter((line) => quantity(line) > 0).map((line) => ({ lineId: line.id, quantity: quantity(line) }));
  const shipments =
    plan === 'SHIP_AVAILABLE'
      ? [pick((line) => line.reserved), pick((line) => line.backordered)]
      : [pick((line) => line.reserved + line.backordered)];
  return shipments.filter((shipment) => shipment.length > 0);
}

/** How much of the order could leave at once, percent rounded down. */
export function availablePct(lines: readonly ShippableLine[]): number {
  const reserved = lines.reduce((sum, line) => sum + line.reserved, 0);
  const all = lines.reduce((sum, line) => sum + line.reserved + line.backordered, 0);
  return all === 0 ? 100 : Math.floor((reserved * 100) / all);
}
