import { z } from 'zod';

const nullable = z.string().nullable();
const amount = z.int().meta({ description: 'Whole minor units' });
const count = z.int().min(0);
const instant = z.string().meta({ format: 'date-time' });

/** Pieces of a line; what names the line depends on who tells it. */
const Lines = z.array(z.looseObject({ lineNo: count.optional(), sku: z.string().optional(), quantity: count }));

/** A state that an order came into. */
const entered = {
  revision: z.int().min(1).meta({ description: 'Revision of the order' }),
  workflowState: z.strictObject({ from: nullable, to: z.string() }),
  processInstanceId: z.string(),
  reason: nullable,
};
const quotation = z.looseObject({
  ...entered,
  currency: z.string(),
  totalMinor: amount,
  offerRevision: count,
  validUntil: nullable,
});
const sale = z.looseObject({ ...entered, currency: z.string(), totalMinor: amount, onTermsMinor: amount, quotationId: nullable });
const fulfilment = z.looseObject({
  ...entered,
  saleOrderId: z.string(),
  location: z.string(),
  lines: Lines,
  carrier: nullable,
  tracking: nullable,
  backorderOfId: nullable,
});
const returned = z.looseObject({
  ...entered,
  fulfilmentId: z.string(),
  saleOrderId: z.string(),
  lines: Lines,
  refundMinor: amount,
  rmaNumber: nullable,
});
const override = z.looseObject({
  kind: z.enum(['ADMIN', 'CREDIT', 'PRICE', 'STOCK']),
  scope: z.unknown(),
  requiredRole: z.string(),
  subjectType: z.string(),
  subjectId: z.string(),
});
const credit = z.looseObject({});
const hold = z.looseObject({ saleOrderId: z.string(), amountMinor: amount });
const stock = z.looseObject({ lines: Lines });
const payment = z.looseObject({ amountMinor: amount, currency: z.string() });
const task = z.looseObject({
  taskId: z.string(),
  processInstanceId: z.string(),
  elementId: z.string(),
  name: nullable,
  roles: z.array(z.string()),
  formId: nullable,
});
const incident = z.looseObject({
  incidentId: z.string(),
  kind: z.string(),
  processInstanceId: z.string(),
  elementId: nullable,
  message: z.string(),
});
const instance = z.looseObject({ processInstanceId: z.string(), processId: z.string(), reason: z.string() });
const work = z.looseObject({ kind: z.enum(['process', 'definition', 'job-type']), ref: z.string(), reason: z.string() });

const each = <Fact extends string, Schema>(facts: readonly Fact[], schema: Schema): Record<Fact, Schema> =>
  Object.fromEntries(facts.map((fact) => [fact, schema])) as Record<Fact, Schema>;

/** Facts by aggregate, each with what is particular to its data. */
const declared = {
  quotation: {
    ...each(['created', 'sent', 'revised', 'approved', 'rejected', 'expired', 'withdrawn'], quotation),
    reminded: z.looseObject({ offerRevision: count, validUntil: nullable }),
  },
  sale: each(['opened', 'admitted', 'held', 'cleared', 'cancelled', 'rejected', 'completed'], sale),
  fulfilment: {
    ...each(
      [
        'created',
        'backordered',
        'held',
        'released',
        'shipped',
        'delivered',
        'exception',
        'lost',
        'returned',
        'cancelled',
        'completed',
      ],
      fulfilment,
    ),
    split: z.looseObject({ childId: z.string(), lines: Lines }),
  },
  return: each(['requested', 'authorized', 'received', 'rejected', 'closed', 'expired', 'cancelled'], returned),
  override: each(['requested', 'approved', 'rejected', 'expired', 'withdrawn', 'superseded', 'consumed', 'revoked'], override),
  credit: {
    checked: z.looseObject({ saleOrderId: z.string(), snapshotId: z.string(), outcome: z.string() }),
    ...each(['hold-placed', 'hold-released'], hold),
    ...each(['exposure-changed', 'limit-changed', 'account-held', 'account-released'], credit),
  },
  inventory: each(['reserved', 'released', 'expired', 'allocated', 'deallocated', 'backordered', 'shortage', 'counted'], stock),
  payment: each(
    [
      'requested',
      'authorized',
      'captured',
      'declined',
      'voided',
      'refunded',
      'reversed',
      'excess-received',
      'late-capture-refunded',
      'invoiced',
      'settled',
    ],
    payment,
  ),
  workflow: {
    transitioned: z.looseObject({
      entityType: z.enum(['quotation', 'sale_order', 'fulfilment', 'return_request']),
      transition: z.int().min(1).meta({ description: 'Number of the transition in the log of the order' }),
      workflowState: entered.workflowState,
      element: z.string(),
      trigger: z.string(),
      processInstanceId: z.string(),
      definitionVersion: z.int().min(1),
    }),
    'task-created': task,
    'task-completed': task,
    'incident-raised': incident,
    'incident-resolved': incident,
    suspended: instance,
    resumed: instance,
    migrated: instance.extend({ fromVersion: z.int().min(1), toVersion: z.int().min(1) }),
    cancelled: instance,
    'work-suspended': work,
    'work-resumed': work,
    'deadline-moved': z.looseObject({ kind: z.string(), from: instant, to: instant }),
    'timer-changed': z.looseObject({
      timerId: z.string(),
      elementId: z.string(),
      processInstanceId: z.string(),
      from: instant,
      to: instant,
      reason: z.string(),
    }),
  },
};

type Declared = typeof declared;
/** `<aggregate>.<fact>`. */
export type EventType = { [A in keyof Declared]: `${A}.${keyof Declared[A] & string}` }[keyof Declared];

/** The data of every event that there is, by `<aggregate>.<fact>`. */
export const eventTypes = Object.fromEntries(
  Object.entries(declared).flatMap(([aggregate, facts]) =>
    Object.entries(facts).map(([fact, schema]) => [
      `${aggregate}.${fact}`,
      schema.extend({
        id: z.string().meta({ description: 'Id of what the event is about' }),
        number: nullable.meta({ description: 'Its number, where it has one' }),
        actor: z.string().meta({ description: 'Who did it' }),
      }),
    ]),
  ),
) as unknown as Readonly<Record<EventType, z.ZodType>>;

/** The type as others see it; a change that is not additive gets a new number. */
export const publicType = (type: string): string => `orders.${type}.v1`;

/** CloudEvents 1.0 in structured JSON mode, with the extensions for order, cause and trace. */
export const CloudEvent = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: z.string(),
    source: z.string(),
    type: z.string(),
    subject: z.string(),
    time: instant,
    datacontenttype: z.literal('application/json'),
    dataschema: z.string(),
    data: z.looseObject({}),
    position: z.string().meta({ description: 'Place among all events, from 1 without a gap; ask for what is `after` it' }),
    sequence: z.string().meta({ description: 'Place among the events of this subject, from 1 without a gap' }),
    partitionkey: z.string().meta({ description: 'Events with the same key come in order' }),
    correlationid: z.string().optional(),
    causationid: z.string().optional(),
    traceparent: z.string().optional(),
  })
  .meta({ id: 'CloudEvent' });

export const EventBatch = z.array(CloudEvent).meta({ id: 'EventBatch' });

export const EventTypeEntry = z
  .looseObject({
    type: z.string(),
    dataschema: z.string(),
    schema: z.looseObject({}).meta({ description: 'JSON Schema 2020-12 of `data`' }),
  })
  .meta({ id: 'EventType' });

const Position = z.int().min(0);

export const NewEventConsumer = z
  .strictObject({
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be lower-case letters, digits and hyphens'),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .exactOptional()
      .meta({ description: 'Where batches are pushed to; left out: it fetches them' }),
    after: Position.default(0).meta({ description: 'It has seen everything up to here' }),
  })
  .meta({ id: 'NewEventConsumer' });

export const Acknowledgement = z.strictObject({ position: Position }).meta({ id: 'EventAcknowledgement' });

export const EventConsumer = z
  .looseObject({
    name: z.string(),
    url: z.string().nullable(),
    position: Position,
    behind: z.int().meta({ description: 'How many published events it has not acknowledged' }),
    acknowledgedAt: instant.nullable(),
    failures: z.int(),
    lastError: z.string().nullable(),
    secret: z
      .string()
      .optional()
      .meta({ description: 'Signs what is pushed (Standard Webhooks); told once, when it is registered' }),
  })
  .meta({ id: 'EventConsumer' });
