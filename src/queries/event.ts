import { z } from 'zod';
import { eventTypes, publicType } from '../contract/events.ts';
import type { Reader } from '../persistence/reader.ts';
import { Problem } from '../support/errors.ts';
import type { JsonObject } from '../support/json.ts';

/** Where the schema of an event's data is, under the address by which others reach the service. */
export const schemaAddress = (publicUrl: string, type: string): string => `${publicUrl}/v1/event-types/${publicType(type)}`;

/** A CloudEvent as it is read and pushed. */
export type PublishedEvent = JsonObject & {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
  readonly position: string;
  readonly sequence: string;
  readonly dataschema: string;
  readonly data: JsonObject;
};

/** Published events after a position, in order, as CloudEvents 1.0. `position` and `sequence` are text: CloudEvents' Integer has 32 bits. */
export async function readEvents(
  reader: Reader,
  publicUrl: string,
  { after, limit }: { readonly after: number; readonly limit: number },
): Promise<PublishedEvent[]> {
  const rows = await reader.query<{ event: PublishedEvent }>(
    `select jsonb_strip_nulls(jsonb_build_object('specversion', '1.0', 'id', id, 'source', '/orderflow', 'type', type, 'subject', subject_id,
              'time', orderflow.iso(at), 'datacontenttype', 'application/json', 'position', position::text, 'sequence', subject_sequence::text,
              'partitionkey', subject_id, 'correlationid', correlation_id, 'causationid', causation_id, 'traceparent', traceparent))
              || jsonb_build_object('data', data) as event
       from orderflow.event where position > $1 order by position limit $2`,
    [after, limit],
  );
  return rows.map(({ event }) => {
    const { type } = event;
    return { ...event, type: publicType(type), dataschema: schemaAddress(publicUrl, type) };
  });
}

/** Every type of event with the JSON Schema of its data. */
export const readEventTypes = (publicUrl: string): JsonObject[] =>
  Object.keys(eventTypes).map((type) => ({
    type: publicType(type),
    dataschema: schemaAddress(publicUrl, type),
    schema: schemaOf(type, publicUrl),
  }));

/** The JSON Schema that `dataschema` of events refers to. @throws Problem not-found */
export function readEventSchema(publicUrl: string, type: string): JsonObject {
  const known = Object.keys(eventTypes).find((each) => publicType(each) === type);
  if (known === undefined) throw new Problem('not-found', `There is no event type ${type}; GET /v1/event-types lists them.`);
  return schemaOf(known, publicUrl);
}

function schemaOf(type: string, publicUrl: string): JsonObject {
  const schema = z.toJSONSchema(eventTypes[type as keyof typeof eventTypes], { target: 'draft-2020-12', io: 'output' });
  return { $id: schemaAddress(publicUrl, type), title: publicType(type), ...(schema as JsonObject) };
}

const consumer = `jsonb_build_object('name', name, 'url', url, 'position', position, 'revision', revision, 'failures', failures, 'lastError', last_error,
  'acknowledgedAt', orderflow.iso(acknowledged_at), 'behind', (select coalesce(max(e.position), 0) from orderflow.event e) - position)`;

/** Who is told of events, and how far each has got. */
export async function readEventConsumers(reader: Reader): Promise<JsonObject[]> {
  const rows = await reader.query<{ consumer: JsonObject }>(
    `select ${consumer} as consumer from orderflow.event_consumer order by name`,
  );
  return rows.map((row) => row.consumer);
}

/** @throws Problem not-found */
export async function readEventConsumer(reader: Reader, name: string): Promise<JsonObject> {
  const [row] = await reader.query<{ consumer: JsonObject }>(
    `select ${consumer} as consumer from orderflow.event_consumer where name = $1`,
    [name],
  );
  if (!row) throw new Problem('not-found', `There is no event consumer ${name}.`);
  return row.consumer;
}
