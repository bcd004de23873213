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

/** `POST /shipments/{tracking}/delivered`, `/void`, `/trace` and `/return-to-sender` need no body. */
export const deliveryRequest = z.strictObject({}).nullable();

/** `POST /shipments/{tracking}/exception` may say what happened. */
export const exceptionRequest = z.strictObject({ reason: z.string().min(1).max(200).default('NOBODY_HOME') }).nullable();

export interface Shipment {
  readonly tracking: string;
  readonly carrier: string;
  readonly reference: string;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly address: Readonly<Record<string, string>> | null;
  readonly status: 'booked' | 'exception' | 'delivered' | 'voided' | 'returning';
  /** How often somebody asked where it is. */
  readonly traces?: number;
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
  if (shipment.status === 'delivered') return unchanged(shipment);
  if (shipment.status === 'voided') return refused(shipment, 'can be delivered');
  return changed({ ...shipment, status: 'delivered', deliveredAt: at }, { type: 'carrier.delivered', at });
}

/** `POST /shipments/{tracking}/exception`: something went wrong on the way. */
export function fail(shipment: Shipment, reason: string, at: string): CarrierDecision {
  if (shipment.status !== 'booked' && shipment.status !== 'exception') return refused(shipment, 'has an exception');
  return changed({ ...shipment, status: 'exception' }, { type: 'carrier.exception', at, reason });
}

/** `POST /shipments/{tracking}/void`: a label that was never used. */
export function voidLabel(shipment: Shipment): CarrierDecision {
  if (shipment.status === 'voided') return unchanged(shipment);
  if (shipment.status !== 'booked') return refused(shipment, 'can be voided');
  return changed({ ...shipment, status: 'voided' });
}

/** `POST /shipments/{tracking}/trace`: where is it? */
export const trace = (shipment: Shipment): CarrierDecision => changed({ ...shipment, traces: (shipment.traces ?? 0) + 1 });

/** `POST /shipments/{tracking}/return-to-sender`: it could not be handed over, and comes back. */
export function returnToSender(shipment: Shipment): CarrierDecision {
  if (shipment.status === 'returning') return unchanged(shipment);
  if (shipment.status === 'delivered' || shipment.status === 'voided') return refused(shipment, 'can be brought back');
  return changed({ ...shipment, status: 'returning' });
}

const about = ({ reference, tracking }: Shipment) => ({ reference, providerReference: tracking });

const unchanged = (shipment: Shipment): CarrierDecision => ({
  ...about(shipment),
  outcome: 'unchanged',
  answer: { status: 200, body: shipmentBody(shipment) },
});

const refused = (shipment: Shipment, what: string): CarrierDecision => ({
  ...about(shipment),
  outcome: 'declined',
  answer: problem(409, 'shipment-moved-on', `${shipment.tracking} is ${shipment.status}, so that it no longer ${what}`),
});

/** What became of a shipment, and what its sender is told of it. */
function changed(
  shipment: Shipment,
  told?: { readonly type: string; readonly at: string; readonly reason?: string },
): CarrierDecision {
  const { reference, carrier, tracking } = shipment;
  const data = told && {
    reference,
    carrier,
    tracking,
    occurredAt: told.at,
    ...(told.reason !== undefined && { reason: told.reason }),
  };
  return {
    ...about(shipment),
    outcome: 'done',
    answer: { status: 200, body: shipmentBody(shipment) },
    shipments: [shipment],
    ...(told && data && { event: { type: told.type, data } }),
  };
}
