import { z } from 'zod';
import { newId } from '../support/ids.ts';
import type { JsonObject } from '../support/json.ts';
import type { Decision } from './decision.ts';
import { problem, Refused } from './router.ts';

export const bookingRequest = z.strictObject({
  reference: z.string().min(1).max(200),
  lines: z.array(z.strictObject({ sku: z.string().min(1), quantity: z.int().positive() })).min(1),
  address: z.record(z.string(), z.string()).optional(),
});

/** `POST /shipments/{tracking}/delivered` needs no body. */
export const deliveryRequest = z.strictObject({}).nullable();

export interface Shipment {
  readonly tracking: string;
  readonly carrier: string;
  readonly reference: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly address: Readonly<Record<string, string>> | null;
  readonly status: 'booked' | 'delivered';
  readonly bookedAt: string;
  readonly deliveredAt: string | null;
}

/** A decision, and the shipments that it changed, as they are now. */
export interface CarrierDecision extends Decision {
  readonly shipments?: readonly Shipment[];
}

/** All shipments by tracking number, oldest first. */
export type Shipments = ReadonlyMap<string, Shipment>;

/** The shipment with this tracking number, else the newest one with this reference. @throws Refused 404 */
export function findShipment(shipments: Shipments, trackingOrReference: string): Shipment {
  const found =
    shipments.get(trackingOrReference) ??
    [...shipments.values()].filter(({ reference }) => reference === trackingOrReference).at(-1);
  if (found) return found;
  throw new Refused(404, 'no-such-shipment', `There is no shipment with the tracking number or reference ${trackingOrReference}`);
}

/** A shipment as callers see it. */
export const shipmentBody = (shipment: Shipment): JsonObject => ({
  ...shipment,
  lines: shipment.lines.map((line) => ({ ...line })),
});

/** `POST /shipments`: books the transport. */
export function book(request: z.infer<typeof bookingRequest>, at: string, reject: boolean): CarrierDecision {
  const { reference, lines, address = null } = request;
  if (reject) {
    const answer = problem(409, 'address-not-served', `The carrier does not deliver ${reference} to this address`);
    return { outcome: 'declined', answer, reference, providerReference: null };
  }
  // The last twelve digits of a UUIDv7 are random; the first ones are the time and would make bookings of one moment look alike.
  const tracking = `SBX-${newId().slice(-12).toUpperCase()}`;
  const shipment: Shipment = {
    tracking,
    carrier: 'Sandbox Parcel',
    reference,
    lines,
    address,
    status: 'booked',
    bookedAt: at,
    deliveredAt: null,
  };
  return {
    outcome: 'done',
    answer: { status: 201, body: shipmentBody(shipment) },
    reference,
    providerReference: tracking,
    shipments: [shipment],
  };
}

/** `POST /shipments/{tracking}/delivered`: the parcel arrives. */
export function deliver(shipment: Shipment, at: string): CarrierDecision {
  const { tracking, carrier, reference } = shipment;
  const about = { reference, providerReference: tracking };
  if (shipment.status === 'delivered')
    return { ...about, outcome: 'unchanged', answer: { status: 200, body: shipmentBody(shipment) } };
  const delivered: Shipment = { ...shipment, status: 'delivered', deliveredAt: at };
  return {
    ...about,
    outcome: 'done',
    answer: { status: 200, body: shipmentBody(delivered) },
    shipments: [delivered],
    event: { type: 'carrier.delivered', data: { reference, carrier, tracking, occurredAt: at } },
  };
}
