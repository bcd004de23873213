import type { Database } from '../../src/persistence/database.ts';

/** What the database itself finds wrong, as `INV-02 ...: S-000001`; empty when all invariants hold (view invariant_violation). */
export async function violations(database: Database): Promise<string[]> {
  const rows = await database.query<{ inv: string; ref: string }>('select inv, ref from orderflow.invariant_violation');
  return rows.map(({ inv, ref }) => `${inv}: ${ref}`);
}

const watched = new Set<Database>();

/** From now on the invariants of this database are looked at after every test. */
export const watchInvariants = (database: Database): void => void watched.add(database);

export const unwatchInvariants = (database: Database): void => void watched.delete(database);

/** @throws Error when a database that is watched violates an invariant */
export async function assertInvariants(only?: Database): Promise<void> {
  const found = await Promise.all([...(only ? [only] : watched)].map(violations));
  // a world has no sweeps that run by themselves: what a test let expire stays until it asks for them
  const broken = found.flat().filter((violation) => !violation.startsWith('INV-23'));
  if (broken.length > 0) throw new Error(`Invariants are violated:\n  ${broken.join('\n  ')}`);
}
