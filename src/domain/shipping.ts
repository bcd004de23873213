/** A sale line as shipping sees it: what is reserved can go, from where it lies; what is backordered has to wait. */
export interface ShippableLine {
  readonly id: string;
  readonly reserved: readonly { readonly location: string; readonly quantity: number }[];
  readonly backordered: number;
}

export interface Shipment {
  readonly location: string;
  /** Does it take what lies at its location only, or whatever the sale has reserved, wherever that is? */
  readonly gathers: boolean;
  readonly waits: boolean;
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
}

/** Plans of the decision `shipping-split`. Whoever wants to be asked is sent one shipment. */
export type ShippingPlan = 'SHIP_AVAILABLE' | 'SHIP_PER_LOCATION' | 'WAIT_ALL' | 'ASK_CUSTOMER';

/** Where goods lie that lie nowhere yet. */
export const mainLocation = 'MAIN';

/**
 * Splits a cleared sale into shipments: one for each location where something is reserved, and one for what has to wait; or one of everything. Each piece that
 * is reserved or backordered is in exactly one of them.
 */
export function planShipments(lines: readonly ShippableLine[], plan: ShippingPlan): Shipment[] {
  const locations = byQuantity(lines);
  const [first = mainLocation] = locations;
  const shipment = (
    location: string,
    how: Pick<Shipment, 'gathers' | 'waits'>,
    quantity: (line: ShippableLine) => number,
  ): Shipment => ({
    location,
    ...how,
    lines: lines.map((line) => ({ lineId: line.id, quantity: quantity(line) })).filter((line) => line.quantity > 0),
  });
  const shipments =
    plan === 'WAIT_ALL' || plan === 'ASK_CUSTOMER'
      ? [shipment(first, { gathers: true, waits: false }, (line) => reservedOf(line) + line.backordered)]
      : [
          ...locations.map((location) =>
            shipment(location, { gathers: false, waits: false }, (line) => reservedOf(line, location)),
          ),
          shipment(first, { gathers: false, waits: true }, (line) => line.backordered),
        ];
  return shipments.filter((each) => each.lines.length > 0);
}

/** How much of the order could leave at once, percent rounded down. */
export function availablePct(lines: readonly ShippableLine[]): number {
  const reserved = lines.reduce((sum, line) => sum + reservedOf(line), 0);
  const all = lines.reduce((sum, line) => sum + reservedOf(line) + line.backordered, 0);
  return all === 0 ? 100 : Math.floor((reserved * 100) / all);
}

const reservedOf = (line: ShippableLine, location?: string): number =>
  line.reserved
    .filter((part) => location === undefined || part.location === location)
    .reduce((sum, part) => sum + part.quantity, 0);

/** The locations where something is reserved, the one with the most pieces first. */
function byQuantity(lines: readonly ShippableLine[]): string[] {
  const pieces = new Map<string, number>();
  for (const { location, quantity } of lines.flatMap((line) => line.reserved)) {
    pieces.set(location, (pieces.get(location) ?? 0) + quantity);
  }
  return [...pieces].sort(([a, more], [b, fewer]) => fewer - more || (a < b ? -1 : 1)).map(([location]) => location);
}
