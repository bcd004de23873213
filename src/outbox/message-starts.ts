import { startByLeftMessage } from '../commands/start-by-message.ts';
import type { Deps } from '../commands/unit.ts';
import { claimMessageStarts } from '../persistence/start-events.ts';

const batch = 50;
/** How long a start that was claimed is left alone, ms. */
const leaseMs = 5_000;

/** Starts what messages start that were left: those with one key one after the other, each when the instance before it has ended. Answers how many were started. */
export async function startByMessages(deps: Deps): Promise<number> {
  let started = 0;
  for (const start of await claimMessageStarts(deps.database, batch, leaseMs)) {
    if (await startByLeftMessage(deps, start)) started++;
  }
  return started;
}
