import { deliverSignal } from '../commands/deliver-signal.ts';
import type { Deps } from '../commands/unit.ts';
import { claimDeliveries } from '../persistence/signals.ts';
import { shareOut } from '../support/share-out.ts';

const batch = 200;
const atOnce = 8;
/** How long a delivery that was claimed is left alone, ms. */
const leaseMs = 5_000;

/** Takes signals to those whom they have to reach, a few at a time; to one instance one after the other. Answers how many there were to take. */
export async function deliverSignals(deps: Deps): Promise<number> {
  const due = await claimDeliveries(deps.database, batch, leaseMs);
  await shareOut(due, atOnce, async ({ id }) => {
    // one that cannot be made now comes back after its lease, and keeps nobody from the others
    await deliverSignal(deps, id).catch((error: unknown) =>
      deps.logger.warn({ err: error, deliveryId: id }, 'a signal could not be delivered'),
    );
  });
  return due.length;
}
