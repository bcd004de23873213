import { z } from 'zod';
import { executeMigration, planMigrations, stopMigration, undoMigrations } from '../../commands/migration/batches.ts';
import { migrateInstance, undoInstanceMigration } from '../../commands/migration/migrate-instance.ts';
import {
  InstanceMigrationRequest,
  MigratedInstance,
  Migration,
  MigrationItem,
  MigrationUndoRequest,
  NewMigration,
} from '../../contract/migration.ts';
import { ProcessInstance } from '../../contract/process-instance.ts';
import { pageOf, SearchRequest } from '../../contract/search.ts';
import { Id } from '../../contract/values.ts';
import { permissions } from '../../policies/roles.ts';
import { readMigration, searchMigrationItems, searchMigrations } from '../../queries/migration.ts';
import { command } from '../command-route.ts';
import { listRoutes } from '../list-routes.ts';
import { query } from '../query-route.ts';
import type { Route } from '../route.ts';

const tag = 'Migrations';
const params = z.strictObject({ id: Id });
const roles = permissions['migrate process instances'];
/** What all commands about one migration of many instances have in common. */
const ofMigration = {
  method: 'post',
  tag,
  params,
  answers: { 200: Migration },
  problems: ['not-found', 'wrong-state'],
  roles,
  takesIfMatch: true,
} as const;

export const migrationRoutes: readonly Route[] = [
  command({
    method: 'post',
    path: '/v1/process-instances/{id}/migration',
    operationId: 'migrateProcessInstance',
    summary: 'Take a running instance to another version of its process; no token moves',
    tag,
    params,
    body: InstanceMigrationRequest,
    answers: { 200: MigratedInstance },
    problems: ['not-found', 'wrong-state', 'migration-refused'],
    roles,
    takesIfMatch: true,
    run: ({ deps, request, params: { id }, body, guard }) =>
      migrateInstance(deps, request, { instanceId: id, ...body, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/process-instances/{id}/migration/undo',
    operationId: 'undoProcessInstanceMigration',
    summary: 'Take the last migration of an instance back that has not moved since',
    tag,
    params,
    body: MigrationUndoRequest,
    answers: { 200: ProcessInstance },
    problems: ['not-found', 'wrong-state'],
    roles,
    takesIfMatch: true,
    run: ({ deps, request, params: { id }, body, guard }) =>
      undoInstanceMigration(deps, request, { instanceId: id, ...body, ...guard }),
  }),
  command({
    method: 'post',
    path: '/v1/migrations',
    operationId: 'planMigration',
    summary: 'Plan a migration of many instances: each gets a verdict, none is touched',
    tag,
    body: NewMigration,
    answers: { 201: Migration },
    problems: ['not-found'],
    roles,
    run: ({ deps, request, body }) => planMigrations(deps, request, body),
  }),
  ...listRoutes({ noun: 'migrations', name: 'Migrations', tag, item: Migration, search: searchMigrations }),
  query({
    path: '/v1/migrations/{id}',
    operationId: 'getMigration',
    summary: 'A migration of many instances with its progress',
    tag,
    params,
    answer: Migration,
    problems: ['not-found'],
    run: ({ reader, params }) => readMigration(reader, params.id),
  }),
  query({
    method: 'post',
    path: '/v1/migrations/{id}/instances/search',
    operationId: 'searchMigrationInstances',
    summary: 'The instances of a migration, each with its verdict and what has become of it',
    tag,
    params,
    body: SearchRequest.default({}),
    answer: pageOf(MigrationItem),
    problems: ['not-found'],
    run: async ({ reader, params, body }) => ({ ...(await searchMigrationItems(reader, params.id, body)) }),
  }),
  command({
    ...ofMigration,
    path: '/v1/migrations/{id}/execution',
    operationId: 'executeMigration',
    summary: 'Migrate, in the background, every instance of a planned migration that can be',
    run: ({ deps, request, params: { id }, guard }) => executeMigration(deps, request, { migrationId: id, ...guard }),
  }),
  command({
    ...ofMigration,
    path: '/v1/migrations/{id}/cancellation',
    operationId: 'stopMigration',
    summary: 'Stop a migration: what is left is not migrated, what was migrated stays and can be taken back',
    run: ({ deps, request, params: { id }, guard }) => stopMigration(deps, request, { migrationId: id, ...guard }),
  }),
  command({
    ...ofMigration,
    path: '/v1/migrations/{id}/undo',
    operationId: 'undoMigration',
    summary: 'Take back, in the background, every migrated instance that has not moved since',
    body: MigrationUndoRequest,
    run: ({ deps, request, params: { id }, body, guard }) =>
      undoMigrations(deps, request, { migrationId: id, ...body, ...guard }),
  }),
];
