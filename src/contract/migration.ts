import { z } from 'zod';
import { ProcessInstance } from './process-instance.ts';
import { Id, Reason, Revision, Timestamp } from './values.ts';

const ElementId = z.string().min(1).max(255);

const wish = {
  targetDefinitionId: Id.meta({ description: 'The version to go to: a definition of the same process' }),
  mapping: z
    .record(ElementId, ElementId)
    .refine((mapping) => Object.keys(mapping).length <= 2_000, 'has at most 2,000 elements')
    .exactOptional()
    .meta({ description: 'Element of the present version -> element of the target, for those that have another id there' }),
  dueDates: z
    .enum(['keep', 'anew'])
    .default('keep')
    .meta({ description: '`anew`: due dates of timers that go on are computed by the target, from when each began to wait' }),
  reason: Reason,
};

export const InstanceMigrationRequest = z.strictObject(wish).meta({ id: 'InstanceMigrationRequest' });

export const MigrationUndoRequest = z.strictObject({ reason: Reason }).meta({ id: 'MigrationUndoRequest' });

/** What keeps an instance on its version. */
export const Obstacle = z
  .looseObject({
    rule: z.string(),
    elementId: z.string().nullable(),
    message: z.string().meta({ description: 'What is so, and what to do' }),
  })
  .meta({ id: 'Obstacle' });

export const MigratedInstance = ProcessInstance.extend({
  migration: z.looseObject({ verdict: z.literal('migrates'), sentence: z.string() }),
}).meta({ id: 'MigratedInstance' });

export const MigrationFilter = z
  .strictObject({
    versions: z.array(z.int().min(1)).min(1).max(200).exactOptional().meta({ description: 'On one of these versions' }),
    processInstanceIds: z.array(Id).min(1).max(1_000).exactOptional(),
    businessKeys: z.array(z.string().min(1).max(255)).min(1).max(1_000).exactOptional(),
    waitingAt: z.array(ElementId).min(1).max(200).exactOptional().meta({ description: 'Waiting at one of these elements' }),
    limit: z.int().min(1).max(20_000).exactOptional().meta({ description: 'At most so many, the oldest first' }),
  })
  .meta({
    id: 'MigrationFilter',
    description: 'Running instances of the process that are on another version; each member narrows them.',
  });

export const NewMigration = z.strictObject({ ...wish, filter: MigrationFilter.exactOptional() }).meta({ id: 'NewMigration' });

const count = z.int().min(0);
/** How many by name; a name that is left out has none. */
const counts = z.record(z.string(), count);

/** A batch of instances that go to another version. */
export const Migration = z
  .looseObject({
    id: z.string(),
    processId: z.string(),
    targetDefinitionId: z.string(),
    targetVersion: z.int(),
    mapping: z.record(z.string(), z.string()),
    dueDates: z.enum(['keep', 'anew']),
    filter: z.looseObject({}),
    reason: z.string(),
    status: z.enum(['planning', 'planned', 'cancelled', 'executing', 'executed', 'undoing', 'undone']),
    revision: Revision,
    createdBy: z.string(),
    createdAt: Timestamp,
    executedBy: z.string().nullable(),
    executedAt: Timestamp.nullable(),
    undoneBy: z.string().nullable(),
    undoneAt: Timestamp.nullable(),
    undoReason: z.string().nullable(),
    progress: z.looseObject({
      instances: count,
      left: count.meta({ description: 'Of the stage that it is at' }),
      verdicts: counts.meta({ description: 'migrates, refused, ended, there' }),
      outcomes: counts.meta({ description: 'migrated, refused, ended, there, failed' }),
      undone: counts.meta({ description: 'undone, moved-on, failed' }),
    }),
    obstacles: z
      .array(z.looseObject({ rule: z.string(), elementId: z.string().nullable(), instances: count, message: z.string() }))
      .meta({ description: 'What keeps instances from going, with how many it keeps, the most first' }),
    elements: z
      .array(
        z.looseObject({
          version: z.int().meta({ description: 'Where instances come from' }),
          moved: z.record(z.string(), z.string()),
          removed: z.array(z.string()),
          added: z.array(z.string()),
          suggestions: z.array(z.looseObject({ from: z.string(), to: z.string(), because: z.string() })),
        }),
      )
      .exactOptional()
      .meta({ description: 'What becomes of the elements; told when it is planned' }),
  })
  .meta({ id: 'Migration' });

/** One instance of a batch. */
export const MigrationItem = z
  .looseObject({
    processInstanceId: z.string(),
    businessKey: z.string(),
    fromVersion: z.int(),
    verdict: z.enum(['migrates', 'refused', 'ended', 'there']).nullable(),
    outcome: z.enum(['migrated', 'refused', 'ended', 'there', 'failed']).nullable(),
    undoOutcome: z.enum(['undone', 'moved-on', 'failed']).nullable(),
    sentence: z.string().nullable(),
    obstacles: z.array(Obstacle),
    migratedRevision: z.int().nullable(),
    todo: z.enum(['plan', 'execute', 'undo']).nullable(),
    failures: count,
    changedAt: Timestamp,
  })
  .meta({ id: 'MigrationItem' });
