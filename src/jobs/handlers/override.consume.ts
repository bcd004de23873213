import type { OverrideRequest } from '../../persistence/entities/index.ts';
import { lockSaleOrder } from '../../persistence/orders.ts';
import { consumeOverride, usableOverride } from '../../persistence/overrides.ts';
import { internal } from '../handler.ts';

/** Uses the approval up on which the sale is let in. It has to fit the sale as it is now: a revoked, outdated or used one lets nobody in. */
export const overrideConsume = internal('override.consume', async ({ tx, job, now }) => {
  const kind = (job.properties['overrideKind'] ?? 'ADMIN') as OverrideRequest['kind'];
  const sale = await lockSaleOrder(tx, job.subject.id);
  const override = await usableOverride(tx, { kind, subjectId: sale.id, fingerprint: sale.fingerprint, at: now });
  if (override && (await consumeOverride(tx, override.id, now))) return { variables: {} };
  return { error: { code: 'OVERRIDE_VOID', message: `no ${kind} override stands for ${sale.number} as it is now` } };
});
