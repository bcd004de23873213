import type { OverrideRequest } from '../persistence/entities/index.ts';
import { tellHoldReleased } from '../persistence/fulfilments.ts';
import { leaveMessage } from '../persistence/messages.ts';
import { consumeOverride } from '../persistence/overrides.ts';
import { ImpossibleState } from '../support/errors.ts';
import type { Unit } from './unit.ts';

/** How long a sale that waits for credit may take to hear of an approval, ms. */
const pokeTtl = 3600_000;

/**
 * What the approval of a request does that somebody made by hand. A shipment on hold, or a sale that waits for credit, is told to look again, and then uses the
 * approval up itself. An allowance for money beyond the total is used up here: it becomes part of what the sale may take. The order is locked.
 */
export async function useApproval({ tx }: Unit, override: OverrideRequest, now: Date): Promise<void> {
  const { id, kind, subjectType, subjectId, scopeAmountMinor } = override;
  if (subjectType === 'fulfilment') {
    await tellHoldReleased(tx, subjectId, `override:${id}`);
  } else if (kind === 'CREDIT') {
    const name = 'credit.headroom-changed';
    await leaveMessage(tx, { name, correlationKey: subjectId, variables: {}, source: `override:${id}`, timeToLiveMs: pokeTtl });
  } else {
    if (!(await consumeOverride(tx, id, now))) throw new ImpossibleState(`the override ${id} was approved and cannot be used`);
    await tx.execute(
      'update orderflow.sale_order set overcapture_allowed_minor = overcapture_allowed_minor + $2, revision = revision + 1 where id = $1',
      [subjectId, scopeAmountMinor],
    );
  }
}
