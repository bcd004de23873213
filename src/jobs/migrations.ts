import { workOnMigrations } from '../commands/migration/work.ts';
import type { Deps } from '../commands/unit.ts';
import { Poller } from '../support/poller.ts';

/** Judges, migrates and takes back the instances of migrations that are under way, some at a time. */
export const createMigrations = (
  deps: Deps,
  { leaseMs, sweepMs }: { readonly leaseMs: number; readonly sweepMs: number },
): Poller => new Poller('migrations', () => workOnMigrations(deps, leaseMs), sweepMs, deps.logger);
