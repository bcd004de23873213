/** Takes instances that run to another version of their process: plan, check, transformation and rehearsal, as pure functions. */
export { MappingRefused, planMigration } from './plan.ts';
export { migrateStanding, type MigrationOptions } from './standing.ts';
export type * from './types.ts';
