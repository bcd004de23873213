import { expireOverdueOverrides, hasOverdueOverrides } from '../persistence/overrides.ts';
import { systemActor } from '../policies/actor.ts';
import { perform } from './perform.ts';
import type { Deps } from './unit.ts';

/** Ends requests and approvals whose time has passed and that no task of an order waits for; those that one waits for have a timer of its own. */
export async function expireOverrides(deps: Deps, at: Date): Promise<void> {
  if (!(await hasOverdueOverrides(deps.database, at))) return;
  const request = { name: 'expire overrides', actor: systemActor('sweep:overrides'), payload: {} };
  await perform(deps, { ...request, key: `overrides:${at.toISOString()}` }, async ({ tx, now }) => {
    await expireOverdueOverrides(tx, now);
    return { status: 200, body: {} };
  });
}
